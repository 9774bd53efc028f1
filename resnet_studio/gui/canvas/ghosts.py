"""What is not there yet: the card under the pointer, and the preview of a repair."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.document import Document, Edge, Node
from resnet_studio.core.layout import Position, bypasses
from resnet_studio.core.placing import placed
from resnet_studio.core.routing import Lanes, Obstacles, Route, route
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.looks import Look, Looks, Shown, shape_text
from resnet_studio.gui.canvas.node_item import NodeItem
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.wire_item import path_of
from resnet_studio.gui.session import Session
from resnet_studio.gui.theme import theme

_TRANSLUCENT = 0.72


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
        painting.paint_card(painter, self.look, Mood(hovered=True), zoom)


class RepairGhost(QGraphicsItem):
    """The nodes and wires that a repair brings.

    While it is shown, the cards and wires that are there already look, and stand, as they will;
    ``end`` puts everything back.
    """

    def __init__(self, session: Session, scene: NetworkScene, document: Document) -> None:
        super().__init__()
        self._session, self._scene = session, scene
        self._looks_before = {key: item.look for key, item in scene.nodes.items()}
        after = Shown.trial(session, document)
        before = session.graph
        looks = Looks().update(after)
        extents = {key: look.extent for key, look in looks.items()}
        places = placed(after.graph, extents, scene.places)
        self._added = {key for key in after.graph.nodes if key not in before.nodes}
        self._changed = {
            key
            for key, node in after.graph.nodes.items()
            if key in before.nodes and _differs(node, before.nodes[key])
        }
        kept = set(after.graph.edges)
        self._removed = [edge for edge in before.edges if edge not in kept]
        self._cards = [(QPointF(*places[key]), looks[key]) for key in sorted(self._added)]
        self._wires = self._route(after, before.edges, looks, places)
        self._rect = self._bounds()
        self.setZValue(8)
        self._show(after, looks, places, on=True)

    def end(self) -> None:
        """Puts the cards and wires back as they were."""
        now = Shown.now(self._session)
        self._show(now, self._looks_before, self._scene.places, on=False)

    def _show(
        self,
        shown: Shown,
        looks: Mapping[str, Look],
        places: Mapping[str, Position],
        *,
        on: bool,
    ) -> None:
        nodes, wires = self._scene.nodes, self._scene.wires
        for key, item in nodes.items():
            if key in looks and key in places:
                item.set_look(looks[key])
                self._scene.move_item(key, QPointF(*places[key]))
        self._scene.label_wires(shown)
        for key in self._changed & nodes.keys():
            nodes[key].set_mood(replace(nodes[key].mood, changed=on))
        for edge in self._removed:
            if edge in wires:
                wires[edge].set_shown(not on)
        self._scene.reroute()

    def _route(
        self,
        after: Shown,
        old: tuple[Edge, ...],
        looks: dict[str, Look],
        places: dict[str, Position],
    ) -> list[tuple[Route, str, bool]]:
        """The way, the label and the kind of each new wire."""
        items = {key: NodeItem(key, look) for key, look in looks.items()}
        for key, item in items.items():
            item.setPos(*places[key])
        obstacles = Obstacles(item.obstacle for item in items.values())
        lanes, there, identity = Lanes(), set(old), bypasses(after.graph.structure)
        wires = []
        for edge in after.graph.edges:
            if edge in there and not {edge.source, edge.target} & self._added:
                continue
            start = items[edge.source].output_point(edge.output).toTuple()
            end = items[edge.target].input_point(edge.slot).toTuple()
            way = route(start, end, (edge.source, edge.target), obstacles, lanes)
            label = shape_text(after.outcome(edge.source), edge.output)
            wires.append((way, label, edge in identity))
        return wires

    def _bounds(self) -> QRectF:
        rect = QRectF()
        for corner, look in self._cards:
            rect |= QRectF(corner.x(), corner.y(), *look.extent)
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
        for way, _label, _identity in self._wires:
            painting.paint_wire(painter, path_of(way), color, 2.25, dashed=True)
        for way, label, _identity in self._wires:
            rect = painting.label_rect(QPointF(*way.label), label)
            painting.paint_label(painter, rect, label, color, strong=True)
        for corner, look in self._cards:
            self._paint_card(painter, corner, look, zoom)

    def _paint_card(self, painter: QPainter, corner: QPointF, look: Look, zoom: float) -> None:
        painter.save()
        painter.translate(corner)
        painter.setOpacity(_TRANSLUCENT)
        painting.paint_card(painter, look, Mood(changed=True), zoom)
        painter.setOpacity(1.0)
        pen = QPen(theme().color("ok"), 1.75)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        body = QRectF(0, 0, *look.extent)
        painter.drawRoundedRect(body, painting.CORNER, painting.CORNER)
        painter.restore()


def _differs(one: Node, other: Node) -> bool:
    """Whether more than the place of a node changed."""
    return (one.type, one.config, one.repeat) != (
        other.type,
        other.config,
        other.repeat,
    )
