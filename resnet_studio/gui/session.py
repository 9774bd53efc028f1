"""What one window works on: a document, its analysis, its history, where the user looks.

Every change goes through ``apply``; views listen to ``changed`` and never update each other.
"""

import weakref
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.calls import Compound
from resnet_studio.core.document import NETWORK, Document, Graph
from resnet_studio.core.paths import split_path
from resnet_studio.core.propagation import GraphAnalysis

Trail = tuple[tuple[str, int], ...]
"""The calls entered from the network down: node id and copy (1 for a node that is not repeated)."""


_RECENT = 6
"""Analyses that are kept for undo and redo; all of them would fill the memory."""


@dataclass(frozen=True, slots=True)
class Change:
    """What ``changed`` carries: both documents and the analysis of the one after."""

    before: Document
    after: Document
    analysis: Analysis
    elsewhere: bool = False
    """The canvas is to show another graph: ``scope_changed`` follows."""


class Edit(QUndoCommand):
    """The one undo command: the documents before and after, and where the user stood."""

    def __init__(
        self,
        session: "Session",
        label: str,
        after: Document,
        select: frozenset[str] | None,
        merge: object = None,
        analysis: Analysis | None = None,
    ) -> None:
        super().__init__(label)
        self._session_of, self.merge = weakref.ref(session), merge
        self._before, self.after = session.document, after
        self._trail = session.trail
        self._selected_before = session.selection
        self.selected_after = session.selection if select is None else select
        self._analysis = analysis

    @property
    def _session(self) -> "Session":
        """There as long as its history is, and so whenever anybody undoes."""
        session = self._session_of()
        assert session is not None
        return session

    def redo(self) -> None:
        # Only the first time: an undo stack of analyses would fill the memory.
        analysis, self._analysis = self._analysis, None
        self._session.show_state(self.after, self._trail, self.selected_after, analysis)

    def undo(self) -> None:
        self._session.show_state(self._before, self._trail, self._selected_before)

    def id(self) -> int:
        return 1 if self.merge is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Edit) or other.merge != self.merge:
            return False
        self.after, self.selected_after = other.after, other.selected_after
        return True


class Session(QObject):
    """One open document.  ``scope`` is the graph on the canvas, ``trail`` how it was entered."""

    changed = Signal(object)
    """Carries a Change after every edit, undo and redo, and on opening another document."""
    scope_changed = Signal()
    """The canvas shows another graph (a block was entered or left)."""
    selection_changed = Signal()
    led_out = Signal(str)
    """The call that one was inside of is gone; carries its id."""
    revealed = Signal()
    """Somebody asked to see the nodes that are selected now, wherever they were."""
    loaded = Signal()
    """Another document was opened, and every view shows it."""
    file_changed = Signal()
    """The file's path or the unsaved mark changed."""

    def __init__(self, document: Document | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document if document is not None else Document()
        self.analysis = analyse(self.document)
        self._recent: deque[Analysis] = deque([self.analysis], maxlen=_RECENT)
        self.trail: Trail = ()
        self.selection: frozenset[str] = frozenset()
        self.path: Path | None = None
        self._saved: Document | None = self.document
        """What the file holds; None where nothing that was here."""
        self.identity = uuid4().hex
        """Tells what is open here from every other document, and from the one opened before."""
        self.history = QUndoStack(self)
        self._edits: list[Edit] = []
        # Held from outside until the session is gone, and none of them holds it: an edit that the
        # collector finds in a circle is destroyed although the history still has it, and crashes.
        weakref.finalize(self, self._edits.clear).atexit = False

    # What the canvas shows

    @property
    def scope(self) -> str:
        """The name of the block on the canvas, or ``NETWORK``."""
        return scope_at(self.document, self.trail) or NETWORK

    @property
    def graph(self) -> Graph:
        return self.document.graph(self.scope)

    @property
    def graph_analysis(self) -> GraphAnalysis | None:
        """The analysis of the copy that was entered; None where its inputs are unknown."""
        return graph_along(self.analysis, self.trail)

    @property
    def prefix(self) -> str:
        """What stands before a node's id in its path: ``group2#1/`` or nothing."""
        parts, graph = [], self.document.network
        for node_id, copy in self.trail:
            node = graph.nodes[node_id]
            parts.append(node_id if node.repeat == 1 else f"{node_id}#{copy}")
            graph = self.document.blocks[node.type].graph
        return "".join(f"{part}/" for part in parts)

    def copies(self, depth: int) -> int:
        """How many copies the call at a depth of the trail has; 1 where that is not known."""
        around = graph_along(self.analysis, self.trail[:depth])
        key = self.trail[depth][0]
        if around is None or key not in around.structure.index:
            return 1
        outcome = around.outcome(key)
        return max(1, len(outcome.copies)) if isinstance(outcome, Compound) else 1

    def select(self, ids: Iterable[str]) -> None:
        """Selects nodes of the graph on the canvas; unknown ids are passed over."""
        chosen = frozenset(ids) & self.graph.nodes.keys()
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    def enter(self, node_id: str, copy: int = 1) -> None:
        """Shows the inside of a call of a block."""
        if self.graph.nodes[node_id].type in self.document.blocks:
            self.go_to((*self.trail, (node_id, copy)))

    def leave(self) -> None:
        """Shows the graph around the block, its call selected."""
        if self.trail:
            self.go_to(self.trail[:-1], [self.trail[-1][0]])

    def go_to(self, trail: Trail, select: Iterable[str] | None = None) -> None:
        """Shows another graph, with ``select`` selected in it; without, what was so stays so.

        Where the trail leads nowhere any more, it is followed as far as it goes.
        """
        there = _still_there(self.document, trail)
        if there != trail:
            select = None
        if there != self.trail:
            self.trail = there
            self.selection = frozenset(select or ()) & self.graph.nodes.keys()
            self.scope_changed.emit()
            self.selection_changed.emit()
        elif select is not None:
            self.select(select)

    def reveal(self, path: str) -> None:
        """Enters the copy in which a path lies and selects its node (``group2#1/add``)."""
        self.reveal_all([path])

    def reveal_all(self, paths: Sequence[str]) -> None:
        """Shows the innermost graph around all of these paths; selects its nodes there or around.

        ``stage#1/add`` and ``stage#1/conv`` select both inside that copy; with ``head`` beside
        them, ``stage`` and ``head`` in the network.
        """
        steps = [split_path(path, self.document) for path in paths]
        first, depth = steps[0], len(steps[0]) - 1
        for other in steps[1:]:
            depth = min(depth, len(other) - 1)
            while other[:depth] != first[:depth]:
                depth -= 1
        trail = tuple((node_id, copy or 1) for node_id, copy in first[:depth])
        self.go_to(trail, [step[depth][0] for step in steps])
        self.revealed.emit()

    def reveal_outermost(self, path: str) -> None:
        """Shows the network and selects the node of it in which a path lies."""
        self.go_to((), [split_path(path, self.document)[0][0]])

    # Changing the document

    def apply(
        self,
        label: str,
        document: Document,
        select: Iterable[str] | None = None,
        merge: object = None,
        analysis: Analysis | None = None,
    ) -> None:
        """One undo step to ``document``; consecutive steps of an equal ``merge`` are one.

        ``analysis`` is that of ``document``, where it was worked out already.
        """
        if document is self.document:
            if select is not None:
                self.select(select)
            return
        chosen = None if select is None else frozenset(select)
        edit = Edit(self, label, document, chosen, merge, analysis)
        # What was undone goes now; of what is merged into the edit before nothing is left.
        del self._edits[self.history.index() :]
        self._edits.append(edit)
        self.history.push(edit)
        del self._edits[self.history.count() :]

    def show_state(
        self,
        document: Document,
        trail: Trail,
        selection: frozenset[str],
        analysis: Analysis | None = None,
    ) -> None:
        """Makes ``document`` the current one: for Edit alone."""
        before, self.document = self.document, document
        self.analysis = analysis or self._known(document) or analyse(document, self.analysis)
        self._recent.append(self.analysis)
        there, was = _still_there(document, trail), self.trail
        moved, self.trail = there != was, there
        if there != trail:
            # Of the graph that is gone: what bears the same names around it was not selected.
            selection = frozenset()
        selected, self.selection = self.selection, selection & self.graph.nodes.keys()
        self.changed.emit(Change(before, document, self.analysis, elsewhere=moved))
        if moved:
            self.scope_changed.emit()
        if selected != self.selection:
            self.selection_changed.emit()
        self.file_changed.emit()
        kept = len(_still_there(document, was))
        if kept < len(was):
            self.led_out.emit(was[kept][0])

    def _known(self, document: Document) -> Analysis | None:
        """The analysis of a document that was shown a few steps ago: undo comes back to it."""
        return next((known for known in self._recent if known.document is document), None)

    # Files

    def load(
        self,
        document: Document,
        path: Path | None,
        saved: bool = True,
        analysis: Analysis | None = None,
    ) -> None:
        """Starts afresh with another document; the history ends here.

        With ``saved`` false the document counts as having unsaved changes.  ``analysis`` is that
        of the document, where it was worked out already.
        """
        self.history.clear()
        self._edits.clear()
        self._saved = document if saved else None
        before, self.document = self.document, document
        self.analysis = analyse(document) if analysis is None else analysis
        self._recent.clear()
        self._recent.append(self.analysis)
        self.trail, self.selection, self.path = (), frozenset(), path
        self.identity = uuid4().hex
        self.changed.emit(Change(before, document, self.analysis, elsewhere=True))
        self.scope_changed.emit()
        self.selection_changed.emit()
        self.file_changed.emit()
        self.loaded.emit()

    def mark_saved(self, path: Path, document: Document) -> None:
        """Remembers what is written, and where; edits may have been made since it was."""
        self.path, self._saved = path, document
        if document is self.document:
            # The next edit is a step of its own, which leads back to what is written.
            self.history.setClean()
        self.file_changed.emit()

    @property
    def unsaved(self) -> bool:
        """Whether what is here is another document than the file holds."""
        return self.document is not self._saved


def lies_at(place: str, path: str) -> bool:
    """Whether a place is the node at a path, a copy of it, or inside (``stage#1/add``)."""
    return place.startswith(path) and place[len(path) : len(path) + 1] in ("", "#", "/")


def graph_along(analysis: Analysis, trail: Trail) -> GraphAnalysis | None:
    """The analysis of the copy that a trail leads to; None where its inputs are unknown."""
    graph: GraphAnalysis | None = analysis.root
    for node_id, copy in trail:
        if graph is None or node_id not in graph.structure.index:
            return None
        outcome = graph.outcome(node_id)
        if isinstance(outcome, Compound) and outcome.copies:
            outcome = outcome.copies[min(copy, len(outcome.copies)) - 1]
        graph = outcome.inside if isinstance(outcome, Compound) else None
    return graph


def scope_at(document: Document, trail: Trail) -> str | None:
    """The scope that a trail leads to; None where it leads nowhere."""
    scope = NETWORK
    for node_id, _copy in trail:
        node = document.graph(scope).nodes.get(node_id)
        if node is None or node.type not in document.blocks:
            return None
        scope = node.type
    return scope


def _still_there(document: Document, trail: Trail) -> Trail:
    while trail and scope_at(document, trail) is None:
        trail = trail[:-1]
    return trail
