"""The popup of search-to-add: a line to type in, above a list of what can be added."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from resnet_studio.core.document import Document
from resnet_studio.core.faces import face_of
from resnet_studio.core.layer import layer_for
from resnet_studio.gui.canvas.search.candidates import Candidate, Candidates
from resnet_studio.gui.canvas.search.rows import (
    CANDIDATE,
    FIGURES,
    ROW,
    CandidateDelegate,
    result_text,
)
from resnet_studio.gui.style import css
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Field, Picture, column, label, row, rule

WIDTH = 440
_MOST_ROWS = 8
_MARGIN = 8

_KEYS = "↵ add   ·   Ctrl+↵ add and go on   ·   ⇧↵ insert before what follows"
_KEYS_GOING_ON = (
    "↵ add and go on   ·   x3, 128, /2 change the first   ·   ⌫ take back   ·   Esc end"
)

Chosen = Callable[[Candidate, Qt.KeyboardModifier], None]


class SearchPopup(QFrame):
    """Shows candidates beside a place; Enter or a click chooses one, Escape ends it.

    ``chosen`` is told the candidate and the keys held: the owner adds it, and closes the popup
    or gives it the candidates of the next place.
    """

    closed = Signal()
    taken_back = Signal()
    """Backspace on an empty line: the last addition was not meant."""

    def __init__(self, parent: QWidget, document: Document, chosen: Chosen) -> None:
        super().__init__(parent)
        self._parent = parent
        self._document, self._chosen = document, chosen
        self._candidates: Candidates | None = None
        self._anchor = QPoint()
        self.setObjectName("search-popup")
        self.field = Field()
        self.field.setObjectName("search-line")
        self.field.setAccessibleName("Add a node")
        self.list = QListWidget()
        self.list.setObjectName("search-list")
        self.list.setAccessibleName("What can be added")
        self.note = label("", "caption", wrap=True)
        self.note.setObjectName("search-note")
        self.keys = label("", "caption")
        self._set_up()

    def _set_up(self) -> None:
        self.list.setItemDelegate(CandidateDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = row(Picture("search", 16), self.field, gap=8)
        head.setContentsMargins(14, 10, 10, 8)
        foot = column(self.note, self.keys, gap=4)
        foot.setContentsMargins(14, 8, 14, 10)
        self.setLayout(column(head, rule(), self.list, rule(), foot, gap=0))
        self.note.setFixedHeight(30)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._dress()
        self.field.textChanged.connect(self.refresh)
        self.list.currentItemChanged.connect(lambda *_: self._tell())
        self.list.itemClicked.connect(lambda _item: self._choose(QApplication.keyboardModifiers()))
        self.field.installEventFilter(self)
        self.setFixedWidth(WIDTH)

    def _dress(self) -> None:
        now = theme()
        self.setStyleSheet(
            f"QFrame#search-popup {{ background: {css(now.color('surface'))};"
            f" border: 1px solid {css(now.color('border-strong'))}; border-radius: 12px; }}"
            "QLineEdit#search-line { border: none; background: transparent; font-size: 14px;"
            " padding: 4px 0; }"
            "QListWidget { background: transparent; border: none; padding: 5px 0; }"
        )
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 150 if now.dark else 70))
        self.setGraphicsEffect(shadow)

    # Showing

    def start(
        self,
        candidates: Candidates,
        document: Document,
        anchor: QPoint,
        invitation: str,
        going_on: bool = False,
    ) -> None:
        """Shows candidates with their upper left corner near ``anchor`` of the parent.

        ``going_on`` says that one addition follows the other until Escape.
        """
        self._candidates, self._document = candidates, document
        self._anchor = anchor
        self.field.setPlaceholderText(invitation)
        self.keys.setText(_KEYS_GOING_ON if going_on else _KEYS)
        if self.field.text():
            self.field.clear()
        else:
            self.refresh()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Fills the list with what matches; the best fit is current."""
        assert self._candidates is not None
        self.list.clear()
        for candidate in self._candidates.found(self.field.text()):
            self.list.addItem(self._item(candidate))
        self.list.setCurrentRow(0)
        rows = max(1, min(self.list.count(), _MOST_ROWS))
        self.list.setFixedHeight(rows * ROW + 10)
        self.adjustSize()
        self._place(spare=(_MOST_ROWS - rows) * ROW)
        self._tell()

    def _item(self, candidate: Candidate) -> QListWidgetItem:
        item = QListWidgetItem()
        item.setData(CANDIDATE, candidate)
        item.setData(FIGURES, _figures(self._document, candidate))
        item.setSizeHint(QSize(WIDTH, ROW))
        said = ", ".join(filter(None, (candidate.name, result_text(candidate), candidate.fit.why)))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        return item

    def _place(self, spare: int) -> None:
        """Beside the anchor, with room for the longest list: typing never moves the line."""
        room, height = self._parent.rect(), self.height() + spare
        x = max(_MARGIN, min(self._anchor.x(), room.width() - self.width() - _MARGIN))
        y = max(_MARGIN, min(self._anchor.y(), room.height() - height - _MARGIN))
        self.move(x, y)

    def current(self) -> Candidate | None:
        item = self.list.currentItem()
        found: Candidate | None = item.data(CANDIDATE) if item is not None else None
        return found

    def _tell(self) -> None:
        candidate = self.current()
        if candidate is None:
            self.note.setText("Nothing is called that. Figures and “relu” give arguments.")
        else:
            self.note.setText(_sentence(candidate))
        refused = candidate is None or not candidate.fits
        color = theme().color("warning" if refused else "text-muted").name()
        self.note.setStyleSheet(f"color: {color}")

    # Choosing

    def _choose(self, keys: Qt.KeyboardModifier) -> None:
        candidate = self.current()
        if candidate is not None:
            self._chosen(candidate, keys)

    def close_popup(self) -> None:
        """Ends the search without choosing."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if event.type() == QEvent.Type.ShortcutOverride and event.key() in _OURS:
                event.accept()
                return True
        if watched is self.field and isinstance(event, QFocusEvent) and event.lostFocus():
            passing = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
            if event.reason() not in passing:
                self.close_popup()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(event.modifiers())
        elif key == Qt.Key.Key_Escape:
            self.close_popup()
        elif key in _STEPS:
            self._step(_STEPS[key])
        elif key == Qt.Key.Key_Backspace and not self.field.text():
            self.taken_back.emit()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        count = self.list.count()
        if count:
            at = self.list.currentRow() + by
            # Single steps go round; pages stop at the ends.
            self.list.setCurrentRow(at % count if abs(by) == 1 else max(0, min(at, count - 1)))


_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_PageDown: _MOST_ROWS,
    Qt.Key.Key_PageUp: -_MOST_ROWS,
}
_OURS = {*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}


def _figures(document: Document, candidate: Candidate) -> str:
    """What the node will be: its figures, or the arguments of the call."""
    node = candidate.node
    if node.type in document.blocks:
        call = face_of(node, document).kind.removeprefix(node.type)
        return call if node.repeat == 1 else f"{call}  × {node.repeat}"
    face = face_of(node, document, layer_for(node.type, node.config))
    return " ".join(filter(None, (face.figures, face.repeat)))


def _sentence(candidate: Candidate) -> str:
    if not candidate.fits:
        why = candidate.fit.why
        return f"{why[0].upper()}{why[1:].rstrip('.')}."
    outcome = candidate.fit.outcome
    cost = f"{outcome.params:,} parameters. " if outcome is not None and outcome.params else ""
    reason = candidate.reason
    told = f"{reason[0].upper()}{reason[1:]}." if reason else candidate.help
    return f"{cost}{told}".split("\n")[0]
