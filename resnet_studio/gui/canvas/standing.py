"""Cards as they stand: what is where, found by place."""

from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Extent, Position
from resnet_studio.core.routing import Rect
from resnet_studio.gui.canvas.grid import Grid
from resnet_studio.gui.canvas.looks import Look, Looks
from resnet_studio.gui.canvas.ports import input_places, output_places

_WIDEST, _TALLEST = 256.0, 256.0
"""No card reaches further from its corner."""


class Standing:
    """The looks of some nodes and the places of their cards."""

    def __init__(self, looks: Looks, places: dict[str, Position]) -> None:
        self.looks = looks
        self.graph = looks.shown.graph
        self.places = places
        """The upper left corner of each card, also of those that the file gives no position."""
        self.grid = Grid(places)
        self._rects: dict[str, Rect] = {}
        """Cards that were asked for, until they move or another document is shown."""

    def look(self, key: str) -> Look:
        return self.looks.of(key)

    def extent(self, key: str) -> Extent:
        """Width and height of a card: known without its look."""
        return card_extent(self.graph.nodes[key], self.looks.shown.document)

    def rect(self, key: str) -> Rect:
        """The card of a node."""
        found = self._rects.get(key)
        if found is None:
            (x, y), (width, height) = self.places[key], self.extent(key)
            found = self._rects[key] = Rect(key, x, y, x + width, y + height)
        return found

    def stand(self, key: str, place: Position) -> None:
        """Puts the card of a node at a place."""
        if key in self.places:
            self.grid.drop(key, self.places[key])
        self._rects.pop(key, None)
        self.places[key] = place
        self.grid.put(key, place)

    def leave(self, key: str) -> None:
        """Takes the card of a node away."""
        self._rects.pop(key, None)
        self.grid.drop(key, self.places.pop(key))

    def input_at(self, key: str, slot: int) -> Position:
        """An input port; a slot beyond the last is at the last."""
        look, (x, y) = self.looks.of(key), self.places[key]
        points = input_places(look) or ((look.extent[0] / 2, 0.0),)
        across, down = points[min(slot, len(points) - 1)]
        return x + across, y + down

    def output_at(self, key: str, output: int) -> Position:
        look, (x, y) = self.looks.of(key), self.places[key]
        points = output_places(look) or ((look.extent[0] / 2, look.extent[1]),)
        across, down = points[min(output, len(points) - 1)]
        return x + across, y + down

    def within(self, left: float, top: float, right: float, bottom: float) -> list[str]:
        """The nodes whose cards may touch an area."""
        return self.grid.within(left - _WIDEST, top - _TALLEST, right, bottom)

    def between(self, top: float, bottom: float, left: float, right: float) -> list[Rect]:
        """The cards that reach into an area: what wires go round."""
        found = map(self.rect, self.within(left, top, right, bottom))
        return [
            r
            for r in found
            if r.left < right and left < r.right and r.top < bottom and top < r.bottom
        ]
