"""Rectangles and lines of many cards and wires, by colour: what a painter takes in one call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF

from resnet_studio.core.document import Edge
from resnet_studio.core.faces import card_extent
from resnet_studio.core.families import family
from resnet_studio.core.layout import Extent, Position
from resnet_studio.core.routing import CLEARANCE, LEG, Route, along
from resnet_studio.gui.canvas.drawing import Drawing

STRIPE = 14.0
_BEND_STEPS = 3


@dataclass(slots=True)
class Batch:
    """Cards by family, wires by kind, in the scene's coordinates."""

    cards: dict[str, list[QRectF]] = field(default_factory=dict)
    stripes: dict[str, list[QRectF]] = field(default_factory=dict)
    plain: list[QLineF] = field(default_factory=list)
    identity: list[QLineF] = field(default_factory=list)
    faulty: list[QLineF] = field(default_factory=list)


def joined(batches: Iterable[Batch]) -> Batch:
    """One batch of all that several hold."""
    whole = Batch()
    for batch in batches:
        for name, cards in batch.cards.items():
            whole.cards.setdefault(name, []).extend(cards)
            whole.stripes.setdefault(name, []).extend(batch.stripes[name])
        whole.plain += batch.plain
        whole.identity += batch.identity
        whole.faulty += batch.faulty
    return whole


class Gatherer:
    """Makes batches of one state of a drawing."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._document = drawing.shown.document
        self._families: dict[str, str] = {}
        self._faulty = faulty(drawing)

    def batch(self, keys: Iterable[str], left_out: Collection[str] = ()) -> Batch:
        """The cards of some nodes and the wires that end at them."""
        batch = Batch()
        chosen = [key for key in keys if key not in left_out] if left_out else list(keys)
        for key in chosen:
            self._card(batch, key)
            if left_out or self._drawing.ways.known_into(key) or key in self._faulty:
                for edge in self._drawing.wiring.into(key):
                    if edge.source not in left_out:
                        self._wire(batch, edge)
            else:
                self._wires_into(batch, key)
        return batch

    def _wires_into(self, batch: Batch, key: str) -> None:
        """The wires into a node that nobody has looked at from near: nearly all of many."""
        wiring, places = self._drawing.wiring, self._drawing.places
        structure = wiring.structure
        i = structure.index[key]
        slots, ids = structure.slots[i], structure.ids
        if len(slots) != 1:
            for edge in wiring.into(key):
                self._wire(batch, edge)
            return
        for source, _output in slots.values():
            if source >= 0:
                x, y = places[ids[source]]
                width, height = self._extent(ids[source])
                to_x, to_y = places[key]
                if to_y <= y:
                    self._wire(batch, wiring.into(key)[0])
                    continue
                batch.plain.append(QLineF(x + width / 2, y + height, to_x + width / 2, to_y))

    def wires(self, edges: Iterable[Edge]) -> Batch:
        """Wires alone."""
        batch = Batch()
        for edge in edges:
            self._wire(batch, edge)
        return batch

    def cards(self, keys: Iterable[str]) -> Batch:
        """Cards alone."""
        batch = Batch()
        for key in keys:
            if key in self._drawing.places:
                self._card(batch, key)
        return batch

    def _card(self, batch: Batch, key: str) -> None:
        node = self._drawing.graph.nodes[key]
        x, y = self._drawing.places[key]
        width, height = card_extent(node, self._document)
        name = self._families.get(node.type)
        if name is None:
            name = self._families[node.type] = family(node.type, self._document.blocks)
        if name not in batch.cards:
            batch.cards[name], batch.stripes[name] = [], []
        batch.cards[name].append(QRectF(x, y, width, height))
        batch.stripes[name].append(QRectF(x, y, STRIPE, height))

    def _wire(self, batch: Batch, edge: Edge) -> None:
        identity = self._drawing.wiring.identity(edge)
        lines = batch.identity if identity else batch.plain
        if edge.target in self._faulty:
            lines = batch.faulty
        way = self._drawing.ways.known(edge)
        if way is not None:
            lines.extend(_lines(way))
            return
        places = self._drawing.places
        start, end = places[edge.source], places[edge.target]
        if end[1] <= start[1]:
            # Upwards, as from the foot of a column to the head of the next: never straight.
            lines.extend(_lines(self._drawing.ways.of(edge)))
            return
        lines.extend(self._roughly(edge, start, end, identity))

    def _roughly(
        self, edge: Edge, start: Position, end: Position, identity: bool
    ) -> Iterable[QLineF]:
        """The way of a wire that nobody has looked at from near yet."""
        width, height = self._extent(edge.source)
        x1, y1, x2, y2 = start[0] + width / 2, start[1] + height, end[0] + width / 2, end[1]
        if not identity:
            return (QLineF(x1, y1, x2, y2),)
        lane = max(start[0], end[0]) + width + CLEARANCE
        upper, lower = y1 + LEG, y2 - LEG
        return (
            QLineF(x1, y1, x1, upper),
            QLineF(x1, upper, lane, upper),
            QLineF(lane, upper, lane, lower),
            QLineF(lane, lower, x2, lower),
        )

    def _extent(self, key: str) -> Extent:
        return card_extent(self._drawing.graph.nodes[key], self._document)


def faulty(drawing: Drawing) -> set[str]:
    """The merges whose inputs do not go together."""
    inside = drawing.shown.inside
    if inside is None:
        return set()
    return {
        inside.structure.ids[i]
        for i in inside.troubled_nodes
        if any(problem.code == "shortcut-mismatch" for problem in inside.outcomes[i].problems)
    }


def _lines(way: Route) -> list[QLineF]:
    points = way.points
    if len(points) == 2 and abs(points[0][0] - points[1][0]) > 1:
        points = tuple(along(*points))[::_BEND_STEPS]
    return [QLineF(*a, *b) for a, b in pairwise(points)]
