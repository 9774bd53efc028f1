"""The lines that a dragged card snaps to: edges, middles and equal gaps of the cards around it.

What the others offer is sorted once for a drag; a step of the drag looks up what is near.
"""

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from resnet_studio.core.arranging import Axis
from resnet_studio.core.layout import Position, snap

_ACROSS: tuple[Axis, Axis] = (1, 0)
"""The other axis of each."""


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
        left, top, width, height = self
        return (
            Box(left + by, top, width, height) if axis == 0 else Box(left, top + by, width, height)
        )


@dataclass(frozen=True, slots=True)
class Guide:
    """A line of the canvas from ``start`` to ``end``; ``gap`` where it measures a distance."""

    start: Position
    end: Position
    gap: float | None = None


Span = tuple[float, float]


class Others:
    """The cards that a dragged one keeps to."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        cards = list(boxes)
        self._spans = [[(card.span(a), card.span(_ACROSS[a])) for card in cards] for a in (0, 1)]
        self._ends = [_ends_of_lines(cards, 0), _ends_of_lines(cards, 1)]
        self._lines = [[sorted(kind) for kind in kinds] for kinds in self._ends]

    def to_line(self, box: Box, axis: Axis, reach: float) -> float | None:
        """How far it is to the nearest like line: left to left, middle to middle."""
        nearest = None
        for own, lines in zip(box.lines(axis), self._lines[axis], strict=True):
            at = bisect_left(lines, own)
            for line in lines[max(at - 1, 0) : at + 1]:
                step = line - own
                if abs(step) <= reach and (nearest is None or abs(step) < abs(nearest)):
                    nearest = step
        return nearest

    def on_line(self, axis: Axis, kind: int, line: float) -> Span | None:
        """How far cards reach along a line that is exactly an edge or middle of theirs."""
        return self._ends[axis][kind].get(line)

    def neighbours(self, box: Box, axis: Axis) -> tuple[list[Span], list[Span]]:
        """The two cards before and the two behind it in its row (or column), nearest first."""
        low, high = box.span(axis)
        left, right = box.span(_ACROSS[axis])
        level = [own for own, (start, end) in self._spans[axis] if start < right and left < end]
        before = sorted((s for s in level if s[1] <= low), key=lambda s: -s[1])
        behind = sorted((s for s in level if s[0] >= high), key=lambda s: s[0])
        return before[:2], behind[:2]


def _ends_of_lines(cards: list[Box], axis: Axis) -> tuple[dict[float, Span], ...]:
    """For each kind of line (edge, middle, edge): where it lies, and how far cards reach on it."""
    found: tuple[dict[float, Span], ...] = ({}, {}, {})
    for card in cards:
        start, end = card.span(_ACROSS[axis])
        for ends, line in zip(found, card.lines(axis), strict=True):
            low, high = ends.get(line, (start, end))
            ends[line] = min(low, start), max(high, end)
    return found


def guided(box: Box, others: Others, reach: float) -> tuple[Position, list[Guide]]:
    """Where a dragged card comes to stand, within ``reach`` of where it is held, and why.

    On each axis it takes the nearest line of another card, or else the place that makes the
    gaps to its neighbours equal; without either it keeps to the grid.
    """
    axes: tuple[Axis, Axis] = (0, 1)
    for axis in axes:
        by = others.to_line(box, axis, reach)
        if by is None:
            by = _to_gap(box, others, axis, reach)
        if by is None:
            by = snap(box[axis]) - box[axis]
        box = box.moved(axis, by)
    guides = [guide for axis in axes for guide in _guides(box, others, axis)]
    return (box.left, box.top), guides


def _to_gap(box: Box, others: Others, axis: Axis, reach: float) -> float | None:
    """How far it is to where the gaps to the cards before and behind are equal."""
    before, behind = others.neighbours(box, axis)
    low, high = box.span(axis)
    steps = []
    if before and behind:
        steps.append((before[0][1] + behind[0][0] - (low + high)) / 2)
    if len(before) > 1:
        gap = before[0][0] - before[1][1]
        steps.append(before[0][1] + gap - low)
    if len(behind) > 1:
        gap = behind[1][0] - behind[0][1]
        steps.append(behind[0][0] - gap - high)
    return min((s for s in steps if abs(s) <= reach), key=abs, default=None)


def _guides(box: Box, others: Others, axis: Axis) -> list[Guide]:
    """The lines that the card now shares with others, and the gaps that became equal."""
    start, end = box.span(_ACROSS[axis])
    found: dict[float, Span] = {}
    for kind, line in enumerate(box.lines(axis)):
        if theirs := others.on_line(axis, kind, line):
            found[line] = min(start, theirs[0]), max(end, theirs[1])
    if len(found) == 3:
        # Cards of one size: one line says it all, and that along the edges crosses no text.
        found = {line: ends for line, ends in found.items() if line == box.lines(axis)[0]}
    return [_line(axis, line, *ends) for line, ends in found.items()] + _gaps(box, others, axis)


def _line(axis: Axis, at: float, start: float, end: float) -> Guide:
    return Guide((at, start), (at, end)) if axis == 0 else Guide((start, at), (end, at))


def _gaps(box: Box, others: Others, axis: Axis) -> list[Guide]:
    before, behind = others.neighbours(box, axis)
    row = [*reversed(before), box.span(axis), *behind]
    own = len(before)
    gaps = [b[0] - a[1] for a, b in itertools.pairwise(row)]
    beside = {round(gaps[i], 3) for i in (own - 1, own) if 0 <= i < len(gaps)}
    equal = [g for g in beside if g > 0 and [round(x, 3) for x in gaps].count(g) > 1]
    middle = box.lines(_ACROSS[axis])[1]
    return [
        Guide(*_ends(axis, middle, a[1], b[0]), gap=gap)
        for a, b, gap in zip(row, row[1:], gaps, strict=False)
        if round(gap, 3) in equal
    ]


def _ends(axis: Axis, middle: float, start: float, end: float) -> tuple[Position, Position]:
    if axis == 0:
        return (start, middle), (end, middle)
    return (middle, start), (middle, end)
