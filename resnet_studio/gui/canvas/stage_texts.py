"""What is written at stages that are seen from afar, in pixels of the screen.

Beside a stage stand a bracket, its size and weight, and before it the names of its cards; in
columns its size and weight stand above its first card.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTransform

from resnet_studio.gui.canvas.far_texts import NAME_PIXELS, NAMED
from resnet_studio.gui.canvas.painting import canvas_font, tinted
from resnet_studio.gui.canvas.stage_bands import MOST_NAMED, Band
from resnet_studio.gui.theme import theme

_PIXELS, _LEAST_HEIGHT = 12, 20.0
_HEADING = 14.0
"""Height of a line above a stage in a column."""
_BESIDE, _HOOK = 10.0, 5.0
_WORDS, _DROP = 8.0, 4.5
"""Between size and weight of a stage, and from the middle of a line to its baseline."""
_BARRED, _SHARE = 34.0, 120.0
"""Height of a stage from which it has a bar of its parameters, and the length of all of them."""
_TOLD, _TALL = 300.0, 28.0
"""About so many pixels what is written beside a stage takes."""
_NAME_PITCH, _NAME_MOST = 14.0, 180.0


class Frames(NamedTuple):
    """What people put round the cards and between them: areas, and where their words stand."""

    areas: Sequence[QRectF] = ()
    words: Sequence[QRectF] = ()

    def seen_by(self, to_screen: QTransform) -> "Frames":
        """The same on the screen."""
        return Frames(*([to_screen.mapRect(rect) for rect in kind] for kind in self))


_NONE = Frames()


def paint_stages(
    painter: QPainter,
    bands: Sequence[Band],
    view: QRectF,
    covered: QRectF,
    framed: Frames = _NONE,
) -> None:
    """What is written at the stages in sight, as far as there is room.

    What lies below the map in the corner, ``covered``, is not in sight.  Beside a stage is beside
    the frames round its cards, too, ``framed`` in the scene, and not upon their words.
    """
    to_screen = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for band in bands:
        if band.head is not None:
            _paint_heading(painter, band, to_screen.mapRect(band.head), view, covered)
    frames = framed.seen_by(to_screen)
    beside = [band for band in bands if band.head is None]
    _paint_beside(painter, beside, frames, to_screen, _Sight(view, covered))
    painter.restore()


# Above the cards of a column


def _paint_heading(
    painter: QPainter, band: Band, head: QRectF, view: QRectF, covered: QRectF
) -> None:
    """The size, and below it the weight where there is room."""
    if head.height() < _HEADING or not head.intersects(view):
        return
    lines = _heading(band, head)
    wide = max(_wide(font, text) for font, _token, text in lines)
    top = head.bottom() - _HEADING * len(lines) - 3
    ground = QRectF(head.left(), top, wide + 4, _HEADING * len(lines))
    if wide > head.width() or ground.intersects(covered):
        return
    _paint_ground(painter, ground)
    for at, (font, token, text) in enumerate(lines):
        middle = top + _HEADING * (at + 0.5)
        _write(painter, font, token, QPointF(head.left() + 2, middle + _DROP), text)


def _heading(band: Band, head: QRectF) -> list[tuple[QFont, str, str]]:
    """The lines that have room: their font, colour and text."""
    strong, plain = canvas_font("strong", NAME_PIXELS), canvas_font("caption", NAME_PIXELS)
    size = (strong, "text", band.size)
    weight = next((w for w in band.weights if _wide(plain, w) <= head.width()), "")
    if not weight or head.height() < 2 * _HEADING:
        return [size]
    return [size, (plain, "text-muted", weight)]


# Beside stages that lie below each other


class _Label(NamedTuple):
    """Where on the screen everything beside one stage stands."""

    bracket: list[QLineF]
    size: QRectF
    weight: QRectF
    ground: list[QRectF]
    bar: QRectF | None
    """The length of all parameters; None where it has no room."""


def _paint_beside(
    painter: QPainter,
    bands: Sequence[Band],
    frames: Frames,
    to_screen: QTransform,
    sight: "_Sight",
) -> None:
    told = [
        (band, area)
        for band in bands
        if (area := to_screen.mapRect(band.areas[0])).height() >= _LEAST_HEIGHT
        and area.intersects(sight.view)
    ]
    named = [_names_of(band, to_screen) for band, _area in told]
    wide = _with_frames([area for _band, area in told], frames.areas, sight.view)
    for (band, area), names in zip(told, named, strict=True):
        whole = QRectF(wide.left(), area.top(), wide.width(), area.height())
        label = _label(band, whole, sight, frames.words, apart=not any(named))
        _paint_label(painter, band, label)
        _paint_names_before(painter, names, whole.left() - _BESIDE)


def _with_frames(areas: Sequence[QRectF], frames: Sequence[QRectF], view: QRectF) -> QRectF:
    """Stages as wide as the frames round their cards, where that leaves room beside them."""
    whole = QRectF()
    for area in areas:
        whole |= area
    for frame in [frame for frame in frames if frame.intersects(view & whole)]:
        if frame.right() + _TOLD <= view.right():
            whole.setRight(max(whole.right(), frame.right()))
        if frame.left() - _TOLD >= view.left():
            whole.setLeft(min(whole.left(), frame.left()))
    return whole


class _Sight(NamedTuple):
    """The view, and what of it lies below the map in its corner."""

    view: QRectF
    covered: QRectF

    @property
    def above(self) -> QRectF:
        """What of the view is above the map."""
        return QRectF(self.view.topLeft(), QPointF(self.view.right(), self.covered.top()))

    @property
    def aside(self) -> QRectF:
        """What of the view is left of the map."""
        return QRectF(self.view.topLeft(), QPointF(self.covered.left(), self.view.bottom()))

    def clear_for(self, area: QRectF, width: float) -> QRectF:
        """The part of the view in which what stands beside a stage is not covered.

        It moves up along its stage; where nothing of that is left, it moves inwards.
        """
        x = min(area.right() + _BESIDE, self.view.right() - width)
        label = QRectF(x, area.top(), width, area.height()) & self.view
        if not label.intersects(self.covered):
            return self.view
        return self.above if (area & self.above).height() >= _LEAST_HEIGHT else self.aside


def _label(band: Band, area: QRectF, sight: _Sight, words: Sequence[QRectF], apart: bool) -> _Label:
    """``apart``: the size stands on the other side, where there are no names."""
    wide, rest = _wide(_strong(), band.size), _wide(_plain(), band.weight)
    width = rest if apart else wide + _WORDS + rest
    whole = width + 3 * _BESIDE + _HOOK
    clear = sight.clear_for(area, whole)
    x = min(area.right() + _BESIDE, clear.right() - whole)
    barred, left = 0 < band.share < 1 and area.height() >= _BARRED, x + _BESIDE + 2
    room = area.intersected(clear)
    room.setRight(clear.right())
    left, middle = _spot(room, QRectF(left, 0, width, _TALL), words)
    line = middle - 3 if barred else middle
    size = QRectF(left, line - 10, wide, 20)
    if apart:
        size = QRectF(area.left() - 2 * _BESIDE - wide, middle - 10, wide, 20)
    weight = QRectF(left + width - rest, line - 10, rest, 20)
    return _Label(
        bracket=_bracket(x, area, sight.covered),
        size=size,
        weight=weight,
        ground=[size, weight] if apart else [size | weight],
        bar=QRectF(left, line + 10, _SHARE, 3) if barred else None,
    )


def _spot(room: QRectF, label: QRectF, words: Sequence[QRectF]) -> tuple[float, float]:
    """Where a label begins and how far down it stands: clear of words, where there is room.

    Best in the middle, else further up or down, else further to the right.
    """
    middle, half = room.center().y(), label.height() / 2
    beside = [w for w in words if w.left() < label.right() and w.right() > label.left()]
    ends = [end for w in beside for end in (w.top() - half, w.bottom() + half)]
    inner = (at for at in ends if room.top() + half <= at <= room.bottom() - half)
    for at in sorted((middle, *inner), key=lambda at: abs(at - middle)):
        if not any(w.top() < at + half and w.bottom() > at - half for w in beside):
            return label.left(), at
    past = max(word.right() for word in beside) + _WORDS
    return past if past + label.width() <= room.right() else label.left(), middle


def _bracket(x: float, area: QRectF, covered: QRectF) -> list[QLineF]:
    """As tall as the stage; what would run below the map is left out, and the end with it."""
    top, bottom = area.top() + 3, area.bottom() - 3
    above = QLineF(x - _HOOK, top, x, top)
    if covered.left() - _HOOK < x < covered.right() + _HOOK and top < covered.top() < bottom:
        return [above, QLineF(x, top, x, covered.top() - 1)]
    return [above, QLineF(x, top, x, bottom), QLineF(x - _HOOK, bottom, x, bottom)]


def _paint_label(painter: QPainter, band: Band, label: _Label) -> None:
    painter.setPen(QPen(theme().color("border-strong"), 1.25))
    painter.drawLines(label.bracket)
    for ground in label.ground:
        _paint_ground(painter, ground.adjusted(-6, 0, 6, 0))
    for font, token, room, text in (
        (_strong(), "text", label.size, band.size),
        (_plain(), "text-muted", label.weight, band.weight),
    ):
        _write(painter, font, token, QPointF(room.left(), room.center().y() + _DROP), text)
    if label.bar is not None:
        _paint_share(painter, label.bar, band.share)


def _paint_share(painter: QPainter, track: QRectF, share: float) -> None:
    """How much of the network's parameters a stage has."""
    color = theme().color("accent")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(color, 0.16))
    painter.drawRoundedRect(track, 1.5, 1.5)
    painter.setBrush(color)
    track.setWidth(max(track.height(), track.width() * share))
    painter.drawRoundedRect(track, 1.5, 1.5)


def _names_of(band: Band, to_screen: QTransform) -> list[tuple[float, str]]:
    """Where down the screen each name stands; none where they would be a crowd."""
    if len(band.members) > MOST_NAMED or to_screen.m11() >= NAMED:
        return []
    heights = sorted((to_screen.map(QPointF(0, y)).y(), name) for y, name in band.members)
    crowded = any(low - high < _NAME_PITCH for (high, _), (low, _) in pairwise(heights))
    return [] if crowded else heights


def _paint_names_before(painter: QPainter, names: list[tuple[float, str]], right: float) -> None:
    """Names that end at the left of the cards."""
    font = canvas_font("caption", NAME_PIXELS)
    metrics = QFontMetricsF(font)
    for y, name in names:
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_MOST)
        at = QPointF(right - metrics.horizontalAdvance(shown), y + _DROP)
        _write(painter, font, "text-muted", at, shown)


# Texts


def _strong() -> QFont:
    return canvas_font("strong", _PIXELS)


def _plain() -> QFont:
    return canvas_font("caption", _PIXELS)


def _wide(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _paint_ground(painter: QPainter, ground: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(theme().color("canvas"), 0.85))
    painter.drawRoundedRect(ground, 6, 6)


def _write(painter: QPainter, font: QFont, token: str, at: QPointF, text: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().color(token))
    painter.drawText(at, text)
