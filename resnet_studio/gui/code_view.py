"""The network as Keras code, after every edit; the lines of the selected node are marked."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QTextEdit, QWidget

from resnet_studio.core.document import NETWORK
from resnet_studio.gui.figures import sentence
from resnet_studio.gui.highlighter import PythonHighlighter
from resnet_studio.gui.inspector.header import Banner
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme, theme_notifier
from resnet_studio.gui.widgets import Debounce, column, icon_button, label, row

_PAUSE = 120
"""Milliseconds without an edit before the code is written anew."""

LineMap = dict[tuple[str, str], tuple[int, int]]


class CodeView(QWidget):
    """Written only while it is in sight; keeps the last good code while there are errors."""

    message = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code-view")
        self._session = session
        self._lines: LineMap = {}
        self._written_for: tuple[object, str] = (None, "")
        self.text = _CodeText()
        self.text.line_clicked.connect(self._line_clicked)
        self._highlighter = PythonHighlighter(self.text.document())
        self.banner = Banner()
        self.style_box = QComboBox()
        self.style_box.addItem("Functions and loops", "blocks")
        self.style_box.addItem("Layer by layer", "flat")
        self.style_box.setAccessibleName("Style of the code")
        self.style_box.activated.connect(lambda _index: self.write_now())
        self.copy_button = icon_button("copy", "Copy the code", self.copy)
        self.lines_label = label("", "caption")
        bar = QFrame()
        bar.setObjectName("panel-header")
        head = row(self.style_box, self.lines_label, 1, self.copy_button, gap=8)
        head.setContentsMargins(12, 6, 8, 6)
        bar.setLayout(head)
        self.setLayout(column(bar, self.banner, self.text, gap=0))
        self._later = Debounce(self, _PAUSE, self.write_now)
        session.changed.connect(self._changed)
        session.selection_changed.connect(self.mark)
        session.scope_changed.connect(self.mark)
        theme_notifier().changed.connect(self.mark)

    def _changed(self, _change: object) -> None:
        if self.isVisible():
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.write_now()

    def write_now(self) -> None:
        """Writes the code of the network as it is, or says why it cannot be."""
        from resnet_studio.formats import keras_code

        self._later.stop()
        style = self.style_box.currentData()
        analysis = self._session.analysis
        if self._written_for[0] is analysis and self._written_for[1] == style:
            return
        self._written_for = (analysis, style)
        try:
            code, self._lines = keras_code.write_mapped(self._session.analysis, style)
        except keras_code.ExportError as error:
            self._show_fault(str(error))
            return
        self.banner.hide()
        self.text.dim(False)
        self.text.show_code(code)
        self.lines_label.setText(f"{code.count(chr(10)):,} lines")
        self.mark()

    def _show_fault(self, reason: str) -> None:
        if not self._session.document.network.nodes:
            self.text.show_code("")
            self.lines_label.clear()
            self.banner.show_text("note", "The code appears here as soon as there are layers.")
            return
        errors = [d for d in self._session.analysis.diagnostics if d.severity == "error"]
        where = f" at “{errors[0].node}”" if errors else ""
        kept = "this is the code from before" if self.text.toPlainText() else "there is no code yet"
        if errors:
            self.banner.show_text("warning", f"The network has an error{where}; {kept}.")
        else:
            self.banner.show_text("warning", sentence(reason))
        self.text.dim(True)

    def copy(self) -> None:
        """Puts the code on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.message.emit("Copied the code to the clipboard.")

    # From a node to its lines and back

    def mark(self) -> None:
        """Marks the lines of the selected nodes and shows the first of them."""
        spans = [span for key in self._chosen() if (span := self._lines.get(key)) is not None]
        self.text.mark(spans)
        around = self._lines.get((self._session.scope, ""))
        if not spans and around is not None and self._session.scope != NETWORK:
            self.text.scroll_to(*around)

    def _chosen(self) -> list[tuple[str, str]]:
        session = self._session
        if self.style_box.currentData() == "flat":
            return self._chosen_paths()
        return [(session.scope, node_id) for node_id in session.selection]

    def _chosen_paths(self) -> list[tuple[str, str]]:
        """In unrolled code every layer of a selected call is its own."""
        prefix = self._session.prefix
        starts = tuple(prefix + node_id for node_id in self._session.selection)
        return [
            key
            for key in self._lines
            if any(key[1] == s or key[1].startswith((f"{s}/", f"{s}#")) for s in starts)
        ]

    def _line_clicked(self, line: int) -> None:
        """Selects the node whose lines are the fewest around the clicked one."""
        around = [
            (last - first, key)
            for key, (first, last) in self._lines.items()
            if first <= line <= last and key[1]
        ]
        if not around:
            return
        scope, node_id = min(around)[1]
        if self.style_box.currentData() == "flat":
            self._session.reveal(node_id)
        elif scope == self._session.scope:
            self._session.select([node_id])
        else:
            path = _first_path(self._session, scope)
            if path is not None:
                self._session.reveal(f"{path}{node_id}")


def _first_path(session: Session, scope: str) -> str | None:
    """The path of the first call of a block, with its slash; empty for the network."""
    document = session.document
    pending, seen = [(NETWORK, "")], {NETWORK}
    while pending:
        here, prefix = pending.pop(0)
        if here == scope:
            return prefix
        for node in document.graph(here).nodes.values():
            if node.type in document.blocks and node.type not in seen:
                seen.add(node.type)
                copy = "" if node.repeat == 1 else "#1"
                pending.append((node.type, f"{prefix}{node.id}{copy}/"))
    return None


class _CodeText(QPlainTextEdit):
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
        self._numbers = _LineNumbers(self)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    def show_code(self, code: str) -> None:
        """Replaces the text and stays where the reader was."""
        if code == self.toPlainText():
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
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


class _LineNumbers(QWidget):
    def __init__(self, code: _CodeText) -> None:
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
