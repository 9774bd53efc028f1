"""Repair on connect: what a wire broke is mended by one key, seen before it is done.

The best repair stands on the canvas as ghosts; Enter or R takes it, Tab shows the next one.
"""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from resnet_studio.core.diagnostics import Fix
from resnet_studio.core.fix_all import all_like
from resnet_studio.gui import figures
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.trial import diagnostic_at
from resnet_studio.gui.style import css
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Picture, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resnet_studio.gui.canvas.view import Canvas

_WIDTH = 330
_APART = 18


class Offer(QObject):
    """The repairs of the node that a wire was just led to, one of them in view."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._fixes: Sequence[Fix] = ()
        self._at = 0
        self._key = ""
        self.note: _Note | None = None

    @property
    def open(self) -> bool:
        return bool(self._fixes)

    @property
    def fix(self) -> Fix | None:
        """The repair in view."""
        return self._fixes[self._at] if self._fixes else None

    def start(self, key: str) -> None:
        """Offers the repairs of a node of the canvas, if it has an error that has any."""
        self.end()
        canvas = self._canvas
        found = diagnostic_at(Shown.now(canvas.session), key)
        if found is None or found.severity != "error" or not found.fixes:
            return
        everywhere = all_like(found, found.fixes[0])
        more = () if everywhere is None else (everywhere,)
        self._fixes, self._at, self._key = (*found.fixes, *more), 0, key
        self.note = _Note(canvas.viewport())
        self.note.clicked.connect(self.take)
        self._show()

    def _show(self) -> None:
        fix = self.fix
        if fix is None or self.note is None:
            return
        self._canvas.show_ghost(fix)
        self.note.tell(fix, self._at, len(self._fixes))
        card = self._canvas.network.nodes[self._key].card
        right = self._canvas.mapFromScene(card.topRight())
        self.note.place(right + QPoint(_APART, 0), self._canvas.mapFromScene(card.topLeft()))

    def key(self, key: Qt.Key) -> bool:
        """Whether the key meant something to the offer; any other key but a modifier ends it."""
        if not self.open or key in _MODIFIERS:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_R):
            self.take()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._at = (self._at + (1 if key == Qt.Key.Key_Tab else -1)) % len(self._fixes)
            self._show()
        else:
            self.end()
            return key == Qt.Key.Key_Escape
        return True

    def take(self) -> None:
        """Makes the repair in view: one step to undo."""
        fix = self.fix
        if fix is not None:
            self.end()
            self._canvas.session.apply(fix.title, fix.document)

    def end(self) -> None:
        """Takes the offer away."""
        if self._fixes:
            self._fixes = ()
            self._canvas.show_ghost(None)
        if self.note is not None:
            note, self.note = self.note, None
            note.hide()
            note.deleteLater()


_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class _Note(QFrame):
    """The title of the repair, what it costs, and the keys; a click takes it."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("repair-offer")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedWidth(_WIDTH)
        self.title = label("", "heading", wrap=True)
        self.cost = label("", "caption", wrap=True)
        self.keys = label("", "caption")
        self.keys.setTextFormat(Qt.TextFormat.RichText)
        head = row(Picture("repair", 16, "ok"), self.title, gap=8)
        head.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(head, self.cost, self.keys, margin=12, gap=6))
        now = theme()
        self.setStyleSheet(
            f"QFrame#repair-offer {{ background: {css(now.color('raised'))};"
            f" border: 1px solid {css(now.color('ok'))}; border-radius: 10px; }}"
        )

    def tell(self, fix: Fix, at: int, count: int) -> None:
        self.title.setText(fix.title)
        self.cost.setText(_cost(fix))
        others = f" &nbsp;·&nbsp; <b>Tab</b> next ({at + 1} of {count})" if count > 1 else ""
        self.keys.setText(f"<b>↵</b> or <b>R</b> insert{others} &nbsp;·&nbsp; <b>Esc</b> leave")
        self.setAccessibleName(escape(f"Repair: {fix.title}. {_cost(fix)}"))

    def place(self, right: QPoint, left: QPoint) -> None:
        """Stands right of the card, or left of it where there is no room."""
        self.adjustSize()
        room = self._parent.rect()
        x = right.x()
        if x + self.width() > room.width() - 8:
            x = left.x() - self.width() - _APART
        y = min(right.y(), room.height() - self.height() - 8)
        self.move(max(8, x), max(8, y))
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        here = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(here):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def _cost(fix: Fix) -> str:
    params = figures.change(fix.delta_params, "parameters")
    return f"{params} · {figures.change(fix.delta_macs, 'MACs')}"
