"""Tensor shapes and the arithmetic that every layer shares.

A shape is a tuple of sizes with the batch first; ``None`` is a size that is not known
until the network runs.  The arithmetic is that of Keras 3 (``keras.src.ops.operation_utils``
and ``keras.src.layers.merging``), quirks included.
"""

from collections.abc import Iterable, Sequence
from math import prod

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


def window(size: Size, kernel: int, stride: int, padding: str, dilation: int = 1) -> Size:
    """Output size along one axis of a window that slides over ``size`` values.

    May be zero or negative under ``valid`` padding: the caller decides what that means.
    """
    if size is None:
        return None
    if padding == "valid":
        return (size - (kernel - 1) * dilation - 1) // stride + 1
    return (size - 1) // stride + 1


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
