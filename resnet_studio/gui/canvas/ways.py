"""Where wires run: found when somebody looks there, and kept until something moves.

To lead tens of thousands of wires round cards would take seconds; those in sight are few.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from resnet_studio.core.document import Edge
from resnet_studio.core.layout import Position
from resnet_studio.core.routing import LEG, Lanes, Route, route
from resnet_studio.gui.canvas.grid import Square, squares

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.drawing import Drawing

_SIDE = 512.0
_TILE = 1024.0
_LONG = 1024.0
"""A wire between cards that stand further apart than this is looked for by itself."""
_VERY_LONG = 3000.0
_LABEL = 64.0
"""A label reaches this far to both sides of its wire."""


class Ways:
    """The ways of the wires of one drawing."""

    def __init__(self, drawing: "Drawing") -> None:
        self._drawing = drawing
        self._routes: dict[Edge, Route] = {}
        self._boxes: dict[Edge, tuple[float, float, float, float]] = {}
        """Left, top, right and bottom of each way."""
        self._led_into: Counter[str] = Counter()
        self._lanes = Lanes()
        self._squares: dict[Square, dict[Edge, None]] = {}
        self._searched: set[Square] = set()
        self._long: list[Edge] | None = None

    def clear(self) -> None:
        """Forgets all ways: too much moved."""
        self.__init__(self._drawing)  # type: ignore[misc]

    def rewired(self) -> None:
        """Forgets the ways of wires that are no more; new ones are found when looked at."""
        for edge in [edge for edge in self._routes if edge not in self._drawing.wiring]:
            self._leave(edge)
        self._searched, self._long = set(), None

    def of(self, edge: Edge) -> Route:
        return self._routes.get(edge) or self._lead(edge)

    def known(self, edge: Edge) -> Route | None:
        """The way of a wire, if somebody has looked at it yet."""
        return self._routes.get(edge)

    def known_into(self, key: str) -> bool:
        """Whether the way of any wire that ends at a node is known."""
        return self._led_into[key] > 0

    def lead(self, edges: Iterable[Edge]) -> None:
        """Finds the ways of these wires anew."""
        before = {edge: self._routes.get(edge) for edge in edges}
        for edge in before:
            self._leave(edge)
        for edge in sorted(before, key=self._span):
            way = self._lead(edge)
            if way == before[edge]:
                # Who keeps a picture of it sees by the same object that nothing changed.
                self._routes[edge] = before[edge]  # type: ignore[assignment]

    def stretch(self, edge: Edge) -> bool:
        """Pulls the ends of a very long wire to where they are now; False for any other."""
        way = self._routes.get(edge)
        if way is None or abs(way.points[-1][1] - way.points[0][1]) < _VERY_LONG:
            return False
        ends = self._ends(edge)
        if ends != (way.points[0], way.points[-1]):
            self._leave(edge)
            stretched = _stretched(way, *ends)
            if stretched.lane is not None:
                self._lanes.take(stretched.lane, *stretched.lane_span)
            self._keep(edge, stretched)
        return True

    def _lead(self, edge: Edge) -> Route:
        start, end = self._ends(edge)
        way = route(start, end, (edge.source, edge.target), self._drawing, self._lanes)
        return self._keep(edge, way)

    def _keep(self, edge: Edge, way: Route) -> Route:
        self._routes[edge] = way
        across, down = zip(*way.points, strict=True)
        self._boxes[edge] = min(across), min(down), max(across), max(down)
        self._led_into[edge.target] += 1
        for square in _touched(way):
            self._squares.setdefault(square, {})[edge] = None
        return way

    def _leave(self, edge: Edge) -> None:
        way = self._routes.pop(edge, None)
        if way is None:
            return
        del self._boxes[edge]
        self._led_into[edge.target] -= 1
        if way.lane is not None:
            self._lanes.leave(way.lane, *way.lane_span)
        for square in _touched(way):
            self._squares.get(square, {}).pop(edge, None)

    def reach(self) -> tuple[float, float] | None:
        """The leftmost and the rightmost stretch of the ways that are known."""
        across = [x for way in self._routes.values() for x, _y in way.points]
        return (min(across), max(across)) if across else None

    def moved_off(self, edge: Edge) -> bool:
        """Whether a wire's way no longer leads from port to port."""
        way = self._routes.get(edge)
        return way is not None and (way.points[0], way.points[-1]) != self._ends(edge)

    def astray(self) -> list[Edge]:
        """All wires whose ways no longer lead from port to port."""
        return [edge for edge in self._routes if self.moved_off(edge)]

    def _ends(self, edge: Edge) -> tuple[Position, Position]:
        drawing = self._drawing
        return drawing.output_at(edge.source, edge.output), drawing.input_at(edge.target, edge.slot)

    def _span(self, edge: Edge) -> tuple[float, Edge]:
        """Short wires first: they get the inner lanes."""
        start, end = self._ends(edge)
        return abs(end[1] - start[1]), edge

    # By place

    def through(self, left: float, top: float, right: float, bottom: float) -> list[Edge]:
        """The wires with a known way through the squares about an area."""
        found: dict[Edge, None] = {}
        for square in squares(left - _LABEL, top, right + _LABEL, bottom, _SIDE):
            found.update(self._squares.get(square, {}))
        return list(found)

    def crossing(self, left: float, top: float, right: float, bottom: float) -> list[Edge]:
        """The wires with a known way into an area itself."""
        return [
            edge
            for edge in self.through(left, top, right, bottom)
            if self._about_it(edge, left, top, right, bottom)
            and any(
                min(a[0], b[0]) < right
                and left < max(a[0], b[0])
                and min(a[1], b[1]) < bottom
                and top < max(a[1], b[1])
                for a, b in pairwise(self._routes[edge].points)
            )
        ]

    def _about_it(self, edge: Edge, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether the box of a known way touches an area: most are done with here."""
        x1, y1, x2, y2 = self._boxes[edge]
        return x1 < right and left < x2 and y1 < bottom and top < y2

    def near(self, left: float, top: float, right: float, bottom: float) -> list[Edge]:
        """The wires about an area; those whose way nobody asked for yet are led."""
        new = set(squares(left - _LABEL, top, right + _LABEL, bottom, _TILE)) - self._searched
        if new:
            self._searched |= new
            wanted = set(self._about(new))
            for edge in sorted(wanted, key=self._span):
                self._lead(edge)
        return self.through(left, top, right, bottom)

    def _about(self, tiles: Collection[Square]) -> Iterator[Edge]:
        """The wires that may run through some tiles beside each other and have no way yet."""
        columns, rows = [tile[0] for tile in tiles], [tile[1] for tile in tiles]
        left, top = min(columns) * _TILE, min(rows) * _TILE
        right, bottom = (max(columns) + 1) * _TILE, (max(rows) + 1) * _TILE
        about = (left - _LONG, top - _LONG, right + _LONG, bottom + _LONG)
        for key in self._drawing.grid.within(*about):
            for edge in self._drawing.wiring.into(key):
                if edge not in self._routes:
                    yield edge
        yield from (edge for edge in self.long_in(*about) if edge not in self._routes)

    def long_in(self, left: float, top: float, right: float, bottom: float) -> list[Edge]:
        """Of the wires between cards that stand far apart, those not wholly beside an area."""
        places, found = self._drawing.places, []
        for edge in self.long_ones():
            (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
            beside = (x1 < left and x2 < left) or (x1 > right and x2 > right)
            if not (beside or (y1 < top and y2 < top) or (y1 > bottom and y2 > bottom)):
                found.append(edge)
        return found

    def long_ones(self) -> list[Edge]:
        """The wires between cards that stand far apart."""
        if self._long is None:
            self._long = list(self._find_long())
        return self._long

    def _find_long(self) -> Iterator[Edge]:
        structure, places = self._drawing.wiring.structure, self._drawing.places
        standing = [places[key] for key in structure.ids]
        for target, slots in enumerate(structure.slots):
            x, y = standing[target]
            for slot, (source, output) in slots.items():
                if source < 0:
                    continue
                there = standing[source]
                if abs(there[1] - y) > _LONG or abs(there[0] - x) > _LONG:
                    yield Edge(structure.ids[source], structure.ids[target], slot, output)


def _stretched(way: Route, start: Position, end: Position) -> Route:
    """The same way between other ends, whatever now stands in it."""
    (x1, y1), (x2, y2) = start, end
    if way.lane is not None:
        upper, lower, x = y1 + LEG, y2 - LEG, way.lane
        return Route((start, (x1, upper), (x, upper), (x, lower), (x2, lower), end))
    return Route((start, (x1, y2 - LEG), (x2, y2 - LEG), end))


def _touched(way: Route) -> set[Square]:
    """The squares through which a way runs."""
    return {
        square
        for (x1, y1), (x2, y2) in pairwise(way.points)
        for square in squares(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), _SIDE)
    }
