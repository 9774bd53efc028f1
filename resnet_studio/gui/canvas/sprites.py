"""Pictures of cards and labels, painted once and then copied to the screen.

A card is some thirty strokes of the painter, its picture is one; while a view moves, the same
cards are painted again and again.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import floor
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

_MOST_BYTES = 64 << 20
LARGEST = 2.6
"""From this many pixels a unit on, the few cards in sight are painted straight to the screen."""

Draw = Callable[[QPainter], None]


class Sprite(NamedTuple):
    """A picture, what it shows, and where its corner is from what it is a picture of."""

    content: object
    scale: float
    picture: QPixmap
    left: float
    top: float


class Sprites:
    """Keeps pictures under a key, the last used ones up to a number of bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Sprite] = OrderedDict()
        self._bytes = 0

    def get(
        self, key: Hashable, content: object, scale: float, hurried: bool = False
    ) -> Sprite | None:
        """The picture of this content at ``scale`` pixels a unit; where ``hurried``, at any."""
        kept = self._kept.get(key)
        if kept is None or (kept.scale != scale and not hurried) or kept.content != content:
            return None
        self._kept.move_to_end(key)
        return kept

    def paint(
        self,
        key: Hashable,
        content: object,
        scale: float,
        room: QRectF,
        draw: Draw,
        ground: QPixmap | None = None,
    ) -> Sprite:
        """Paints a picture of ``room``, upon a copy of ``ground`` if there is one, and keeps it."""
        picture = _painted(scale, room, draw, ground)
        self._bytes += _size(picture)
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= _size(before.picture)
        found = self._kept[key] = Sprite(content, scale, picture, room.x(), room.y())
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            self._bytes -= _size(self._kept.popitem(last=False)[1].picture)
        return found

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0


def _size(picture: QPixmap) -> int:
    return 4 * picture.width() * picture.height()


def _painted(scale: float, room: QRectF, draw: Draw, ground: QPixmap | None) -> QPixmap:
    if ground is not None:
        picture = ground.copy()
    else:
        picture = QPixmap(int(room.width() * scale) + 2, int(room.height() * scale) + 2)
        picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    painter.translate(-room.topLeft())
    draw(painter)
    painter.end()
    return picture


def _pixel(place: float) -> int:
    """The nearest whole pixel; always upwards from the middle, so that it scrolls evenly."""
    return floor(place + 0.5)


class Stamp:
    """Copies pictures to whole pixels of a painter whose world transform is set."""

    def __init__(self, painter: QPainter) -> None:
        to_view = painter.worldTransform()
        device = painter.device()
        self._painter = painter
        self.zoom = to_view.m11()
        self._dx, self._dy = to_view.dx(), to_view.dy()
        self._ratio = device.devicePixelRatioF() if device is not None else 1.0
        self.scale = self.zoom * self._ratio

    def put(self, x: float, y: float, sprite: Sprite) -> None:
        """Copies the picture of what stands at a place of the scene."""
        left = ((x + sprite.left) * self.zoom + self._dx) * self._ratio
        top = ((y + sprite.top) * self.zoom + self._dy) * self._ratio
        picture = sprite.picture
        if sprite.scale != self.scale:
            self._stretch(left, top, sprite)
        elif self._ratio == 1.0:
            self._painter.drawPixmap(_pixel(left), _pixel(top), picture)
        else:
            self._stretch(_pixel(left), _pixel(top), sprite)

    def _stretch(self, left: float, top: float, sprite: Sprite) -> None:
        """Copies a picture of another scale, or to a screen of several pixels a unit."""
        picture, ratio = sprite.picture, self._ratio
        by = self.scale / sprite.scale / ratio
        target = QRectF(left / ratio, top / ratio, picture.width() * by, picture.height() * by)
        self._painter.drawPixmap(target, picture, QRectF(picture.rect()))
