"""Dtype policies as Keras serialises them: plain, mixed, quantised, and maps of them.

Follows ``keras.src.dtype_policies``.  Every policy parses to the text that Keras reads for the
same: ``mixed_float16``, ``int8_from_float32``, ``int4/128_from_bfloat16``.
"""

import re
from collections.abc import Mapping
from typing import Any

from resnet_studio.core.arguments import ArgumentError, quoted

QUANTISED = ("int8", "float8", "int4", "gptq", "awq")
"""How Keras keeps weights in fewer bits: what the names of quantised policies begin with."""

_SOURCES = frozenset({
    "float16", "float32", "float64", "bfloat16", "mixed_float16", "mixed_bfloat16", "uint8",
    "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "int", "bool", "string",
    "float8_e4m3fn", "float8_e5m2", "complex64", "complex128",
})  # fmt: skip
_HALF = ("float16", "mixed_float16")
_HISTORY = 1024
"""Length of the history of a float8 policy; others are read as this, which the text says."""

_KEYS: Mapping[str, frozenset[str]] = {
    "DTypePolicy": frozenset({"name"}),
    "FloatDTypePolicy": frozenset({"name"}),
    "QuantizedDTypePolicy": frozenset({"mode", "source_name"}),
    "QuantizedFloat8DTypePolicy": frozenset({"mode", "source_name", "amax_history_length"}),
    "Int4DTypePolicy": frozenset({"mode", "source_name"}),
    "GPTQDTypePolicy": frozenset({"mode", "source_name"}),
    "AWQDTypePolicy": frozenset({"mode", "source_name"}),
    "DTypePolicyMap": frozenset({"default_policy", "policy_map"}),
}
"""The arguments of each class of policies."""


def mode_of(dtype: str | None) -> str | None:
    """How weights are quantised under a policy: ``int8``, ``int4/128``; None where they are not."""
    mode, found, _ = (dtype or "").partition("_from_")
    return mode if found else None


def source_of(dtype: str | None) -> str | None:
    """The precision that a quantised policy quantises from; any other is its own."""
    return dtype if dtype is None else dtype.rpartition("_from_")[2]


def policy_name(value: Mapping[str, Any]) -> Any:
    """The name of a serialised policy, not yet looked at; raises ArgumentError."""
    class_name, config = value.get("class_name"), value.get("config") or {}
    keys = _KEYS.get(class_name) if isinstance(class_name, str) else None
    if keys is None or not isinstance(config, Mapping) or not config.keys() <= keys:
        raise ArgumentError(f"must be a policy with the arguments of its class: {quoted(value)}")
    if "module" in value and value["module"] is None:
        raise ArgumentError(f"must name its “module”, or leave it out: {quoted(value)}")
    if "name" in keys:
        return config.get("name")
    return _of_map(config) if class_name == "DTypePolicyMap" else _of_quantised(class_name, config)


def _of_map(config: Mapping[str, Any]) -> Any:
    """The policy of layers that the map does not name; which it names stays to be seen."""
    if "policy_map" not in config or not isinstance(config["policy_map"], Mapping | None):
        raise ArgumentError("must have a mapping as the “policy_map” of its map")
    default = config.get("default_policy")
    return policy_name(default) if isinstance(default, Mapping) else default


def _of_quantised(class_name: Any, config: Mapping[str, Any]) -> str:
    mode, source = config.get("mode"), config.get("source_name")
    if not isinstance(mode, str) or not isinstance(source, str | None):
        raise ArgumentError("must name the “mode” of its quantisation and what it starts from")
    if type(config.get("amax_history_length", _HISTORY)) is not int:
        raise ArgumentError("must have a whole number as its “amax_history_length”")
    fits = "/" in mode if class_name in _BLOCKWISE else mode in ("int8", "int4", "float8")
    if not fits or not mode.startswith(_BLOCKWISE.get(class_name, mode)):
        raise ArgumentError(f"cannot be quantised as {quoted(mode)} by {class_name}")
    return f"{mode}_from_{source or 'float32'}"


_BLOCKWISE = {"Int4DTypePolicy": "int4", "GPTQDTypePolicy": "gptq", "AWQDTypePolicy": "awq"}
_MODE = re.compile(r"int8|float8|int4(/[^/]+)?|gptq(/[^/]+){2}|awq(/[^/]+){2}")
_BITS = {"gptq": (2, 3, 4, 8), "awq": (4,)}


def is_quantised(name: str) -> bool:
    """Whether Keras reads ``name`` as a quantised policy that it can make."""
    mode, *rest = name.split("_from_")
    if len(rest) != 1 or rest[0] not in _SOURCES or not _MODE.fullmatch(mode):
        return False
    if mode == "int8" and rest[0] in _HALF:
        return False
    kind, *numbers = mode.split("/")
    try:
        *bits, size = [int(number) for number in numbers] or [-1]
    except ValueError:
        return False
    return (size == -1 or size > 0) and all(bit in _BITS[kind] for bit in bits)
