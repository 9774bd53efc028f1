"""Weights in fewer bits: what ``quantized_build`` of Dense and Embedding makes of a kernel."""

from math import ceil
from typing import Any

from resnet_studio.core.layer import Refusal, Weight
from resnet_studio.core.policies import mode_of

_HISTORY = 1024
_OBSERVED = ("inputs", "kernel", "outputs_grad")
"""What float8 training keeps a scale and a history of."""


def quantised(weight: Weight, layer: Any, along: int) -> list[Weight]:
    """``weight`` as ``layer`` keeps it under its policy, with the scales that belong to it.

    Values along the axis ``along`` share a scale, in blocks where the policy has a block size.
    What is kept in fewer bits starts from zeros, so it is not called after its initializer.
    Raises Refusal where Keras has no such quantisation.
    """
    mode = mode_of(layer.dtype)
    if mode is None:
        return [weight]
    if layer.quantization_config is not None:
        raise _refused("quantization_config is not taken where dtype quantises")
    if mode == "int8":
        return [_kept(weight, weight.shape), _scale(weight, along, -1)]
    if mode.startswith("int4"):
        return _packed(weight, along, int(mode.partition("/")[2] or -1))
    if weight.name != "kernel":
        raise _refused(f"the quantisation {mode} is not known for this layer; choose int8 or int4")
    return _observed(weight) if mode == "float8" else _calibrated(weight, layer, mode)


def _kept(weight: Weight, shape: tuple[int, ...]) -> Weight:
    return Weight(f"quantised_{weight.name}", shape, False)


def _observed(weight: Weight) -> list[Weight]:
    """float8 trains the kernel as it is and keeps a scale and a history beside it."""
    sizes: list[tuple[str, tuple[int, ...]]] = [("scale", ()), ("amax_history", (_HISTORY,))]
    return [weight, *(Weight(f"{of}_{n}", size) for of in _OBSERVED for n, size in sizes)]


def _packed(weight: Weight, along: int, block: int) -> list[Weight]:
    """int4: two values of the last axis in a byte."""
    rows, columns = weight.shape
    kept = [_kept(weight, (rows, (columns + 1) // 2)), _scale(weight, along, block)]
    if block == -1:
        return kept
    zero = _scale(weight, along, block)._replace(name=f"{weight.name}_zero")
    return [*kept, zero, Weight("g_idx", (weight.shape[along],), False)]


def _calibrated(weight: Weight, layer: Any, mode: str) -> list[Weight]:
    """GPTQ and AWQ: the kernel turned round, its columns packed where they have 4 bits."""
    kind, bits, group = mode.split("/")
    if layer.lora_rank:
        raise _refused(f"lora_rank and the quantisation {kind} exclude each other")
    inputs, units = weight.shape
    columns = (units + 1) // 2 if int(bits) == 4 else units
    groups = 1 if int(group) == -1 else ceil(inputs / int(group))
    sizes = {"scale": (units, groups), "zero": (units, groups), "g_idx": (inputs,)}
    if kind == "awq":
        sizes["awq_scales"] = (inputs,)
    return [
        _kept(weight, (columns, inputs)),
        *(Weight(name, size, False) for name, size in sizes.items()),
    ]


def _scale(weight: Weight, along: int, block: int) -> Weight:
    sizes = list(weight.shape)
    if block == -1:
        del sizes[along]
    else:
        sizes[along] = ceil(sizes[along] / block)
    return Weight(f"{weight.name}_scale", tuple(sizes), False)


def _refused(text: str) -> Refusal:
    return Refusal("invalid-argument", text, argument="dtype")
