"""The sheet that the network lies on: its dots, and what it says when it is empty."""

import math

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.canvas.painting import canvas_font
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.theme import theme

EXTENT = QRectF(-4e6, -4e6, 8e6, 8e6)
_STEP = 24.0
_CLOSEST = 15.0
"""Dots stand at least this many pixels of the screen apart."""
_DOT = 1.6


def paint_sheet(painter: QPainter, rect: QRectF, zoom: float) -> None:
    """The ground and its grid of dots, within ``rect`` of the scene."""
    painter.fillRect(rect, theme().color("canvas"))
    step = _STEP
    while step * zoom < _CLOSEST:
        step *= 2
    dot = _DOT / zoom
    pen = QPen(theme().color("grid"), dot)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    # Each row is one line, dashed into dots: a dash of no length with round ends.
    pen.setDashPattern([0.001, step / dot - 0.001])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    left = math.floor(rect.left() / step) * step
    first = math.floor(rect.top() / step)
    last = math.ceil(rect.bottom() / step)
    right = rect.right() + step
    painter.drawLines(
        [QLineF(left, i * step, right, i * step) for i in range(first, last + 1)]
    )


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
    painter.drawText(
        line, centred, "This block is empty" if inside_block else "An empty network"
    )
    painter.setFont(canvas_font("body"))
    painter.setPen(now.color("text-muted"))
    more = (
        "Drag a layer from the palette, or press Esc to leave the block"
        if inside_block
        else "Drag a layer from the palette, or start from a template"
    )
    painter.drawText(line.translated(0, 32), centred, more)
