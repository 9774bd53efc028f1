"""What all gestures share: from the press of a button to its release, or Escape."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class Gesture:
    """One gesture under way.  Places are in the scene's coordinates."""

    def __init__(self, canvas: "Canvas", at: QPointF) -> None:
        self.canvas = canvas
        self.scene, self.session = canvas.network, canvas.session
        self.start = at
        self.shift = False
        self.control = False
        self.alt = False
        """Whether Shift, Control or Alt is held: kept up to date by the canvas."""

    def move(self, at: QPointF) -> None:
        """The pointer moved while the button is held."""

    def release(self, at: QPointF) -> None:
        """The button was let go: make the edit, one undo step, and tidy up."""

    def cancel(self) -> None:
        """Escape, or the graph changed underneath: tidy up and change nothing."""

    def key(self, key: Qt.Key) -> bool:
        """A key was pressed meanwhile; whether it meant something."""
        return False

    def travelled(self, at: QPointF) -> bool:
        """Whether the pointer left the place where a press still is a click."""
        pixels = (at - self.start).manhattanLength() * self.canvas.zoom_level()
        return bool(pixels >= 4)
