"""The way of a wire from port to port: straight down, in a curve, or beside cards in its way.

Pure geometry, in the units of the canvas, y downwards.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf
from typing import NamedTuple, Protocol

LEG = 14.0
"""How far a wire runs straight out of a port before it turns aside."""
CLEARANCE = 44.0
"""Between the side of a card and a wire that passes it: half of its label has room."""
TIGHT = 20.0
"""What is left on the far side, where the wire runs between two columns."""
LANE_GAP = 14.0
"""Between wires that pass on the same side."""
_BUCKET, _COLUMN = 256.0, 1024.0
_WINDOW = 320.0
"""How far aside of its ends a wire first looks for cards; further, where there is no way."""
_LONG = 140.0
"""From this height on a wire runs upright and turns near one end."""
_SAMPLES = 12
_MARGIN = 6.0


class Rect(NamedTuple):
    """A card's place: its key, its sides."""

    key: str
    left: float
    top: float
    right: float
    bottom: float


class Route(NamedTuple):
    """A wire's way: two points for a line or curve; else corners, to be rounded.

    Four points turn once, near one end; six run in a lane beside cards and back.
    """

    points: tuple[tuple[float, float], ...]

    @property
    def lane(self) -> float | None:
        """The x of the stretch beside the cards, if the wire goes there."""
        return self.points[2][0] if len(self.points) == 6 else None

    @property
    def lane_span(self) -> tuple[float, float]:
        """From which height to which the lane runs."""
        ends = self.points[2][1], self.points[3][1]
        return min(ends), max(ends)

    @property
    def label(self) -> tuple[float, float]:
        """Where the label stands: in the middle of the way."""
        (x1, y1), (x2, y2) = self._longest()
        return (x1 + x2) / 2, (y1 + y2) / 2

    def _longest(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The longest upright stretch; of a short way the level one, clear of the ports."""
        if len(self.points) == 4 and self.points[3][1] - self.points[0][1] < _LONG:
            return self.points[1], self.points[2]
        return max(pairwise(self.points), key=lambda pair: abs(pair[1][1] - pair[0][1]))


class Cards(Protocol):
    """Whoever knows where cards stand."""

    def between(self, top: float, bottom: float, left: float, right: float) -> list[Rect]:
        """The cards that reach into this area."""


class Obstacles:
    """The cards of a small graph, found by height: a wire asks only those that it passes."""

    def __init__(self, rects: Iterable[Rect] = ()) -> None:
        self._buckets: dict[int, dict[str, Rect]] = {}
        self._rects: dict[str, Rect] = {}
        for rect in rects:
            self.put(rect)

    def put(self, rect: Rect) -> None:
        """Adds a card or moves it."""
        self.drop(rect.key)
        self._rects[rect.key] = rect
        for bucket in _buckets(rect.top, rect.bottom):
            self._buckets.setdefault(bucket, {})[rect.key] = rect

    def drop(self, key: str) -> None:
        rect = self._rects.pop(key, None)
        if rect is not None:
            for bucket in _buckets(rect.top, rect.bottom):
                self._buckets[bucket].pop(key, None)

    def between(
        self, top: float, bottom: float, left: float = -inf, right: float = inf
    ) -> list[Rect]:
        """The cards that reach into this area."""
        found = {
            key: rect
            for bucket in _buckets(top, bottom)
            for key, rect in self._buckets.get(bucket, {}).items()
            if rect.top < bottom and top < rect.bottom and rect.left < right and left < rect.right
        }
        return list(found.values())


def _buckets(top: float, bottom: float) -> range:
    return range(int(top // _BUCKET), int(bottom // _BUCKET) + 1)


def route(
    start: tuple[float, float],
    end: tuple[float, float],
    ends: tuple[str, str],
    obstacles: Cards,
    lanes: "Lanes",
) -> Route:
    """The way from an output port to an input port; ``ends`` are the cards of the two."""
    (x1, y1), (x2, y2) = start, end
    top, bottom, aside = min(y1, y2), max(y1, y2), _WINDOW
    if y2 - y1 >= LEG:
        left, right = min(x1, x2) - 2 * _MARGIN, max(x1, x2) + 2 * _MARGIN
        cards = obstacles.between(top, bottom, left, right)
        if direct := _direct(start, end, [r for r in cards if r.key not in ends]):
            return direct
        own = set(ends)
    else:
        # Upwards: round both cards as well.
        top, bottom, own = top - LEG, bottom + LEG, set()
    upper, lower = y1 + LEG, y2 - LEG
    span = (min(upper, lower), max(upper, lower))
    x = None if own else _between(start, end, obstacles, span, lanes)
    while x is None:
        left, right = min(x1, x2) - aside, max(x1, x2) + aside
        cards = [r for r in obstacles.between(top, bottom, left, right) if r.key not in own]
        lane = _lane(start, end, cards, span, lanes)
        if left + CLEARANCE < lane < right - CLEARANCE:
            x = lane
        aside *= 4
    lanes.take(x, *span)
    return Route((start, (x1, upper), (x, upper), (x, lower), (x2, lower), end))


def _direct(
    start: tuple[float, float], end: tuple[float, float], cards: list[Rect]
) -> Route | None:
    """The way down without a detour: a curve, or for a long wire upright with one turn.

    A short one that a card keeps from its curve turns as well.
    """
    (x1, y1), (x2, y2) = start, end
    aside = abs(x2 - x1) >= LANE_GAP
    if y2 - y1 < _LONG or not aside:
        if not any(_meets(start, end, rect) for rect in cards):
            return Route((start, end))
        if not aside or y2 - y1 < 2 * LEG:
            return None
    for y in (y2 - LEG, y1 + LEG):
        way = Route((start, (x1, y), (x2, y), end))
        if not any(_crosses(way, rect) for rect in cards):
            return way
    return None


def _crosses(way: Route, rect: Rect) -> bool:
    """Whether a way of upright and level stretches comes too close to the card."""
    return any(
        min(a[0], b[0]) - _MARGIN < rect.right
        and rect.left < max(a[0], b[0]) + _MARGIN
        and min(a[1], b[1]) < rect.bottom
        and rect.top < max(a[1], b[1])
        for a, b in pairwise(way.points)
    )


def curve(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The control points of the cubic Bézier that leaves and arrives vertically."""
    reach = max(abs(end[1] - start[1]) / 2, LEG)
    return (start[0], start[1] + reach), (end[0], end[1] - reach)


def _meets(start: tuple[float, float], end: tuple[float, float], rect: Rect) -> bool:
    """Whether the curve touches the card, or comes close."""
    left, right = min(start[0], end[0]), max(start[0], end[0])
    if right < rect.left - _MARGIN or rect.right + _MARGIN < left:
        return False
    return any(
        rect.left - _MARGIN < x < rect.right + _MARGIN and rect.top < y < rect.bottom
        for x, y in along(start, end)
    )


def along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Points of the curve, evenly in its parameter."""
    (ax, ay), (bx, by) = curve(start, end)
    for step in range(_SAMPLES + 1):
        t = step / _SAMPLES
        u = 1 - t
        p, q, r, s = u**3, 3 * u * u * t, 3 * u * t * t, t**3
        yield (
            p * start[0] + q * ax + r * bx + s * end[0],
            p * start[1] + q * ay + r * by + s * end[1],
        )


def _between(
    start: tuple[float, float],
    end: tuple[float, float],
    obstacles: Cards,
    span: tuple[float, float],
    lanes: "Lanes",
) -> float | None:
    """The middle of the widest gap between the columns of the two ends, if there is one."""
    left, right = min(start[0], end[0]), max(start[0], end[0])
    cards = obstacles.between(span[0] - LEG, span[1] + LEG, left, right)
    gaps, reach = [], inf
    for rect in sorted(cards, key=lambda rect: rect.left):
        if rect.left - reach >= 2 * TIGHT:
            gaps.append((reach, rect.left))
        reach = rect.right if reach == inf else max(reach, rect.right)
    if not gaps:
        return None
    near, far = max(gaps, key=lambda gap: (gap[1] - gap[0], -abs(gap[0] - end[0])))
    x = lanes.free((near + far) / 2, span, +1)
    return x if x <= far - TIGHT else None


def _lane(
    start: tuple[float, float],
    end: tuple[float, float],
    cards: list[Rect],
    span: tuple[float, float],
    lanes: "Lanes",
) -> float:
    """The nearer free x on the left or the right; the right where both are as near."""
    left = _beyond(min(start[0], end[0]), cards, -1)
    right = _beyond(max(start[0], end[0]), cards, +1)
    left, right = lanes.free(left, span, -1), lanes.free(right, span, +1)

    def detour(x: float) -> float:
        return abs(x - start[0]) + abs(x - end[0])

    # The port's slot decides between equal ways, so that the wires into a merge do not cross.
    return left if detour(left) < detour(right) - 1 else right


def _beyond(x: float, cards: list[Rect], direction: int) -> float:
    """The first x from ``x`` on that keeps clear of every card."""
    if direction < 0:
        mirrored = [Rect(r.key, -r.right, r.top, -r.left, r.bottom) for r in cards]
        return -_beyond(-x, mirrored, +1)
    for rect in sorted(cards, key=lambda r: r.left):
        if rect.left - TIGHT < x < rect.right + CLEARANCE:
            x = rect.right + CLEARANCE
    return x


class Lanes:
    """Which stretches beside the cards are taken by wires already."""

    def __init__(self) -> None:
        self._taken: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def take(self, x: float, top: float, bottom: float) -> None:
        for bucket in _buckets(top, bottom):
            self._taken.setdefault((_column(x), bucket), []).append((x, top, bottom))

    def leave(self, x: float, top: float, bottom: float) -> None:
        """Frees a stretch that was taken."""
        for bucket in _buckets(top, bottom):
            self._taken[_column(x), bucket].remove((x, top, bottom))

    def free(self, x: float, span: tuple[float, float], direction: int) -> float:
        """``x``, or the first place further out where no wire runs beside this span."""
        while True:
            found = self._further(x, span, direction)
            if _column(found) == _column(x):
                return found
            x = found

    def _further(self, x: float, span: tuple[float, float], direction: int) -> float:
        """The same, as far as the lanes in this column and those beside it are concerned."""
        column = _column(x)
        beside = sorted(
            taken * direction
            for near in (column - 1, column, column + 1)
            for bucket in _buckets(*span)
            for taken, top, bottom in self._taken.get((near, bucket), ())
            if top < span[1] and span[0] < bottom
        )
        outwards = x * direction
        for taken in beside:
            if abs(taken - outwards) < LANE_GAP - 1:
                outwards = taken + LANE_GAP
        return outwards * direction


def _column(x: float) -> int:
    return int(x // _COLUMN)
