"""What is written from afar, in pixels of the screen: names while there is room, then stages.

Where cards are too small for their names and no stages are told, few have their names beside.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTransform

from resnet_studio.gui.canvas.batches import STRIPE
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import Look
from resnet_studio.gui.canvas.painting import canvas_font, tinted
from resnet_studio.gui.canvas.stage_bands import Band
from resnet_studio.gui.theme import theme

_NAME_PIXELS, _NAME_MARGIN = 11, 4.0
_NAME_HEIGHT = 12.0
"""A card lower than this many pixels of the screen stands without its name."""
_LETTERS = 5
"""A text of which no more signs would be left is not written."""
_STAGE_PIXELS, _STAGE_HEIGHT = 12, 20.0
_BESIDE, _HOOK = 10.0, 5.0
_FEW = 40
"""From so many cards in sight on, names beside them would be a crowd."""
_NAME_BESIDE = 6.0


def paint_names(
    painter: QPainter, drawing: Drawing, keys: Iterable[str], left_out: Collection[str]
) -> None:
    """What cards say, as far as it has room: a name that is cut tells nobody anything."""
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", _NAME_PIXELS))
    painter.setPen(theme().color("text"))
    for key in keys:
        if key not in left_out:
            _key, left, top, right, bottom = drawing.rect(key)
            room = to_screen.mapRect(
                QRectF(left + STRIPE, top, right - left - STRIPE, bottom - top)
            )
            _paint_name(
                painter, room.adjusted(_NAME_MARGIN, 0, -_NAME_MARGIN, 0), drawing.look(key)
            )
    painter.restore()


def _paint_name(painter: QPainter, room: QRectF, look: Look) -> None:
    face = look.face
    says = _fitting(face.title, face.figures, face.kind, round(room.width()))
    if says and room.height() >= _NAME_HEIGHT:
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, says)


@lru_cache(maxsize=8192)
def _fitting(name: str, figures: str, kind: str, room: int) -> str:
    """The name; where it has no room, what an expert reads first; else nothing."""
    metrics = QFontMetricsF(canvas_font("strong", _NAME_PIXELS))
    for text in (name, figures, kind, kind.partition("(")[0]):
        if text and metrics.horizontalAdvance(text) <= room:
            return text
    # Names differ at their ends, figures begin with the gist.
    middle, right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
    short = metrics.elidedText(figures or name, right if figures else middle, room)
    return short if len(short) > _LETTERS else ""


def paint_names_beside(painter: QPainter, drawing: Drawing, keys: Sequence[str]) -> None:
    """The names of few cards on their right, where they cover neither a card nor each other."""
    if len(keys) >= _FEW:
        return
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", _NAME_PIXELS))
    ground, text = tinted(theme().color("canvas"), 0.85), theme().color("text")
    for room, name in names_beside(drawing, keys, to_screen):
        painter.fillRect(room, ground)
        painter.setPen(text)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def names_beside(
    drawing: Drawing, keys: Sequence[str], to_screen: QTransform
) -> list[tuple[QRectF, str]]:
    """Where on the screen each name that has room stands beside its card."""
    metrics = QFontMetricsF(canvas_font("strong", _NAME_PIXELS))
    cards = [to_screen.mapRect(_card(drawing, key)) for key in keys]
    taken, found = list(cards), []
    for key, card in zip(keys, cards, strict=True):
        name = drawing.look(key).face.title
        width = metrics.horizontalAdvance(name) + _NAME_MARGIN
        middle = card.center().y()
        top = middle - _NAME_HEIGHT / 2
        room = QRectF(card.right() + _NAME_BESIDE, top, width, _NAME_HEIGHT)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            found.append((room, name))
    return found


def _card(drawing: Drawing, key: str) -> QRectF:
    _key, left, top, right, bottom = drawing.rect(key)
    return QRectF(left, top, right - left, bottom - top)


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
