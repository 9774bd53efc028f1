"""Moving nodes: left button on a card."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.gestures.guides import Guides
from resnet_studio.gui.canvas.gestures.move_copy import MoveCopy
from resnet_studio.gui.canvas.gestures.splice import Splice

if TYPE_CHECKING:
    from resnet_studio.core.document import Edge
    from resnet_studio.gui.canvas.view import Canvas


class Move(Gesture):
    """Drags the selection, wires following; a press without a drag selects.

    The card keeps to the lines of others near it, else to the grid; Control ignores the lines.
    While Alt is held the cards stay and copies follow the pointer: many window managers keep a
    press with Alt to themselves, so it may also come later.
    """

    def __init__(self, canvas: "Canvas", at: QPointF, key: str, extend: bool) -> None:
        super().__init__(canvas, at)
        self._key = key
        self._was_selected = key in self.session.selection
        if extend:
            self.session.select(self.session.selection | {key})
        elif not self._was_selected:
            self.session.select([key])
        self._from = {k: QPointF(*self.scene.places[k]) for k in self.session.selection}
        self._moved = False
        self._splice = Splice.of(canvas, self._from.keys())
        self._guides: Guides | None = None
        self._copy: MoveCopy | None = None

    def move(self, at: QPointF) -> None:
        if not self._moved and not self.travelled(at):
            return
        self._moved = True
        if self.alt:
            self._move_copy(at)
        else:
            self._move(at)

    def _move(self, at: QPointF) -> None:
        self._end_copy()
        if self._guides is None:
            self._guides = Guides(self.canvas, self._from)
        # The card under the pointer is guided, the others keep their distance to it.
        origin = self._from[self._key]
        extent = self.scene.nodes[self._key].look.extent
        stood = self._guides.stand(origin + at - self.start, extent, free=self.control)
        by = QPointF(*stood) - origin
        self.scene.shift({key: place + by for key, place in self._from.items()})
        if self._splice is not None:
            self._splice.look(at)

    def _move_copy(self, at: QPointF) -> None:
        if self._copy is None:
            self._put_back()
            self._copy = MoveCopy(self.canvas, self.start, self._key)
        self._copy.control = self.control
        self._copy.move(at)
        self.canvas.hint.tell(self.canvas.mapFromScene(at), "Let go to leave a copy here")

    def _end_copy(self) -> None:
        if self._copy is not None:
            self.canvas.hint.hide()
            copy, self._copy = self._copy, None
            copy.cancel()

    def release(self, at: QPointF) -> None:
        if not self._moved:
            self._click()
            return
        self.move(at)
        if self._copy is not None:
            self.canvas.hint.hide()
            self._copy.release(at)
            return
        self._end_guides()
        wire = self._end_splice()
        if self._splice is not None and wire is not None:
            self._splice.make(wire)
            return
        corners = {key: self.scene.nodes[key].card.topLeft() for key in self._from}
        self.canvas.editing.place({key: (p.x(), p.y()) for key, p in corners.items()})

    def _click(self) -> None:
        if self.shift:
            if self._was_selected:
                self.session.select(self.session.selection - {self._key})
        else:
            self.session.select([self._key])

    def _end_guides(self) -> None:
        if self._guides is not None:
            self._guides.end()
            self._guides = None

    def _end_splice(self) -> "Edge | None":
        """The wire that would take the card in, as it was before it was said to."""
        wire = self._splice.wire if self._splice is not None else None
        if self._splice is not None:
            self._splice.end()
        return wire

    def _put_back(self) -> None:
        self._end_guides()
        self._end_splice()
        self.scene.shift({k: place for k, place in self._from.items() if k in self.scene.nodes})

    def cancel(self) -> None:
        self._end_copy()
        self._put_back()
