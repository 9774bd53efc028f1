"""The problems of the network, each with its repairs and what they cost."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.gui import figures
from resnet_studio.gui.icons import icon
from resnet_studio.gui.session import Session, Trail
from resnet_studio.gui.widgets import Picture, clear, column, label, row, scrolled, set_role

MOST_SHOWN = 100
"""Cards made at once; the problems behind these are counted in a last line."""


_WIDE = 600
"""Width of a card from which the message and the repairs stand side by side."""


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
        self._page = QWidget()
        self._slot = column(gap=8)
        self._empty = self._make_empty()
        self._more = label("", "muted")
        self._page.setLayout(column(self._slot, self._more, self._empty, 1, margin=12, gap=8))
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
        chosen = next((card.key for card in self.cards if card.chosen), None)
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

    def pick(self, card: "Card") -> None:
        """Chooses a card: its node is selected on the canvas and its repairs unfold."""
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
        """Chooses the first problem at a node."""
        for card in self.cards:
            if card.diagnostic is not None and card.diagnostic.node == path:
                self.pick(card)
                return

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
        self._session.apply(fix.title, fix.document)

    def _follow_selection(self) -> None:
        """Unfolds the card of the node that was selected on the canvas."""
        if len(self._session.selection) != 1:
            return
        path = self._session.prefix + next(iter(self._session.selection))
        for card in self.cards:
            if card.diagnostic is not None and card.diagnostic.node == path:
                for other in self.cards:
                    other.choose(other is card)
                self._area.ensureWidgetVisible(card, 0, 8)
                return


class Card(QFrame):
    """One problem: where it is, what it means, and buttons that mend it."""

    picked = Signal(object)

    def __init__(self, apply: Callable[[Fix], None], ghost: Callable[[Fix | None], None]) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._apply, self._ghost = apply, ghost
        self.diagnostic: Diagnostic | None = None
        self.chosen = False
        self.picture = Picture("error", 18, "error")
        self.title = label("", "heading")
        self.code = label("", "caption")
        self.message = label("", wrap=True)
        self.repairs = QWidget()
        self._slot = column(gap=4)
        self._slot.setContentsMargins(0, 4, 0, 0)
        self.repairs.setLayout(self._slot)
        self.repairs.hide()
        head: QHBoxLayout = row(self.title, self.code, 1, gap=8)
        self._split = column(self.message, self.repairs, gap=16)
        body: QVBoxLayout = column(head, self._split, 1, gap=4)
        box = row(self.picture, body, margin=12, gap=12)
        box.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        box.setStretch(1, 1)
        self.setLayout(box)

    @property
    def key(self) -> tuple[str, str] | None:
        return (self.diagnostic.node, self.diagnostic.code) if self.diagnostic else None

    def show_diagnostic(self, diagnostic: Diagnostic) -> None:
        if diagnostic is self.diagnostic:
            return
        self.diagnostic = diagnostic
        kind = "info" if diagnostic.severity == "note" else diagnostic.severity
        self.picture.show_icon(kind, "accent" if kind == "info" else kind)
        self.title.setText(diagnostic.node or "The network")
        self.code.setText(diagnostic.code)
        text = diagnostic.message
        self.message.setText(figures.sentence(text))
        self.setAccessibleName(f"{diagnostic.severity} at {diagnostic.node}: {text}")
        self._fold()

    def choose(self, chosen: bool) -> None:
        """Unfolds or folds the repairs; they are worked out after the card is shown."""
        if chosen == self.chosen and (not chosen or self.repairs.isVisibleTo(self)):
            return
        self.chosen = chosen
        set_role(self, "selected", "true" if chosen else "false")
        if chosen:
            QTimer.singleShot(0, self, self.unfold)
        else:
            self._fold()

    def _fold(self) -> None:
        clear(self._slot)
        self.repairs.hide()

    def unfold(self) -> None:
        """Fills in the repairs, best first."""
        if self.diagnostic is None or not self.chosen or self._slot.count():
            return
        fixes = self.diagnostic.fixes
        for fix in fixes:
            self._slot.addWidget(RepairButton(fix, self._apply, self._ghost))
        if not fixes:
            self._slot.addWidget(label("There is no ready-made repair for this one.", "muted"))
        self.repairs.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the repairs stand beside the message: all are in view at once."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._split.setDirection(way)
        self._split.setStretch(0, 2 if wide else 0)
        self._split.setStretch(1, 3 if wide else 0)
        self._split.setAlignment(self.message, Qt.AlignmentFlag.AlignTop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.picked.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self)
        else:
            super().keyPressEvent(event)


class RepairButton(QPushButton):
    """A repair with its cost; under the pointer it shows as a ghost on the canvas."""

    def __init__(
        self, fix: Fix, apply: Callable[[Fix], None], ghost: Callable[[Fix | None], None]
    ) -> None:
        super().__init__()
        self.fix = fix
        self._ghost = ghost
        self.setProperty("repair", "true")
        self.setObjectName(f"repair-{fix.id}")
        self.setIcon(icon("repair", "accent"))
        params = figures.change(fix.delta_params, "parameters")
        macs = figures.change(fix.delta_macs, "MACs")
        self.setAccessibleName(f"{fix.title}, {params}, {macs}")
        self.setToolTip(f"Adds or changes {_listed(fix.touched)}" if fix.touched else fix.title)
        title = label(fix.title, wrap=True)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        cost = label(f"{params}   {macs}", "muted")
        for part in (title, cost):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = row(title, cost, gap=12)
        inside.setContentsMargins(32, 6, 8, 6)
        self.setLayout(inside)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(32)
        self.clicked.connect(lambda: apply(fix))
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self._ghost(self.fix)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._ghost(None)
        return super().eventFilter(watched, event)


def _lies_outside(fix: Fix, session: Session) -> bool:
    """Whether a repair leaves the block on the canvas alone and changes the network around it."""
    after, scope = fix.document, session.scope
    kept = scope in after.scopes() and after.graph(scope) == session.graph
    return bool(session.trail) and kept and after.network != session.document.network


def _listed(paths: tuple[str, ...]) -> str:
    shown = ", ".join(f"“{path}”" for path in paths[:6])
    return shown if len(paths) <= 6 else f"{shown} and {len(paths) - 6} more"
