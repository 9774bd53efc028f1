"""The page of several nodes: what they come to together, and the arguments they share."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import figures
from resnet_studio.gui.inspector.argument_row import ArgumentRow
from resnet_studio.gui.inspector.nodes_part import NodesPart
from resnet_studio.gui.session import Session
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.widgets import clear, column, label

_NAMED = 8
"""More nodes than these are told by their kinds: nobody reads as many names."""

_AT_ONCE = 500
"""So many nodes are looked through within a frame."""

_HINT = "An edit here goes to all of them."
_HINT_OF_KINDS = "An edit here goes to all of them, one below a heading to the nodes that it names."


class ManyPage(QWidget):
    """First what all the nodes take, then a part that folds for each kind of node."""

    explained = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._built_for: object = None
        self._new = False
        self._showing: Slices[None] = Slices(self, lambda _none: None)
        self.title = label("", "title")
        self.sum = label("", "muted", wrap=True)
        self.names = label("", "muted", wrap=True)
        self.hint = label("", "caption", wrap=True)
        self._slot = column(gap=6)
        parts = (self.title, self.sum, self.names, self.hint, self._slot)
        self.setLayout(column(*parts, 1, margin=16, gap=12))
        self._build(())

    @property
    def rows(self) -> dict[str, ArgumentRow]:
        """The rows of what all the nodes take, by argument."""
        return self.shared.rows

    def refresh(self) -> None:
        """Shows what is selected now; many nodes are looked through a part at a time."""
        chosen = sorted(self._session.selection & self._session.graph.nodes.keys())
        self._showing.start(self._shown(chosen))
        if len(chosen) <= _AT_ONCE:
            self._showing.finish()

    def _shown(self, chosen: Sequence[str]) -> Generator[None, None, None]:
        """Each step is told by the nodes that there were at the first, or not at all."""
        document = self._session.document
        by_kind = self._by_kind(chosen)
        self._show_names(chosen, by_kind)
        for step in (
            partial(self._show_sum, chosen),
            partial(self._show_shared, chosen, by_kind),
            partial(self._show_kinds, by_kind),
        ):
            yield
            if self._session.document is not document:
                return
            step()

    def _show_names(self, chosen: Sequence[str], by_kind: Mapping[str, Sequence[str]]) -> None:
        kind = f"{next(iter(by_kind))} " if len(by_kind) == 1 else ""
        self.title.setText(f"{len(chosen):,} {kind}nodes")
        few = len(chosen) <= _NAMED
        told = [f"{len(ids):,} {name}" for name, ids in by_kind.items()]
        self.names.setText(", ".join(chosen if few else told))
        self.names.setVisible(few or len(by_kind) > 1)

    def _by_kind(self, chosen: Sequence[str]) -> dict[str, list[str]]:
        """The nodes by the class of layer or the block, the most frequent first."""
        found: dict[str, list[str]] = {}
        nodes = self._session.graph.nodes
        for key in chosen:
            found.setdefault(nodes[key].type, []).append(key)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))

    def _show_sum(self, chosen: Sequence[str]) -> None:
        graph = self._session.graph_analysis
        if graph is None:
            self.sum.setText("")
            return
        outcomes = [graph.outcome(node_id) for node_id in chosen]
        macs = [outcome.macs for outcome in outcomes]
        total = None if None in macs else sum(m for m in macs if m is not None)
        params = sum(outcome.params for outcome in outcomes)
        self.sum.setText(f"{params:,} parameters, {figures.short(total)} MACs together")

    def _show_shared(self, chosen: Sequence[str], by_kind: Mapping[str, Sequence[str]]) -> None:
        blocks = self._session.document.blocks
        wanted = [(kind, kind in blocks and dict(blocks[kind].parameters)) for kind in by_kind]
        self._new = self._built_for != wanted
        if self._new:
            self._built_for = wanted
            self._build(by_kind if len(by_kind) > 1 else ())
        self.shared.show_nodes(chosen, "")
        self.hint.setText(_HINT_OF_KINDS if self.kinds else _HINT)

    def _show_kinds(self, by_kind: Mapping[str, Sequence[str]]) -> None:
        for kind, part in self.kinds.items():
            part.show_nodes(by_kind[kind], f"{len(by_kind[kind]):,} {kind}", self.shared.names)
        if self._new:
            self._unfold_first()

    def _build(self, kinds: Iterable[str]) -> None:
        clear(self._slot)
        self.shared = self._part(folds=False)
        self.kinds = {kind: self._part(folds=True) for kind in kinds}

    def _part(self, folds: bool) -> NodesPart:
        part = NodesPart(self._session, folds)
        part.explained.connect(self.explained)
        self._slot.addWidget(part)
        return part

    def _unfold_first(self) -> None:
        """Opens what most of the nodes are where they have nothing of weight in common."""
        if self.kinds and not self.shared.has_plain:
            next(iter(self.kinds.values())).unfold()
