"""What is written from afar, in pixels of the screen: names while there is room, then stages."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from resnet_studio.gui.canvas.batches import STRIPE
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.painting import canvas_font, elided, tinted
from resnet_studio.gui.canvas.stage_bands import Band
from resnet_studio.gui.theme import theme

_NAME_PIXELS, _NAME_MARGIN = 11, 4.0
_NAME_HEIGHT = 12.0
"""A card lower than this many pixels of the screen stands without its name."""
_LETTERS = 6
"""A name of which fewer letters would be left is not written."""
_STAGE_PIXELS, _STAGE_HEIGHT = 12, 20.0
_BESIDE, _HOOK = 10.0, 5.0


def paint_names(
    painter: QPainter, drawing: Drawing, keys: Iterable[str], left_out: Collection[str]
) -> None:
    """The names of cards, shortened at the end or left away where there is no room."""
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", _NAME_PIXELS))
    painter.setPen(theme().color("text"))
    for key in keys:
        if key not in left_out:
            rect = drawing.rect(key)
            card = QRectF(
                rect.left + STRIPE,
                rect.top,
                rect.right - rect.left - STRIPE,
                rect.bottom - rect.top,
            )
            _paint_name(painter, to_screen.mapRect(card), key)
    painter.restore()


def _paint_name(painter: QPainter, card: QRectF, name: str) -> None:
    room = card.adjusted(_NAME_MARGIN, 0, -_NAME_MARGIN, 0)
    shown = elided("strong", name, room.width(), _NAME_PIXELS, Qt.TextElideMode.ElideRight)
    if card.height() < _NAME_HEIGHT or (shown != name and len(shown) <= _LETTERS):
        return
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def paint_stages(painter: QPainter, bands: Sequence[Band], view: QRectF) -> None:
    """A bracket beside each stage that has the room, with its size and weight."""
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", _STAGE_PIXELS))
    for band in bands:
        area = to_screen.mapRect(band.area)
        if area.height() >= _STAGE_HEIGHT and area.intersects(view):
            _paint_stage(painter, band.text, area, view)
    painter.restore()


def _paint_stage(painter: QPainter, text: str, area: QRectF, view: QRectF) -> None:
    now = theme()
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    x = min(area.right() + _BESIDE, view.right() - width - 3 * _BESIDE - _HOOK)
    seen = area.intersected(view)
    top, bottom = area.top() + 3, area.bottom() - 3
    painter.setPen(QPen(now.color("border-strong"), 1.25))
    painter.drawLines(
        [
            QLineF(x - _HOOK, top, x, top),
            QLineF(x, top, x, bottom),
            QLineF(x - _HOOK, bottom, x, bottom),
        ]
    )
    middle = seen.center().y()
    pill = QRectF(x + _BESIDE - 4, middle - 10, width + 12, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(now.color("canvas"), 0.85))
    painter.drawRoundedRect(pill, 6, 6)
    painter.setPen(now.color("text"))
    painter.drawText(QPointF(x + _BESIDE + 2, middle + 4.5), text)
