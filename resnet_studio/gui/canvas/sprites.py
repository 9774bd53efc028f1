"""Pictures of cards and labels, painted once and then copied to the screen.

A card is some thirty strokes of the painter, its picture is one; while a view moves, the same
cards are painted again and again.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

_MOST_BYTES = 64 << 20
LARGEST = 2.6
"""From this many pixels a unit on, the few cards in sight are painted straight to the screen."""

Draw = Callable[[QPainter], None]


class Sprites:
    """Keeps pictures under a key, the last used ones up to a number of bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, float, QPixmap]] = OrderedDict()
        self._bytes = 0

    def get(
        self, key: Hashable, content: object, scale: float, room: QRectF, draw: Draw
    ) -> QPixmap:
        """The picture of ``room`` at ``scale`` pixels a unit; painted if ``content`` is new."""
        kept = self._kept.get(key)
        if kept is not None and kept[1] == scale and kept[0] == content:
            self._kept.move_to_end(key)
            return kept[2]
        picture = _painted(scale, room, draw)
        self._keep(key, content, scale, picture)
        return picture

    def roughly(self, key: Hashable, content: object) -> QPixmap | None:
        """The picture at whatever scale it was painted last; None where there is none."""
        kept = self._kept.get(key)
        return kept[2] if kept is not None and kept[0] == content else None

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def _keep(self, key: Hashable, content: object, scale: float, picture: QPixmap) -> None:
        before = self._kept.pop(key, None)
        self._bytes += _size(picture) - (_size(before[2]) if before is not None else 0)
        self._kept[key] = (content, scale, picture)
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _key, (_content, _scale, old) = self._kept.popitem(last=False)
            self._bytes -= _size(old)


def _size(picture: QPixmap) -> int:
    return 4 * picture.width() * picture.height()


def _painted(scale: float, room: QRectF, draw: Draw) -> QPixmap:
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

    def put(self, corner: QPointF, picture: QPixmap) -> None:
        """Copies a picture, painted at ``scale``, to a place of the scene."""
        x = round((corner.x() * self.zoom + self._dx) * self._ratio)
        y = round((corner.y() * self.zoom + self._dy) * self._ratio)
        if self._ratio == 1.0:
            self._painter.drawPixmap(x, y, picture)
            return
        ratio = self._ratio
        target = QRectF(x / ratio, y / ratio, picture.width() / ratio, picture.height() / ratio)
        self._painter.drawPixmap(target, picture, QRectF(picture.rect()))

    def stretch(self, room: QRectF, picture: QPixmap) -> None:
        """Copies a picture of another scale to where ``room`` of the scene is."""
        corner = QPointF(room.x() * self.zoom + self._dx, room.y() * self.zoom + self._dy)
        target = QRectF(corner, room.size() * self.zoom)
        self._painter.drawPixmap(target, picture, QRectF(picture.rect()))
