"""Code that is read: line numbers, marked lines, and values that can be edited in place."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from resnet_studio.gui.theme import theme


class CodeText(QPlainTextEdit):
    """Code that is read, with line numbers and marked lines."""

    line_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code")
        self.setAccessibleName("Keras code of the network")
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(8)
        self._dimmed = False
        self._spans: list[tuple[int, int]] = []
        self._underlined: QTextCursor | None = None
        self._numbers = _LineNumbers(self)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    def show_code(self, code: str) -> None:
        """Replaces the text and stays where the reader was."""
        if code == self.toPlainText():
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._underlined = None
        self.setPlainText(code)
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)

    def dim(self, dimmed: bool) -> None:
        self._dimmed = dimmed
        self._show_marks()

    def mark(self, spans: list[tuple[int, int]]) -> None:
        """Marks lines (from 1) and scrolls the first of them into sight."""
        self._spans = spans
        self._show_marks()
        if spans:
            first = min(first for first, _last in spans)
            self.scroll_to(first, max(last for start, last in spans if start == first))

    def underline(self, cursor: QTextCursor | None) -> None:
        """Puts dots under one value; None takes them away."""
        if cursor != self._underlined:
            self._underlined = cursor
            self._show_marks()

    def scroll_to(self, first: int, last: int) -> None:
        top = self.firstVisibleBlock().blockNumber() + 1
        height = max(1, self.viewport().height() // self.fontMetrics().lineSpacing() - 1)
        if first < top or last > top + height:
            self.verticalScrollBar().setValue(max(0, first - 3))

    def _show_marks(self) -> None:
        chosen = []
        for first, last in self._spans:
            cursor = QTextCursor(self.document().findBlockByNumber(first - 1))
            for _ in range(last - first + 1):
                mark = QTextEdit.ExtraSelection()
                mark.format.setBackground(theme().color("selection"))
                mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
                mark.cursor = QTextCursor(cursor)
                chosen.append(mark)
                cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        if self._underlined is not None:
            chosen.append(_dotted(self._underlined))
        if self._dimmed:
            chosen.append(self._veil())
        self.setExtraSelections(chosen)

    def _veil(self) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.format = QTextCharFormat()
        mark.format.setForeground(theme().color("border-strong"))
        mark.cursor = self.textCursor()
        mark.cursor.select(QTextCursor.SelectionType.Document)
        return mark

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.textCursor().hasSelection():
            self.line_clicked.emit(
                self.cursorForPosition(event.position().toPoint()).blockNumber() + 1
            )

    # Line numbers

    def _make_room(self) -> None:
        self.setViewportMargins(self._numbers.width_needed(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, moved: int) -> None:
        if moved:
            self._numbers.scroll(0, moved)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        width = self._numbers.width_needed()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    def paint_numbers(self, painter: QPainter, bottom: int) -> None:
        painter.setFont(theme().font("code"))
        painter.setPen(QColor(theme().color("border-strong")))
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        while block.isValid():
            where = self.blockBoundingGeometry(block).translated(offset)
            if where.top() > bottom:
                break
            area = QRect(0, round(where.top()), self._numbers.width() - 12, round(where.height()))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block = block.next()


def _dotted(cursor: QTextCursor) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    mark.format.setUnderlineColor(theme().color("accent"))
    return mark


class _LineNumbers(QWidget):
    def __init__(self, code: CodeText) -> None:
        super().__init__(code)
        self._code = code

    def width_needed(self) -> int:
        digits = max(2, len(str(self._code.blockCount())))
        return 28 + self._code.fontMetrics().horizontalAdvance("9") * digits

    def sizeHint(self) -> QSize:
        return QSize(self.width_needed(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        self._code.paint_numbers(painter, event.rect().bottom())
