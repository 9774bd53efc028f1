"""Moving a copy: Alt and the left button on a card leave it there and drag its double."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.core import fragments
from resnet_studio.core.layout import Position
from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.gestures.guides import Guides
from resnet_studio.gui.canvas.ghosts import GhostCard

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


def leave_copy(canvas: "Canvas", by: Position) -> None:
    """Adds a copy of the selection, moved by so much: one step to undo."""
    session = canvas.session
    pinned = canvas.pinned()
    part = fragments.fragment(pinned, session.scope, session.selection)
    document, ids = fragments.paste(pinned, session.scope, part, by)
    name = f"“{ids[0]}”" if len(ids) == 1 else f"{len(ids)} nodes"
    session.apply(f"Duplicate {name}", document, select=ids)


class MoveCopy(Gesture):
    """Ghosts of the selection follow the pointer; copies stand where they are let go."""

    def __init__(self, canvas: "Canvas", at: QPointF, key: str) -> None:
        super().__init__(canvas, at)
        if key not in self.session.selection:
            self.session.select([key])
        self._key = key
        self._by = QPointF()
        self._ghosts: dict[str, GhostCard] = {}
        self._guides: Guides | None = None

    def move(self, at: QPointF) -> None:
        if not self._ghosts and not self.travelled(at):
            return
        if self._guides is None:
            self._begin()
        assert self._guides is not None
        origin = QPointF(*self.scene.places[self._key])
        extent = self.scene.nodes[self._key].look.extent
        stood = self._guides.stand(origin + at - self.start, extent, free=self.control)
        self._by = QPointF(*stood) - origin
        for key, ghost in self._ghosts.items():
            ghost.setPos(QPointF(*self.scene.places[key]) + self._by)

    def _begin(self) -> None:
        self._guides = Guides(self.canvas, ())
        for key in self.session.selection:
            ghost = self._ghosts[key] = GhostCard(self.scene.nodes[key].look)
            self.canvas.add_overlay(ghost)

    def release(self, at: QPointF) -> None:
        self.move(at)
        dragged = bool(self._ghosts)
        self.cancel()
        if not dragged:
            self.session.select([self._key])
            return
        leave_copy(self.canvas, (self._by.x(), self._by.y()))

    def cancel(self) -> None:
        for ghost in self._ghosts.values():
            self.canvas.remove_overlay(ghost)
        self._ghosts = {}
        if self._guides is not None:
            self._guides.end()
            self._guides = None
