"""The lines that a dragged card snaps to, drawn while it is held."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.arranging import Box, Guide, guided
from resnet_studio.core.layout import Position, snap
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_REACH = 6.0
"""How near a line must be, in pixels of the screen, to take hold of the card."""
_AROUND = 420.0
"""Only cards within this distance of the dragged one are lines to keep to."""
_MANY = 24
"""More cards than this are moved by the eye, not by lines."""
_TICK = 4.0


class Guides:
    """Where the card in the hand comes to stand, and the lines that say why."""

    def __init__(self, canvas: "Canvas", moving: Iterable[str]) -> None:
        self._canvas, self._moving = canvas, frozenset(moving)
        self._item = _GuideItem()
        canvas.add_overlay(self._item)

    def stand(self, wanted: QPointF, extent: tuple[float, float], *, free: bool) -> Position:
        """The place for a card held at ``wanted``; where it is ``free``, on the grid alone."""
        if free or self._canvas.is_far() or len(self._moving) > _MANY:
            self._item.show_guides([])
            return snap(wanted.x()), snap(wanted.y())
        box = Box(wanted.x(), wanted.y(), *extent)
        reach = min(_REACH / self._canvas.zoom_level(), 24.0)
        place, guides = guided(box, self._others(box), reach)
        self._item.show_guides(guides)
        return place

    def _others(self, box: Box) -> list[Box]:
        scene = self._canvas.network
        area = QRectF(*box).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        cards = (scene.nodes[k].card for k in scene.nodes_in(area) - self._moving)
        return [Box(c.left(), c.top(), c.width(), c.height()) for c in cards]

    def end(self) -> None:
        self._canvas.remove_overlay(self._item)


class _GuideItem(QGraphicsItem):
    """Paints the guides: lines through what is level, arrows of equal length for gaps."""

    def __init__(self) -> None:
        super().__init__()
        self._guides: list[Guide] = []
        self.setZValue(11)

    def show_guides(self, guides: list[Guide]) -> None:
        if guides != self._guides:
            self.prepareGeometryChange()
            self._guides = guides
            self.update()

    def boundingRect(self) -> QRectF:
        rect = QRectF()
        for guide in self._guides:
            ends = QRectF(QPointF(*guide.start), QPointF(*guide.end)).normalized()
            rect |= ends.adjusted(-48, -24, 48, 24)
        return rect

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for guide in self._guides:
            if guide.gap is None:
                self._line(painter, guide)
            else:
                self._gap(painter, guide, guide.gap)

    def _pen(self, dashed: bool) -> QPen:
        pen = QPen(theme().color("accent"), 1.0)
        pen.setCosmetic(True)
        if dashed:
            pen.setDashPattern([5, 4])
        return pen

    def _line(self, painter: QPainter, guide: Guide) -> None:
        painter.setPen(self._pen(dashed=True))
        painter.drawLine(QPointF(*guide.start), QPointF(*guide.end))

    def _gap(self, painter: QPainter, guide: Guide, gap: float) -> None:
        start, end = QPointF(*guide.start), QPointF(*guide.end)
        painter.setPen(self._pen(dashed=False))
        painter.drawLine(start, end)
        across = QPointF(_TICK, 0) if start.x() == end.x() else QPointF(0, _TICK)
        for tip in (start, end):
            painter.drawLine(tip - across, tip + across)
        text = f"{gap:.0f}"
        rect = painting.label_rect((start + end) / 2, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painting.paint_label(painter, rect, text, theme().color("accent"), strong=True)
