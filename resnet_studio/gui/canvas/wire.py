"""One wire on the canvas: its way and the shape that flows through it, asked of the drawing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from resnet_studio.core.document import Edge
from resnet_studio.core.routing import Route, curve
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import shape_text

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.scene import NetworkScene

_BEND = 22.0
_REACH = 4.0


class Wire:
    """A wire from port to port."""

    __slots__ = ("_path", "_route", "_scene", "edge")

    def __init__(self, scene: "NetworkScene", edge: Edge) -> None:
        self._scene, self.edge = scene, edge
        self._route: Route | None = None
        self._path = QPainterPath()

    @property
    def _drawing(self) -> Drawing:
        return self._scene.drawing

    # What it shows

    def isVisible(self) -> bool:
        return self.edge not in self._scene.hidden

    def set_shown(self, shown: bool) -> None:
        """Hides the wire while its end is in somebody's hand, or a repair leads it elsewhere."""
        self._scene.show_wire(self.edge, shown)

    @property
    def label(self) -> str:
        """The shape that flows through it, or “?”."""
        return shape_text(self._drawing.shown.outcome(self.edge.source), self.edge.output)

    @property
    def identity(self) -> bool:
        """Whether it bypasses nodes."""
        return self._drawing.wiring.identity(self.edge)

    @property
    def faulty(self) -> bool:
        target = self._drawing.shown.outcome(self.edge.target)
        return any(problem.code == "shortcut-mismatch" for problem in target.problems)

    # Where it is

    @property
    def route(self) -> Route:
        return self._drawing.ways.of(self.edge)

    @property
    def path(self) -> QPainterPath:
        way = self.route
        if way is not self._route:
            self._route, self._path = way, path_of(way)
        return self._path

    @property
    def label_rect(self) -> QRectF:
        return painting.label_rect(QPointF(*self.route.label), self.label)

    @property
    def area(self) -> QRectF:
        """All that is painted of it."""
        rect = self.path.boundingRect() | self.label_rect
        return rect.adjusted(-_REACH, -_REACH, _REACH, _REACH)

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
