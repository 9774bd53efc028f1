"""What is not there yet: the card under the pointer, and the preview of a repair."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Position
from resnet_studio.core.placing import placed
from resnet_studio.core.routing import Lanes, Route, route
from resnet_studio.gui.canvas import card_painting, far_texts, painting
from resnet_studio.gui.canvas.looks import Look, Looks, Shown, shape_text
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.standing import Standing
from resnet_studio.gui.canvas.wire import path_of
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme

_TRANSLUCENT = 0.72
_FAR_LINE = 1.5
"""Width of lines from afar, in pixels of the screen."""


class GhostCard(QGraphicsItem):
    """A card that follows the pointer until it is dropped."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setOpacity(_TRANSLUCENT)
        self.setZValue(9)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, *self.look.extent).adjusted(-8, -8, 16, 16)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        card_painting.paint_card(painter, self.look, Mood(hovered=True), zoom)


class RepairGhost(QGraphicsItem):
    """The nodes and wires that a repair brings.

    While it is shown, the cards and wires that are there already look, and stand, as they will;
    ``end`` puts everything back.
    """

    def __init__(self, session: Session, scene: NetworkScene, document: Document) -> None:
        super().__init__()
        self._session, self._scene = session, scene
        after = Shown.trial(session, document)
        before = session.graph
        extents = {key: card_extent(n, document) for key, n in after.graph.nodes.items()}
        places = placed(after.graph, extents, scene.places)
        self._added = {key for key in after.graph.nodes if key not in before.nodes}
        kept = set(after.graph.edges)
        self._removed = [edge for edge in before.edges if edge not in kept]
        looks = Looks(after)
        self._cards = [(QPointF(*places[key]), looks.of(key)) for key in sorted(self._added)]
        self._places_before = {key: scene.places[key] for key in places if key in scene.places}
        scene.preview(after, places)
        scene.mark_changed(_changed(before, after.graph))
        for edge in self._removed:
            scene.show_wire(edge, shown=False)
        self._wires = self._route(after, looks, places, {*before.edges})
        self._rect = self._bounds()
        self.setZValue(8)

    def end(self) -> None:
        """Puts the cards and wires back as they were."""
        scene = self._scene
        for edge in self._removed:
            scene.show_wire(edge, shown=True)
        scene.mark_changed(())
        scene.preview(Shown.now(self._session), self._places_before)

    def _route(
        self,
        after: Shown,
        looks: Looks,
        places: Mapping[str, Position],
        there: set[Edge],
    ) -> list[tuple[Route, str, bool]]:
        """The way, the label and the kind of each new wire."""
        there_after = Standing(looks, dict(places))
        lanes = Lanes()
        wires = []
        for edge in after.graph.edges:
            if edge in there and not {edge.source, edge.target} & self._added:
                continue
            start, end = (
                there_after.output_at(edge.source, edge.output),
                there_after.input_at(edge.target, edge.slot),
            )
            way = route(start, end, (edge.source, edge.target), there_after, lanes)
            label = shape_text(after.outcome(edge.source), edge.output)
            wires.append((way, label, looks.wiring.identity(edge)))
        return wires

    def cards_area(self) -> QRectF:
        """The room that the new cards take; empty where there are none."""
        rect = QRectF()
        for corner, look in self._cards:
            rect |= QRectF(corner.x(), corner.y(), *look.extent)
        return rect

    def _bounds(self) -> QRectF:
        rect = self.cards_area()
        for way, label, _identity in self._wires:
            rect |= path_of(way).boundingRect()
            rect |= painting.label_rect(QPointF(*way.label), label)
        return rect.adjusted(-16, -16, 16, 16)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        color = theme().color("ok")
        far = zoom < painting.FAR
        for way, _label, _identity in self._wires:
            width = _FAR_LINE / zoom if far else 2.25
            painting.paint_wire(painter, path_of(way), color, width, dashed=True)
        if far:
            for corner, look in self._cards:
                _paint_far_card(painter, QRectF(corner.x(), corner.y(), *look.extent), look)
            return
        for way, label, _identity in self._wires:
            rect = painting.label_rect(QPointF(*way.label), label)
            painting.paint_label(painter, rect, label, color, strong=True)
        for corner, look in self._cards:
            self._paint_card(painter, corner, look, zoom)

    def _paint_card(self, painter: QPainter, corner: QPointF, look: Look, zoom: float) -> None:
        painter.save()
        painter.translate(corner)
        painter.setOpacity(_TRANSLUCENT)
        card_painting.paint_card(painter, look, Mood(changed=True), zoom)
        painter.setOpacity(1.0)
        pen = QPen(theme().color("ok"), 1.75)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        body = QRectF(0, 0, *look.extent)
        painter.drawRoundedRect(body, card_painting.CORNER, card_painting.CORNER)
        painter.restore()


def _paint_far_card(painter: QPainter, card: QRectF, look: Look) -> None:
    """A card as it is seen from afar, in the pixels of the screen: a frame and a name."""
    color = theme().color("ok")
    body = painter.worldTransform().mapRect(card)
    painter.save()
    painter.resetTransform()
    painter.setBrush(painting.mixed(theme().color("surface"), color, 0.16))
    pen = QPen(color, _FAR_LINE)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawRect(body)
    painter.restore()
    far_texts.paint_name(painter, card, look)


def _changed(before: Graph, after: Graph) -> set[str]:
    """The nodes of which more than the place changes."""
    return {
        key
        for key, node in after.nodes.items()
        if key in before.nodes and _differs(node, before.nodes[key])
    }


def _differs(one: Node, other: Node) -> bool:
    """Whether more than the place of a node changed."""
    return (one.type, one.config, one.repeat) != (
        other.type,
        other.config,
        other.repeat,
    )
