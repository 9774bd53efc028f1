"""Cards in line: aligned, spread evenly, and the lines that a dragged card snaps to."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from resnet_studio.core.layout import Extent, Position, snap

Edge = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal[0, 1]

EDGES: Mapping[Edge, tuple[Axis, float]] = {
    "left": (0, 0.0),
    "centre": (0, 0.5),
    "right": (0, 1.0),
    "top": (1, 0.0),
    "middle": (1, 0.5),
    "bottom": (1, 1.0),
}
"""For each edge: the axis it fixes (0 across, 1 down), and how far along the card it lies."""


def _put(place: Position, axis: Axis, value: float) -> Position:
    return (value, place[1]) if axis == 0 else (place[0], value)


def aligned(
    places: Mapping[str, Position], extents: Mapping[str, Extent], edge: Edge
) -> dict[str, Position]:
    """The cards with one edge, or their middles, on a line; their order on the line stays.

    The line is that of the outermost card, for middles that of the cards' common box.
    """
    axis, share = EDGES[edge]
    low = min((places[k][axis] for k in places), default=0.0)
    high = max((places[k][axis] + extents[k][axis] for k in places), default=0.0)
    line = low + (high - low) * share
    return {k: _put(p, axis, line - extents[k][axis] * share) for k, p in places.items()}


def distributed(
    places: Mapping[str, Position], extents: Mapping[str, Extent], axis: Axis
) -> dict[str, Position]:
    """The cards with equal gaps between them; the first and the last stay where they are."""
    order = sorted(places, key=lambda k: (places[k][axis], k))
    if len(order) < 3:
        return dict(places)
    first, last = order[0], order[-1]
    inner = sum(extents[k][axis] for k in order[1:-1])
    start = places[first][axis] + extents[first][axis]
    gap = (places[last][axis] - start - inner) / (len(order) - 1)
    found, at = dict(places), start
    for key in order[1:-1]:
        found[key] = _put(places[key], axis, at + gap)
        at += gap + extents[key][axis]
    return found


# Guides


class Box(NamedTuple):
    """A card: its corner and its extent."""

    left: float
    top: float
    width: float
    height: float

    def span(self, axis: Axis) -> tuple[float, float]:
        start = self[axis]
        return start, start + self[axis + 2]

    def lines(self, axis: Axis) -> tuple[float, float, float]:
        """Its two edges and its middle on an axis."""
        low, high = self.span(axis)
        return low, (low + high) / 2, high

    def moved(self, axis: Axis, by: float) -> "Box":
        return Box(*_put(self[:2], axis, self[axis] + by), self.width, self.height)


@dataclass(frozen=True, slots=True)
class Guide:
    """A line of the canvas from ``start`` to ``end``; ``gap`` where it measures a distance."""

    start: Position
    end: Position
    gap: float | None = None


def guided(box: Box, others: Iterable[Box], reach: float) -> tuple[Position, list[Guide]]:
    """Where a dragged card comes to stand, within ``reach`` of where it is held, and why.

    On each axis it takes the nearest line of another card, or else the place that makes the
    gaps to its neighbours equal; without either it keeps to the grid.
    """
    near = list(others)
    for axis in (0, 1):
        by = _to_line(box, near, axis, reach)
        if by is None:
            by = _to_gap(box, near, axis, reach)
        if by is None:
            by = snap(box[axis]) - box[axis]
        box = box.moved(axis, by)
    guides = [guide for axis in (0, 1) for guide in _guides(box, near, axis)]
    return (box.left, box.top), guides


def _to_line(box: Box, others: list[Box], axis: Axis, reach: float) -> float | None:
    """How far it is to the nearest like line of another card: left to left, middle to middle."""
    steps = [
        theirs - own
        for other in others
        for theirs, own in zip(other.lines(axis), box.lines(axis), strict=True)
    ]
    return min((s for s in steps if abs(s) <= reach), key=abs, default=None)


def _neighbours(box: Box, others: list[Box], axis: Axis) -> tuple[list[Box], list[Box]]:
    """The cards in the same column (or row) before and behind it, the nearest first."""
    low, high = box.span(axis)
    across: Axis = 1 if axis == 0 else 0
    left, right = box.span(across)
    level = [o for o in others if o.span(across)[0] < right and left < o.span(across)[1]]
    before = sorted((o for o in level if o.span(axis)[1] <= low), key=lambda o: -o.span(axis)[1])
    behind = sorted((o for o in level if o.span(axis)[0] >= high), key=lambda o: o.span(axis)[0])
    return before, behind


def _to_gap(box: Box, others: list[Box], axis: Axis, reach: float) -> float | None:
    """How far it is to where the gaps to the cards before and behind are equal."""
    before, behind = _neighbours(box, others, axis)
    low, high = box.span(axis)
    steps = []
    if before and behind:
        start, end = before[0].span(axis)[1], behind[0].span(axis)[0]
        steps.append((start + end - (low + high)) / 2)
    if len(before) > 1:
        gap = before[0].span(axis)[0] - before[1].span(axis)[1]
        steps.append(before[0].span(axis)[1] + gap - low)
    if len(behind) > 1:
        gap = behind[1].span(axis)[0] - behind[0].span(axis)[1]
        steps.append(behind[0].span(axis)[0] - gap - high)
    return min((s for s in steps if abs(s) <= reach), key=abs, default=None)


def _guides(box: Box, others: list[Box], axis: Axis) -> list[Guide]:
    """The lines that the card now shares with others, and the gaps that became equal."""
    across: Axis = 1 if axis == 0 else 0
    found: dict[float, tuple[float, float]] = {}
    for other in others:
        for line, theirs in zip(box.lines(axis), other.lines(axis), strict=True):
            if line == theirs:
                ends = (*box.span(across), *other.span(across), *found.get(line, ()))
                found[line] = min(ends), max(ends)
    if len(found) == 3:
        # Cards of one size: one line says it all, and that along the edges crosses no text.
        found = {line: ends for line, ends in found.items() if line == box.lines(axis)[0]}
    lines = [_line(axis, line, *ends) for line, ends in found.items()]
    return lines + _gaps(box, others, axis)


def _line(axis: Axis, at: float, start: float, end: float) -> Guide:
    return Guide((at, start), (at, end)) if axis == 0 else Guide((start, at), (end, at))


def _gaps(box: Box, others: list[Box], axis: Axis) -> list[Guide]:
    before, behind = _neighbours(box, others, axis)
    row = [*reversed(before[:2]), box, *behind[:2]]
    own = len(before[:2])
    gaps = [b.span(axis)[0] - a.span(axis)[1] for a, b in itertools.pairwise(row)]
    beside = {round(gaps[i], 3) for i in (own - 1, own) if 0 <= i < len(gaps)}
    equal = [g for g in beside if g > 0 and [round(x, 3) for x in gaps].count(g) > 1]
    across: Axis = 1 if axis == 0 else 0
    middle = box.lines(across)[1]
    return [
        Guide(*_ends(axis, middle, a.span(axis)[1], b.span(axis)[0]), gap=gap)
        for a, b, gap in zip(row, row[1:], gaps, strict=False)
        if round(gap, 3) in equal
    ]


def _ends(axis: Axis, middle: float, start: float, end: float) -> tuple[Position, Position]:
    if axis == 0:
        return (start, middle), (end, middle)
    return (middle, start), (middle, end)
