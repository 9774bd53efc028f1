"""The picture of what is in sight, kept from frame to frame and mended where something changed.

Scrolling moves it and paints the strip that comes into sight.  Qt's own scrolling does that too,
but not below a widget that lies upon the canvas, as the minimap does.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

Paint = Callable[[QPainter, QRectF], None]
"""Paints an area of the scene, in its coordinates, upon whatever was there."""


class Backing:
    """One picture as large as the viewport."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint
        self._picture = QPixmap()
        self._state: object = None
        self._x = self._y = 0.0
        self._damaged = QRegion()

    def damage(self, area: QRect | None = None) -> None:
        """Paints an area of the viewport anew when it is next shown; without one, everything."""
        if area is None:
            self._state = None
        else:
            self._damaged += area

    def show(
        self, painter: QPainter, exposed: QRect, size: QSize, ratio: float, state: object
    ) -> None:
        """Copies the picture; it is painted afresh where ``state`` is not what it was."""
        to_view = painter.worldTransform()
        whole = QRect(0, 0, size.width(), size.height())
        state = (state, to_view.m11(), to_view.m22(), size, ratio)
        if state != self._state or not self._scroll(to_view, whole, ratio):
            self._begin(size, ratio)
            self._state, self._damaged = state, QRegion(whole)
        self._x, self._y = to_view.dx(), to_view.dy()
        self._mend(to_view, whole)
        painter.save()
        painter.resetTransform()
        if ratio == 1.0:
            painter.drawPixmap(exposed.topLeft(), self._picture, exposed)
        else:
            painter.setClipRect(exposed)
            painter.drawPixmap(0, 0, self._picture)
        painter.restore()

    def _begin(self, size: QSize, ratio: float) -> None:
        wanted = size * ratio
        if self._picture.size() != wanted:
            self._picture = QPixmap(wanted)
        self._picture.setDevicePixelRatio(ratio)

    def _scroll(self, to_view: QTransform, whole: QRect, ratio: float) -> bool:
        """Moves the picture along with the scene; False where that is by parts of a pixel."""
        across, down = (to_view.dx() - self._x) * ratio, (to_view.dy() - self._y) * ratio
        if not across and not down:
            return True
        far = abs(across) > whole.width() * ratio or abs(down) > whole.height() * ratio
        if far or across != int(across) or down != int(down):
            return False
        self._picture.scroll(int(across), int(down), self._picture.rect())
        by = round(to_view.dx() - self._x), round(to_view.dy() - self._y)
        self._damaged.translate(*by)
        self._damaged += QRegion(whole).subtracted(QRegion(whole.translated(*by)))
        return True

    def _mend(self, to_view: QTransform, whole: QRect) -> None:
        damaged = self._damaged.intersected(whole)
        self._damaged = QRegion()
        if damaged.isEmpty():
            return
        painter = QPainter(self._picture)
        inverse, _ok = to_view.inverted()
        area = damaged.boundingRect()
        painter.setClipRegion(damaged, Qt.ClipOperation.ReplaceClip)
        painter.setWorldTransform(to_view)
        self._paint(painter, inverse.mapRect(QRectF(area)))
        painter.end()
