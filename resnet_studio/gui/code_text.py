"""Code that is read: line numbers, marked lines, and values that can be edited in place."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
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

_AT_ONCE = 250
"""So many lines are put in and coloured at a time: a long text comes in over several turns."""


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
        self.dimmed = False
        """Whether the code is that of some time ago."""
        self._spans: list[tuple[int, int]] = []
        self.code = ""
        """The whole text, also while its last lines are still to come."""
        self._lines = [""]
        """The lines that are there already."""
        self._at, self._coming = 0, list[str]()
        self._more = QTimer(self, interval=0)
        self._more.timeout.connect(self._put_more)
        self.setUndoRedoEnabled(False)
        self._underlined: QTextCursor | None = None
        self._numbers = _LineNumbers(self)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    def show_code(self, code: str) -> None:
        """Replaces what differs from the text before, and stays where the reader was."""
        if code == self.code:
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._underlined = None
        self.code, wanted = code, code.split("\n")
        # Whatever the last line is, it is kept: the others all end with a break.
        self._lines[-1] = self._replace_last(wanted[-1])
        first = _alike(self._lines[:-1], wanted[:-1])
        last = _alike(self._lines[first:][::-1], wanted[first:][::-1])
        self._take_out(first, len(self._lines) - last)
        self._at, self._coming = first, wanted[first : len(wanted) - last]
        self._put_more()
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)

    def _replace_last(self, line: str) -> str:
        if self._lines[-1] != line:
            cursor = QTextCursor(self.document().lastBlock())
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            cursor.insertText(line)
        return line

    def _take_out(self, first: int, end: int) -> None:
        if end > first:
            cursor = self._before(first)
            cursor.setPosition(self._before(end).position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            del self._lines[first:end]

    def _put_more(self) -> None:
        """Puts in the next lines of those that are to come."""
        lines, self._coming = self._coming[:_AT_ONCE], self._coming[_AT_ONCE:]
        if lines:
            self._before(self._at).insertText("".join(f"{line}\n" for line in lines))
            self._lines[self._at : self._at] = lines
            self._at += len(lines)
        if self._coming:
            self._more.start()
        elif self._more.isActive():
            self._more.stop()
            self.mark(self._spans)

    def _before(self, line: int) -> QTextCursor:
        """In front of a line, counted from 0."""
        return QTextCursor(self.document().findBlockByNumber(line))

    def dim(self, dimmed: bool) -> None:
        self.dimmed = dimmed
        self._show_marks()

    def mark(self, spans: list[tuple[int, int]]) -> None:
        """Marks lines (from 1) and scrolls the first of them into sight."""
        self._spans = spans
        self._show_marks()
        if spans:
            first, _last = min(spans)
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
        for first, last in _joined(self._spans):
            # Qt marks the whole width of a line behind which a mark goes on, or of a single one.
            if last > first:
                chosen.append(self._marked(first, last))
            chosen.append(self._marked(last, last))
        if self._underlined is not None:
            chosen.append(_dotted(self._underlined))
        if self.dimmed:
            chosen.append(self._veil())
        self.setExtraSelections(chosen)

    def _marked(self, first: int, last: int) -> QTextEdit.ExtraSelection:
        """Lines (from 1) on a ground of their own, up to the beginning of ``last``."""
        mark = QTextEdit.ExtraSelection()
        mark.format.setBackground(theme().color("selection"))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        mark.cursor = self._before(first - 1)
        if last > first:
            # Not by a movement: Qt would lay out every line on its way.
            end = self._before(last - 1).position()
            mark.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return mark

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


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = zip(one, other, strict=False)
    return next((k for k, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs of lines that follow each other as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


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
