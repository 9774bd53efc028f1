"""One wire on the canvas, with the shape that flows through it."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.document import Edge
from resnet_studio.core.layer import UNKNOWN, Outcome
from resnet_studio.core.routing import Route, curve
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.looks import UNKNOWN_SHAPE, shape_text
from resnet_studio.gui.canvas.painting import Mood

_BEND = 22.0
_WIDTH, _IDENTITY_WIDTH = 1.75, 2.25
_GRAB = 12.0


class WireItem(QGraphicsItem):
    """A wire from port to port.  The scene routes it and tells it what to show."""

    def __init__(self, edge: Edge) -> None:
        super().__init__()
        self.edge = edge
        self.route = Route(((0.0, 0.0), (0.0, 0.0)))
        self.label, self.identity, self.faulty = UNKNOWN_SHAPE, False, False
        self.mood = Mood()
        self._ends: tuple[Outcome, Outcome] = (UNKNOWN, UNKNOWN)
        self._path = QPainterPath()
        self._rect = self._label_rect = QRectF()
        self.pill = LabelItem(self)

    def set_outcomes(self, source: Outcome, target: Outcome, *, identity: bool) -> None:
        """What is known at its two ends, and whether it bypasses nodes."""
        if self._ends == (source, target) and identity == self.identity:
            return
        self._ends = (source, target)
        faulty = any(problem.code == "shortcut-mismatch" for problem in target.problems)
        self._set_content(shape_text(source, self.edge.output), identity, faulty)

    def _set_content(self, label: str, identity: bool, faulty: bool) -> None:
        if (label, identity, faulty) == (self.label, self.identity, self.faulty):
            return
        self.prepareGeometryChange()
        self.label, self.identity, self.faulty = label, identity, faulty
        # An identity link passes below plain wires, so that their labels stay readable.
        self.setZValue(0 if identity else 1)
        self._measure()
        self.update()

    def set_route(self, route: Route) -> None:
        if route == self.route:
            return
        self.prepareGeometryChange()
        self.route = route
        self._path = path_of(route)
        self._measure()
        self.update()

    def set_mood(self, mood: Mood) -> None:
        if mood != self.mood:
            self.mood = mood
            self.update()
            self.pill.update()

    def set_shown(self, shown: bool) -> None:
        """Hides the wire while its end is in somebody's hand, or a repair leads it elsewhere."""
        self.setVisible(shown)
        self.pill.setVisible(shown)

    def near(self, at: QPointF, reach: float) -> bool:
        """Whether the wire passes within ``reach``."""
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * reach)
        return stroker.createStroke(self._path).contains(at) or self._label_rect.contains(at)

    @property
    def end(self) -> QPointF:
        return QPointF(*self.route.points[-1])

    def _measure(self) -> None:
        self._label_rect = painting.label_rect(QPointF(*self.route.label), self.label)
        self.pill.place(self._label_rect)
        self._rect = self._path.boundingRect() | self._label_rect
        self._rect.adjust(-4, -4, 4, 4)

    # What Qt asks

    def boundingRect(self) -> QRectF:
        return self._rect

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._rect.adjusted(-_GRAB, -_GRAB, _GRAB, _GRAB))
        return path

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self.color
        width = _IDENTITY_WIDTH if self.identity else _WIDTH
        unknown = self.label == UNKNOWN_SHAPE
        painting.paint_wire(painter, self._path, color, width + 0.75 * self.lively, unknown)

    @property
    def color(self) -> QColor:
        return painting.wire_color(self.identity, self.faulty, self.mood)

    @property
    def lively(self) -> bool:
        """Whether the pointer or the selection makes something of it."""
        return self.mood.hovered or self.mood.selected or self.mood.target


class LabelItem(QGraphicsItem):
    """The shape on a wire: an item of its own, above the lines of all wires."""

    def __init__(self, wire: WireItem) -> None:
        super().__init__()
        self._wire, self._rect = wire, QRectF()
        self.setZValue(1.5)

    def place(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = rect
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        wire = self._wire
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain = not (wire.identity or wire.faulty or wire.lively)
        edge = None if plain else wire.color
        painting.paint_label(painter, self._rect, wire.label, edge, wire.faulty)


def path_of(route: Route) -> QPainterPath:
    """The curve, or the lane with its rounded bends."""
    points = [QPointF(*point) for point in route.points]
    path = QPainterPath(points[0])
    if len(points) == 2:
        first, second = curve(*route.points)
        path.cubicTo(QPointF(*first), QPointF(*second), points[1])
        return path
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        _round(path, before, corner, after)
    path.lineTo(points[-1])
    return path


def _round(path: QPainterPath, before: QPointF, corner: QPointF, after: QPointF) -> None:
    """To the corner and round it, with half of the shorter side at most."""
    back, on = before - corner, after - corner
    to_before, to_after = _length(back), _length(on)
    if not to_before or not to_after:
        return
    radius = min(_BEND, to_before / 2, to_after / 2)
    path.lineTo(corner + back * (radius / to_before))
    path.quadTo(corner, corner + on * (radius / to_after))


def _length(vector: QPointF) -> float:
    return float(vector.manhattanLength())
