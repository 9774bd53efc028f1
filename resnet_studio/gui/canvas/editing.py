"""What the keys and menus change on the canvas: each a step of its own to undo."""

from collections.abc import Callable, Iterable, Mapping

from resnet_studio.core import edits, fragments
from resnet_studio.core.document import Document, Edge
from resnet_studio.core.layout import Position
from resnet_studio.gui.canvas import clipboard
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.session import Session


class Editing:
    """Edits of the selection in one scene; ``tell`` takes a sentence for the status bar."""

    def __init__(
        self, session: Session, scene: NetworkScene, tell: Callable[[str], object]
    ) -> None:
        self._session, self._scene, self._tell = session, scene, tell
        self._pasted = 0
        """How often the clipboard was pasted since the last copy."""

    def pinned(self) -> Document:
        """The document with the places on the screen written to the nodes that have none."""
        session, places = self._session, self._scene.places
        floating = {
            key: places[key] for key, n in session.graph.nodes.items() if n.position is None
        }
        return edits.move_nodes(session.document, session.scope, floating)

    def place(self, places: Mapping[str, Position], merge: object = None, label: str = "") -> None:
        """Moves nodes."""
        document = edits.move_nodes(self.pinned(), self._session.scope, places)
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

    def copy(self) -> None:
        """Puts the selection on the clipboard."""
        if not self._session.selection:
            self._tell("Select the nodes to copy first.")
            return
        clipboard.put(self.pinned(), self._session.scope, self._session.selection)
        self._pasted = 0

    def paste(self) -> None:
        """Adds what is on the clipboard, each time a step further away."""
        try:
            part = clipboard.take(self._session.scope)
        except edits.EditError as error:
            self._tell(str(error))
            return
        self._pasted += 1
        self._add("Paste", part, self._pasted * clipboard.STEP)

    def duplicate(self) -> None:
        """Adds a copy of the selection beside it."""
        session = self._session
        if session.selection:
            part = fragments.fragment(self.pinned(), session.scope, session.selection)
            self._add("Duplicate", part, clipboard.STEP)

    def _add(self, verb: str, part: Document, by: float) -> None:
        document, ids = fragments.paste(self.pinned(), self._session.scope, part, (by, by))
        self._session.apply(f"{verb} {_named(ids)}", document, select=ids)

    def select_wires(self, edges: Iterable[Edge]) -> None:
        """Selects wires instead of nodes."""
        self._scene.selected_wires = frozenset(edges)
        self._session.select(())
        self._scene.show_selection()


def _named(ids: list[str]) -> str:
    return f"“{ids[0]}”" if len(ids) == 1 else f"{len(ids)} nodes"
