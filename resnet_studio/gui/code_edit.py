"""Editing a value where it stands in the code: double-click, type, Enter."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QLabel, QLineEdit

from resnet_studio.core.edits import EditError
from resnet_studio.gui.code_text import CodeText
from resnet_studio.gui.figures import sentence
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import set_role

if TYPE_CHECKING:
    from resnet_studio.core.analysis import Analysis
    from resnet_studio.formats.keras_code import Value

_PADDING = 5


class CodeEditing(QObject):
    """Underlines the value under the pointer and edits it in place.

    ``values`` gives the values of the code that is shown; none where it may not be edited.
    ``written`` gives the analysis that the code was written from.
    """

    done = Signal()
    """What the pointer began is applied: who types next means the network, not the code."""

    def __init__(
        self,
        text: CodeText,
        session: Session,
        values: Callable[[], "Sequence[Value]"],
        written: Callable[[], "Analysis"],
    ) -> None:
        super().__init__(text)
        self._text, self._session, self._values = text, session, values
        self._written = written
        self._editor: _ValueEditor | None = None
        text.viewport().setMouseTracking(True)
        text.viewport().installEventFilter(self)
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove:
                self._hover(event.position().toPoint())
            elif event.type() == QEvent.Type.MouseButtonDblClick:
                return self.edit_at(event.position().toPoint(), pointed=True)
        elif event.type() == QEvent.Type.Leave:
            self._text.underline(None)
        elif event.type() == QEvent.Type.KeyPress and watched is self._text:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not isinstance(event, QKeyEvent) or event.key() not in keys:
            return False
        return self.edit_at(self._text.cursorRect().center())

    def _hover(self, at: QPoint) -> None:
        value = self._at(at)
        self._text.underline(None if value is None else self._cursor(value))
        shape = Qt.CursorShape.PointingHandCursor if value else Qt.CursorShape.IBeamCursor
        self._text.viewport().setCursor(shape)
        tip = "" if value is None else "Double-click to edit"
        self._text.viewport().setToolTip(tip)

    def _at(self, at: QPoint) -> "Value | None":
        cursor = self._text.cursorForPosition(at)
        line, column = cursor.blockNumber() + 1, cursor.positionInBlock()
        for value in self._values():
            if value.line == line and value.start <= column <= value.end:
                return value
        return None

    def _cursor(self, value: "Value") -> QTextCursor:
        block = self._text.document().findBlockByNumber(value.line - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + value.start)
        cursor.setPosition(block.position() + value.end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def edit_at(self, at: QPoint, pointed: bool = False) -> bool:
        """Opens the editor over the value at a place of the viewport; whether there is one."""
        value = self._at(at)
        if value is not None:
            self._open(value, pointed)
        return value is not None

    def _open(self, value: "Value", pointed: bool) -> None:
        cursor = self._cursor(value)
        start, end = QTextCursor(cursor), QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        area = self._text.cursorRect(start).united(self._text.cursorRect(end))
        self._editor = _ValueEditor(self._text, area, cursor.selectedText())
        self._editor.wanted = lambda text: self._apply(value, text)
        if pointed:
            self._editor.applied.connect(self.done)

    def _apply(self, value: "Value", text: str) -> str:
        """Makes the edit; returns what is wrong with it instead, where something is."""
        from resnet_studio.formats.keras_code import with_value

        try:
            after = with_value(self._written(), value, text, self._session.document)
        except EditError as error:
            return sentence(str(error))
        self._session.apply(f"Edit “{value.node}” in the code", after)
        return ""


class _ValueEditor(QLineEdit):
    """A line over the value; Enter applies, Escape and a click elsewhere leave it as it was."""

    applied = Signal()

    def __init__(self, home: CodeText, area: QRect, text: str) -> None:
        super().__init__(text, home.viewport())
        self._home, self._closed = home, False
        self.fault = QLabel(home.viewport())
        self.fault.setObjectName("code-fault")
        self.fault.hide()
        self.setObjectName("code-value")
        self.setAccessibleName("Value in the code")
        self.setFont(theme().font("code"))
        self.setFrame(False)
        self.wanted: Callable[[str], str] = lambda _text: ""
        self._area = area
        self.textChanged.connect(self._fit)
        self._fit()
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """As wide as the text, so that what follows stays to be seen."""
        self._show_fault("")
        needed = self.fontMetrics().horizontalAdvance(self.text() + "00") + 2 * _PADDING
        width = max(self._area.width() + 2 * _PADDING, needed)
        self.setGeometry(
            self._area.left() - _PADDING, self._area.top() - 3, width, self._area.height() + 6
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif key == Qt.Key.Key_Escape:
            self._close()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.text().strip().isdigit():
            step = 1 if key == Qt.Key.Key_Up else -1
            self.setText(str(max(0, int(self.text()) + step)))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()

    def _finish(self) -> None:
        fault = self.wanted(self.text())
        if fault:
            self._show_fault(fault)
        else:
            self._close()
            self.applied.emit()

    def _show_fault(self, fault: str) -> None:
        """Says below the line what is wrong; above it where there is no room below."""
        set_role(self, "fault", "true" if fault else "false")
        self.fault.setText(fault)
        self.fault.adjustSize()
        below = self.geometry().bottom() + 2
        above = self.geometry().top() - self.fault.height() - 2
        fits = below + self.fault.height() < self._home.viewport().height()
        self.fault.move(self.geometry().left(), below if fits else above)
        self.fault.setVisible(bool(fault))
        self.fault.raise_()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self._home.setFocus()
            for widget in (self.fault, self):
                widget.hide()
                widget.deleteLater()
