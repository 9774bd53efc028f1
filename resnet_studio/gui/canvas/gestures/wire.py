"""A press on a wire: a click selects it, a drag takes its nearer end off."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.core.document import Edge
from resnet_studio.gui.canvas.gestures.connect import Connect
from resnet_studio.gui.canvas.gestures.gesture import Gesture

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class PressWire(Gesture):
    """Waits for the drag, then is a Connect that carries the wire's end."""

    def __init__(self, canvas: "Canvas", at: QPointF, wire: Edge) -> None:
        super().__init__(canvas, at)
        self._wire = wire
        self._carry: Connect | None = None

    def move(self, at: QPointF) -> None:
        if self._carry is None and self.travelled(at):
            self._carry = Connect.from_end(self.canvas, self.start, self._wire)
        if self._carry is not None:
            self._carry.move(at)

    def release(self, at: QPointF) -> None:
        if self._carry is not None:
            self._carry.release(at)
        else:
            self.canvas.editing.select_wires([self._wire])

    def cancel(self) -> None:
        if self._carry is not None:
            self._carry.cancel()
