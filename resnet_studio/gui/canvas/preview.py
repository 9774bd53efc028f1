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
        self._before = (0, 0)
        """Where the view stood before a preview drew it elsewhere."""
        self._last: Document | None = None
        """What the last preview would make of the document."""

    def show(self, fix: "Fix | None") -> None:
        """Shows what a repair would bring to the graph on the canvas; None ends the preview."""
        canvas = self._canvas
        self._end()
        if fix is not None and canvas.session.scope in fix.document.scopes():
            self.ghost = RepairGhost(canvas.session, canvas.network, fix.document)
            canvas.add_overlay(self.ghost)
            self._before, self._last = self._scrolled(), fix.document
            canvas.bring_into_sight(self.ghost.cards_area())
        canvas.refresh_far()

    def _end(self) -> None:
        if self.ghost is not None:
            ghost, self.ghost = self.ghost, None
            ghost.end()
            self._canvas.remove_overlay(ghost)
            self._canvas.horizontalScrollBar().setValue(self._before[0])
            self._canvas.verticalScrollBar().setValue(self._before[1])

    def _scrolled(self) -> tuple[int, int]:
        return self._canvas.horizontalScrollBar().value(), self._canvas.verticalScrollBar().value()

    def follow(self, change: "Change") -> None:
        """A repair that was made is seen where its preview was."""
        if change.after is not self._last:
            return
        session = self._canvas.session
        scoped = session.scope in change.before.scopes()
        known = change.before.graph(session.scope).nodes if scoped else {}
        self._canvas.show_cards(session.graph.nodes.keys() - known.keys())
