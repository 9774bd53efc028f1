"""Cutting wires: a line drawn across them with Ctrl and the right button."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from resnet_studio.core import edits
from resnet_studio.core.document import Document, Edge
from resnet_studio.gui.canvas.crossing import crossed
from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.trial import consequences
from resnet_studio.gui.canvas.wire import Seen
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_WIDTH = 3.0
"""Of a marked wire, in the scene's units."""


class Cut(Gesture):
    """Follows the pointer with a line; the wires that it crosses are removed in the end."""

    def __init__(self, canvas: "Canvas", at: QPointF) -> None:
        super().__init__(canvas, at)
        self._path = QPainterPath(at)
        self._last = at
        self._wires: list[Edge] = []
        self._marks = _overlay(QPen(Qt.PenStyle.NoPen))
        self._marks.setBrush(theme().color("error"))
        pen = QPen(theme().color("error"), 2)
        pen.setCosmetic(True)
        pen.setDashPattern([5, 4])
        self._line = _overlay(pen)
        canvas.add_overlay(self._marks)
        canvas.add_overlay(self._line)
        canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def move(self, at: QPointF) -> None:
        found = crossed(self.scene, self._last, at)
        self._path.lineTo(at)
        self._last = at
        self._line.setPath(self._path)
        new = [wire for wire in found if wire not in self._wires]
        if new:
            self._wires += new
            self._mark(new)
        self._tell(at)

    def _tell(self, at: QPointF) -> None:
        here = self.canvas.mapFromScene(at)
        if not self._wires:
            self.canvas.hint.tell(here, "Draw across the wires to cut")
            return
        what = consequences(self.session, self._after())
        self.canvas.hint.tell(here, f"Cut {_named(self._wires)}", what.more, what.tone)

    def _after(self) -> Document:
        return edits.disconnect(self.canvas.pinned(), self.session.scope, self._wires)

    def release(self, at: QPointF) -> None:
        if self._last != at:
            self.move(at)
        wires, after = self._wires, self._after()
        self.cancel()
        if wires:
            self.session.apply(f"Cut {_named(wires)}", after)

    def _mark(self, wires: Iterable[Edge]) -> None:
        """Shows wires in the colour of what goes wrong: they will be gone."""
        marked = self._marks.path()
        for wire in wires:
            marked.addPath(_outline(self.scene.wires[wire].seen()))
        self._marks.setPath(marked)

    def cancel(self) -> None:
        self.canvas.remove_overlay(self._line)
        self.canvas.remove_overlay(self._marks)
        self.canvas.hint.hide()
        self.canvas.rest_cursor()


def _overlay(pen: QPen) -> QGraphicsPathItem:
    item = QGraphicsPathItem()
    item.setZValue(10)
    item.setPen(pen)
    return item


def _outline(seen: Seen) -> QPainterPath:
    """A wire as an area, but for where its shape is told, which stays legible."""
    stroker = QPainterPathStroker()
    stroker.setWidth(_WIDTH)
    pill = QPainterPath()
    pill.addRoundedRect(seen.pill, seen.pill.height() / 2, seen.pill.height() / 2)
    return stroker.createStroke(seen.path).subtracted(pill)


def _named(wires: list[Edge]) -> str:
    if len(wires) == 1:
        return f"the wire from “{wires[0].source}” to “{wires[0].target}”"
    return f"{len(wires)} wires"
