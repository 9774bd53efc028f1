"""A sheet as Qt's views read it: filtered, sorted, its cells made when they are painted."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from resnet_studio.gui.table_sheets import Sheet

Index = QModelIndex | QPersistentModelIndex

SHARE_ROLE = Qt.ItemDataRole.UserRole
"""The part that a count is of its column's sum, from 0 to 1; None in other columns."""

_NO_PARENT = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class SheetModel(QAbstractTableModel):
    """``order`` holds the rows of the sheet that are shown, from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.order: list[int] = list(range(len(sheet)))
        self._words: tuple[str, ...] = ()
        self._column, self._down = 0, False

    # What is shown

    def show(self, sheet: Sheet) -> None:
        """Shows another sheet, filtered and sorted like the one before where it has that column."""
        self.beginResetModel()
        if type(sheet) is not type(self.sheet):
            self._column, self._down = 0, False
        self.sheet = sheet
        self._arrange()
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Leaves the rows that have each of the words in some cell of words."""
        self.beginResetModel()
        self._words = tuple(text.lower().split())
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._column, self._down = max(0, column), order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        rows: Iterable[int] = range(len(self.sheet))
        if self._words:
            rows = filter(self._matches, rows)
        self.order = sorted(rows, key=self.sheet.sort_key(self._column), reverse=self._down)

    def _matches(self, row: int) -> bool:
        text = self.sheet.words(row).lower()
        return all(word in text for word in self._words)

    # Rows and layers

    def layers(self, rows: Iterable[int]) -> list[int]:
        """The layers of the network that shown rows stand for."""
        return [layer for row in rows for layer in self.sheet.span(self.order[row])]

    def rows_of(self, layers: set[int]) -> list[int]:
        """The shown rows that stand for some of these layers, from top to bottom."""
        if not layers:
            return []
        wanted = self.sheet.rows_of(layers)
        return [at for at, row in enumerate(self.order) if row in wanted]

    def selection(self, rows: list[int]) -> QItemSelection:
        """Rows in rising order as Qt selects them: by runs."""
        made, last = QItemSelection(), len(self.sheet.headings) - 1
        begin = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                corners = self.index(rows[begin], 0), self.index(rows[at - 1], last)
                made.append(QItemSelectionRange(*corners))
                begin = at
        return made

    # Qt's questions

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.sheet.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, at = self.order[index.row()], index.column()
        heading = self.sheet.headings[at]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.sheet.texts(row)[at]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if heading.number else _LEFT
        if role == SHARE_ROLE and heading.share:
            return self.sheet.share(row, at)
        if role == Qt.ItemDataRole.ToolTipRole:
            if heading.share:
                return f"{self.sheet.share(row, at):.1%} of all {heading.text}"
            return self.sheet.texts(row)[at]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading = self.sheet.headings[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return heading.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if heading.number else _LEFT
        return None
