"""The strip above the canvas: where one is, and what the network comes to."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from resnet_studio.gui.breadcrumb import Breadcrumb
from resnet_studio.gui.theme import BAR
from resnet_studio.gui.totals import TotalsBar
from resnet_studio.gui.widgets import row

_GAP, _LEFT, _RIGHT = 16, 12, 20


class Strip(QFrame):
    """Where there is little room, the breadcrumb keeps its own and the totals are fewer."""

    def __init__(self, breadcrumb: Breadcrumb, totals: TotalsBar) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._breadcrumb, self._totals = breadcrumb, totals
        box = row(breadcrumb, 1, totals, gap=_GAP)
        box.setContentsMargins(_LEFT, 0, _RIGHT, 0)
        box.setAlignment(totals, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(box)
        self.setFixedHeight(BAR)
        # Otherwise the totals of a narrow window would push the panels out of it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        taken = self._breadcrumb.sizeHint().width() + _LEFT + _GAP + _RIGHT
        self._totals.fit(self.width() - taken)
