"""One wire on the canvas: its way and the shape that flows through it, asked of the drawing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from resnet_studio.core.document import Edge
from resnet_studio.core.routing import Route, curve
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import UNKNOWN_SHAPE, shape_text

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

_BEND = 22.0
_REACH = 4.0
_OVERLAP = 0.5


class Parts(NamedTuple):
    """A way as it is painted fastest: a painter fills straight lines at once, paths it strokes."""

    lines: tuple[QLineF, ...]
    bends: QPainterPath


class Seen(NamedTuple):
    """What is painted of a wire."""

    label: str
    """The shape that flows through it, or “?”."""
    identity: bool
    """Whether it bypasses nodes."""
    faulty: bool
    """Whether its tensor does not go together with what else arrives at its end."""
    path: QPainterPath
    parts: "Parts"
    pill: QRectF
    """Where the label stands."""
    area: QRectF
    """All that is painted."""


class Wire:
    """A wire from port to port."""

    __slots__ = ("_route", "_scene", "_seen", "_turn", "edge")

    def __init__(self, scene: "NetworkScene", edge: Edge) -> None:
        self._scene, self.edge = scene, edge
        self._turn = -1
        self._route: Route | None = None
        nothing = QPainterPath()
        parts = Parts((), nothing)
        self._seen = Seen(UNKNOWN_SHAPE, False, False, nothing, parts, QRectF(), QRectF())

    def seen(self) -> Seen:
        """What it shows and where, worked out again if anything changed."""
        drawing = self._scene.drawing
        way = drawing.ways.of(self.edge)
        if way is not self._route or self._turn != drawing.looks.turn:
            self._look(drawing, way)
        return self._seen

    def _look(self, drawing: Drawing, way: Route) -> None:
        label, identity, faulty, path, parts, *_ = self._seen
        if self._turn != drawing.looks.turn:
            label, identity, faulty = self._says(drawing)
        if way is not self._route:
            path = path_of(way)
            parts = parts_of(way, path)
        pill = painting.label_rect(QPointF(*way.label), label)
        area = (path.boundingRect() | pill).adjusted(-_REACH, -_REACH, _REACH, _REACH)
        self._turn, self._route = drawing.looks.turn, way
        self._seen = Seen(label, identity, faulty, path, parts, pill, area)

    def _says(self, drawing: Drawing) -> tuple[str, bool, bool]:
        """Its label, and whether it is an identity link, and at fault."""
        edge, shown = self.edge, drawing.shown
        problems = shown.outcome(edge.target).problems
        faulty = any(problem.code == "shortcut-mismatch" for problem in problems)
        label = shape_text(shown.outcome(edge.source), edge.output)
        return label, drawing.wiring.identity(edge), faulty

    def isVisible(self) -> bool:
        return self.edge not in self._scene.hidden

    def set_shown(self, shown: bool) -> None:
        """Hides the wire while its end is in somebody's hand, or a repair leads it elsewhere."""
        self._scene.show_wire(self.edge, shown)

    @property
    def label(self) -> str:
        return self.seen().label

    @property
    def identity(self) -> bool:
        return self.seen().identity

    @property
    def faulty(self) -> bool:
        return self.seen().faulty

    @property
    def route(self) -> Route:
        return self._scene.drawing.ways.of(self.edge)

    @property
    def path(self) -> QPainterPath:
        return self.seen().path

    @property
    def label_rect(self) -> QRectF:
        return self.seen().pill

    @property
    def area(self) -> QRectF:
        return self.seen().area

    @property
    def end(self) -> QPointF:
        return QPointF(*self.route.points[-1])

    def near(self, at: QPointF, reach: float) -> bool:
        """Whether the wire passes within ``reach``."""
        if not self.area.adjusted(-reach, -reach, reach, reach).contains(at):
            return False
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * reach)
        return stroker.createStroke(self.path).contains(at) or self.label_rect.contains(at)


def path_of(route: Route) -> QPainterPath:
    """The curve, or the lane with its rounded bends."""
    path = QPainterPath(QPointF(*route.points[0]))
    if len(route.points) == 2:
        first, second = curve(*route.points)
        path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*route.points[1]))
        return path
    for begin, corner, end in _bends(route):
        path.lineTo(begin)
        path.quadTo(corner, end)
    path.lineTo(QPointF(*route.points[-1]))
    return path


def parts_of(route: Route, path: QPainterPath) -> Parts:
    """The straight stretches, each a little into the bends at its ends, and the rest.

    ``path`` is ``path_of(route)``.
    """
    start, goal = QPointF(*route.points[0]), QPointF(*route.points[-1])
    if len(route.points) == 2:
        upright = start.x() == goal.x()
        return Parts((QLineF(start, goal),), QPainterPath()) if upright else Parts((), path)
    lines, bends = [], QPainterPath()
    for begin, corner, end in _bends(route):
        lines.append(_line(start, begin))
        bends.moveTo(begin)
        bends.quadTo(corner, end)
        start = end
    lines.append(_line(start, goal))
    return Parts(tuple(lines), bends)


def _line(start: QPointF, end: QPointF) -> QLineF:
    """Longer than the stretch at both ends: where smoothed ends only meet, a gap would show."""
    line = QLineF(start, end)
    length = line.length()
    if length:
        line.setLength(length + _OVERLAP)
        line = QLineF(line.p2(), line.p1())
        line.setLength(length + 2 * _OVERLAP)
    return line


def _bends(route: Route) -> Iterator[tuple[QPointF, QPointF, QPointF]]:
    """Where each bend begins, its corner, and where it ends: half of the shorter side at most."""
    points = [QPointF(*point) for point in route.points]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        back, on = before - corner, after - corner
        to_before, to_after = back.manhattanLength(), on.manhattanLength()
        if to_before and to_after:
            radius = min(_BEND, to_before / 2, to_after / 2)
            yield corner + back * (radius / to_before), corner, corner + on * (radius / to_after)
