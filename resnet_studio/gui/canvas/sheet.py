"""The sheet that the network lies on: its dots, and what it says when it is empty."""

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.actions import command_keys
from resnet_studio.gui.canvas.painting import canvas_font
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.theme import theme

EXTENT = QRectF(-1e7, -1e7, 2e7, 2e7)
_STEP = 24.0
_CLOSEST = 15.0
"""Dots stand at least this many pixels of the screen apart."""
_DOT = 2.0


def paint_sheet(painter: QPainter, rect: QRectF, zoom: float) -> None:
    """The ground and its grid of dots, within ``rect`` of the scene.

    One row of dots is painted once and copied: thousands of round points cost more than all else.
    """
    painter.fillRect(rect, theme().color("canvas"))
    step = _STEP
    while step * zoom < _CLOSEST:
        step *= 2
    to_view = painter.worldTransform()
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    left, top = math.floor(rect.left() / step) * step, math.floor(rect.top() / step) * step
    start = to_view.map(QPointF(left, top))
    pitch = step * zoom
    across = math.ceil((rect.right() - left) / step) + 1
    down = math.ceil((rect.bottom() - top) / step) + 1
    row = _row(across, pitch, (start.x() - _DOT) % 1.0, ratio, theme().color("grid").rgba())
    painter.save()
    painter.setClipRect(rect)
    painter.resetTransform()
    x = math.floor(start.x() - _DOT)
    for line in range(down):
        painter.drawPixmap(x, math.floor(start.y() + line * pitch - _DOT + 0.5), row)
    painter.restore()


@lru_cache(maxsize=8)
def _row(count: int, pitch: float, phase: float, ratio: float, color: int) -> QPixmap:
    """``count`` dots beside each other; ``phase`` is the part of a pixel before the first."""
    width, height = math.ceil(count * pitch + 2 * _DOT) + 1, math.ceil(2 * _DOT)
    row = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    row.setDevicePixelRatio(ratio)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(color))
    for i in range(count):
        painter.drawEllipse(QPointF(_DOT + phase + i * pitch, _DOT), _DOT / 2, _DOT / 2)
    painter.end()
    return row


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
    key = "Tab" if command_keys("walk") else command_keys("add-node")[0]
    rest = "Esc to leave the block" if inside_block else "or start from a template"
    more = f"Double-click or press {key} to add a layer, {rest}"
    painter.drawText(line.translated(0, 32), centred, more)
