"""The wire that follows the pointer: it passes below cards and labels, which stay legible."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QRegion
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.routing import Route
from resnet_studio.gui.canvas.painting import FAR
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.wire import path_of
from resnet_studio.gui.theme import theme

_WIDTH = 2.25
_MOST = 120
"""More cards than these in its way are too small to be read: it passes above them."""


class WireInHand(QGraphicsPathItem):
    """Painted above the network, but for where something stands that is to be read."""

    def __init__(self, scene: NetworkScene) -> None:
        super().__init__()
        self._network = scene
        self._tip = QPointF()
        self.setZValue(10)

    def lead(self, first: QPointF, last: QPointF, tip: QPointF, firm: bool) -> None:
        """Runs between two points, of which ``tip`` is the pointer's; dashed until it is firm."""
        self._tip = tip
        self.setPath(path_of(Route(((first.x(), first.y()), (last.x(), last.y())))))
        pen = QPen(theme().color("accent"), _WIDTH)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if not firm:
            pen.setDashPattern([4, 3])
        self.setPen(pen)

    def covered(self) -> list[QRectF]:
        """The cards and labels in its way; never the card that the pointer is upon."""
        area = self.path().boundingRect().adjusted(-_WIDTH, -_WIDTH, _WIDTH, _WIDTH)
        keys = self._network.nodes_in(area)
        if len(keys) > _MOST:
            return []
        cards = [self._network.nodes.sure(key).card for key in keys]
        return [card for card in cards if not card.contains(self._tip)] + self._labels(area)

    def _labels(self, area: QRectF) -> list[QRectF]:
        scene = self._network
        edges = scene.drawing.ways.crossing(area.left(), area.top(), area.right(), area.bottom())
        pills = (scene.wires.sure(edge).label_rect for edge in edges if edge not in scene.hidden)
        return [pill for pill in pills if pill.intersects(area)]

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        to_screen = painter.worldTransform()
        near = option.levelOfDetailFromTransform(to_screen) >= FAR
        covered = self.covered() if near else []
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if covered:
            painter.setClipPath(self._open(covered), Qt.ClipOperation.IntersectClip)
        painter.setPen(self.pen())
        painter.drawPath(self.path())
        painter.restore()

    def _open(self, covered: list[QRectF]) -> QPainterPath:
        """Everywhere but there."""
        around = QRegion(self.path().boundingRect().toAlignedRect().adjusted(-8, -8, 8, 8))
        for rect in covered:
            around -= QRegion(rect.toAlignedRect())
        free = QPainterPath()
        free.addRegion(around)
        return free
