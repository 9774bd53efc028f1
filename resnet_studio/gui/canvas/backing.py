"""The picture of what is in sight and of a margin about it, mended where something changed.

While a view moves, Qt shifts what is on the screen and asks for the strip that comes into sight:
most strips are copied from the margin, which is painted ahead in the direction of the movement.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

Paint = Callable[[QPainter, QRectF], None]
"""Paints an area of the scene, in its coordinates, upon whatever was there."""

MARGIN = 128
"""How far the picture reaches beyond each side of the view, in pixels of the view."""
EDGE = 4
"""Pixels by which lines reach beyond what they outline."""
_FEW = 4
"""So many pieces are painted one by one where little lies between them."""


class Backing:
    """One picture, larger than the viewport; its coordinates are pixels of the view."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint
        self._picture = QPixmap()
        self._state: object = None
        self._x = self._y = 0.0
        self._view = QRect()
        """What is in sight, in the picture."""
        self._whole = QRect()
        self._missing = QRegion()
        """What of the picture is not painted, or not as it is now."""
        self._damaged: list[QRectF] = []
        self._ahead = QPoint()

    def damage(self, area: QRectF | None = None) -> None:
        """Paints an area of the scene anew when it is next shown; without one, everything."""
        if area is None:
            self._state = None
        else:
            self._damaged.append(area)

    def show(
        self, painter: QPainter, exposed: QRect, size: QSize, ratio: float, state: object
    ) -> None:
        """Copies the picture; it is painted afresh where ``state`` is not what it was."""
        to_view = painter.worldTransform()
        state = (state, to_view.m11(), to_view.m22(), size, ratio)
        self._ahead = QPoint()
        if state != self._state or not self._scroll(to_view, ratio):
            self._begin(size, ratio)
            self._state = state
        self._x, self._y = to_view.dx(), to_view.dy()
        self._mend(to_view)
        painter.save()
        painter.resetTransform()
        if ratio == 1.0:
            painter.drawPixmap(
                exposed.topLeft(), self._picture, exposed.translated(self._view.topLeft())
            )
        else:
            painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
            painter.drawPixmap(-self._view.topLeft(), self._picture)
        painter.restore()

    def _begin(self, size: QSize, ratio: float) -> None:
        self._view = QRect(QPoint(MARGIN, MARGIN), size)
        self._whole = QRect(QPoint(), size + QSize(2 * MARGIN, 2 * MARGIN))
        wanted = self._whole.size() * ratio
        if self._picture.size() != wanted:
            self._picture = QPixmap(wanted)
        self._picture.setDevicePixelRatio(ratio)
        self._missing, self._damaged = QRegion(self._whole), []

    # Scrolling

    def _scroll(self, to_view: QTransform, ratio: float) -> bool:
        """Moves the view over the picture; False where that is by parts of a pixel, or far."""
        across, down = self._x - to_view.dx(), self._y - to_view.dy()
        if not across and not down:
            return True
        if across * ratio % 1 or down * ratio % 1:
            return False
        reach = self._whole.width(), self._whole.height()
        if abs(across) >= reach[0] or abs(down) >= reach[1]:
            return False
        self._view.translate(round(across), round(down))
        self._ahead = QPoint(_sign(across), _sign(down)) * MARGIN
        return self._whole.contains(self._view) or self._centre(ratio)

    def _centre(self, ratio: float) -> bool:
        """Moves the picture so that the view is in its middle again."""
        by = QPoint(MARGIN, MARGIN) - self._view.topLeft()
        if abs(by.x()) >= self._whole.width() or abs(by.y()) >= self._whole.height():
            return False
        across, down = round(by.x() * ratio), round(by.y() * ratio)
        self._picture.scroll(across, down, self._picture.rect())
        self._view.translate(by)
        self._missing.translate(by)
        self._missing += QRegion(self._whole).subtracted(QRegion(self._whole.translated(by)))
        return True

    # Painting

    def _mend(self, to_view: QTransform) -> None:
        """Paints what is missing in sight, and with it what comes into sight next."""
        to_picture = to_view * QTransform.fromTranslate(self._view.x(), self._view.y())
        self._take_damage(to_picture)
        if not self._missing.intersects(self._view):
            return
        wanted = QRegion(self._view) + self._view.translated(self._ahead)
        pieces = self._missing.intersected(wanted).intersected(self._whole)
        self._missing -= pieces
        painter = QPainter(self._picture)
        for piece in _together(pieces):
            self._paint_piece(painter, to_picture, piece)
        painter.end()

    def _take_damage(self, to_picture: QTransform) -> None:
        for area in self._damaged:
            here = to_picture.mapRect(area).toAlignedRect()
            self._missing += here.adjusted(-EDGE, -EDGE, EDGE, EDGE) & self._whole
        self._damaged = []

    def _paint_piece(self, painter: QPainter, to_picture: QTransform, piece: QRegion) -> None:
        inverse, _ok = to_picture.inverted()
        painter.save()
        painter.setClipRegion(piece, Qt.ClipOperation.ReplaceClip)
        painter.setWorldTransform(to_picture)
        self._paint(painter, inverse.mapRect(QRectF(piece.boundingRect())))
        painter.restore()


def _together(region: QRegion) -> list[QRegion]:
    """A region as it is painted: at once, or by pieces where most of its box is none of it."""
    pieces: list[QRect] = list(region)  # type: ignore[call-overload]
    box = region.boundingRect()
    covered = sum(piece.width() * piece.height() for piece in pieces)
    if len(pieces) > _FEW or 2 * covered > box.width() * box.height():
        return [region]
    return [QRegion(piece) for piece in pieces]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
