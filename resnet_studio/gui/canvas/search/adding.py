"""Search-to-add on the canvas: opens the popup at a place and makes the addition."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt

from resnet_studio.core import building, edits
from resnet_studio.core.document import Document, Edge, Node
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Position, snap
from resnet_studio.core.placing import make_room, placed
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.search.candidates import Candidate, Candidates
from resnet_studio.gui.canvas.search.habits import Habits
from resnet_studio.gui.canvas.search.origin import Origin
from resnet_studio.gui.canvas.search.popup import SearchPopup
from resnet_studio.gui.canvas.search.stock import Stock

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_BESIDE = 28


class Adding(QObject):
    """Owns the popup.  The edit is made when a candidate is chosen: one step to undo."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._habits = Habits()
        self._stock: Stock
        self._origin = Origin()
        self._place: QPointF | None = None
        self._at_end: Callable[[], object] | None = None
        self._going_on = False
        """One addition follows the other until Escape: Enter alone goes on then."""
        self._chain = 0
        """How many were added so since the search was opened."""
        self.popup: SearchPopup | None = None

    @property
    def open(self) -> bool:
        return self.popup is not None and self.popup.isVisible()

    def close(self) -> None:
        if self.popup is not None:
            self.popup.close_popup()

    # Opening

    def at(self, place: QPointF) -> None:
        """Opens at a place of the scene; what is added stands there, wired to nothing."""
        self._start(Origin(), place)

    def into(self, wire: Edge, place: QPointF) -> None:
        """Opens on a wire, which takes in what is chosen; what is below makes room."""
        tap = building.Tap(wire.source, wire.output)
        self._start(Origin((tap,), into=wire), place)

    def after_selection(self) -> None:
        """Opens beside the selection, which feeds what is added; without one, at the pointer."""
        canvas = self._canvas
        session = canvas.session
        taps = building.taps_of(session.document, session.scope, session.selection)
        if taps:
            self._start(Origin(tuple(taps)), None)
        else:
            self.at(self._pointer())

    def from_wire(self, origin: Origin, place: QPointF, at_end: Callable[[], object]) -> None:
        """Opens where a wire was let go; ``at_end`` is called when the search ends."""
        self._start(origin, place, at_end)

    def _pointer(self) -> QPointF:
        view = self._canvas.viewport()
        here = view.mapFromGlobal(self._canvas.cursor().pos())
        return self._canvas.mapToScene(here if view.rect().contains(here) else view.rect().center())

    def _start(
        self,
        origin: Origin,
        place: QPointF | None,
        at_end: Callable[[], object] | None = None,
        *,
        going_on: bool = False,
    ) -> None:
        self.close()
        self._going_on = going_on
        self._chain = self._chain + 1 if going_on else 0
        self._origin, self._place, self._at_end = origin, place, at_end
        popup = self._made_popup()
        session = self._canvas.session
        self._stock = Stock(session.document)
        shown = Shown.trial(session, self._stock.document)
        candidates = Candidates(shown, origin, self._habits, self._stock.hidden)
        popup.start(candidates, shown.document, self._anchor(), _invitation(origin), going_on)

    def _made_popup(self) -> SearchPopup:
        if self.popup is not None:
            self.popup.deleteLater()
        window = self._canvas.window()
        self.popup = SearchPopup(window, self._canvas.session.document, self._add)
        self.popup.closed.connect(self._ended)
        self.popup.taken_back.connect(self._take_back)
        return self.popup

    def _ended(self) -> None:
        if self._at_end is not None:
            at_end, self._at_end = self._at_end, None
            at_end()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)

    def _anchor(self) -> QPoint:
        """Beside the card that goes on, or just below the pointer, in the window."""
        canvas = self._canvas
        if self._place is not None:
            here = canvas.mapFromScene(self._place) + QPoint(-24, 10)
        else:
            card = canvas.network.nodes[self._origin.taps[-1].node].card
            corner = canvas.mapFromScene(card.topRight())
            here = QPoint(corner.x() + _BESIDE, corner.y() - 8)
        return canvas.viewport().mapTo(canvas.window(), here)

    # Adding

    def _add(self, candidate: Candidate, keys: Qt.KeyboardModifier) -> None:
        control = bool(keys & Qt.KeyboardModifier.ControlModifier)
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        canvas, session = self._canvas, self._canvas.session
        try:
            inserts = shift or self._origin.into is not None
            after = self._inserted(candidate.node) if inserts else self._added(candidate.node)
        except edits.EditError as error:
            canvas.refused.emit(str(error))
            return
        self._habits.remember(candidate.name, self._after())
        self._end_wire()
        key = candidate.node.id
        session.apply(f"Add “{key}”", after, select=[key])
        canvas.show_cards([key])
        taps = building.taps_of(session.document, session.scope, [key])
        if (control or self._going_on) and taps:
            self._start(Origin(tuple(taps)), None, going_on=True)
        else:
            self.close()

    def _take_back(self) -> None:
        """Undoes the last addition of a chain, and asks again what stands there."""
        session, left = self._canvas.session, self._chain - 1
        if left < 0:
            return
        session.history.undo()
        taps = building.taps_of(session.document, session.scope, session.selection)
        if taps:
            self._chain = left - 1
            self._start(Origin(tuple(taps)), None, going_on=True)
        else:
            self.after_selection()

    def _end_wire(self) -> None:
        if self._at_end is not None:
            at_end, self._at_end = self._at_end, None
            at_end()

    def _after(self) -> str | None:
        taps = self._origin.taps
        return self._canvas.session.graph.nodes[taps[-1].node].type if taps else None

    def _added(self, node: Node) -> Document:
        """The document with the node at its place, wired to the origin."""
        canvas, scope = self._canvas, self._canvas.session.scope
        if self._place is not None:
            node = replace(node, position=self._corner(node))
        before = self._stock.with_block(canvas.pinned(), node.type)
        after = self._origin.added(before, scope, node)
        if node.position is not None:
            return after
        extents = {k: card_extent(n, after) for k, n in after.graph(scope).nodes.items()}
        place = placed(after.graph(scope), extents, canvas.network.places)[node.id]
        return edits.move_nodes(after, scope, {node.id: place})

    def _inserted(self, node: Node) -> Document:
        """The document with the node between what it follows and what that fed."""
        canvas, scope = self._canvas, self._canvas.session.scope
        graph = canvas.session.graph
        taps, into = self._origin.taps, self._origin.into
        wires = building.following(graph, taps[0]) if len(taps) == 1 else []
        if not wires:
            return self._added(node)
        places = canvas.network.places
        before = self._stock.with_block(canvas.pinned(), node.type)
        extents = {key: card_extent(n, before) for key, n in graph.nodes.items()}
        extent = card_extent(node, before)
        first = into or min(wires, key=lambda wire: places[wire.target][1])
        corner, moved = make_room(places, extents, (first.source, first.target), extent)
        after = edits.move_nodes(before, scope, moved)
        node = replace(node, position=corner)
        if into is not None:
            return edits.insert_on_edge(after, scope, into, node)
        return building.insert_after(after, scope, node, taps[0])

    def _corner(self, node: Node) -> Position:
        """Its port comes to the pointer that drew the wire; without a wire, its middle."""
        assert self._place is not None
        width, height = card_extent(node, self._stock.document)
        up = 0.5 if not self._origin.from_wire else 1.0 if self._origin.target is not None else 0.0
        return snap(self._place.x() - width / 2), snap(self._place.y() - height * up)


def _invitation(origin: Origin) -> str:
    if origin.target is not None:
        return f"What feeds “{origin.target[0]}”?"
    if origin.into is not None:
        return f"What goes between “{origin.into.source}” and “{origin.into.target}”?"
    if not origin.taps:
        return "Add a layer or block, such as “conv 64 3x3 /2”"
    if len(origin.taps) == 1:
        return f"What follows “{origin.taps[0].node}”?"
    return f"What takes the {len(origin.taps)} selected?"
