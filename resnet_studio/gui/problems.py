"""The problems of the network, each with its repairs and what they cost."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.gui import figures
from resnet_studio.gui.latest import Latest, is_small
from resnet_studio.gui.problem_card import Card
from resnet_studio.gui.session import Session, Trail, lies_at
from resnet_studio.gui.widgets import Picture, clear, column, in_sight, label, row, scrolled

_ABOVE = 4
"""Pixels between the card that is shown and the edge of the panel."""
MOST_SHOWN = 100
"""Cards made at once; the problems before and behind these are counted in a line each."""


class Problems(QWidget):
    """A card for each diagnostic.  Choosing one reveals its node and works out its repairs.

    The cards are made while the panel is in sight, or asked for; the messages of a large network
    are worked out beside the window's thread, for the cards in sight.
    """

    ghost = Signal(object)
    """Carries the Fix under the pointer or the focus, or None."""
    count_changed = Signal(int, int)
    """Errors and warnings."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._session = session
        self._cards: list[Card] = []
        self._first = 0
        """Which of all problems the first card shows: a multiple of the most that are shown."""
        self._behind = self._unfollowed = False
        """Whether the diagnostics, or the selection, changed since the cards were made."""
        self._telling = Latest(self)
        self._came_from: tuple[Trail, frozenset[str]] | None = None
        self._mended: tuple[str, str] | None = None
        """The problem that was mended last: unfolded again when its repair is undone."""
        self._page = QWidget()
        self._slot = column(gap=8)
        self._empty = self._make_empty()
        self.before, self.behind = label("", "muted"), label("", "muted")
        page = column(self.before, self._slot, self.behind, self._empty, 1)
        page.setContentsMargins(8, 4, 8, 4)
        self._page.setLayout(page)
        self._area: QScrollArea = scrolled(self._page)
        self._area.verticalScrollBar().valueChanged.connect(self._tell_seen)
        self.setLayout(column(self._area))
        session.changed.connect(self.refresh)
        session.selection_changed.connect(self._selection_changed)
        self.refresh()

    def _make_empty(self) -> QWidget:
        part = QWidget()
        picture = Picture("ok", 24, "ok")
        text = label("No problems", "heading")
        self._hint = label("", "muted")
        lines = column(text, self._hint, gap=2)
        part.setLayout(row(picture, lines, 1, margin=4, gap=12))
        return part

    @property
    def cards(self) -> list[Card]:
        """The cards of the diagnostics of now that are listed."""
        self._catch_up()
        return self._cards

    def refresh(self, _change: object = None) -> None:
        """Counts the diagnostics of now, and shows them as soon as they can be seen."""
        self.ghost.emit(None)
        # A preview over the document of before has nowhere to go back to.
        self._came_from = None
        self._behind = True
        if in_sight(self):
            self._catch_up()
        found = self._diagnostics()
        errors = sum(diagnostic.severity == "error" for diagnostic in found)
        self.count_changed.emit(errors, len(found) - errors)

    def come_into_sight(self) -> None:
        """Its tab was brought to the front, with the cards of some time ago."""
        self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if in_sight(self):
            self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._telling.drop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._tell_seen)

    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        # That Keras builds no empty model is no news to somebody who is about to begin.
        drawn = bool(self._session.document.network.nodes)
        return self._session.analysis.diagnostics if drawn else ()

    def _catch_up(self) -> None:
        """Shows what is known now; the card that was chosen stays so if it is still there."""
        if self._behind:
            self._behind = False
            self._show(self._diagnostics())
        if self._unfollowed:
            self._unfollowed = False
            self._follow_selection()
        self._tell_seen()

    def _show(self, found: tuple[Diagnostic, ...]) -> None:
        chosen = next((card.key for card in self._cards if card.chosen), self._mended)
        at = next((i for i, d in enumerate(found) if _key(d) == chosen), self._first)
        self._list(found, min(at, len(found) - 1))
        self._choose(next((card for card in self._cards if card.key == chosen), None))
        self._empty.setVisible(not found)
        self._hint.setText(
            "Keras will build this network as it stands."
            if self._session.document.network.nodes
            else "They appear here, with their repairs, while you draw."
        )
        # Which of them can be seen is known once they have their places.
        QTimer.singleShot(0, self, self._tell_seen)

    def _list(self, found: tuple[Diagnostic, ...], at: int) -> None:
        """Shows as many problems as are listed at once, that of an index among them."""
        self._first = max(0, at) // MOST_SHOWN * MOST_SHOWN
        listed = found[self._first : self._first + MOST_SHOWN]
        if [_key(d) for d in listed] != [card.key for card in self._cards]:
            self._rebuild(len(listed))
        small = is_small(self._session.analysis)
        for card, diagnostic in zip(self._cards, listed, strict=True):
            card.show_diagnostic(diagnostic)
            if small:
                card.tell()
        behind = len(found) - self._first - len(listed)
        self.before.setText(f"{figures.count(self._first, 'problem')} before these")
        self.before.setVisible(self._first > 0)
        self.behind.setText(f"and {figures.count(behind, 'problem')} more")
        self.behind.setVisible(behind > 0)

    def _card_of(self, at: int) -> Card:
        """The card of a problem by its index, listed with those around it if it was not."""
        self._catch_up()
        if not self._first <= at < self._first + len(self._cards):
            self._list(self._diagnostics(), at)
        return self._cards[at - self._first]

    def _choose(self, card: Card | None) -> None:
        for other in self._cards:
            other.choose(other is card)

    def _tell_seen(self, _what: object = None) -> None:
        """Works out the messages of the cards in sight that have none yet."""
        waiting = [card for card in self._cards if not card.told and in_sight(card)]
        if waiting and not self._telling.busy:
            seen = [card.diagnostic for card in waiting if card.diagnostic is not None]
            self._telling.ask(partial(_worked_out, seen), self._tell)

    def _tell(self, done: list[Diagnostic] | Exception) -> None:
        if isinstance(done, Exception):
            raise done
        for card in self._cards:
            if card.diagnostic in done:
                card.tell()
        # The cards have moved: others may have come into sight, or other diagnostics.
        QTimer.singleShot(0, self, self._tell_seen)

    def _rebuild(self, wanted: int) -> None:
        clear(self._slot)
        self._cards = []
        for _ in range(wanted):
            card = Card(self.apply, self.preview)
            card.picked.connect(self.pick)
            card.unfolded.connect(self._scroll_later)
            self._cards.append(card)
            self._slot.addWidget(card)

    def pick(self, card: Card) -> None:
        """Chooses a card: its node is selected on the canvas and its repairs unfold."""
        self._mended = None
        self._choose(card)
        assert card.diagnostic is not None
        self._session.reveal(card.diagnostic.node)
        self._scroll_later(card)

    def _scroll_later(self, card: Card) -> None:
        """Scrolls to a card as soon as it has its height."""
        QTimer.singleShot(0, card, partial(self._scroll_to, card))

    def _scroll_to(self, card: Card) -> None:
        """Shows a card down to its last repair, and in any case its title."""
        bar, top = self._area.verticalScrollBar(), card.y() - _ABOVE
        low = card.geometry().bottom() + _ABOVE - self._area.viewport().height()
        bar.setValue(min(max(bar.value(), low), top))

    def show_first(self) -> None:
        """Unfolds the first problem over the whole network, its outermost node selected."""
        found = self._diagnostics()
        if found:
            self._choose(self._card_of(0))
            self._session.reveal_outermost(found[0].node)

    def pick_path(self, path: str) -> None:
        """Unfolds the first problem at a node, or inside it; the canvas stays as it is."""
        found = self._diagnostics()
        at = next((i for i, d in enumerate(found) if lies_at(d.node, path)), None)
        if at is not None:
            card = self._card_of(at)
            self._choose(card)
            self._scroll_later(card)

    def pick_next(self) -> None:
        """Goes to the problem after the chosen one, round to the first."""
        cards, found = self.cards, self._diagnostics()
        if not found:
            return
        at = next((self._first + i for i, card in enumerate(cards) if card.chosen), -1)
        card = self._card_of((at + 1) % len(found))
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
            self._session.go_to(trail, selection)

    def apply(self, fix: Fix) -> None:
        """Makes a repair: one undo step, seen where it changes something."""
        self.ghost.emit(None)
        self._came_from = None
        self._mended = next((card.key for card in self.cards if card.chosen), None)
        self._session.apply(fix.title, fix.document)

    def _selection_changed(self) -> None:
        self._unfollowed = True
        if in_sight(self):
            self._catch_up()

    def _follow_selection(self) -> None:
        """Unfolds the card of the node that was selected on the canvas, or of one inside it."""
        if len(self._session.selection) != 1:
            return
        path = self._session.prefix + next(iter(self._session.selection))
        if not any(card.chosen and card.lies_at(path) for card in self.cards):
            self.pick_path(path)


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.node, diagnostic.code


def _worked_out(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics, their messages ready to be read."""
    for diagnostic in diagnostics:
        _message = diagnostic.message
    return diagnostics


def _lies_outside(fix: Fix, session: Session) -> bool:
    """Whether a repair leaves the block on the canvas alone and changes the network around it."""
    after, scope = fix.document, session.scope
    kept = scope in after.scopes() and after.graph(scope) == session.graph
    return bool(session.trail) and kept and after.network != session.document.network
