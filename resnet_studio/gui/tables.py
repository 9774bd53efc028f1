"""Every layer, or every stage, with its shape, parameters and MACs; sortable."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from resnet_studio.core.flatten import FlatNode, flatten
from resnet_studio.core.shapes import show
from resnet_studio.core.stages import Stage, stages
from resnet_studio.gui.segments import Segments
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Debounce, column, label, row

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1

LAYER_HEADINGS = ("Layer", "Type", "Output", "Parameters", "MACs")
_WIDTHS = {"Type": 184, "Output": 112, "Parameters": 136, "MACs": 144, "Layers": 72, "Channels": 84}

STAGE_HEADINGS = ("Size", "Channels", "Layers", "Parameters", "MACs", "From", "To")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what its cells say, what they sort by, and the node it leads to."""

    texts: tuple[str, ...]
    keys: tuple[Any, ...]
    path: str


def layer_line(node: FlatNode) -> Line:
    outcome = node.outcome
    texts = (node.path, node.type, show(node.output), f"{outcome.params:,}", _count(outcome.macs))
    size = node.output[1:] if node.output else ()
    keys = (node.path, node.type, [s or 0 for s in size], outcome.params, outcome.macs or 0)
    return Line(texts, keys, node.path)


def stage_line(stage: Stage) -> Line:
    if stage.size is None:
        size = "unknown"
    else:
        size = "×".join("?" if s is None else str(s) for s in stage.size) or "vectors"
    channels = "" if stage.channels is None else str(stage.channels)
    texts = (
        size, channels, str(stage.layers), f"{stage.params:,}", _count(stage.macs),
        stage.first, stage.last,
    )  # fmt: skip
    keys = (
        [s or 0 for s in stage.size or ()], stage.channels or 0, stage.layers, stage.params,
        stage.macs or 0, stage.first, stage.last,
    )  # fmt: skip
    return Line(texts, keys, stage.first)


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


class LinesModel(QAbstractTableModel):
    """Lines under headings; the columns Parameters and MACs also tell their share of the sum."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: tuple[str, ...] = LAYER_HEADINGS
        self.lines: Sequence[Line] = ()
        self._sums: dict[int, int] = {}

    def show_lines(self, headings: tuple[str, ...], lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.headings, self.lines = headings, lines
        columns = (headings.index("Parameters"), headings.index("MACs"))
        self._sums = {column: sum(line.keys[column] for line in lines) for column in columns}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, at = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.texts[at]
        if role == SORT_ROLE:
            return index.row() if at == 0 else line.keys[at]
        if role == SHARE_ROLE:
            total = self._sums.get(at, 0)
            return line.keys[at] / total if total else 0.0
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_number(at):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and at in self._sums:
            return f"{self.data(index, SHARE_ROLE):.1%} of all {self.headings[at]}"
        return None

    def _is_number(self, at: int) -> bool:
        return self.headings[at] in ("Parameters", "MACs", "Layers", "Channels")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            flags = Qt.AlignmentFlag
            side = flags.AlignRight if self._is_number(section) else flags.AlignLeft
            return int(side | flags.AlignVCenter)
        return None


class ByKey(QSortFilterProxyModel):
    """Sorts by what the cells mean; the first column by the order in the network."""

    def lessThan(self, left: Index, right: Index) -> bool:
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))


class ShareBar(QStyledItemDelegate):
    """A bar behind a number, as long as its share of the sum."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        share = index.data(SHARE_ROLE) or 0.0
        if share > 0:
            area = QRectF(option.rect).adjusted(8, 5, -2, -5)
            width = max(2.0, area.width() * share)
            color = theme().color("convolution" if index.column() % 2 else "pooling")
            color.setAlphaF(0.22)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(area.left(), area.top(), width, area.height()), 3, 3)
            painter.restore()
        super().paint(painter, option, index)


class Tables(QWidget):
    """The table, by layer or by stage.  A row that is chosen reveals its node."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tables")
        self._session = session
        self._shown: tuple[object, str] = (None, "")
        self.model = LinesModel()
        self.sorted = ByKey()
        self.sorted.setSourceModel(self.model)
        self.view = self._make_view()
        self.mode = Segments((("layer", "By layer"), ("stage", "By stage")))
        self.mode.changed.connect(lambda _mode: self.refresh_now())
        self.summary = label("", "caption")
        bar = QFrame()
        bar.setObjectName("panel-header")
        head = row(self.mode, self.summary, 1, gap=12)
        head.setContentsMargins(12, 6, 12, 6)
        bar.setLayout(head)
        self.setLayout(column(bar, self.view, gap=0))
        self._later = Debounce(self, 120, self.refresh_now)
        session.changed.connect(self._changed)

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.sorted)
        view.setAccessibleName("Table of the layers")
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setStretchLastSection(False)
        self._bars, self._plain = ShareBar(view), QStyledItemDelegate(view)
        view.clicked.connect(self._reveal)
        view.activated.connect(self._reveal)
        return view

    def _changed(self, _change: object) -> None:
        if self.isVisible():
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh_now()

    def refresh_now(self) -> None:
        """Fills the table from the analysis of now."""
        self._later.stop()
        analysis, mode = self._session.analysis, self.mode.current
        if self._shown[0] is analysis and self._shown[1] == mode:
            return
        by_stage, resized = mode == "stage", self._shown[1] != mode
        self._shown = (analysis, mode)
        network = flatten(analysis)
        if by_stage:
            self.model.show_lines(STAGE_HEADINGS, [stage_line(s) for s in stages(network)])
        else:
            self.model.show_lines(LAYER_HEADINGS, [layer_line(n) for n in network.nodes])
        noun = "stages: runs of layers of one feature map size" if by_stage else "layers"
        self.summary.setText(f"{len(self.model.lines):,} {noun}")
        if resized:
            self._size_columns()

    def _size_columns(self) -> None:
        header = self.view.horizontalHeader()
        for at, heading in enumerate(self.model.headings):
            counts = heading in ("Parameters", "MACs")
            self.view.setItemDelegateForColumn(at, self._bars if counts else self._plain)
            stretch = heading in ("Layer", "From", "To")
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(at, mode.Stretch if stretch else mode.Interactive)
            header.resizeSection(at, _WIDTHS.get(heading, 100))

    def _reveal(self, index: Index) -> None:
        line = self.model.lines[self.sorted.mapToSource(index).row()]
        self._session.reveal(line.path)
