"""The graph from near: cards with all they say, wires with their shapes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.card import DIMMED, MARGIN, result_point, room
from resnet_studio.gui.canvas.looks import UNKNOWN_SHAPE, Look
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.ports import Port, input_places, output_places
from resnet_studio.gui.canvas.sprites import LARGEST, Draw, Sprites, Stamp
from resnet_studio.gui.canvas.wire import Wire
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

_WIDTH, _IDENTITY_WIDTH = 1.75, 2.25
_LABEL_ROOM = 64.0


class NearView:
    """Paints what is in sight; the pictures of cards are kept from frame to frame."""

    def __init__(self, scene: "NetworkScene") -> None:
        self._scene = scene
        self._sprites = Sprites()
        self.hurried = False
        """The zoom is changing: cards may be shown from their last picture, stretched."""

    def forget(self) -> None:
        """Another theme, another graph: every card is painted anew."""
        self._sprites.clear()

    def paint(self, painter: QPainter, seen: QRectF) -> None:
        """Paints ``seen`` of the scene in the scene's coordinates."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = seen.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        wires = self._wires(area)
        keys = self._scene.keys_near(area.adjusted(0, -2 * MARGIN, 0, 0))
        self._paint_wires(painter, wires)
        stamp = Stamp(painter)
        direct = stamp.scale > LARGEST
        if not direct:
            painter.save()
            painter.resetTransform()
        self._paint_labels(painter, wires, stamp, direct)
        for key in keys:
            self._paint_card(painter, key, stamp, direct)
        if not direct:
            painter.restore()

    # Wires

    def _wires(self, area: QRectF) -> list[Wire]:
        scene = self._scene
        wide = area.adjusted(-_LABEL_ROOM, 0, _LABEL_ROOM, 0)
        found = [scene.wires[e] for e in scene.edges_near(wide) if e not in scene.hidden]
        return [wire for wire in found if wire.area.intersects(area)]

    def _paint_wires(self, painter: QPainter, wires: Iterable[Wire]) -> None:
        """One style at a time; identity links lie below, so that plain wires stay readable."""
        styles: dict[tuple[bool, int, float, bool], tuple[QPainterPath, list[QLineF]]] = {}
        for wire in wires:
            path, lines = styles.setdefault(self._style(wire), (QPainterPath(), []))
            points = wire.route.points
            if len(points) == 2 and points[0][0] == points[1][0]:
                lines.append(QLineF(*points[0], *points[1]))
            else:
                path.addPath(wire.path)
        for style in sorted(styles):
            _over, color, width, dashed = style
            path, lines = styles[style]
            painter.setPen(_pen(QColor.fromRgba(color), width, dashed))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if lines:
                painter.drawLines(lines)
            if not path.isEmpty():
                painter.drawPath(path)

    def _style(self, wire: Wire) -> tuple[bool, int, float, bool]:
        mood, identity = self._scene.mood(wire.edge), wire.identity
        color = painting.wire_color(identity, wire.faulty, mood)
        width = _IDENTITY_WIDTH if identity else _WIDTH
        dashed = wire.label == UNKNOWN_SHAPE
        return not identity, color.rgba(), width + 0.75 * _lively(mood), dashed

    def _paint_labels(
        self, painter: QPainter, wires: Iterable[Wire], stamp: Stamp, direct: bool
    ) -> None:
        for wire in wires:
            mood, faulty = self._scene.mood(wire.edge), wire.faulty
            plain = not (wire.identity or faulty or _lively(mood))
            edge = None if plain else painting.wire_color(wire.identity, faulty, mood)
            self._paint_label(painter, wire, edge, stamp, direct)

    def _paint_label(
        self, painter: QPainter, wire: Wire, edge: QColor | None, stamp: Stamp, direct: bool
    ) -> None:
        text, strong, rect = wire.label, wire.faulty, wire.label_rect
        if direct:
            painting.paint_label(painter, rect, text, edge, strong)
            return
        whole = rect.adjusted(-2, -2, 2, 2)
        around = QRectF(0, 0, whole.width(), whole.height())

        def draw(on: QPainter) -> None:
            painting.paint_label(on, around.adjusted(2, 2, -2, -2), text, edge, strong)

        content = theme().name
        key = (text, edge.rgba() if edge is not None else 0, strong)
        if self.hurried and (rough := self._sprites.roughly(key, content)) is not None:
            stamp.stretch(whole, rough)
            return
        stamp.put(whole.topLeft(), self._sprites.get(key, content, stamp.scale, around, draw))

    # Cards

    def _paint_card(self, painter: QPainter, key: str, stamp: Stamp, direct: bool) -> None:
        scene = self._scene
        look, mood, hot = scene.drawing.look(key), scene.mood(key), scene.hot_port(key)
        ends = scene.drawing.wiring.ends(key)
        corner = QPointF(*scene.drawing.places[key])
        dimmed = key in scene.dimmed
        if dimmed:
            painter.setOpacity(DIMMED)

        def draw(on: QPainter) -> None:
            paint_whole_card(on, key, look, mood, ends, hot, stamp.zoom)

        if direct:
            painter.translate(corner)
            draw(painter)
            painter.translate(-corner)
        else:
            content = (look, mood, ends, hot, theme().name)
            self._put(stamp, corner, key, content, draw)
        if dimmed:
            painter.setOpacity(1.0)

    def _put(
        self, stamp: Stamp, corner: QPointF, key: str, content: "_Content", draw: Draw
    ) -> None:
        around = room(content[0])
        if self.hurried and (rough := self._sprites.roughly(key, content)) is not None:
            stamp.stretch(around.translated(corner), rough)
            return
        picture = self._sprites.get(key, content, stamp.scale, around, draw)
        stamp.put(corner + around.topLeft(), picture)


_Content = tuple[Look, Mood, tuple[frozenset[int], frozenset[int]], Port | None, str]
"""What the picture of a card depends on, the theme's name last."""


def paint_whole_card(
    painter: QPainter,
    key: str,
    look: Look,
    mood: Mood,
    ends: tuple[frozenset[int], frozenset[int]],
    hot: Port | None,
    zoom: float,
) -> None:
    """A card with its ports, its badge and the label below it; its corner at the origin."""
    if look.result:
        _paint_result(painter, look)
    painting.paint_card(painter, look, mood, zoom)
    inputs, outputs = input_places(look), output_places(look)
    for slot, place in enumerate(inputs):
        opening = look.open_input and slot == len(inputs) - 1
        is_hot = hot == Port.input(key, slot)
        painting.paint_port(painter, QPointF(*place), slot in ends[0], is_hot, opening)
    for output, place in enumerate(outputs):
        is_hot = hot == Port.output(key, output)
        painting.paint_port(painter, QPointF(*place), output in ends[1], is_hot)
    painting.paint_badge(painter, look)


def _paint_result(painter: QPainter, look: Look) -> None:
    middle = result_point(look)
    painter.setPen(theme().color("wire"))
    painter.drawLine(QPointF(middle.x(), look.extent[1]), middle)
    painting.paint_label(painter, painting.label_rect(middle, look.result), look.result)


def _lively(mood: Mood) -> bool:
    """Whether the pointer or the selection makes something of a wire."""
    return mood.hovered or mood.selected or mood.target


def _pen(color: QColor, width: float, dashed: bool) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([3, 3])
    return pen
