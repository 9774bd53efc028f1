"""What each node costs beside the costliest of the graph: a thin bar in its card's lower edge.

Bars are painted over the pictures of cards: one key may change the length of every bar, and no
picture then has to be painted anew.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QTransform

from resnet_studio.core.outcomes import Outcome
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.painting import tinted
from resnet_studio.gui.canvas.showing import Cost
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.core.propagation import GraphAnalysis

_LEFT, _RIGHT = 16.0, 12.0
_UP, _THICK = 9.0, 2.5
_SHORTEST = 2.0
"""What costs anything is seen to."""


class Costs:
    """Shares of the costliest node, for one measure and one state of the analysis."""

    def __init__(self) -> None:
        self._of: tuple[Cost, GraphAnalysis | None] = ("off", None)
        self._most = 0

    def share(self, drawing: Drawing, key: str, measure: Cost) -> float:
        """From 0 to 1, in proportion to the cost; 0 also where that is not known."""
        inside = drawing.shown.inside
        if measure == "off" or inside is None or key not in inside.structure.index:
            return 0.0
        if self._of != (measure, inside):
            self._of = (measure, inside)
            self._most = max((cost_of(outcome, measure) for outcome in inside.outcomes), default=0)
        return cost_of(inside.outcome(key), measure) / self._most if self._most else 0.0


def cost_of(outcome: Outcome, measure: Cost) -> int:
    """The MACs of one sample or the parameters; 0 where they are not known."""
    return (outcome.macs or 0) if measure == "macs" else outcome.params


def paint_bar(
    painter: QPainter, to_view: QTransform | None, card: QRectF, family: str, share: float
) -> None:
    """The bar of one card; ``to_view`` leads to whole pixels where the painter has none itself."""
    room = card.width() - _LEFT - _RIGHT
    length = max(share * room, _SHORTEST)
    left, top = card.left() + _LEFT, card.bottom() - _UP
    for width, color in zip((room, length), _colors(family, theme().name), strict=True):
        bar = QRectF(left, top, width, _THICK)
        if to_view is None:
            painter.fillRect(bar, color)
        else:
            painter.fillRect(_sharp(to_view, bar), color)


@lru_cache(maxsize=64)
def _colors(family: str, _theme: str) -> tuple[QColor, QColor]:
    """Of the whole length and of the share, in the theme in force."""
    color = theme().color(family)
    return tinted(color, 0.16), tinted(color, 0.85)


def _sharp(to_view: QTransform, bar: QRectF) -> QRect:
    """The bar in whole pixels of the view, which are filled in no time."""
    seen = to_view.mapRect(bar)
    left, top = round(seen.left()), round(seen.top())
    return QRect(left, top, max(round(seen.right()) - left, 1), max(round(seen.height()), 1))
