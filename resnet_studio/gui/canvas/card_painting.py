"""How cards are painted: functions of what they show, of the passing state and of the theme."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from resnet_studio.core.faces import Face
from resnet_studio.gui.canvas.inside import paint_inside
from resnet_studio.gui.canvas.looks import NO_FINDINGS, Look
from resnet_studio.gui.canvas.painting import Mood, canvas_font, fitted, paint_wire, tinted
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.theme import theme

CORNER = 10.0
_STRIPE = 4.0
_PASSED = 0.42
"""The opacity of a card that is bypassed."""
_TILE = QRectF(16, 12, 32, 32)
_STAMP = QRectF(16, 12, 46, 54)
_TEXT_LEFT = 58.0
_TEXT_RIGHT = 10.0
_WORD_GAP = 7.0


def paint_card(painter: QPainter, look: Look, mood: Mood, zoom: float) -> None:
    """The card of a node with its corner at the origin."""
    body = QRectF(0, 0, *look.extent)
    if _is_pill(look):
        _paint_port_card(painter, look, mood, body, zoom)
        return
    if look.face.bypassed:
        _paint_passage(painter, body)
        painter.setOpacity(painter.opacity() * _PASSED)
    elif look.face.repeat:
        _paint_copies(painter, body)
    if look.block:
        _paint_body(painter, body, mood, look)
        _paint_stripe(painter, body, theme().color(look.family))
        _paint_call(painter, look, mood, body)
    else:
        paint_ground(painter, look, mood, zoom)
        _paint_texts(painter, look, mood, body)
    if look.face.bypassed:
        painter.setOpacity(painter.opacity() / _PASSED)


def ground_of(look: Look, mood: Mood) -> object:
    """What the card without its texts depends on; None where it is not painted apart."""
    face, (width, height) = look.face, look.extent
    if look.block or face.bypassed or face.repeat or look.result or _is_pill(look):
        return None
    found = look.findings
    marks = bool(found.errors), bool(found.warnings), found.waiting
    return look.family, width, height, mood, marks


def paint_ground(painter: QPainter, look: Look, mood: Mood, zoom: float) -> None:
    """The card of a layer without its texts: many share one, and it takes the longest."""
    body = QRectF(0, 0, *look.extent)
    _paint_body(painter, body, mood, look)
    _paint_stripe(painter, body, theme().color(look.family))
    _paint_tile(painter, look.family, _TILE, zoom)


def paint_texts(painter: QPainter, look: Look, mood: Mood) -> None:
    """The rest of the card upon its ground."""
    _paint_texts(painter, look, mood, QRectF(0, 0, *look.extent))


def _paint_passage(painter: QPainter, body: QRectF) -> None:
    """The data flows past a bypassed card: from its input round its left side to its output."""
    middle, left, turn = body.center().x(), body.left() - 9, 22.0
    path = QPainterPath(QPointF(middle, body.top()))
    path.cubicTo(middle, -12, left, -12, left, body.top() + turn)
    path.lineTo(left, body.bottom() - turn)
    path.cubicTo(left, body.bottom() + 12, middle, body.bottom() + 12, middle, body.bottom())
    paint_wire(painter, path, theme().color("wire"), 1.75)


def _paint_body(painter: QPainter, body: QRectF, mood: Mood, look: Look) -> None:
    now = theme()
    radius = min(CORNER, body.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    for spread, alpha in ((3.0, 0.25), (1.5, 0.4)):
        shadow = now.color("shadow")
        painter.setBrush(tinted(shadow, shadow.alphaF() * alpha))
        painter.drawRoundedRect(
            body.adjusted(-spread / 2, spread / 2, spread / 2, spread),
            radius + 1,
            radius + 1,
        )
    if mood.selected or mood.target:
        painter.setBrush(tinted(now.color("accent"), 0.22))
        painter.drawRoundedRect(body.adjusted(-4, -4, 4, 4), radius + 4, radius + 4)
    painter.setBrush(now.color("surface"))
    painter.setPen(_edge(mood, look))
    painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)


def _edge(mood: Mood, look: Look) -> QPen:
    now = theme()
    if mood.selected or mood.target:
        return QPen(now.color("accent"), 1.5)
    if mood.changed:
        return QPen(now.color("ok"), 2.0)
    if look.findings.errors:
        return QPen(now.color("error"), 1.5)
    if look.findings.warnings:
        return QPen(now.color("warning"), 1.5)
    if look.findings.waiting:
        pen = QPen(now.color("border-strong"), 1.25)
        pen.setDashPattern([4, 3])
        return pen
    return QPen(now.color("border-strong" if mood.hovered else "border"), 1.0)


def _paint_copies(painter: QPainter, body: QRectF) -> None:
    """The edges of further cards behind one that stands for a loop."""
    painter.setPen(QPen(theme().color("border"), 1.0))
    painter.setBrush(theme().color("raised"))
    for step in (8.0, 4.0):
        painter.drawRoundedRect(body.translated(step, step).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)


def _paint_stripe(painter: QPainter, body: QRectF, color: QColor) -> None:
    """The family's colour down the left side, within the rounded corners."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    top, bottom = body.top() + 12, body.bottom() - 12
    painter.drawRoundedRect(QRectF(5, top, _STRIPE, bottom - top), 2, 2)


def _paint_tile(painter: QPainter, family: str, tile: QRectF, zoom: float) -> None:
    color = theme().color(family)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(color, 0.2 if theme().dark else 0.12))
    painter.drawRoundedRect(tile, 8, 8)
    _paint_icon(painter, family, tile.adjusted(6, 6, -6, -6), color, zoom)


def _paint_icon(painter: QPainter, name: str, where: QRectF, color: QColor, zoom: float) -> None:
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    # Drawn at one of a few sizes, so that a slow zoom does not fill the store of pictures.
    scale = next((step for step in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0) if step >= zoom * ratio), 6.0)
    picture = pixmap(name, round(where.width()), color, scale)
    painter.drawPixmap(where, picture, QRectF(picture.rect()))


def _paint_texts(painter: QPainter, look: Look, mood: Mood, body: QRectF) -> None:
    room = text_room(body.width())
    title_room = room - _paint_repeat(painter, look, mood)
    _text(painter, "strong", "text", _TEXT_LEFT, 25, look.face.title, title_room)
    kind = fitting_kind(look.face, room)
    used = _text(painter, "caption", "text-muted", _TEXT_LEFT, 42, kind, room)
    if look.face.figures and room - used > 24:
        x = _TEXT_LEFT + used + _WORD_GAP
        _text(painter, "caption", "text", x, 42, look.face.figures, room - used - _WORD_GAP)


def text_room(width: float) -> float:
    """How much of a card's width its texts have."""
    return width - _TEXT_LEFT - _TEXT_RIGHT


def fitting_kind(face: Face, room: float) -> str:
    """The layer's class: in short where its figures would be cut."""
    metrics = QFontMetricsF(canvas_font("caption"))
    whole = metrics.horizontalAdvance(face.kind) + metrics.horizontalAdvance(face.figures)
    return face.brief if face.figures and whole + _WORD_GAP > room else face.kind


def _paint_call(painter: QPainter, look: Look, mood: Mood, body: QRectF) -> None:
    """A call: its inside as a stamp, its name, shapes and weights, and the call as code has it."""
    _paint_stamp(painter, look)
    left = _STAMP.right() + 10
    room = body.width() - left - _TEXT_RIGHT
    title_room = room - _paint_repeat(painter, look, mood)
    _text(painter, "strong", "text", left, 30, look.face.title, title_room)
    none = "no parameters" if look.flow else "parameters not known"
    count = f"{look.params:,} parameters" if look.params else none
    _text(painter, "caption", "text-muted", left, 50, count, room)
    left = _STAMP.left() + 1
    width = body.width() - left - _TEXT_RIGHT
    whole = fitted("caption", look.face.kind, width)[0] == look.face.kind
    call = look.face.kind if whole else look.face.brief
    _text(painter, "caption", "text", left, 83, call, width)
    flow = look.flow or "shapes not known"
    _text(painter, "caption", "text-muted", left, 98, flow, width)


def _paint_stamp(painter: QPainter, look: Look) -> None:
    color = theme().color(look.family)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(color, 0.14 if theme().dark else 0.07))
    painter.drawRoundedRect(_STAMP, 8, 8)
    if look.inside is not None:
        paint_inside(painter, look.inside, _STAMP)


def repeat_chip(look: Look, mood: Mood) -> QRectF | None:
    """Where “× 3” stands on a card; a call that goes round once shows “× 1” under the hand.

    A loop's stands on the upper edge, so that the name of the block has its row to itself.
    """
    text = _repeat_text(look, mood)
    if not text:
        return None
    width = QFontMetricsF(canvas_font("label")).horizontalAdvance(text) + 14
    if not _is_loop(text):
        return QRectF(look.extent[0] - width - 9, 10, width, 19)
    found = look.findings.errors or look.findings.warnings
    right = badge_place(look).left() - 3 if found else look.extent[0] - 9
    return QRectF(right - width, -6, width, 19)


def without_marks(look: Look) -> Look:
    """A card below something that covers it: what stands on its edges would peek out."""
    return replace(look, face=replace(look.face, repeat=""), findings=NO_FINDINGS)


def _is_loop(text: str) -> bool:
    """Whether a chip tells a number of copies, and not that the node is bypassed."""
    return text.startswith("×")


def _repeat_text(look: Look, mood: Mood) -> str:
    loops = look.block and (look.inputs, look.outputs) == (1, 1)
    offered = loops and (mood.hovered or mood.selected) and not look.face.bypassed
    return look.face.repeat or ("× 1" if offered else "")


def _paint_repeat(painter: QPainter, look: Look, mood: Mood) -> float:
    """The chip “× 3” in the upper right corner; returns the room that it takes from the name."""
    chip = repeat_chip(look, mood)
    if chip is None:
        return 0.0
    text, color = _repeat_text(look, mood), theme().color(look.family)
    painter.setPen(Qt.PenStyle.NoPen)
    for brush in (theme().color("surface"), tinted(color, 0.22 if theme().dark else 0.14)):
        painter.setBrush(brush)
        painter.drawRoundedRect(chip, 9.5, 9.5)
    painter.setPen(color)
    painter.setFont(canvas_font("label"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    return 0.0 if _is_loop(text) else chip.width() + 4


def _text(
    painter: QPainter,
    role: str,
    token: str,
    x: float,
    baseline: float,
    text: str,
    room: float,
) -> float:
    """One line, shortened at the end to the room there is; returns its width."""
    shown, width = fitted(role, text, room)
    painter.setFont(canvas_font(role))
    painter.setPen(theme().color(token))
    painter.drawText(QPointF(x, baseline), shown)
    return width


def _paint_port_card(painter: QPainter, look: Look, mood: Mood, body: QRectF, zoom: float) -> None:
    """An input or output of a block: a pill, since it is a port seen from inside."""
    font, pill = canvas_font("strong"), outline(look)
    color = theme().color(look.family)
    painter.setPen(Qt.PenStyle.NoPen)
    if mood.selected or mood.target:
        painter.setBrush(tinted(theme().color("accent"), 0.22))
        painter.drawRoundedRect(pill.adjusted(-4, -4, 4, 4), 20, 20)
    painter.setBrush(theme().color("surface"))
    plain = not (mood.selected or mood.target or look.findings.errors)
    painter.setPen(QPen(color, 1.25) if plain else _edge(mood, look))
    painter.drawRoundedRect(pill, body.height() / 2, body.height() / 2)
    spot = QRectF(pill.left() + 12, pill.center().y() - 8, 16, 16)
    _paint_icon(painter, look.family, spot, color, zoom)
    painter.setFont(font)
    painter.setPen(theme().color("text"))
    shown = QFontMetricsF(font).elidedText(
        look.face.title, Qt.TextElideMode.ElideRight, pill.width() - 48
    )
    painter.drawText(pill.adjusted(36, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, shown)


def outline(look: Look) -> QRectF:
    """What is painted of a card's rectangle: of a block's input or output, a pill in its middle."""
    body = QRectF(0, 0, *look.extent)
    if not _is_pill(look):
        return body
    text = QFontMetricsF(canvas_font("strong")).horizontalAdvance(look.face.title)
    aside = max(0.0, (body.width() - text - 56) / 2)
    return body.adjusted(aside, 0, -aside, 0)


def _is_pill(look: Look) -> bool:
    return look.family in ("input", "output") and look.extent[1] < 40


def badge_place(look: Look) -> QRectF:
    """Where the count of findings stands: on the upper right corner of what is painted."""
    metrics = QFontMetricsF(canvas_font("label"))
    width = max(18.0, metrics.horizontalAdvance(_badge_text(look)) + 10)
    return QRectF(outline(look).right() - width + 7, -9, width, 18)


def _badge_text(look: Look) -> str:
    count = look.findings.errors or look.findings.warnings
    return str(count) if count < 100 else "99+"


def paint_badge(painter: QPainter, look: Look) -> None:
    """The count of errors, or of warnings, on the upper right corner."""
    if not (look.findings.errors or look.findings.warnings):
        return
    token = "error" if look.findings.errors else "warning"
    badge = badge_place(look)
    painter.setPen(QPen(theme().color("canvas"), 2))
    painter.setBrush(theme().color(token))
    painter.drawRoundedRect(badge, 9, 9)
    painter.setFont(canvas_font("label"))
    painter.setPen(theme().color("text-on-accent"))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, _badge_text(look))
