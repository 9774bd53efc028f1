"""Free room for cards that come together: where they cover none of those that stand."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from resnet_studio.core.document import Document, Graph
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import COLUMN_GAP, ROW_GAP, Position, snap

_MARGIN = 8.0
"""Nearer than this, two cards are taken for one upon the other."""
_FAR = 1e9
"""Further than any card lies."""
RIGHT, DOWN, LEFT, UP = (1, 0), (0, 1), (-1, 0), (0, -1)


class Box(NamedTuple):
    """A card: its corner and its size, in the units of the canvas."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, by: Position) -> "Box":
        return self._replace(x=self.x + by[0], y=self.y + by[1])

    def covers(self, other: "Box") -> bool:
        across = self.x < other.x + other.width + _MARGIN and other.x < self.right + _MARGIN
        return across and self.y < other.bottom + _MARGIN and other.y < self.bottom + _MARGIN

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def cards_of(document: Document, graph: Graph) -> list[Box]:
    """The cards of the nodes that have a place of their own."""
    return [
        Box(*node.position, *card_extent(node, document))
        for node in graph.nodes.values()
        if node.position is not None
    ]


def bounds(cards: Iterable[Box]) -> Box:
    """What holds them all; there must be one."""
    cards = list(cards)
    x, y = min(card.x for card in cards), min(card.y for card in cards)
    right, bottom = max(card.right for card in cards), max(card.bottom for card in cards)
    return Box(x, y, right - x, bottom - y)


def centred(cards: Sequence[Box], at: Position) -> Position:
    """How far to move the cards, on the grid, for their middle to be at a place."""
    box = bounds(cards)
    return snap(at[0] - box.x - box.width / 2), snap(at[1] - box.y - box.height / 2)


def is_free(cards: Sequence[Box], standing: Iterable[Box], by: Position) -> bool:
    """Whether the cards, moved by so much, cover none of those that stand."""
    return not _covered(cards, standing, by)


def beside(cards: Sequence[Box], standing: Sequence[Box]) -> Position:
    """How far to move copies of the cards to stand on the right of them, and upon no other."""
    by = snap(bounds(cards).width + COLUMN_GAP), 0.0
    return _slid(cards, standing, by, (RIGHT,))


def nearest(cards: Sequence[Box], standing: Sequence[Box], by: Position) -> Position:
    """``by``, or what is nearest to it on the right, below, on the left or above."""
    return _slid(cards, standing, by, (RIGHT, DOWN, LEFT, UP))


def _slid(
    cards: Sequence[Box], standing: Sequence[Box], by: Position, ways: Sequence[tuple[int, int]]
) -> Position:
    """``by``, moved on in one of the ways until no card covers another.

    The least moved goes on first: along a column of ten thousand cards nobody goes to its end
    where there is room beside it.
    """
    start = bounds(cards).moved(by)
    lanes = [_near(_lane(start, way), standing) for way in ways]
    ends = [(0.0, k, by) for k in range(len(ways))]
    while True:
        far, k, at = heappop(ends)
        covered = _covered(cards, lanes[k], at)
        if not covered:
            return at
        step = snap(max(_past(card, other, ways[k]) for card, other in covered))
        heappush(ends, (far + step, k, (at[0] + step * ways[k][0], at[1] + step * ways[k][1])))


def _covered(cards: Sequence[Box], standing: Iterable[Box], by: Position) -> list[tuple[Box, Box]]:
    """The pairs of a moved card and one that stands of which one lies upon the other."""
    near = _near(bounds(cards).moved(by), standing)
    moved = [card.moved(by) for card in cards] if near else []
    return [(card, other) for card in moved for other in near if card.covers(other)]


def _lane(box: Box, way: tuple[int, int]) -> Box:
    """What a box passes over that goes on and on in one way."""
    x, y = box.x + min(way[0], 0) * _FAR, box.y + min(way[1], 0) * _FAR
    return Box(x, y, box.width + abs(way[0]) * _FAR, box.height + abs(way[1]) * _FAR)


def _near(box: Box, standing: Iterable[Box]) -> list[Box]:
    """The cards that a box covers: as ``covers``, without the time that ten thousand calls take."""
    left, top = box.x - _MARGIN, box.y - _MARGIN
    right, bottom = box.right + _MARGIN, box.bottom + _MARGIN
    return [
        other
        for other in standing
        if other[0] < right
        and other[1] < bottom
        and left < other[0] + other[2]
        and top < other[1] + other[3]
    ]


def _past(card: Box, other: Box, way: tuple[int, int]) -> float:
    """How far a card must go in one way to have passed another, with a gap between them."""
    if way == RIGHT:
        return other.right + COLUMN_GAP - card.x
    if way == LEFT:
        return card.right + COLUMN_GAP - other.x
    return other.bottom + ROW_GAP - card.y if way == DOWN else card.bottom + ROW_GAP - other.y
