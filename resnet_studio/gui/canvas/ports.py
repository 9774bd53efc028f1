"""Where the ports of a card are: inputs along its upper edge, outputs along the lower one."""

from typing import NamedTuple

from PySide6.QtCore import QPointF

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


def input_points(look: Look) -> list[QPointF]:
    """The input ports, relative to the card's corner, the open one of a merge last."""
    points = _row(look.inputs, look.extent[0], 0.0)
    if look.open_input:
        spacing = _spacing(look.inputs, look.extent[0])
        last = points[-1].x() + spacing if points else look.extent[0] / 2
        points.append(QPointF(last, 0.0))
    return points


def output_points(look: Look) -> list[QPointF]:
    return _row(look.outputs, look.extent[0], look.extent[1])


def _row(count: int, width: float, y: float) -> list[QPointF]:
    middle, spacing = width / 2, _spacing(count, width)
    return [QPointF(middle + (i - (count - 1) / 2) * spacing, y) for i in range(count)]


def _spacing(count: int, width: float) -> float:
    return min(_SPACING, (width - 2 * _SIDE) / max(count, 1))
