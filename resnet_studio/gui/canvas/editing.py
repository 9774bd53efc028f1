"""What the keys and menus change on the canvas: each a step of its own to undo."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from resnet_studio.core import arranging, building, edits, fragments, free_room
from resnet_studio.core.document import Document, Edge
from resnet_studio.core.frames import Frame, following, frames, with_frames
from resnet_studio.core.layout import Position
from resnet_studio.gui.canvas import clipboard
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.trial import consequences
from resnet_studio.gui.session import Session


class Sight(NamedTuple):
    """What of the sheet is seen, and where on it the pointer is, if it is over the canvas."""

    area: QRectF
    pointer: QPointF | None


class Editing:
    """Edits of the selection in one scene.

    ``tell`` takes a sentence for the status bar, ``refuse`` why an edit cannot be; ``settle``
    ends what still moves on the screen; ``sight`` says what is seen.
    """

    def __init__(
        self,
        session: Session,
        scene: NetworkScene,
        tell: Callable[[str], object],
        refuse: Callable[[str], object],
        settle: Callable[[], object],
        sight: Callable[[], Sight],
    ) -> None:
        self._session, self._scene, self._tell, self._settle = session, scene, tell, settle
        self._refuse, self._sight = refuse, sight

    def pinned(self) -> Document:
        """The document with the places on the screen written to the nodes that have none."""
        self._settle()
        session, places = self._session, self._scene.places
        floating = {
            key: places[key] for key, n in session.graph.nodes.items() if n.position is None
        }
        return edits.move_nodes(session.document, session.scope, floating)

    def place(
        self,
        places: Mapping[str, Position],
        merge: object = None,
        label: str = "",
        *,
        framed: bool = False,
    ) -> None:
        """Moves nodes; with ``framed`` the frames stay round those that they hold."""
        document = edits.move_nodes(self.pinned(), self._session.scope, places)
        kept = frames(self._session.graph)
        if framed and kept:
            known = self._scene.places
            extents = {key: self._scene.drawing.extent(key) for key in known}
            moved = following(kept, known, places, extents)
            document = with_frames(document, self._session.scope, moved)
        label = label or f"Move {_named(list(places))}"
        self._session.apply(label, document, merge=merge)

    def nudge(self, across: float, down: float) -> None:
        """Moves the selection a step; steps that follow each other are one undo step."""
        chosen, old = self._session.selection, self._scene.places
        if chosen:
            places = {key: (old[key][0] + across, old[key][1] + down) for key in chosen}
            self.place(places, merge=("nudge", self._session.scope, chosen))

    def delete(self, bridge: bool) -> None:
        """Removes the selected nodes, or else the selected wires."""
        session, wires = self._session, self._scene.selected_wires
        if session.selection:
            ids = sorted(session.selection)
            document = edits.remove_nodes(self.pinned(), session.scope, ids, bridge)
            session.apply(f"Delete {_named(ids)}", document, select=())
        elif wires:
            document = edits.disconnect(session.document, session.scope, wires)
            session.apply("Remove wire" if len(wires) == 1 else "Remove wires", document)

    def copy(self, ids: frozenset[str], framed: tuple[Frame, ...]) -> None:
        """Puts nodes and frames on the clipboard."""
        if not ids and not framed:
            self._tell("Select the nodes to copy first.")
            return
        session = self._session
        clipboard.put(self.pinned(), session.scope, ids, framed, session.identity)

    def paste(self, keep_inputs: bool = False) -> QRectF:
        """Adds what is on the clipboard where it covers no card; returns where it stands.

        With ``keep_inputs`` it is fed by what fed the nodes that were copied.
        """
        try:
            part = clipboard.take(self._session.scope, self._session.identity)
        except edits.EditError as error:
            self._tell(str(error))
            return QRectF()
        area = self._add("Paste", part, self._paste_place(part), keep_inputs=keep_inputs)
        if keep_inputs and part.elsewhere:
            self._tell("Pasted without the wires that fed it: they come from another network.")
        return area

    def _paste_place(self, part: clipboard.Part) -> Position:
        """At the pointer, beside the original where that is seen, or else in the middle."""
        cards, standing = _boxes(part.document), self._standing(part.document)
        if not cards:
            return 0.0, 0.0
        seen, pointer = self._sight()
        if pointer is not None:
            by = free_room.centred(cards, (pointer.x(), pointer.y()))
            if free_room.is_free(cards, standing, by):
                return by
        if part.at_home and seen.intersects(QRectF(*free_room.bounds(cards))):
            return free_room.beside(cards, standing)
        middle = seen.center()
        by = free_room.centred(cards, (middle.x(), middle.y()))
        return free_room.nearest(cards, standing, by)

    def _standing(self, part: Document) -> list[free_room.Box]:
        """The cards that stand, as they are seen; for a part with frames, the frames too."""
        drawing, kept = self._scene.drawing, frames(self._session.graph)
        cards = [free_room.Box(*at, *drawing.extent(key)) for key, at in drawing.places.items()]
        return cards + (_frame_boxes(kept) if frames(part.network) else [])

    def duplicate(self, ids: frozenset[str], framed: tuple[Frame, ...]) -> QRectF:
        """Adds a copy of nodes and frames on their right; returns where it stands."""
        if not ids and not framed:
            return QRectF()
        part = fragments.fragment(self.pinned(), self._session.scope, ids, framed)
        by = free_room.beside(_boxes(part), self._standing(part))
        return self._add("Duplicate", clipboard.Part(part), by)

    def _add(
        self, verb: str, part: clipboard.Part, by: Position, *, keep_inputs: bool = False
    ) -> QRectF:
        wires = part.inputs if keep_inputs else ()
        document, ids = building.paste_wired(
            self.pinned(), self._session.scope, part.document, wires, by
        )
        if _is_framed(part.document):
            # Without nodes selected the canvas selects the frame that came.
            what = "frame" if ids else "comment"
            self._session.apply(f"{verb} a {what}", document, select=())
        else:
            self._session.apply(f"{verb} {_named(ids)}", document, select=ids)
        return self._area(ids, [f.moved(*by) for f in frames(part.document.network)])

    def _area(self, ids: Iterable[str], framed: Iterable[Frame]) -> QRectF:
        """What cards and frames take up."""
        area = QRectF()
        for card in (self._scene.nodes[key].card for key in ids):
            area |= card
        for box in _frame_boxes(framed):
            area |= QRectF(*box)
        return area

    def toggle_bypass(self) -> None:
        """Lets the data pass the selected nodes by; if it passes all by already, through them."""
        session = self._session
        ids = sorted(session.selection)
        if not ids:
            self._tell("Select the nodes to bypass first.")
            return
        on = not all(session.graph.nodes[key].bypassed for key in ids)
        try:
            after = edits.set_bypassed(session.document, session.scope, ids, bypassed=on)
        except edits.EditError as error:
            self._refuse(str(error))
            return
        session.apply(f"{'Bypass' if on else 'Use'} {_named(ids)}", after)

    def connect(self) -> None:
        """Wires the selected nodes in a chain, from the highest down."""
        session, places = self._session, self._scene.places
        ids = sorted(session.selection, key=lambda key: (places[key][1], places[key][0]))
        if len(ids) < 2:
            self._tell("Select two nodes or more to connect them.")
            return
        try:
            after = building.chained(session.document, session.scope, ids)
        except edits.EditError as error:
            self._refuse(str(error))
            return
        session.apply(f"Connect {_named(ids)}", after)

    def align(self, edge: arranging.Edge) -> None:
        """Puts an edge, or the middles, of the selected cards on a line."""
        places, extents = self._chosen_cards()
        if len(places) < 2:
            self._tell("Select two nodes or more to align them.")
            return
        self.place(arranging.aligned(places, extents, edge), label=f"Align {edge}")

    def distribute(self, axis: arranging.Axis) -> None:
        """Spreads the selected cards with equal gaps."""
        places, extents = self._chosen_cards()
        if len(places) < 3:
            self._tell("Select three nodes or more to spread them evenly.")
            return
        along = "across" if axis == 0 else "down"
        self.place(arranging.distributed(places, extents, axis), label=f"Distribute {along}")

    def _chosen_cards(self) -> tuple[dict[str, Position], dict[str, Position]]:
        chosen = sorted(self._session.selection)
        places = {key: self._scene.places[key] for key in chosen}
        return places, {key: self._scene.drawing.extent(key) for key in chosen}

    def deletion_told(self, bridge: bool) -> str:
        """What deleting the selection would change, in a sentence; empty without a selection."""
        session, wires = self._session, self._scene.selected_wires
        ids = sorted(session.selection)
        if ids:
            after = edits.remove_nodes(session.document, session.scope, ids, bridge)
            verb = "Deleting and reconnecting" if bridge else "Deleting"
            subject = _named(ids)
        elif wires:
            after = edits.disconnect(session.document, session.scope, wires)
            verb, subject = "Removing", "the wire" if len(wires) == 1 else f"{len(wires)} wires"
        else:
            return ""
        return f"{verb} {subject}: {consequences(session, after).more}."

    def select_wires(self, edges: Iterable[Edge]) -> None:
        """Selects wires instead of nodes."""
        self._scene.selected_wires = frozenset(edges)
        self._session.select(())
        self._scene.show_selection()


def _boxes(part: Document) -> list[free_room.Box]:
    """What finds room together: the cards of a part and its frames."""
    return free_room.cards_of(part, part.network) + _frame_boxes(frames(part.network))


def _frame_boxes(kept: Iterable[Frame]) -> list[free_room.Box]:
    return [free_room.Box(f.left, f.top, f.width, f.height) for f in kept]


def _is_framed(part: Document) -> bool:
    """Whether one frame, the first, holds all of a part."""
    boxes, kept = _boxes(part), frames(part.network)
    placed = len(boxes) == len(part.network.nodes) + len(kept)
    return bool(kept) and placed and all(kept[0].holds(box[:2], box[2:]) for box in boxes)


def _named(ids: list[str]) -> str:
    return f"“{ids[0]}”" if len(ids) == 1 else f"{len(ids)} nodes"
