"""What repeats in the network, and what folding each part into a block would save."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document
from resnet_studio.core.edits import move_nodes
from resnet_studio.core.faces import call_text, card_extent
from resnet_studio.core.fold import Candidate, candidates, fold_all
from resnet_studio.core.layout import layered, plan
from resnet_studio.gui.block_picture import BlockPicture
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.figures import count
from resnet_studio.gui.latest import Latest, is_few
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import column, label, row

_MOST_CALLS = 6
_ROW = 32


class FoldDialog(QDialog):
    """The candidates with their copies and gain; one is folded, or all; each undoes as a step."""

    def __init__(self, session: Session, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fold repeated parts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._canvas = session, canvas
        self._document = session.document
        self._work, self._trying = Latest(self), Latest(self)
        self.found: tuple[Candidate, ...] = ()
        self.head = label("", "heading", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName("Parts that repeat")
        self.list.currentRowChanged.connect(self._show_candidate)
        # Not when it is activated: Return presses the default button besides.
        self.list.itemDoubleClicked.connect(lambda _item: self.fold_one())
        self.picture = BlockPicture()
        self.calls = label("", "formula", wrap=True)
        self.calls.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.calls.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = column(self.list, self.calls, gap=12)
        right.setStretch(0, 3)
        right.setStretch(1, 2)
        body = row(self.picture, right, gap=20)
        self.setLayout(column(self.head, body, self._buttons(), margin=20, gap=14))
        self.resize(720, 480)
        self._search()

    def _buttons(self) -> QHBoxLayout:
        self.one, self.all = QPushButton("Fold this"), QPushButton("Fold all")
        close = QPushButton("Close")
        self.all.setToolTip("Folds what saves most, then what repeats in what is left, to the end")
        self.one.setDefault(True)
        self.one.clicked.connect(self.fold_one)
        self.all.clicked.connect(self.fold_all)
        close.clicked.connect(self.reject)
        return row(1, self.all, self.one, close)

    # What there is

    def _search(self) -> None:
        document = self._document = self._canvas.pinned()
        self._show_found(())
        self.head.setText("Looking for what repeats …")
        self._work.settle(lambda: candidates(document, None), self._take_found, is_few(document))

    def _take_found(self, found: tuple[Candidate, ...] | Exception) -> None:
        if isinstance(found, Exception):
            raise found
        self._show_found(found)

    def _show_found(self, found: tuple[Candidate, ...]) -> None:
        # What is being tried is of what was found before.
        self._trying.drop()
        self.found = tuple(sorted(found, key=lambda candidate: candidate.gain, reverse=True))
        self.list.clear()
        for candidate in self.found:
            item = QListWidgetItem(_line(candidate), self.list)
            item.setSizeHint(QSize(0, _ROW))
        something = bool(self.found)
        self.head.setText(_heading(len(self.found)))
        for part in (self.one, self.all, self.list, self.picture, self.calls):
            part.setEnabled(something)
        if something:
            self.list.setCurrentRow(0)
        else:
            self.calls.clear()

    def _show_candidate(self, at: int) -> None:
        if not 0 <= at < len(self.found):
            return
        candidate, document = self.found[at], self._document
        show = partial(self._show_applied, candidate)
        self._trying.settle(lambda: candidate.apply(document), show, is_few(document))

    def _show_applied(self, candidate: Candidate, after: Document | Exception) -> None:
        """What the block holds and how it is called."""
        if isinstance(after, Exception):
            raise after
        block = after.blocks[candidate.name]
        self.picture.show_block(block, after)
        calls = [
            call_text(node, block) + (f" × {node.repeat}" if node.repeat != 1 else "")
            for scope in after.scopes()
            for node in after.graph(scope).nodes.values()
            if node.type == candidate.name
        ]
        more = len(calls) - _MOST_CALLS
        tail = [f"and {count(more, 'more call')}"] if more > 0 else []
        self.calls.setText("\n".join(calls[:_MOST_CALLS] + tail))

    # Folding

    def fold_one(self) -> None:
        """Folds the part that is chosen, and looks what repeats then."""
        at = self.list.currentRow()
        if 0 <= at < len(self.found):
            candidate, document = self.found[at], self._document
            take = partial(self._take_one, f"Fold into “{candidate.name}”")
            self._fold(lambda: candidate.apply(document), take)

    def _take_one(self, text: str, folded: "Folded | Exception") -> None:
        self._apply(text, folded)
        self._search()

    def fold_all(self) -> None:
        """Folds all that is worth it, blocks inside blocks too."""
        document = self._document
        self._fold(lambda: fold_all(document), self._take_all)

    def _take_all(self, folded: "Folded | Exception") -> None:
        self._apply("Fold repeated parts", folded)
        self.accept()

    def _fold(self, work: Callable[[], Document], then: Callable[[Any], object]) -> None:
        """Shows that it folds; what comes of it is worked out beside the window's thread."""
        before = self._document
        self.head.setText("Folding …")
        for part in (self.one, self.all):
            part.setEnabled(False)
        made = partial(worked_out, work, before, self._session.analysis)
        self._work.settle(made, then, is_few(before))

    def done(self, result: int) -> None:
        self._work.drop()
        self._trying.drop()
        super().done(result)

    def _apply(self, text: str, folded: "Folded | Exception") -> None:
        if isinstance(folded, Exception):
            raise folded
        self._session.apply(text, folded.document, select=(), analysis=folded.analysis)
        self._canvas.show_home()


class Folded(NamedTuple):
    """What comes of folding."""

    document: Document
    analysis: Analysis


def worked_out(work: Callable[[], Document], before: Document, known: Analysis) -> Folded:
    """Folds, lays out and works out the shapes; ``known`` is the analysis of what was before."""
    after = laid_out(work(), before)
    return Folded(after, analyse(after, known))


def laid_out(after: Document, before: Document) -> Document:
    """What was folded, laid out as it is now: what is left of it stood far apart."""
    for scope in after.scopes():
        graph = after.graph(scope)
        if scope in before.scopes() and graph is not before.graph(scope):
            extents = {key: card_extent(node, after) for key, node in graph.nodes.items()}
            after = move_nodes(after, scope, layered(plan(graph, extents)))
    return after


def _line(candidate: Candidate) -> str:
    return f"{candidate.title} · saves {count(candidate.gain, 'line')} of code"


def _heading(number: int) -> str:
    if not number:
        return "Nothing repeats that would be shorter as a block."
    return f"{count(number, 'part')} {'repeats' if number == 1 else 'repeat'}; most gain first."
