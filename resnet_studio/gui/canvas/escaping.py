"""What Escape ends: one thing a press, and one block a press."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class Escaping:
    """Remembers what leaving a block selected: that is no choice of the user's to be taken back."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._left: frozenset[str] | None = None

    def press(self) -> None:
        """Ends the gesture or the preview; else the selection; else leaves the block."""
        canvas, session = self._canvas, self._canvas.session
        if canvas.end_passing():
            return
        if canvas.network.selected_wires or (session.selection and not self._only_left()):
            canvas.editing.select_wires(())
        else:
            session.leave()
            self._left = session.selection

    def _only_left(self) -> bool:
        """Whether only the call is selected out of which the last press led, into a block."""
        return bool(self._canvas.session.trail) and self._canvas.session.selection is self._left
