"""The lines that a dragged card snaps to, drawn while it is held."""

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.guiding import Box, Guide, Others, guided
from resnet_studio.core.layout import Position, snap
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_REACH = 6.0
"""How near a line must be, in pixels of the screen, to take hold of the card."""
_AROUND = 420.0
"""Only cards within this distance of the dragged one are lines to keep to."""
_ELSEWHERE = 160.0
"""When the dragged card moved further than this, the cards around it are gathered again."""
_MANY = 24
"""More cards than this are moved by the eye, not by lines."""
_TICK = 4.0


class Guides:
    """Where the card in the hand comes to stand, and the lines that say why."""

    def __init__(self, canvas: "Canvas", moving: Iterable[str]) -> None:
        self._canvas, self._moving = canvas, frozenset(moving)
        self._items: list[_GuideItem] = []
        self._gathered: tuple[QPointF, Others] | None = None

    def stand(self, wanted: QPointF, extent: tuple[float, float], *, free: bool) -> Position:
        """The place for a card held at ``wanted``; where it is ``free``, on the grid alone."""
        if free or self._canvas.is_far() or len(self._moving) > _MANY:
            self._show([])
            return snap(wanted.x()), snap(wanted.y())
        box = Box(wanted.x(), wanted.y(), *extent)
        reach = min(_REACH / self._canvas.zoom_level(), 24.0)
        place, guides = guided(box, self._others(box), reach)
        self._show(guides)
        return place

    def _others(self, box: Box) -> Others:
        """The cards around; gathered again when the dragged one is elsewhere by a good part."""
        here = QPointF(box.left, box.top)
        if self._gathered is None or (here - self._gathered[0]).manhattanLength() > _ELSEWHERE:
            self._gathered = here, Others(self._boxes(box))
        return self._gathered[1]

    def _boxes(self, box: Box) -> Iterator[Box]:
        drawing = self._canvas.network.drawing
        area = QRectF(*box).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        for card in drawing.between(area.top(), area.bottom(), area.left(), area.right()):
            if card.key not in self._moving:
                yield Box(card.left, card.top, card.right - card.left, card.bottom - card.top)

    def _show(self, guides: list[Guide]) -> None:
        for _ in range(len(guides) - len(self._items)):
            self._items.append(_GuideItem())
            self._canvas.add_overlay(self._items[-1])
        for item, guide in itertools.zip_longest(self._items, guides):
            item.show_guide(guide)

    def end(self) -> None:
        for item in self._items:
            self._canvas.remove_overlay(item)
        self._items = []


class _GuideItem(QGraphicsItem):
    """Paints one guide: a line through what is level, an arrow for one of several equal gaps.

    An item each, so that the screen is painted anew along the lines alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._guide: Guide | None = None
        self.setZValue(11)

    def show_guide(self, guide: Guide | None) -> None:
        if guide != self._guide:
            self.prepareGeometryChange()
            self._guide = guide
            self.update()

    def boundingRect(self) -> QRectF:
        if self._guide is None:
            return QRectF()
        ends = QRectF(QPointF(*self._guide.start), QPointF(*self._guide.end)).normalized()
        if self._guide.gap is None:
            return ends.adjusted(-2, -2, 2, 2)
        return ends.adjusted(-48, -24, 48, 24)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        if self._guide is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._guide.gap is None:
            self._line(painter, self._guide)
        else:
            self._gap(painter, self._guide, self._guide.gap)

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
