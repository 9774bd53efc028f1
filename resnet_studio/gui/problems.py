"""The problems of the network, each with its repairs and what they cost."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from resnet_studio.core.diagnostics import Fix
from resnet_studio.gui import figures
from resnet_studio.gui.problem_card import Card
from resnet_studio.gui.session import Session, Trail
from resnet_studio.gui.widgets import Picture, clear, column, label, row, scrolled

MOST_SHOWN = 100
"""Cards made at once; the problems behind these are counted in a last line."""


class Problems(QWidget):
    """A card for each diagnostic.  Choosing one reveals its node and works out its repairs."""

    ghost = Signal(object)
    """Carries the Fix under the pointer or the focus, or None."""
    count_changed = Signal(int, int)
    """Errors and warnings."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._session = session
        self.cards: list[Card] = []
        self._came_from: tuple[Trail, frozenset[str]] | None = None
        self._mended: tuple[str, str] | None = None
        """The problem that was mended last: unfolded again when its repair is undone."""
        self._page = QWidget()
        self._slot = column(gap=8)
        self._empty = self._make_empty()
        self._more = label("", "muted")
        page = column(self._slot, self._more, self._empty, 1)
        page.setContentsMargins(8, 4, 8, 4)
        self._page.setLayout(page)
        self._area: QScrollArea = scrolled(self._page)
        self.setLayout(column(self._area))
        session.changed.connect(self.refresh)
        session.selection_changed.connect(self._follow_selection)
        self.refresh()

    def _make_empty(self) -> QWidget:
        part = QWidget()
        picture = Picture("ok", 24, "ok")
        text = label("No problems", "heading")
        self._hint = label("", "muted")
        lines = column(text, self._hint, gap=2)
        part.setLayout(row(picture, lines, 1, margin=4, gap=12))
        return part

    def refresh(self, _change: object = None) -> None:
        """Shows the diagnostics of now; the card that was chosen stays so if it is still there."""
        chosen = next((card.key for card in self.cards if card.chosen), self._mended)
        drawn = bool(self._session.document.network.nodes)
        # That Keras builds no empty model is no news to somebody who is about to begin.
        found = self._session.analysis.diagnostics if drawn else ()
        self.ghost.emit(None)
        keys = [(d.node, d.code) for d in found[:MOST_SHOWN]]
        if keys != [card.key for card in self.cards]:
            self._rebuild(len(keys))
        for card, diagnostic in zip(self.cards, found, strict=False):
            card.show_diagnostic(diagnostic)
            card.choose(card.key == chosen)
        beyond = len(found) - len(self.cards)
        self._more.setText(f"and {figures.count(beyond, 'problem')} more")
        self._more.setVisible(beyond > 0)
        self._empty.setVisible(not found)
        self._hint.setText(
            "Keras will build this network as it stands."
            if drawn
            else "They appear here, with their repairs, while you draw."
        )
        errors = sum(diagnostic.severity == "error" for diagnostic in found)
        self.count_changed.emit(errors, len(found) - errors)

    def _rebuild(self, wanted: int) -> None:
        clear(self._slot)
        self.cards = []
        for _ in range(wanted):
            card = Card(self.apply, self.preview)
            card.picked.connect(self.pick)
            self.cards.append(card)
            self._slot.addWidget(card)

    def pick(self, card: Card) -> None:
        """Chooses a card: its node is selected on the canvas and its repairs unfold."""
        self._mended = None
        for other in self.cards:
            other.choose(other is card)
        assert card.diagnostic is not None
        self._session.reveal(card.diagnostic.node)
        QTimer.singleShot(0, lambda: self._area.ensureWidgetVisible(card, 0, 8))

    def show_first(self) -> None:
        """Unfolds the first problem over the whole network, its outermost node selected."""
        if not self.cards:
            return
        for card in self.cards:
            card.choose(card is self.cards[0])
        first = self.cards[0].diagnostic
        assert first is not None
        self._session.reveal_outermost(first.node)

    def pick_path(self, path: str) -> None:
        """Unfolds the first problem at a node, or inside it; the canvas stays as it is."""
        card = next((card for card in self.cards if card.lies_at(path)), None)
        if card is not None:
            for other in self.cards:
                other.choose(other is card)
            QTimer.singleShot(0, card, lambda: self._area.ensureWidgetVisible(card, 0, 8))

    def pick_next(self) -> None:
        """Goes to the problem after the chosen one, round to the first."""
        if not self.cards:
            return
        at = next((i for i, card in enumerate(self.cards) if card.chosen), -1)
        card = self.cards[(at + 1) % len(self.cards)]
        card.setFocus()
        self.pick(card)

    def preview(self, fix: Fix | None) -> None:
        """Shows a repair as a ghost where it changes something; None goes back from there."""
        session = self._session
        if fix is None:
            self.ghost.emit(None)
            self._go_back()
            return
        if _lies_outside(fix, session):
            self._came_from = session.trail, session.selection
            session.go_to(())
        self.ghost.emit(fix)

    def _go_back(self) -> None:
        if self._came_from is not None:
            (trail, selection), self._came_from = self._came_from, None
            self._session.go_to(trail)
            self._session.select(selection)

    def apply(self, fix: Fix) -> None:
        """Makes a repair: one undo step, seen where it changes something."""
        self.ghost.emit(None)
        self._came_from = None
        self._mended = next((card.key for card in self.cards if card.chosen), None)
        self._session.apply(fix.title, fix.document)

    def _follow_selection(self) -> None:
        """Unfolds the card of the node that was selected on the canvas, or of one inside it."""
        if len(self._session.selection) != 1:
            return
        path = self._session.prefix + next(iter(self._session.selection))
        if not any(card.chosen and card.lies_at(path) for card in self.cards):
            self.pick_path(path)


def _lies_outside(fix: Fix, session: Session) -> bool:
    """Whether a repair leaves the block on the canvas alone and changes the network around it."""
    after, scope = fix.document, session.scope
    kept = scope in after.scopes() and after.graph(scope) == session.graph
    return bool(session.trail) and kept and after.network != session.document.network
