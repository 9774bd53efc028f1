"""What the canvas is measured beside: the least one can paint, and the plain way with items."""

from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from resnet_studio.core.document import Document
from resnet_studio.core.faces import CARD_HEIGHT, CARD_WIDTH

_COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#9c755f", "#76b7b2")


def _kinds(document: Document) -> dict[str, int]:
    kinds = sorted({node.type for node in document.network.nodes.values()})
    return {kind: i % len(_COLOURS) for i, kind in enumerate(kinds)}


def _card(document: Document, key: str) -> QRectF:
    return QRectF(*document.network.nodes[key].position, CARD_WIDTH, CARD_HEIGHT)  # type: ignore[misc]


def whole(document: Document) -> QRectF:
    """The room that all cards take."""
    places = [node.position or (0.0, 0.0) for node in document.network.nodes.values()]
    left, top = min(x for x, _ in places), min(y for _, y in places)
    right, bottom = max(x for x, _ in places), max(y for _, y in places)
    return QRectF(left, top, right - left + CARD_WIDTH, bottom - top + CARD_HEIGHT)


class Floor(QWidget):
    """One widget: boxes by colour and lines, a call of the painter for each list."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        kinds = _kinds(document)
        self._boxes: dict[int, list[QRectF]] = {}
        for key, node in document.network.nodes.items():
            self._boxes.setdefault(kinds[node.type], []).append(_card(document, key))
        self._lines = [
            QLineF(_outlet(document, edge.source), _inlet(document, edge.target))
            for edge in document.network.edges
        ]
        self._area = whole(document)
        self.shift = 0.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#fafafa"))
        zoom = min(self.width() / self._area.width(), self.height() / self._area.height())
        painter.translate(self.shift, 0)
        painter.scale(zoom, zoom)
        painter.translate(-self._area.topLeft())
        pen = QPen(QColor("#888888"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(self._lines)
        for colour, boxes in self._boxes.items():
            painter.setBrush(QColor(_COLOURS[colour]))
            painter.drawRects(boxes)


def _outlet(document: Document, key: str) -> QPointF:
    card = _card(document, key)
    return QPointF(card.center().x(), card.bottom())


def _inlet(document: Document, key: str) -> QPointF:
    card = _card(document, key)
    return QPointF(card.center().x(), card.top())


class BareItem(QGraphicsItem):
    """One painted item a node: a rounded box and three texts, which are left away from afar."""

    def __init__(self, key: str, kind: str, colour: QColor) -> None:
        super().__init__()
        self._texts = (key, kind, "56×56×64")
        self._colour = colour
        self.edges: list[BareEdge] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges)

    def boundingRect(self) -> QRectF:
        return QRectF(-2, -2, CARD_WIDTH + 4, CARD_HEIGHT + 4)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        body = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        painter.setPen(QPen(self._colour, 1.0))
        painter.setBrush(QColor("#ffffff"))
        if option.levelOfDetailFromTransform(painter.worldTransform()) < 0.45:
            painter.drawRect(body)
            return
        painter.drawRoundedRect(body, 8, 8)
        painter.setPen(QColor("#222222"))
        for text, y in zip(self._texts, (16, 32, 48), strict=True):
            painter.drawText(QPointF(12, y), text)

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            for edge in self.edges:
                edge.follow()
        return value


class BareEdge(QGraphicsPathItem):
    """One path item a wire."""

    def __init__(self, source: BareItem, target: BareItem) -> None:
        super().__init__()
        self._source, self._target = source, target
        self.setPen(QPen(QColor("#888888"), 1.75))
        self.setZValue(-1)
        self.follow()

    def follow(self) -> None:
        start = self._source.pos() + QPointF(CARD_WIDTH / 2, CARD_HEIGHT)
        end = self._target.pos() + QPointF(CARD_WIDTH / 2, 0)
        path = QPainterPath(start)
        reach = QPointF(0, abs(end.y() - start.y()) / 2)
        path.cubicTo(start + reach, end - reach, end)
        self.setPath(path)


class BareView(QGraphicsView):
    """A QGraphicsView as its manual has it, with the settings that are known to help."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setScene(QGraphicsScene(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setSceneRect(whole(document).adjusted(-4000, -4000, 4000, 4000))
        self.cards: dict[str, BareItem] = {}
        kinds = _kinds(document)
        for key, node in document.network.nodes.items():
            item = self.cards[key] = BareItem(key, node.type, QColor(_COLOURS[kinds[node.type]]))
            item.setPos(*node.position)  # type: ignore[misc]
            self.scene().addItem(item)
        for edge in document.network.edges:
            ends = self.cards[edge.source], self.cards[edge.target]
            wire = BareEdge(*ends)
            for end in ends:
                end.edges.append(wire)
            self.scene().addItem(wire)

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = 1.16 ** (event.angleDelta().y() / 120)
        self.scale(factor, factor)
