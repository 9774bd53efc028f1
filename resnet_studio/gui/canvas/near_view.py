"""The graph from near: cards with all they say, wires with their shapes."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from resnet_studio.gui.canvas import card_painting, painting
from resnet_studio.gui.canvas.card import DIMMED, MARGIN, RESULT, result_point, room
from resnet_studio.gui.canvas.costs import Costs, paint_bar
from resnet_studio.gui.canvas.feature_maps import REACH, Slabs
from resnet_studio.gui.canvas.looks import UNKNOWN_SHAPE, Look
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.ports import Port, input_places, output_places
from resnet_studio.gui.canvas.sprites import LARGEST, Sprite, Sprites, Stamp
from resnet_studio.gui.canvas.wire import Seen
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

_WIDTH, _IDENTITY_WIDTH = 1.75, 2.25
_LABEL_ROOM = 64.0


class NearView:
    """Paints what is in sight; the pictures of cards are kept from frame to frame."""

    def __init__(self, scene: "NetworkScene") -> None:
        self._scene = scene
        self._sprites, self._grounds = Sprites(), Sprites()
        self._costs, self._slabs = Costs(), Slabs()
        self.hurried = False
        """The zoom is changing: cards may be shown from their last picture, stretched."""

    def forget(self) -> None:
        """Another theme, another graph: every card is painted anew."""
        self._sprites.clear()
        self._grounds.clear()

    def paint(self, painter: QPainter, seen: QRectF, covered: Sequence[QRectF] = ()) -> None:
        """Paints ``seen`` of the scene in the scene's coordinates, but not what is loose.

        A size of which something would be ``covered`` is left out: half of it is worth nothing.
        """
        self._paint(painter, seen, loose=False, covered=covered)

    def paint_loose(self, painter: QPainter, seen: QRectF) -> None:
        """Paints the cards that are being moved, and their wires."""
        if self._scene.loose.keys:
            self._paint(painter, seen, loose=True)

    def _paint(
        self, painter: QPainter, seen: QRectF, loose: bool, covered: Sequence[QRectF] = ()
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = seen.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if self._scene.showing.maps:
            beside = self._cards(area.adjusted(0, 0, REACH, 0), loose)
            self._slabs.paint_beside(painter, self._scene.drawing, beside)
        wires = self._wires(area, loose)
        keys = self._cards(area, loose)
        self._paint_wires(painter, wires)
        stamp = Stamp(painter)
        direct = stamp.scale > LARGEST
        to_view = None if direct else painter.worldTransform()
        if not direct:
            painter.save()
            painter.resetTransform()
        for seen_wire, mood in wires:
            if seen_wire.faulty or not any(map(seen_wire.pill.intersects, covered)):
                self._paint_label(painter, seen_wire, mood, stamp, direct)
        for key in keys:
            self._paint_card(painter, key, stamp, direct)
            self._paint_cost(painter, key, to_view)
        if not direct:
            painter.restore()

    def _cards(self, area: QRectF, loose: bool) -> list[str]:
        """The nodes of which something is painted in an area, those in front last."""
        drawing, moving = self._scene.drawing, self._scene.loose.keys
        left, top, right, bottom = area.left(), area.top() - RESULT, area.right(), area.bottom()
        found = []
        for key in self._scene.keys_near(area.adjusted(0, -RESULT, 0, 0)):
            if (key in moving) != loose:
                continue
            (x, y), (width, height) = drawing.places[key], drawing.extent(key)
            if left < x + width and x < right and top < y + height and y < bottom:
                found.append(key)
        return found

    # Wires

    def _wires(self, area: QRectF, loose: bool) -> list[tuple[Seen, Mood]]:
        """What is painted of each wire in an area, identity links first: they lie below."""
        scene, moving = self._scene, self._scene.loose.wires
        wide = area.adjusted(-_LABEL_ROOM, 0, _LABEL_ROOM, 0)
        found = []
        for edge in scene.edges_near(wide):
            if (edge in moving) == loose and edge not in scene.hidden:
                seen = scene.wires.sure(edge).seen()
                if seen.area.intersects(area):
                    found.append((seen, scene.mood(edge)))
        return sorted(found, key=_above)

    def _paint_wires(self, painter: QPainter, wires: Iterable[tuple[Seen, Mood]]) -> None:
        """One style at a time."""
        styles: dict[tuple[int, float, bool], list[Seen]] = {}
        for seen, mood in wires:
            styles.setdefault(_style(seen, mood), []).append(seen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for (color, width, dashed), alike in styles.items():
            pen = _pen(QColor.fromRgba(color), width, dashed)
            painter.setPen(pen)
            for seen in alike:
                path = seen.path if dashed else seen.parts.bends
                if not path.isEmpty():
                    painter.drawPath(path)
            lines = [] if dashed else [line for seen in alike for line in seen.parts.lines]
            if lines:
                # Round ends would be stroked as paths, which takes many times as long.
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLines(lines)

    def _paint_label(
        self, painter: QPainter, seen: Seen, mood: Mood, stamp: Stamp, direct: bool
    ) -> None:
        """The shape on a wire: a picture that all wires of one shape share."""
        plain = not (seen.identity or seen.faulty or _lively(mood))
        edge = None if plain else painting.wire_color(seen.identity, seen.faulty, mood)
        text, strong = seen.label, seen.faulty
        if direct:
            painting.paint_label(painter, seen.pill, text, edge, strong)
            return
        content = theme().name
        key = (text, edge.rgba() if edge is not None else 0, strong)
        sprite = self._sprites.get(key, content, stamp.scale, self.hurried)
        if sprite is None:
            around = QRectF(QPointF(-2, -2), seen.pill.size() + QSizeF(4, 4))
            pill = QRectF(QPointF(), seen.pill.size())

            def draw(on: QPainter) -> None:
                painting.paint_label(on, pill, text, edge, strong)

            sprite = self._sprites.paint(key, content, stamp.scale, around, draw)
        stamp.put(seen.pill.x(), seen.pill.y(), sprite)

    # Cards

    def _paint_card(self, painter: QPainter, key: str, stamp: Stamp, direct: bool) -> None:
        scene = self._scene
        drawing = scene.drawing
        look, mood, hot = drawing.looks.of(key), scene.mood(key), scene.hot_port(key)
        if key in scene.covered:
            look = card_painting.without_marks(look)
        content: _Content = (look, mood, drawing.wiring.ends(key), hot, theme().name)
        x, y = drawing.places[key]
        dimmed = key in scene.dimmed
        if dimmed:
            painter.setOpacity(DIMMED)
        if direct:
            painter.translate(x, y)
            paint_whole_card(painter, key, content, stamp.zoom)
            painter.translate(-x, -y)
        else:
            stamp.put(x, y, self._sprite(key, content, stamp))
        if dimmed:
            painter.setOpacity(1.0)

    def _paint_cost(self, painter: QPainter, key: str, to_view: QTransform | None) -> None:
        scene = self._scene
        share = self._costs.share(scene.drawing, key, scene.showing.cost)
        if share and key not in scene.dimmed:
            look = scene.drawing.look(key)
            card = QRectF(*scene.drawing.places[key], *look.extent)
            paint_bar(painter, to_view, card, look.family, share)

    def _sprite(self, key: str, content: "_Content", stamp: Stamp) -> Sprite:
        kept = self._sprites.get(key, content, stamp.scale, self.hurried)
        if kept is not None:
            return kept

        ground = self._ground(content, stamp)

        def draw(on: QPainter) -> None:
            paint_whole_card(on, key, content, stamp.zoom, ground is not None)

        return self._sprites.paint(key, content, stamp.scale, room(content[0]), draw, ground)

    def _ground(self, content: "_Content", stamp: Stamp) -> QPixmap | None:
        """The picture of a card without its texts and ports, which cards of one kind share."""
        look, mood, *_rest, theme_name = content
        key = card_painting.ground_of(look, mood)
        if key is None:
            return None
        kept = self._grounds.get(key, theme_name, stamp.scale)
        if kept is None:

            def draw(on: QPainter) -> None:
                card_painting.paint_ground(on, look, mood, stamp.zoom)

            kept = self._grounds.paint(key, theme_name, stamp.scale, room(look), draw)
        return kept.picture


_Content = tuple[Look, Mood, tuple[frozenset[int], frozenset[int]], Port | None, str]
"""What the picture of a card depends on, the theme's name last."""


def paint_whole_card(
    painter: QPainter, key: str, content: _Content, zoom: float, grounded: bool = False
) -> None:
    """A card with its ports, its badge and the label below it; its corner at the origin.

    Where it is ``grounded``, all but its texts and what stands upon it is there already.
    """
    look, mood, ends, hot, _theme = content
    if look.result:
        _paint_result(painter, look)
    if grounded:
        card_painting.paint_texts(painter, look, mood)
    else:
        card_painting.paint_card(painter, look, mood, zoom)
    inputs, outputs = input_places(look), output_places(look)
    for slot, place in enumerate(inputs):
        opening = look.open_input and slot == len(inputs) - 1
        is_hot = hot == Port.input(key, slot)
        painting.paint_port(painter, QPointF(*place), slot in ends[0], is_hot, opening)
    for output, place in enumerate(outputs):
        is_hot = hot == Port.output(key, output)
        painting.paint_port(painter, QPointF(*place), output in ends[1], is_hot)
    card_painting.paint_badge(painter, look)


def _paint_result(painter: QPainter, look: Look) -> None:
    middle = result_point(look)
    painter.setPen(theme().color("wire"))
    painter.drawLine(QPointF(middle.x(), look.extent[1]), middle)
    painting.paint_label(painter, painting.label_rect(middle, look.result), look.result)


def _above(wire: tuple[Seen, Mood]) -> bool:
    """An identity link passes below plain wires, so that their labels stay readable."""
    return not wire[0].identity


def _style(seen: Seen, mood: Mood) -> tuple[int, float, bool]:
    color = painting.wire_color(seen.identity, seen.faulty, mood)
    width = _IDENTITY_WIDTH if seen.identity else _WIDTH
    return color.rgba(), width + 0.75 * _lively(mood), seen.label == UNKNOWN_SHAPE


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
