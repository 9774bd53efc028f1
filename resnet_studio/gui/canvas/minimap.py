"""The whole graph in a corner of the canvas; a press on it goes there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSettings, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.canvas.far_view import paint_bands, paint_batches
from resnet_studio.gui.canvas.painting import tinted
from resnet_studio.gui.theme import theme, theme_notifier
from resnet_studio.gui.widgets import Debounce

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_SIDE, _MARGIN, _INNER = 176.0, 12, 8.0
_SLIMMEST = 40.0
_TALLEST = 0.45
"""At most this share of the canvas' height."""
_LARGEST = 0.09
"""A small graph is not drawn larger than this: its map would cover what it shows."""
_FADED = 0.65
"""How opaque it is while it lies upon cards and the pointer is elsewhere."""
_PAUSE = 150
_SETTING = "canvas/minimap"


class Minimap(QWidget):
    """Shows itself as long as a part of the graph is out of sight.

    It lies in the viewport, not upon it: Qt shifts no pixels below a widget that lies above.
    """

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self._picture: QPixmap | None = None
        self._bounds = QRectF()
        self._upon_cards = False
        self.wanted = bool(QSettings().value(_SETTING, True, type=bool))
        self.setAccessibleName("Minimap")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._later = Debounce(self, _PAUSE, self._renew)
        scene = canvas.network
        scene.restarted.connect(self._later.start)
        scene.synced.connect(self._later.start)
        canvas.far.gathered.connect(self._later.start)
        for bar in (canvas.horizontalScrollBar(), canvas.verticalScrollBar()):
            bar.valueChanged.connect(self._follow)
        canvas.zoom_changed.connect(self._follow)
        theme_notifier().changed.connect(self._later.start)
        canvas.installEventFilter(self)
        self.hide()
        self._later.start()

    def want(self, wanted: bool) -> None:
        """Shows it where it is of use, or never; remembered."""
        self.wanted = wanted
        QSettings().setValue(_SETTING, wanted)
        self._renew()

    def covers(self) -> QRectF:
        """What of the viewport lies below it; empty while it is hidden."""
        return QRectF() if self.isHidden() else QRectF(self.geometry())

    # Keeping in step

    def _renew(self) -> None:
        """Paints the graph anew, and finds the size that it takes."""
        if self._canvas.network.loose.keys:
            # Once they have landed there is a map of where they stand.
            return
        self._bounds = self._canvas.framing.whole()
        self._picture = None
        before = self.covers()
        self._place()
        self._follow()
        if self.covers() != before:
            # Texts that keep clear of it stand elsewhere now.
            self._canvas.viewport().update()

    def _follow(self) -> None:
        """The part in sight changed."""
        bounds = self._bounds
        needed = bool(self.wanted) and not bounds.isEmpty() and not self._seen().contains(bounds)
        if needed == self.isHidden():
            self.setVisible(needed)
            self._canvas.viewport().update()
        if needed:
            self._stay()
            self._upon_cards = self._lies_upon_cards()
            self.update()

    def _place(self) -> None:
        if self._bounds.isEmpty():
            return
        tallest = self._canvas.height() * _TALLEST
        across, down = _SIDE / self._bounds.width(), tallest / self._bounds.height()
        scale = min(across, down, _LARGEST)
        width = max(self._bounds.width() * scale, _SLIMMEST) + 2 * _INNER
        height = max(self._bounds.height() * scale, _SLIMMEST) + 2 * _INNER
        self.resize(round(width), round(height))
        self._stay()

    def _stay(self) -> None:
        """Goes back to its corner: scrolling takes along what lies in the viewport."""
        home = self._canvas.viewport().rect()
        self.move(home.right() - self.width() - _MARGIN, home.bottom() - self.height() - _MARGIN)

    def _seen(self) -> QRectF:
        view = self._canvas.viewport().rect()
        return self._canvas.mapToScene(view).boundingRect()

    def _lies_upon_cards(self) -> bool:
        """Whether cards or comments lie below it."""
        area = self._canvas.mapToScene(self.geometry()).boundingRect()
        sides = area.left(), area.top(), area.right(), area.bottom()
        drawing = self._canvas.network.drawing
        rects = map(drawing.rect, drawing.within(*sides))
        upon = any(area.intersects(QRectF(QPointF(*r[1:3]), QPointF(*r[3:]))) for r in rects)
        return upon or any(map(area.intersects, self._canvas.framing.comments()))

    # From the scene to the map and back

    def _scale(self) -> float:
        inner = QRectF(self.rect()).adjusted(_INNER, _INNER, -_INNER, -_INNER)
        across, down = inner.width() / self._bounds.width(), inner.height() / self._bounds.height()
        return min(across, down, _LARGEST)

    def _to_map(self, painter: QPainter) -> None:
        scale, middle = self._scale(), self._bounds.center()
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(scale, scale)
        painter.translate(-middle.x(), -middle.y())

    def _to_scene(self, at: QPointF) -> QPointF:
        scale, middle = self._scale(), self._bounds.center()
        across = (at.x() - self.width() / 2) / scale
        down = (at.y() - self.height() / 2) / scale
        return QPointF(middle.x() + across, middle.y() + down)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bounds.isEmpty():
            return
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.setOpacity(_FADED if self._upon_cards and not self.underMouse() else 1.0)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_seen(painter)

    def _painted(self) -> QPixmap:
        """The map without the mark of what is in sight: what moves is painted by itself."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self._paint_ground(painter)
        self._to_map(painter)
        far = self._canvas.far
        bands = far.bands()
        if len(bands) > 1:
            # One alone would be a strip upon the ground, which means nothing.
            paint_bands(painter, bands)
        self._canvas.framing.paint_map(painter)
        paint_batches(painter, far.batches(), smooth=False)
        painter.end()
        return picture

    def _paint_ground(self, painter: QPainter) -> None:
        now = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.color("border"), 1))
        painter.setBrush(tinted(now.color("surface"), 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_seen(self, painter: QPainter) -> None:
        now = theme()
        painter.save()
        self._to_map(painter)
        seen = painter.worldTransform().mapRect(self._seen())
        painter.restore()
        shown = seen.intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.color("accent"), 1.5))
        painter.setBrush(tinted(now.color("accent"), 0.14))
        painter.drawRoundedRect(shown, 3, 3)

    # The hand

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, event: QMouseEvent) -> None:
        if not self._bounds.isEmpty():
            self._canvas.stay()
            self._canvas.centerOn(self._to_scene(event.position()))
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms the canvas round its middle."""
        self._canvas.zoom_by(1.16 ** (event.angleDelta().y() / 120))
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._later.start()
        return super().eventFilter(watched, event)
