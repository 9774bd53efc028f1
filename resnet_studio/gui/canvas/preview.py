"""The preview of a repair on the canvas: there while it is pointed at, and gone without a trace."""

from typing import TYPE_CHECKING

from resnet_studio.gui.canvas.ghosts import RepairGhost

if TYPE_CHECKING:
    from resnet_studio.core.diagnostics import Fix
    from resnet_studio.core.document import Document
    from resnet_studio.gui.canvas.view import Canvas
    from resnet_studio.gui.session import Change


class Preview:
    """The one preview that a canvas shows."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.ghost: RepairGhost | None = None
        self._before = self._drawn = self._stand()
        """Where the view stood before the preview, and where the preview drew it."""
        self._at_work = False
        """Whether the canvas had the keys when the preview began."""
        self._last: Document | None = None
        """What the last preview would make of the document."""

    def show(self, fix: "Fix | None") -> None:
        """Shows what a repair would bring to the graph on the canvas; None ends the preview."""
        canvas = self._canvas
        self._end()
        if fix is not None and canvas.session.scope in fix.document.scopes():
            self.ghost = RepairGhost(canvas.session, canvas.network, fix.document)
            canvas.add_overlay(self.ghost)
            self._before, self._last = self._stand(), fix.document
            canvas.bring_into_sight(self.ghost.cards_area())
            self._drawn, self._at_work = self._stand(), canvas.hasFocus()
        canvas.refresh_far()

    def _end(self) -> None:
        if self.ghost is not None:
            ghost, self.ghost = self.ghost, None
            ghost.end()
            self._canvas.remove_overlay(ghost)
            self._go_back()

    def _go_back(self) -> None:
        """Back to where the view stood, unless somebody has moved it, or presses into it, since."""
        taken = self._canvas.hasFocus() and not self._at_work
        if self._stand() == self._drawn and not taken:
            _, across, down = self._before
            self._canvas.horizontalScrollBar().setValue(across)
            self._canvas.verticalScrollBar().setValue(down)

    def _stand(self) -> tuple[float, int, int]:
        """The zoom, and how far the view is scrolled."""
        across, down = self._canvas.horizontalScrollBar(), self._canvas.verticalScrollBar()
        return self._canvas.zoom_level(), across.value(), down.value()

    def follow(self, change: "Change") -> None:
        """A repair that was made is seen where its preview was."""
        if change.after is not self._last:
            return
        session = self._canvas.session
        scoped = session.scope in change.before.scopes()
        known = change.before.graph(session.scope).nodes if scoped else {}
        self._canvas.show_cards(session.graph.nodes.keys() - known.keys())
