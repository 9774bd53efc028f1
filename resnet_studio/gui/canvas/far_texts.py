"""The names of cards that are too small for more, in pixels of the screen, as far as there is room.

Where cards are too small even for these and no stages are told, few have their names beside.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTransform

from resnet_studio.gui.canvas.batches import STRIPE
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import Look
from resnet_studio.gui.canvas.painting import canvas_font, tinted
from resnet_studio.gui.theme import theme

NAMED = 0.3
"""From this zoom on cards hold their names themselves."""
NAME_PIXELS = 11
_MARGIN = 2.5
_LEAST_HEIGHT = 10.0
"""A card lower than this many pixels of the screen stands without its name."""
_LETTERS = 5
"""A text of which no more signs would be left is not written."""
_FEW = 40
"""From so many cards in sight on, names beside them would be a crowd."""
_BESIDE = 6.0
_NOWHERE = QRectF()


def paint_names(
    painter: QPainter, drawing: Drawing, keys: Iterable[str], left_out: Collection[str]
) -> None:
    """What cards say, as far as it has room: a name that is cut tells nobody anything."""
    to_screen = _begin(painter)
    for key in keys:
        if key not in left_out:
            _paint_name(painter, to_screen.mapRect(_card(drawing, key)), drawing.look(key))
    painter.restore()


def paint_name(painter: QPainter, card: QRectF, look: Look) -> None:
    """What one card of the scene says from afar."""
    to_screen = _begin(painter)
    _paint_name(painter, to_screen.mapRect(card), look)
    painter.restore()


def _begin(painter: QPainter) -> QTransform:
    """From here on pixels are painted, in the font of names; returns what led to them."""
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", NAME_PIXELS))
    painter.setPen(theme().color("text"))
    return to_screen


def _paint_name(painter: QPainter, card: QRectF, look: Look) -> None:
    """Into a card that takes up this much of the screen."""
    face = look.face
    stripe = STRIPE * card.width() / look.extent[0]
    room = card.adjusted(stripe + _MARGIN, 0, -_MARGIN, 0)
    says = _fitting(face.title, face.figures, face.kind, round(room.width()))
    if says and room.height() >= _LEAST_HEIGHT:
        flag = Qt.AlignmentFlag
        whole = Qt.TextFlag.TextDontClip
        painter.drawText(room, flag.AlignLeft | flag.AlignVCenter | whole, says)


@lru_cache(maxsize=8192)
def _fitting(name: str, figures: str, kind: str, room: int) -> str:
    """The name; where it has no room, what an expert reads first; else nothing."""
    metrics = QFontMetricsF(canvas_font("strong", NAME_PIXELS))
    for text in (name, figures, kind, kind.partition("(")[0]):
        if text and metrics.horizontalAdvance(text) <= room:
            return text
    # Names differ at their ends, figures begin with the gist.
    middle, right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
    short = metrics.elidedText(figures or name, right if figures else middle, room)
    return short if len(short) > _LETTERS else ""


def paint_names_beside(
    painter: QPainter, drawing: Drawing, keys: Sequence[str], covered: QRectF
) -> None:
    """The names of few cards on their right, where they cover neither a card nor each other."""
    if len(keys) >= _FEW:
        return
    to_screen = _begin(painter)
    ground = tinted(theme().color("canvas"), 0.85)
    for room, name in names_beside(drawing, keys, to_screen, covered):
        painter.fillRect(room, ground)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def names_beside(
    drawing: Drawing, keys: Sequence[str], to_screen: QTransform, covered: QRectF = _NOWHERE
) -> list[tuple[QRectF, str]]:
    """Where on the screen each name that has room stands beside its card."""
    metrics = QFontMetricsF(canvas_font("strong", NAME_PIXELS))
    height = metrics.height()
    cards = [to_screen.mapRect(_card(drawing, key)) for key in keys]
    taken, found = [*cards, covered], []
    for key, card in zip(keys, cards, strict=True):
        name = drawing.look(key).face.title
        width = metrics.horizontalAdvance(name) + _MARGIN
        top = card.center().y() - height / 2
        room = QRectF(card.right() + _BESIDE, top, width, height)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            found.append((room, name))
    return found


def _card(drawing: Drawing, key: str) -> QRectF:
    _key, left, top, right, bottom = drawing.rect(key)
    return QRectF(left, top, right - left, bottom - top)
