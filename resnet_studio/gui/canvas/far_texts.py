"""What is written from afar, in pixels of the screen: names while there is room, then stages.

Where cards are too small for their names and no stages are told, few have their names beside.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTransform

from resnet_studio.gui.canvas.batches import STRIPE
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import Look
from resnet_studio.gui.canvas.painting import canvas_font, tinted
from resnet_studio.gui.canvas.stage_bands import MOST_NAMED, Band
from resnet_studio.gui.theme import theme

_NAME_PIXELS, _NAME_MARGIN = 11, 2.5
_NAME_HEIGHT = 10.0
"""A card lower than this many pixels of the screen stands without its name."""
_LETTERS = 5
"""A text of which no more signs would be left is not written."""
_STAGE_PIXELS, _STAGE_HEIGHT = 12, 20.0
_HEADING = 14.0
"""Height of a line above a stage in a column."""
_BESIDE, _HOOK = 10.0, 5.0
_WORDS, _DROP = 8.0, 4.5
"""Between size and weight of a stage, and from the middle of a line to its baseline."""
_BARRED, _SHARE = 34.0, 120.0
"""Height of a stage from which it has a bar of its parameters, and the length of all of them."""
_NAME_PITCH, _NAME_MOST = 14.0, 180.0
_NAMES_INSIDE = 0.3
"""From this zoom on cards hold their names themselves."""
_FEW = 40
"""From so many cards in sight on, names beside them would be a crowd."""
_NAME_BESIDE = 6.0
_NOWHERE = QRectF()


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


def paint_name(painter: QPainter, card: QRectF, look: Look) -> None:
    """What one card of the scene says from afar."""
    room = painter.worldTransform().mapRect(card.adjusted(STRIPE, 0, 0, 0))
    painter.save()
    painter.resetTransform()
    painter.setFont(canvas_font("strong", _NAME_PIXELS))
    painter.setPen(theme().color("text"))
    _paint_name(painter, room.adjusted(_NAME_MARGIN, 0, -_NAME_MARGIN, 0), look)
    painter.restore()


def _paint_name(painter: QPainter, room: QRectF, look: Look) -> None:
    face = look.face
    says = _fitting(face.title, face.figures, face.kind, round(room.width()))
    if says and room.height() >= _NAME_HEIGHT:
        flag = Qt.AlignmentFlag
        whole = Qt.TextFlag.TextDontClip
        painter.drawText(room, flag.AlignLeft | flag.AlignVCenter | whole, says)


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


def paint_names_beside(
    painter: QPainter, drawing: Drawing, keys: Sequence[str], covered: QRectF
) -> None:
    """The names of few cards on their right, where they cover neither a card nor each other."""
    if len(keys) >= _FEW:
        return
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(canvas_font("strong", _NAME_PIXELS))
    ground, text = tinted(theme().color("canvas"), 0.85), theme().color("text")
    for room, name in names_beside(drawing, keys, to_screen, covered):
        painter.fillRect(room, ground)
        painter.setPen(text)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def names_beside(
    drawing: Drawing, keys: Sequence[str], to_screen: QTransform, covered: QRectF = _NOWHERE
) -> list[tuple[QRectF, str]]:
    """Where on the screen each name that has room stands beside its card."""
    metrics = QFontMetricsF(canvas_font("strong", _NAME_PIXELS))
    cards = [to_screen.mapRect(_card(drawing, key)) for key in keys]
    taken, found = [*cards, covered], []
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


def paint_stages(painter: QPainter, bands: Sequence[Band], view: QRectF, covered: QRectF) -> None:
    """Beside each stage that has the room a bracket, its size and weight, and its cards' names.

    What lies below the map in the corner, ``covered``, is not in sight.
    """
    to_screen = painter.worldTransform()
    _paint_headings(painter, [band for band in bands if band.pieces], view, covered)
    told = [
        (band, area)
        for band in bands
        if not band.pieces
        and (area := to_screen.mapRect(band.area)).height() >= _STAGE_HEIGHT
        and area.intersects(view)
    ]
    named = [_names_of(band, to_screen) for band, _area in told]
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (band, area), names in zip(told, named, strict=True):
        _paint_stage(painter, band, area, view, covered, apart=not any(named))
        _paint_names_before(painter, names, area.left() - _BESIDE)
    painter.restore()


def _paint_headings(
    painter: QPainter, bands: Sequence[Band], view: QRectF, covered: QRectF
) -> None:
    """Where cards stand in columns, above the first card of each stage its size and weight."""
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for band in bands:
        head = to_screen.mapRect(QRectF(band.area.topLeft(), QPointF(band.right, band.top)))
        if head.height() >= _HEADING and head.intersects(view):
            _paint_heading(painter, band, head, covered)
    painter.restore()


def _paint_heading(painter: QPainter, band: Band, head: QRectF, covered: QRectF) -> None:
    """The size, and below it the weight where there is room."""
    strong, plain = canvas_font("strong", _NAME_PIXELS), canvas_font("caption", _NAME_PIXELS)
    lines = [(strong, "text", band.size)]
    weight = next((w for w in band.weights if _wide(plain, w) <= head.width()), "")
    if weight and head.height() >= 2 * _HEADING:
        lines.append((plain, "text-muted", weight))
    wide = max(_wide(font, text) for font, _token, text in lines)
    if wide > head.width():
        return
    top = head.bottom() - _HEADING * len(lines) - 3
    ground = QRectF(head.left(), top, wide + 4, _HEADING * len(lines))
    if ground.intersects(covered):
        return
    _paint_ground(painter, ground)
    for at, (font, token, text) in enumerate(lines):
        middle = top + _HEADING * (at + 0.5)
        _write(painter, font, token, QPointF(head.left() + 2, middle + _DROP), text)


def _wide(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _paint_stage(
    painter: QPainter, band: Band, area: QRectF, view: QRectF, covered: QRectF, apart: bool
) -> None:
    """``apart``: the size stands on the other side, where there are no names."""
    strong, plain = canvas_font("strong", _STAGE_PIXELS), canvas_font("caption", _STAGE_PIXELS)
    size, weight = band.size, band.weight
    wide = QFontMetricsF(strong).horizontalAdvance(size)
    rest = QFontMetricsF(plain).horizontalAdvance(weight)
    width = rest if apart else wide + _WORDS + rest
    whole = width + 3 * _BESIDE + _HOOK
    view = _clear(area, view, covered, whole)
    x = min(area.right() + _BESIDE, view.right() - whole)
    _paint_bracket(painter, x, area)
    middle = area.intersected(view).center().y()
    barred = 0 < band.share < 1 and area.height() >= _BARRED
    line = middle - 3 if barred else middle
    left = x + _BESIDE + 2
    pill = QRectF(left - 6, line - 10, width + 12, 20)
    _paint_ground(painter, pill)
    if apart:
        before = QRectF(area.left() - 2 * _BESIDE - wide - 6, middle - 10, wide + 12, 20)
        _paint_ground(painter, before)
        _write(painter, strong, "text", QPointF(before.left() + 6, middle + _DROP), size)
    else:
        _write(painter, strong, "text", QPointF(left, line + _DROP), size)
        left += wide + _WORDS
    _write(painter, plain, "text-muted", QPointF(left, line + _DROP), weight)
    if barred:
        _paint_share(painter, QRectF(x + _BESIDE + 2, line + 10, _SHARE, 3), band.share)


def _clear(area: QRectF, view: QRectF, covered: QRectF, width: float) -> QRectF:
    """The part of the view in which a label beside a stage keeps clear of what is covered.

    It moves up along its stage; where nothing of that is left, it moves inwards.
    """
    x = min(area.right() + _BESIDE, view.right() - width)
    label = QRectF(x, area.top(), width, area.height()) & view
    if not label.intersects(covered):
        return view
    above = QRectF(view.topLeft(), QPointF(view.right(), covered.top()))
    if (area & above).height() >= _STAGE_HEIGHT:
        return above
    return QRectF(view.topLeft(), QPointF(covered.left(), view.bottom()))


def _paint_bracket(painter: QPainter, x: float, area: QRectF) -> None:
    top, bottom = area.top() + 3, area.bottom() - 3
    painter.setPen(QPen(theme().color("border-strong"), 1.25))
    painter.drawLines(
        [
            QLineF(x - _HOOK, top, x, top),
            QLineF(x, top, x, bottom),
            QLineF(x - _HOOK, bottom, x, bottom),
        ]
    )


def _paint_ground(painter: QPainter, pill: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(theme().color("canvas"), 0.85))
    painter.drawRoundedRect(pill, 6, 6)


def _paint_share(painter: QPainter, track: QRectF, share: float) -> None:
    """How much of the network's parameters a stage has."""
    color = theme().color("accent")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(color, 0.16))
    painter.drawRoundedRect(track, 1.5, 1.5)
    painter.setBrush(color)
    track.setWidth(max(track.height(), track.width() * share))
    painter.drawRoundedRect(track, 1.5, 1.5)


def _write(painter: QPainter, font: QFont, token: str, at: QPointF, text: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().color(token))
    painter.drawText(at, text)


def _names_of(band: Band, to_screen: QTransform) -> list[tuple[float, str]]:
    """Where down the screen each name stands; none where they would be a crowd."""
    if len(band.members) > MOST_NAMED or to_screen.m11() >= _NAMES_INSIDE:
        return []
    heights = sorted((to_screen.map(QPointF(0, y)).y(), name) for y, name in band.members)
    crowded = any(low - high < _NAME_PITCH for (high, _), (low, _) in pairwise(heights))
    return [] if crowded else heights


def _paint_names_before(painter: QPainter, names: list[tuple[float, str]], right: float) -> None:
    """Names that end at the left of the cards."""
    font = canvas_font("caption", _NAME_PIXELS)
    metrics = QFontMetricsF(font)
    for y, name in names:
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_MOST)
        at = QPointF(right - metrics.horizontalAdvance(shown), y + _DROP)
        _write(painter, font, "text-muted", at, shown)
