"""Every layer, or every stage, with its shape, parameters and MACs; sorted, filtered, copied."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from resnet_studio.core.flatten import FlatNetwork, unrolling
from resnet_studio.gui import figures
from resnet_studio.gui.repairs import Elided
from resnet_studio.gui.segments import Segments
from resnet_studio.gui.session import Session
from resnet_studio.gui.slices import Slices
from resnet_studio.gui.table_model import SheetModel
from resnet_studio.gui.table_sheets import LayerSheet, Sheet, StageSheet
from resnet_studio.gui.table_view import SheetView
from resnet_studio.gui.widgets import Debounce, Field, column, icon_button, in_sight, label, row

_PAUSE = 120
"""Milliseconds without an edit before the table is filled anew."""

_SHEETS: dict[str, type[Sheet]] = {"layer": LayerSheet, "stage": StageSheet}


class Tables(QWidget):
    """The table, by layer or by stage.  What is chosen in it is selected everywhere, and back."""

    message = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tables")
        self._session = session
        self._filled_for: object = None
        self._telling = False
        self._network = FlatNetwork()
        self.model = SheetModel(LayerSheet(self._network))
        self.view = SheetView(self.model)
        self.view.chosen.connect(self._tell)
        self.model.modelReset.connect(self._follow)
        self.view.copied.connect(self._say_copied)
        self.mode = Segments((("layer", "By layer"), ("stage", "By stage")))
        self.mode.changed.connect(lambda _mode: self._show_sheet())
        self.search = self._make_search()
        self.summary = Elided("", "caption")
        copy = icon_button(
            "copy", "Copy the chosen rows, or all, for a spreadsheet", self.view.copy
        )
        bar = QFrame()
        bar.setObjectName("panel-header")
        head = row(self.mode, self.search, self.summary, copy, gap=12)
        head.setStretch(1, 2)
        head.setStretch(2, 3)
        head.setContentsMargins(12, 6, 8, 6)
        bar.setLayout(head)
        self.nothing = label("", "muted")
        self.nothing.setContentsMargins(20, 12, 12, 12)
        self.nothing.hide()
        self.setLayout(column(bar, self.nothing, self.view, gap=0))
        self.view.dress_columns()
        self._later = Debounce(self, _PAUSE, self._fill)
        self._filling: Slices[FlatNetwork] = Slices(self, self._show_network)
        session.changed.connect(self._changed)
        session.selection_changed.connect(self._follow)
        session.scope_changed.connect(self._follow)

    def _make_search(self) -> Field:
        field = Field()
        field.setProperty("search", True)
        field.setPlaceholderText("Filter")
        field.setToolTip("Words of a name, a type or a size, such as “conv 56×56”")
        field.setAccessibleName("Filter the table")
        field.setClearButtonEnabled(True)
        field.setMaximumWidth(176)
        field.setMinimumWidth(88)
        field.textChanged.connect(self.model.filter)
        field.returnPressed.connect(self.view.setFocus)
        return field

    # Filling

    def _changed(self, _change: object) -> None:
        if in_sight(self):
            self._later.start()

    def come_into_sight(self) -> None:
        """Its tab was brought to the front, with the rows of some time ago."""
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if in_sight(self):
            self._fill()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()

    def _fill(self) -> None:
        """Unrolls the network of now, a little at a time; the rows of before stay till then."""
        analysis = self._session.analysis
        if self._filled_for is not analysis:
            self._filled_for = analysis
            self._filling.start(unrolling(analysis))
        elif not self._filling.running:
            self._follow()

    def refresh_now(self) -> None:
        """Fills the table from the analysis of now, before anything else."""
        self._later.stop()
        self._fill()
        self._filling.finish()

    def _show_network(self, network: FlatNetwork) -> None:
        self._network = network
        self._show_sheet()

    def _show_sheet(self) -> None:
        kind = _SHEETS[self.mode.current]
        other = kind is not type(self.model.sheet)
        place = self.view.verticalScrollBar().value()
        if other:
            self.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.model.show(kind(self._network))
        if other:
            self.view.dress_columns()
        else:
            self.view.verticalScrollBar().setValue(place)

    # Selecting everywhere

    def _tell(self) -> None:
        """Selects what the chosen rows stand for, wherever else it is seen."""
        if self._filling.running or self._session.analysis is not self._filled_for:
            return
        self._telling = True
        nodes = self._network.nodes
        layers = self.model.layers(self.view.rows)
        if layers:
            self._session.reveal_all([nodes[layer].path for layer in layers])
        else:
            self._session.select(())
        self._telling = False
        self._summarise()

    def _follow(self) -> None:
        """Chooses the rows of what is selected elsewhere."""
        if not self._telling and in_sight(self):
            self.view.follow(self.model.rows_of(self._selected_layers()))
        self._summarise()

    def _selected_layers(self) -> set[int]:
        """The layers that are selected, or lie inside a call that is."""
        session, index = self._session, self._network.index
        found, inside = set(), []
        for key in session.selection:
            path = session.prefix + key
            if path in index:
                found.add(index[path])
            else:
                inside += [f"{path}/", f"{path}#"]
        if inside:
            starts = tuple(inside)
            found |= {i for path, i in index.items() if path.startswith(starts)}
        return found

    # What it comes to

    def _summarise(self) -> None:
        """How much is shown or chosen, and what that comes to."""
        sheet, shown = self.model.sheet, self.model.rowCount()
        whole = figures.count(len(sheet), sheet.noun)
        chosen = self.view.rows
        if len(chosen) > 1:
            text = f"{len(chosen):,} of {whole}: {self._sums(chosen)}"
        elif shown < len(sheet):
            text = f"{shown:,} of {whole}: {self._sums(range(shown))}"
        elif self.mode.current == "stage":
            text = f"{whole}: runs of layers of one feature map size"
        else:
            text = whole
        self.summary.show_text(text)
        self.nothing.setText(f"No {sheet.noun} has “{self.search.text().strip()}”.")
        self.nothing.setVisible(not shown and bool(len(sheet)))

    def _sums(self, rows: Iterable[int]) -> str:
        sheet = self.model.sheet
        at = [self.model.order[row] for row in rows]
        params, macs = (sum(sheet.count(row, column) or 0 for row in at) for column in sheet.wholes)
        return f"{figures.whole(params)} parameters, {figures.short(macs)} MACs"

    def _say_copied(self, rows: int) -> None:
        self.message.emit(f"Copied {figures.count(rows, 'row')} to the clipboard.")
