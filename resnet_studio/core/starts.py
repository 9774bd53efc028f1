"""Whether an initializer can fill a weight: Keras finds out only in ``build``.

The initializers are those of ``keras.src.initializers``, parsed as ``serialized`` has them.
"""

import struct
from collections.abc import Iterator, Mapping
from math import isfinite, prod, sqrt
from typing import Any

from resnet_studio.core.policies import source_of
from resnet_studio.core.serialized import FLOATS, short
from resnet_studio.core.shapes import BroadcastError, broadcast_pair


def refused_start(initializer: Any, shape: tuple[int, ...], dtype: str | None) -> str | None:
    """Why a weight of ``shape`` cannot start from ``initializer``, or None where it can."""
    config: Mapping[str, Any] = {}
    # Without an initializer Keras takes glorot_uniform for floats and zeros for the rest.
    name: str = "glorot_uniform" if _precision(dtype) in FLOATS else "zeros"
    if isinstance(initializer, Mapping):
        name, config = short(initializer["class_name"]), initializer["config"]
    elif initializer is not None:
        name = initializer
    return (
        _refused_dtype(name, config, shape, _precision(dtype))
        or _refused_shape(name, shape)
        or _refused_config(config, shape)
    )


def _precision(dtype: str | None) -> str:
    """The dtype of a layer's variables, which under a mixed policy is float32."""
    source = source_of(dtype)
    return "float32" if source is None or source.startswith("mixed_") else source


def _refused_dtype(
    name: str, config: Mapping[str, Any], shape: tuple[int, ...], dtype: str
) -> str | None:
    fits: tuple[str, ...] = FLOATS
    if name == "zeros":
        return None
    if name in ("ones", "constant"):
        return "there is no one among strings" if dtype == "string" else None
    if name == "orthogonal":
        fits = ("float32", "float16", "float64")
    if name == "identity":
        fits = (*FLOATS, "complex64", "complex128")
    if dtype in _DRAWN_INTEGERS and _draws_integers(name, config, shape):
        return None
    return None if dtype in fits else f"{name} cannot make {dtype}; choose a float dtype or “zeros”"


_DRAWN_INTEGERS = ("int32", "int64", "int")
"""Integers of which TensorFlow draws uniform ones."""

_SCALINGS = {
    "variance_scaling": (1.0, "fan_in"),
    "glorot_uniform": (1.0, "fan_avg"),
    "he_uniform": (2.0, "fan_in"),
    "lecun_uniform": (1.0, "fan_in"),
}
"""Scale and mode of the initializers that may draw uniformly around 0."""


def _draws_integers(name: str, config: Mapping[str, Any], shape: tuple[int, ...]) -> bool:
    """Whether a range is left to draw from once its ends are whole; nothing needs none."""
    if name == "random_uniform":
        low, high = config.get("minval", -0.05), config.get("maxval", 0.05)
    elif name in _SCALINGS and config.get("distribution", _UNIFORM.get(name)) == "uniform":
        high = _uniform_limit(name, config, shape)
        low = -high
    else:
        return False
    return 0 in shape or (isfinite(low) and isfinite(high) and int(low) < int(high))


_UNIFORM = dict.fromkeys(("glorot_uniform", "he_uniform", "lecun_uniform"), "uniform")


def _uniform_limit(name: str, config: Mapping[str, Any], shape: tuple[int, ...]) -> float:
    """``VarianceScaling.__call__`` for a uniform distribution."""
    scale, mode = _SCALINGS[name]
    fan_in, fan_out = _fans(config, shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    return sqrt(3 * config.get("scale", scale) / max(1.0, fan[config.get("mode", mode)]))


def _fans(config: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[int, int]:
    """How many values flow into and out of each unit: ``compute_fans``."""
    taken, given = config.get("input_axes"), config.get("output_axes")
    if taken is not None and given is not None and _refused_config(config, shape) is None:
        return prod(shape[axis] for axis in taken), prod(shape[axis] for axis in given)
    if len(shape) < 2:
        return prod(shape), prod(shape)
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def _refused_shape(name: str, shape: tuple[int, ...]) -> str | None:
    if name == "identity" and len(shape) != 2:
        return f"the identity initializer fills a matrix, not a weight of rank {len(shape)}"
    if name == "orthogonal" and len(shape) < 2:
        return f"the orthogonal initializer needs at least rank 2, not {len(shape)}"
    if name == "initializer":
        return "“Initializer” is the base class and fills nothing; choose one such as “zeros”"
    return None


def _refused_config(config: Mapping[str, Any], shape: tuple[int, ...]) -> str | None:
    if "value" in config and not spreads(config["value"], shape):
        return f"the constant {config['value']!r} does not fill a weight of shape {list(shape)}"
    taken, given = config.get("input_axes"), config.get("output_axes")
    if taken is None or given is None:
        return None
    try:
        _ = [shape[axis] for axis in (*taken, *given)]
    except (TypeError, IndexError):
        return f"input_axes and output_axes must be axes of a weight of rank {len(shape)}"
    return None


def constant_rank(initializer: Any) -> int:
    """The rank of what a constant initializer spreads over a weight; 0 for any other."""
    config = initializer["config"] if isinstance(initializer, Mapping) else {}
    try:
        return len(nested_shape(config.get("value", 0)))
    except TypeError:
        return 0


def spreads(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether a number, or a nested list of them, can be broadcast with ``shape``.

    It may even be larger: Keras notes the shape of the variable, not that of its value.
    """
    try:
        broadcast_pair(nested_shape(value), shape)
    except (TypeError, BroadcastError):
        return False
    numbers = list(_leaves(value))
    return len({isinstance(number, bool) for number in numbers}) < 2 and all(
        map(_fits_float32, numbers)
    )


def _leaves(value: Any) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _fits_float32(number: float) -> bool:
    """Whether TensorFlow takes the number, whatever the dtype that it then casts to."""
    try:
        struct.pack("<f", number if isinstance(number, float) else 0.0)
    except OverflowError:
        return False
    return True


def nested_shape(value: Any) -> tuple[int, ...]:
    """The shape of a nested list of numbers; raises TypeError where there is none."""
    if isinstance(value, int | float):
        return ()
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    inner = {nested_shape(item) for item in value} or {()}
    if len(inner) > 1:
        raise TypeError(value)
    return (len(value), *inner.pop())
