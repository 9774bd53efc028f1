"""What the canvas shows beside the cards, as the View menu has it; remembered."""

from typing import Literal, get_args

from PySide6.QtCore import QObject, QSettings, Signal

Cost = Literal["macs", "parameters", "off"]
COSTS: tuple[Cost, ...] = get_args(Cost)

_COST, _MAPS = "canvas/cost", "canvas/feature-maps"


class Showing(QObject):
    """The choices of one canvas."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        settings = QSettings()
        stored = str(settings.value(_COST, "macs"))
        self.cost: Cost = next((cost for cost in COSTS if cost == stored), "macs")
        self.maps = bool(settings.value(_MAPS, False, type=bool))
        """Whether feature maps are drawn as slabs."""

    def show_cost(self, cost: Cost) -> None:
        """Measures the bars of cards in MACs or parameters, or shows none."""
        self.cost = cost
        QSettings().setValue(_COST, cost)
        self.changed.emit()

    def show_maps(self, shown: bool) -> None:
        """Draws the feature map that each node makes, or not."""
        self.maps = shown
        QSettings().setValue(_MAPS, shown)
        self.changed.emit()
