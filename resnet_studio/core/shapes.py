"""Tensor shapes and the arithmetic that every layer shares.

A shape is a tuple of sizes with the batch first; ``None`` is a size that is not known
until the network runs.  The arithmetic is that of Keras 3 (``keras.src.ops.operation_utils``
and ``keras.src.layers.merging``), quirks included.
"""

from collections.abc import Iterable, Sequence
from math import floor, prod

Size = int | None
Shape = tuple[Size, ...]


class BroadcastError(ValueError):
    """Two shapes that no broadcasting rule brings together."""

    def __init__(self, first: Shape, second: Shape, axis: int | None) -> None:
        super().__init__(f"{show(first)} and {show(second)} cannot be broadcast")
        self.first, self.second, self.axis = first, second, axis


def show(shape: Sequence[Size] | None, batch: bool = False) -> str:
    """``(None, 56, 56, 64)`` as people write it: ``56×56×64``; unknown sizes are ``?``."""
    if shape is None:
        return "unknown"
    sizes = shape if batch else shape[1:]
    return "×".join("?" if size is None else str(size) for size in sizes) or "scalar"


def elements(shape: Iterable[Size]) -> int | None:
    """Product of the sizes, or ``None`` where one is unknown."""
    sizes = tuple(shape)
    return None if None in sizes else prod(sizes)  # type: ignore[arg-type]


def window(
    size: Size, kernel: float, stride: float, padding: str, dilation: float = 1
) -> int | None:
    """Output size along one axis of a window that slides over ``size`` values.

    May be zero or negative under ``valid`` padding: the caller decides what that means.
    Divides as Keras does, in floating point, which sees a difference for fractional strides;
    raises OverflowError for sizes that no float holds.
    """
    reach = (kernel - 1) * dilation + 1 if padding == "valid" else 1
    # Keras computes with -1 where the size is not known, and may overflow there too.
    out = floor(((-1 if size is None else size) - reach) / stride) + 1
    return None if size is None else out


def transposed_window(
    size: Size,
    kernel: int,
    stride: float,
    padding: str,
    output_padding: float | None = None,
    dilation: float = 1,
) -> float | None:
    """Output size along one axis of a transposed convolution, for which ``window`` gives ``size``.

    Several sizes do: ``output_padding`` picks one.  Fractional arguments give a fraction.
    """
    if size is None:
        return None
    reach = (kernel - 1) * dilation + 1
    if padding == "valid":
        extra = max(reach, stride) - reach if output_padding is None else output_padding
        return (size - 1) * stride + reach + extra
    if output_padding is None:
        return size * stride
    return (size - 1) * stride + reach % 2 + output_padding


def broadcast_pair(first: Shape, second: Shape) -> Shape:
    """Keras' element-wise rule for two shapes without their batch; raises BroadcastError."""
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    offset = len(longer) - len(shorter)
    result = list(longer[:offset])
    for axis, (a, b) in enumerate(zip(longer[offset:], shorter, strict=True), start=offset):
        if a is None or b is None:
            result.append(None)
        elif a == 1:
            result.append(b)
        elif b == 1 or a == b:
            result.append(a)
        else:
            raise BroadcastError(first, second, axis)
    return tuple(result)
