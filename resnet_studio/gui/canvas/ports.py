"""Where the ports of a card are: inputs along its upper edge, outputs along the lower one."""

from functools import lru_cache
from typing import NamedTuple

from resnet_studio.core.layout import Position
from resnet_studio.gui.canvas.looks import Look

RADIUS = 5.0
REACH = 11.0
"""How near the pointer must come, in pixels of the screen, to take hold of a port."""
_SPACING = 28.0
_SIDE = 20.0


class Port(NamedTuple):
    """An input (its slot) or an output (its number) of a node."""

    node: str
    is_input: bool
    number: int

    @classmethod
    def input(cls, node: str, slot: int) -> "Port":
        return cls(node, is_input=True, number=slot)

    @classmethod
    def output(cls, node: str, output: int) -> "Port":
        return cls(node, is_input=False, number=output)


def input_places(look: Look) -> tuple[Position, ...]:
    """The input ports, relative to the card's corner, the open one of a merge last."""
    return _inputs(look.inputs, look.open_input, look.extent[0])


def output_places(look: Look) -> tuple[Position, ...]:
    return _row(look.outputs, *look.extent)


@lru_cache(maxsize=1024)
def _inputs(count: int, opening: bool, width: float) -> tuple[Position, ...]:
    points = _row(count, width, 0.0)
    if not opening:
        return points
    last = points[-1][0] + _spacing(count, width) if points else width / 2
    return (*points, (last, 0.0))


@lru_cache(maxsize=1024)
def _row(count: int, width: float, y: float) -> tuple[Position, ...]:
    middle, spacing = width / 2, _spacing(count, width)
    return tuple((middle + (i - (count - 1) / 2) * spacing, y) for i in range(count))


def _spacing(count: int, width: float) -> float:
    return min(_SPACING, (width - 2 * _SIDE) / max(count, 1))
