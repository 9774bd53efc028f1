"""One wire on the canvas: its way and the shape that flows through it, asked of the drawing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
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


class Wire:
    """A wire from port to port."""

    __slots__ = ("_area", "_path", "_pill", "_route", "_said", "_scene", "_turn", "edge")

    def __init__(self, scene: "NetworkScene", edge: Edge) -> None:
        self._scene, self.edge = scene, edge
        self._turn = -1
        self._said: tuple[str, bool, bool] = (UNKNOWN_SHAPE, False, False)
        self._route: Route | None = None
        self._path, self._pill, self._area = QPainterPath(), QRectF(), QRectF()

    @property
    def _drawing(self) -> Drawing:
        return self._scene.drawing

    def isVisible(self) -> bool:
        return self.edge not in self._scene.hidden

    def set_shown(self, shown: bool) -> None:
        """Hides the wire while its end is in somebody's hand, or a repair leads it elsewhere."""
        self._scene.show_wire(self.edge, shown)

    # What it shows

    @property
    def label(self) -> str:
        """The shape that flows through it, or “?”."""
        return self._known()[0]

    @property
    def identity(self) -> bool:
        """Whether it bypasses nodes."""
        return self._known()[1]

    @property
    def faulty(self) -> bool:
        """Whether its tensor does not go together with what else arrives at its end."""
        return self._known()[2]

    def _known(self) -> tuple[str, bool, bool]:
        drawing = self._drawing
        if self._turn != drawing.looks.turn:
            self._turn = drawing.looks.turn
            edge, shown = self.edge, drawing.shown
            problems = shown.outcome(edge.target).problems
            faulty = any(problem.code == "shortcut-mismatch" for problem in problems)
            label = shape_text(shown.outcome(edge.source), edge.output)
            if label != self._said[0]:
                self._route = None
            self._said = (label, drawing.wiring.identity(edge), faulty)
        return self._said

    # Where it is

    @property
    def route(self) -> Route:
        return self._drawing.ways.of(self.edge)

    def _measure(self) -> None:
        """Works out what follows from its way and its label."""
        label, way = self._known()[0], self.route
        if way is not self._route:
            self._route, self._path = way, path_of(way)
            self._pill = painting.label_rect(QPointF(*way.label), label)
            area = self._path.boundingRect() | self._pill
            self._area = area.adjusted(-_REACH, -_REACH, _REACH, _REACH)

    @property
    def path(self) -> QPainterPath:
        self._measure()
        return self._path

    @property
    def label_rect(self) -> QRectF:
        self._measure()
        return self._pill

    @property
    def area(self) -> QRectF:
        """All that is painted of it."""
        self._measure()
        return self._area

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
