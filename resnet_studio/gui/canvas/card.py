"""One node on the canvas: where it is and what it shows, asked of the drawing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.feature_maps import REACH
from resnet_studio.gui.canvas.looks import Look
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.ports import Port, input_places, output_places

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

MARGIN = 14.0
"""Ports, badges and shadows reach this far beyond a card."""
DIMMED = 0.3
_RESULT_GAP = 30.0
RESULT = 42.0
"""The label below a card reaches this far down."""


class Card:
    """The card of a node."""

    __slots__ = ("_scene", "key")

    def __init__(self, scene: "NetworkScene", key: str) -> None:
        self._scene, self.key = scene, key

    @property
    def _drawing(self) -> Drawing:
        return self._scene.drawing

    @property
    def look(self) -> Look:
        return self._drawing.look(self.key)

    @property
    def mood(self) -> Mood:
        return self._scene.mood(self.key)

    @property
    def wired_inputs(self) -> frozenset[int]:
        return self._drawing.wiring.ends(self.key)[0]

    @property
    def wired_outputs(self) -> frozenset[int]:
        return self._drawing.wiring.ends(self.key)[1]

    def opacity(self) -> float:
        """Less than 1 while it cannot be what a wire in hand ends at."""
        return DIMMED if self.key in self._scene.dimmed else 1.0

    # Where it is, in the scene's coordinates

    def pos(self) -> QPointF:
        """The upper left corner of the card."""
        return QPointF(*self._drawing.places[self.key])

    @property
    def card(self) -> QRectF:
        return QRectF(*self._drawing.places[self.key], *self.look.extent)

    def input_point(self, slot: int) -> QPointF:
        """An input port; a slot beyond the last is at the last."""
        return QPointF(*self._drawing.input_at(self.key, slot))

    def output_point(self, output: int) -> QPointF:
        return QPointF(*self._drawing.output_at(self.key, output))

    def port_near(self, at: QPointF, reach: float) -> Port | None:
        """The port within ``reach`` of a place."""
        (x, y), look = self._drawing.places[self.key], self.look
        here = at.x() - x, at.y() - y
        places = [(p, Port.input(self.key, i)) for i, p in enumerate(input_places(look))]
        places += [(p, Port.output(self.key, i)) for i, p in enumerate(output_places(look))]
        near = [(abs(p[0] - here[0]) + abs(p[1] - here[1]), port) for p, port in places]
        distance, port = min(near, default=(reach, None), key=lambda pair: pair[0])
        return port if distance < reach else None

    @property
    def area(self) -> QRectF:
        """All that is painted of it."""
        reach = REACH if self._scene.showing.maps else 0.0
        return room(self.look).translated(self.pos()).adjusted(-reach, 0, 0, 0)


def room(look: Look) -> QRectF:
    """All that is painted of a card whose corner is at the origin."""
    rect = QRectF(0, 0, *look.extent).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    if look.result:
        label = painting.label_rect(result_point(look), look.result)
        rect |= label.adjusted(-2, -2, 2, 2)
    return rect


def result_point(look: Look) -> QPointF:
    """The middle of the label below the card."""
    return QPointF(look.extent[0] / 2, look.extent[1] + _RESULT_GAP)
