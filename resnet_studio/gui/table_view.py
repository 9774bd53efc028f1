"""The table's rows and columns on the screen: bars behind counts, widths, copying."""

from PySide6.QtCore import QItemSelectionModel, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from resnet_studio.gui.table_model import SHARE_ROLE, Index, SheetModel
from resnet_studio.gui.theme import theme

_ROW = 28
_ROOMY = 760
"""Width from which columns have the widths of their headings; below, in proportion."""
_LEAST = 0.82
_CRAMPED = 560
"""Width below which columns that one can do without are left out."""
_THIN = 1.5
"""Pixels below which a bar would be a stray line."""


class ShareBar(QStyledItemDelegate):
    """A bar behind a number, as long as its share of the sum."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        area = QRectF(option.rect).adjusted(8, 5, -4, -5)
        width = area.width() * (index.data(SHARE_ROLE) or 0.0)
        if width < _THIN:
            return
        color = theme().color("convolution" if index.column() % 2 else "pooling")
        color.setAlphaF(0.22)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(area.left(), area.top(), width, area.height()), 3, 3)
        painter.restore()


class SheetView(QTableView):
    """Whole rows are chosen, several at a time; ``chosen`` tells of those that the user chose."""

    chosen = Signal()
    copied = Signal(int)
    """Carries the number of rows that went to the clipboard."""

    def __init__(self, model: SheetModel) -> None:
        super().__init__()
        self._sheets = model
        self._bars, self._plain = ShareBar(self), QStyledItemDelegate(self)
        self._following = False
        self.setModel(model)
        self.setAccessibleName("Table of the layers")
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(56)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.clicked.connect(lambda _index: self.chosen.emit())
        self.activated.connect(lambda _index: self.chosen.emit())

    # Choosing

    @property
    def rows(self) -> list[int]:
        """The rows that are chosen, from top to bottom."""
        found = self.selectionModel().selection()
        runs = [found.at(at) for at in range(found.count())]
        return sorted({row for run in runs for row in range(run.top(), run.bottom() + 1)})

    def follow(self, rows: list[int]) -> None:
        """Chooses rows because of what is selected elsewhere; the first comes into sight."""
        if rows == self.rows:
            return
        flags, selected = QItemSelectionModel.SelectionFlag, self.selectionModel()
        self._following = True
        selected.select(self._sheets.selection(rows), flags.ClearAndSelect | flags.Rows)
        if rows:
            first = self._sheets.index(rows[0], 0)
            selected.setCurrentIndex(first, flags.NoUpdate)
            self.scrollTo(first)
        self._following = False

    def _on_selection(self) -> None:
        if not self._following:
            self.chosen.emit()

    # Columns

    def dress_columns(self) -> None:
        """Gives the columns of another sheet their widths and bars."""
        header, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        for at, heading in enumerate(self._sheets.sheet.headings):
            self.setItemDelegateForColumn(at, self._bars if heading.share else self._plain)
            header.setSectionResizeMode(at, mode.Interactive if heading.width else mode.Stretch)
        self._fit_columns()

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        scale = max(_LEAST, min(1.0, room / _ROOMY))
        for at, heading in enumerate(self._sheets.sheet.headings):
            self.setColumnHidden(at, heading.spare and room < _CRAMPED)
            if heading.width:
                self.horizontalHeader().resizeSection(at, round(heading.width * scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns()

    # Copying

    def copy(self) -> None:
        """Puts the chosen rows, or all that are shown, on the clipboard: tabs between cells."""
        rows = self.rows or list(range(self._sheets.rowCount()))
        sheet = self._sheets.sheet
        lines = [[heading.text for heading in sheet.headings]]
        lines += [list(sheet.plain(self._sheets.order[row])) for row in rows]
        QGuiApplication.clipboard().setText("".join("\t".join(line) + "\n" for line in lines))
        self.copied.emit(len(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
