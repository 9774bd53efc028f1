"""The sheet that the network lies on: its dots, and what it says when it is empty."""

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.canvas.painting import canvas_font
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.theme import theme

EXTENT = QRectF(-4e6, -4e6, 8e6, 8e6)
_STEP = 24.0
_CLOSEST = 15.0
"""Dots stand at least this many pixels of the screen apart."""
_DOT = 2.0


def paint_sheet(painter: QPainter, rect: QRectF, zoom: float) -> None:
    """The ground and its grid of dots, within ``rect`` of the scene."""
    painter.fillRect(rect, theme().color("canvas"))
    step = _STEP
    while step * zoom < _CLOSEST:
        step *= 2
    pen = QPen(theme().color("grid"), _DOT)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    left, top = (
        math.floor(rect.left() / step) * step,
        math.floor(rect.top() / step) * step,
    )
    across = math.ceil((rect.right() - left) / step) + 1
    down = math.ceil((rect.bottom() - top) / step) + 1
    painter.save()
    painter.setPen(pen)
    painter.translate(left, top)
    painter.drawPoints(_dots(across, down, step))
    painter.restore()


@lru_cache(maxsize=64)
def _dots(across: int, down: int, step: float) -> QPolygonF:
    return QPolygonF([QPointF(i * step, j * step) for j in range(down) for i in range(across)])


def paint_invitation(viewport: QWidget, inside_block: bool) -> None:
    """What to do with an empty canvas."""
    painter = QPainter(viewport)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    now, middle = theme(), viewport.rect().center()
    icon = pixmap("block", 44, now.color("border-strong"), viewport.devicePixelRatioF())
    painter.drawPixmap(middle.x() - 22, middle.y() - 84, icon)
    centred = Qt.AlignmentFlag.AlignHCenter
    painter.setFont(canvas_font("title"))
    painter.setPen(now.color("text"))
    line = QRect(0, middle.y() - 26, viewport.width(), 28)
    painter.drawText(line, centred, "This block is empty" if inside_block else "An empty network")
    painter.setFont(canvas_font("body"))
    painter.setPen(now.color("text-muted"))
    more = (
        "Drag a layer from the palette, or press Esc to leave the block"
        if inside_block
        else "Drag a layer from the palette, or start from a template"
    )
    painter.drawText(line.translated(0, 32), centred, more)
