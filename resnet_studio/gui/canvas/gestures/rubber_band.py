"""Selecting what a rectangle touches: left button on empty canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsRectItem

from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.painting import tinted
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class RubberBand(Gesture):
    """Selects live what the rectangle touches; Shift adds to the selection."""

    def __init__(self, canvas: "Canvas", at: QPointF) -> None:
        super().__init__(canvas, at)
        self._before = self.session.selection
        self._band = QGraphicsRectItem()
        color = theme().color("accent")
        pen = QPen(color, 1)
        pen.setCosmetic(True)
        self._band.setPen(pen)
        self._band.setBrush(tinted(color, 0.12))
        canvas.add_overlay(self._band)

    def move(self, at: QPointF) -> None:
        if not self.travelled(at):
            return
        area = QRectF(self.start, at).normalized()
        self._band.setRect(area)
        self.session.select(self.scene.nodes_in(area) | self._kept())

    def release(self, at: QPointF) -> None:
        if not self.travelled(at):
            self.session.select(self._kept())
        self._end()

    def cancel(self) -> None:
        self.session.select(self._before)
        self._end()

    def _kept(self) -> frozenset[str]:
        return self._before if self.shift else frozenset()

    def _end(self) -> None:
        self.canvas.remove_overlay(self._band)
