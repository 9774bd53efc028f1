"""Moving the view: middle button, or Space and the left button."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from resnet_studio.gui.canvas.gestures.gesture import Gesture

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class Pan(Gesture):
    """The sheet follows the pointer."""

    def __init__(self, canvas: "Canvas", at: QPointF) -> None:
        super().__init__(canvas, at)
        canvas.stay()
        canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._last = canvas.mapFromScene(at)

    def move(self, at: QPointF) -> None:
        here = self.canvas.mapFromScene(at)
        self._scroll(here - self._last)
        self._last = here

    def _scroll(self, by: QPoint) -> None:
        across, down = (
            self.canvas.horizontalScrollBar(),
            self.canvas.verticalScrollBar(),
        )
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    def release(self, at: QPointF) -> None:
        self.move(at)
        self.cancel()

    def cancel(self) -> None:
        self.canvas.rest_cursor()
