"""The totals of the network, always in sight."""

from PySide6.QtWidgets import QFrame, QWidget

from resnet_studio.core.waiting import waiting
from resnet_studio.gui import figures
from resnet_studio.gui.figures import named
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import column, label, row

_GAP = 24
_SO_FAR = (
    "What lies behind an error is not known and not counted yet.\n"
    "A repair's Δ leaves it out too: it compares with this network, had the faulty node worked."
)


class TotalsBar(QWidget):
    """Parameters, trainable ones, MACs and size, after every edit."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("totals")
        self._session = session
        self.params = _Figure("parameters", "All weights of the network")
        self.trainable = _Figure("trainable", "Weights that training changes")
        self.macs = _Figure("MACs", "")
        self.storage = _Figure("size", "Size of the weights as float32")
        parts = (self.params, self.trainable, self.macs, self.storage)
        self.setLayout(row(*parts, gap=_GAP))
        session.changed.connect(self.refresh)
        self.refresh()

    def fit(self, room: int) -> None:
        """Shows as many figures as ``room`` pixels take; parameters and MACs are the last to go."""
        wanted = (self.params, self.macs, self.trainable, self.storage)
        for figure in wanted:
            room -= figure.sizeHint().width()
            figure.setVisible(room >= 0 or figure is self.params)
            room -= _GAP

    def refresh(self, _change: object = None) -> None:
        totals, left_out = self._session.analysis.totals, self._left_out()
        for figure in (self.params, self.trainable, self.macs, self.storage):
            figure.show_left_out(left_out)
        self.params.show_value(figures.whole(totals.params))
        self.trainable.show_value(figures.whole(totals.trainable_params))
        self.macs.show_value(figures.short(totals.macs))
        exact = f"{figures.whole(totals.macs)} multiply-accumulates"
        self.macs.setToolTip(f"{exact} of one forward pass of one sample")
        self.storage.show_value(figures.storage(totals.params))

    def _left_out(self) -> str:
        """What the numbers leave out; empty where they are those of the whole network."""
        analysis = self._session.analysis
        if analysis.ok or not self._session.document.network.nodes:
            return ""
        loose = waiting(analysis)
        if not loose:
            return _SO_FAR
        verb, them = ("has", "it") if len(loose) == 1 else ("have", "them")
        return f"Without {named(loose)}, which {verb} no input yet, and what lies behind {them}."


class _Figure(QFrame):
    """A number over its name."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setObjectName(f"total-{name.lower()}")
        self.setToolTip(tip)
        self._value = label("0", "figure")
        self._caption = label(name, "caption")
        self.setLayout(column(self._value, self._caption, gap=0))
        self._name = name

    def show_value(self, text: str) -> None:
        self._value.setText(text)
        self.setAccessibleName(f"{text} {self._name}")

    def show_left_out(self, text: str) -> None:
        """Says that a number leaves something out, and in a tooltip what."""
        self._caption.setText(f"{self._name} so far" if text else self._name)
        self._caption.setToolTip(text)

    @property
    def text(self) -> str:
        return self._value.text()
