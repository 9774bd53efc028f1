"""One problem of the list: where it is and what it means, beside what mends it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout

from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.core.fix_all import all_like
from resnet_studio.gui import figures
from resnet_studio.gui.latest import Latest, is_small
from resnet_studio.gui.repairs import Elided, Repairs
from resnet_studio.gui.session import lies_at
from resnet_studio.gui.widgets import Picture, column, label, row, set_role

_WIDE = 600
"""Width of a card from which the message and the repairs stand side by side."""


class Card(QFrame):
    """One problem: where it is, what it means, and buttons that mend it."""

    picked = Signal(object)
    unfolded = Signal(object)
    """The repairs have come: the card is taller than before."""

    def __init__(self, apply: Callable[[Fix], None], ghost: Callable[[Fix | None], None]) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.diagnostic: Diagnostic | None = None
        self.told = False
        """Whether the message is that of the diagnostic, and not still to be worked out."""
        self.chosen = False
        self._mending = Latest(self)
        self.picture = Picture("error", 18, "error")
        self.title = Elided("", "heading")
        self.code = label("", "caption")
        self.message = label("", wrap=True)
        self.repairs = Repairs(apply, ghost)
        self.repairs.hide()
        head: QHBoxLayout = row(self.title, self.code, gap=8)
        head.setStretch(0, 1)
        told = column(head, self.message, 1, gap=4)
        self._split: QBoxLayout = column(told, self.repairs, gap=16)
        box = row(self.picture, self._split, gap=8)
        box.setContentsMargins(8, 4, 8, 4)
        box.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        box.setStretch(1, 1)
        self.setLayout(box)

    @property
    def key(self) -> tuple[str, str] | None:
        return (self.diagnostic.node, self.diagnostic.code) if self.diagnostic else None

    def lies_at(self, path: str) -> bool:
        """Whether the problem is at a node or inside it."""
        return self.diagnostic is not None and lies_at(self.diagnostic.node, path)

    def show_diagnostic(self, diagnostic: Diagnostic) -> None:
        """Says where a problem is, and of what kind; ``tell`` says what it means."""
        if diagnostic is self.diagnostic:
            return
        self.diagnostic, self.told = diagnostic, False
        kind = "info" if diagnostic.severity == "note" else diagnostic.severity
        self.picture.show_icon(kind, "accent" if kind == "info" else kind)
        self.title.show_text(diagnostic.node or "The network")
        self.code.setText(diagnostic.code)
        self._fold()

    def tell(self) -> None:
        """Shows the message; it takes a while where nobody asked the diagnostic for it before."""
        if self.diagnostic is None or self.told:
            return
        self.told, text = True, self.diagnostic.message
        self.message.setText(figures.sentence(text))
        self.setAccessibleName(f"{self.diagnostic.severity} at {self.diagnostic.node}: {text}")

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
        self._mending.drop()
        self.repairs.clear()

    def unfold(self) -> None:
        """Fills in the repairs, best first, as soon as they are worked out."""
        problem = self.diagnostic
        if problem is not None and self.chosen and self.repairs.isHidden():
            self._mending.settle(
                lambda: problem.fixes, self._show_fixes, is_small(problem.analysis)
            )

    def _show_fixes(self, fixes: Sequence[Fix] | Exception) -> None:
        if isinstance(fixes, Exception):
            raise fixes
        self.repairs.show_fixes(fixes)
        self.unfolded.emit(self)
        if fixes:
            QTimer.singleShot(0, self, self._look_further)

    def _look_further(self) -> None:
        """Adds the repair of all problems like this one, where there are more."""
        problem = self.diagnostic
        if problem is not None and self.chosen and problem.fixes:
            work = partial(all_like, problem, problem.fixes[0])
            self._mending.settle(work, self._add_fix, is_small(problem.analysis))

    def _add_fix(self, everywhere: Fix | Exception | None) -> None:
        if isinstance(everywhere, Exception):
            raise everywhere
        if everywhere is not None:
            self.repairs.add_fix(everywhere)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the repairs stand beside the message: all are in view at once."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._split.setDirection(way)
        self._split.setStretch(0, 3 if wide else 0)
        self._split.setStretch(1, 7 if wide else 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.picked.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self)
        else:
            super().keyPressEvent(event)
