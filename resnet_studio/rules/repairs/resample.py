"""Bringing a feature map to another height and width: what stride, cropping and padding it takes.

For a window of one value Keras gives ``ceil(n / stride)`` under either padding, so a stride of
``s`` reaches ``m`` exactly when ``m == ceil(n / s)``; odd sizes are cropped or padded first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from resnet_studio.core.shapes import Size
from resnet_studio.rules.repairs.splice import Part


class AxisPlan(NamedTuple):
    """What to do along one axis, in this order: repeat values, pad zeros, crop, stride."""

    repeat: int = 1
    pad: int = 0
    crop: int = 0
    stride: int = 1


def plan_axis(size: Size, wanted: Size, hint: int = 1) -> AxisPlan | None:
    """How ``size`` values become ``wanted``; ``hint`` is the stride that the branch takes.

    None where one of the two is unknown and the other is not, or where there are no values.
    """
    if size is None or wanted is None:
        return AxisPlan(stride=hint) if size == wanted else None
    if size < 1 or wanted < 1:
        return None
    if size < wanted:
        repeat = wanted // size
        return AxisPlan(repeat=repeat, pad=wanted - size * repeat)
    stride = 1 if size == wanted else hint
    if -(-size // stride) < wanted or -(-size // stride) >= 2 * wanted:
        stride = _natural_stride(size, wanted)
    return AxisPlan(crop=max(0, size - wanted * stride), stride=stride)


def _natural_stride(size: int, wanted: int) -> int:
    """The stride nearest to ``size / wanted`` that leaves at least ``wanted`` values."""
    upper = -(-size // wanted)
    return upper if -(-size // upper) >= wanted else size // wanted


def plan(
    sizes: Sequence[Size], wanted: Sequence[Size], hints: Sequence[int]
) -> list[AxisPlan] | None:
    """A plan for each axis, or None where one of them has none."""
    plans = [plan_axis(*each) for each in zip(sizes, wanted, hints, strict=True)]
    return None if None in plans else plans  # type: ignore[return-value]


def resizing(plans: Sequence[AxisPlan], data_format: dict[str, Any]) -> list[Part]:
    """The parameter-free nodes of a plan, all but its strides."""
    parts = []
    if any(axis.repeat > 1 for axis in plans):
        size = [axis.repeat for axis in plans]
        parts.append(Part("shortcut_upsample", "UpSampling2D", {"size": size, **data_format}))
    if any(axis.pad for axis in plans):
        padding = [halves(axis.pad) for axis in plans]
        parts.append(Part("shortcut_pad", "ZeroPadding2D", {"padding": padding, **data_format}))
    if any(axis.crop for axis in plans):
        cropping = [halves(axis.crop) for axis in plans]
        parts.append(Part("shortcut_crop", "Cropping2D", {"cropping": cropping, **data_format}))
    return parts


def strides(plans: Sequence[AxisPlan]) -> list[int]:
    return [axis.stride for axis in plans]


def halves(total: int) -> list[int]:
    """The same before and after, the odd one after."""
    return [total // 2, total - total // 2]
