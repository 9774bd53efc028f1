"""How near the canvas is looked at: wheel, fit, and where a graph is first seen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

NEAREST, FARTHEST = 4.0, 0.02
_LEGIBLE = 0.62
"""A graph is opened at this zoom at least, from its top, rather than as a whole."""
_FIT_AT_MOST = 1.15
_MARGIN = 36.0
_NOTCH = 1.16


class Zoom:
    """Changes the transform of one canvas."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._at_home = True
        """Nobody has chosen another view yet: a change of size looks for the best one again."""

    def by(self, factor: float, at: QPoint) -> None:
        """Zooms, keeping what is at a place of the viewport where it is."""
        self.to(self._canvas.zoom_level() * factor, at)

    def to(self, level: float, at: QPoint) -> None:
        canvas = self._canvas
        self.stay()
        level = min(max(level, FARTHEST), NEAREST)
        here = canvas.mapToScene(at)
        self._set(level)
        off = canvas.mapFromScene(here) - at
        across, down = canvas.horizontalScrollBar(), canvas.verticalScrollBar()
        across.setValue(across.value() + off.x())
        down.setValue(down.value() + off.y())

    def wheel(self, event: QWheelEvent) -> None:
        """A notch of the wheel zooms at the pointer; with Shift or Alt it scrolls."""
        turn = event.angleDelta()
        notches = (turn.y() or turn.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self._canvas.horizontalScrollBar()
            bar.setValue(bar.value() - round(notches * 80))
        else:
            self.by(_NOTCH**notches, event.position().toPoint())
        event.accept()

    def fit(self, rect: QRectF, at_least: float = FARTHEST) -> None:
        """Shows ``rect`` of the scene whole, or its upper part where ``at_least`` bounds."""
        canvas, size = self._canvas, self._canvas.viewport().size()
        self.stay()
        if rect.isEmpty():
            self._set(1.0)
            canvas.centerOn(0, 0)
            return
        across = (size.width() - 2 * _MARGIN) / rect.width()
        down = (size.height() - 2 * _MARGIN) / rect.height()
        level = max(min(across, down, _FIT_AT_MOST), at_least)
        self._set(level)
        middle = rect.center()
        if down < level:
            top = rect.top() - _MARGIN / level
            middle = QPointF(middle.x(), top + size.height() / level / 2)
        canvas.centerOn(middle)

    def home(self) -> None:
        """Where a graph is first seen: whole if that is legible, else from its top."""
        self.fit(self._canvas.network.bounds(), at_least=_LEGIBLE)
        self._at_home = True

    def stay(self) -> None:
        """Somebody is at work here: the view stays where it is."""
        self._at_home = False

    def resized(self) -> None:
        if self._at_home:
            self.home()

    def _set(self, level: float) -> None:
        canvas = self._canvas
        if level != canvas.zoom_level():
            canvas.resetTransform()
            canvas.scale(level, level)
            canvas.zoom_changed.emit(level)
            canvas.viewport().update()
