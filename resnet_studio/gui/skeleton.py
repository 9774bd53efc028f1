"""What the window shows in its first frame: its panes, before there is anything in them."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.theme import theme

TOP, LEFT, RIGHT = 92, 240, 320
"""Sizes of the bars above and of the docks beside, as the window has them when it is new."""

_BARS = 162
_BELOW = 0.32
_LEAST, _MOST = 184, 320


def bottom(height: int) -> int:
    """Height of the dock below in a window of this height: most of the room is the canvas'.

    Never so low that the usual repairs of a problem could not be seen together.
    """
    return max(_LEAST, min(_MOST, round((height - _BARS) * _BELOW)))


class Skeleton(QWidget):
    """Paints empty panes in the colours of the theme and says when that was done."""

    painted = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = QRectF(self.rect())
        painter.fillRect(whole, theme().color("window"))
        middle = whole.adjusted(LEFT, TOP, -RIGHT, -24)
        surface = theme().color("surface")
        painter.fillRect(QRectF(0, TOP, LEFT - 1, middle.height()), surface)
        painter.fillRect(QRectF(middle.right() + 1, TOP, RIGHT, middle.height()), surface)
        below = bottom(self.height())
        painter.fillRect(middle.adjusted(0, 0, 0, -below), theme().color("canvas"))
        painter.fillRect(
            QRectF(middle.left(), middle.bottom() - below + 1, middle.width(), below), surface
        )
        painter.end()
        self.painted.emit()
