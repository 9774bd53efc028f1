"""A tall layout cut into columns that stand side by side: a long network fits a screen.

The rows of any layout in layers are kept as they are; where a new column begins is chosen as a
line of text is broken (Knuth and Plass 1981): cuts cost what the eye must follow across them, and
of all cuts into columns of a bounded height the cheapest are taken.  Columns are filled from the
left, so that a node more in one of them pushes no further than the next one that has room.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from math import ceil, floor, inf, log
from typing import NamedTuple

from resnet_studio.core.document import Graph
from resnet_studio.core.layout import Extent, Position, bypasses, snap
from resnet_studio.core.routing import Rect

ASPECT = 1.6
"""Width to height of what the columns are to fill: that of a screen."""
BETWEEN = 352.0
"""Between columns: an identity link, the wire to the next column and their labels have room."""
STAGE_ROOM = 96.0
"""More than the usual gap above the first card of a stage: its name stands there from afar."""
LEAST_HEIGHT = 960.0
"""What is no taller than this can be read as it is."""
_STEP = 1.15
"""Heights of columns grow in these steps: a node more seldom changes which one is best."""
_PRICE = 0.03
"""What a unit of a cut's cost is worth, as a share of the height."""
_TENSOR, _IDENTITY, _WITHIN = 8.0, 2.0, 1.0
"""The cost of each further tensor across a cut, of an identity link, and of no stage's end."""
_SHORT, _STUB = 0.3, 10.0
"""A column of less than this share of the height costs up to so much."""


_LEVEL = 160.0
"""Heads of columns differ by less: a card may come or go there after the layout."""


class _Row(NamedTuple):
    keys: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float


class _Page(NamedTuple):
    """What the choice of cuts looks at; ``costs[k]`` and ``starts[k]`` are of a cut above row k."""

    rows: Sequence[_Row]
    costs: Sequence[float]
    starts: Sequence[int]
    """How many stages begin below the first row, up to each row."""

    def height(self, first: int, end: int) -> float:
        """Of a column of the rows from ``first`` to before ``end``."""
        rooms = self.starts[end - 1] - self.starts[first]
        return self.rows[end - 1].bottom - self.rows[first].top + STAGE_ROOM * rooms

    def price(self, first: int, end: int, height: float) -> float:
        """What a column costs, as a share of the height of the highest."""
        lack = max(0.0, _SHORT - self.height(first, end) / height) / _SHORT
        return _PRICE * ((self.costs[first] if first else 0.0) + _STUB * lack)


def columned(
    graph: Graph,
    corners: Mapping[str, Position],
    extents: Mapping[str, Extent],
    stage: Mapping[str, int],
) -> dict[str, Position]:
    """The corners of a layout in layers, moved so that its rows stand in columns.

    ``stage`` numbers the stages in the order of the data (``stages.numbered``); a node that is
    not in it ends none.  The result is on the grid, and its first card at the top as before.
    """
    if not corners:
        return {}
    page = _page(graph, corners, extents, stage)
    cuts = _best_cuts(page)
    return _placed(page, cuts, corners)


def _page(
    graph: Graph,
    corners: Mapping[str, Position],
    extents: Mapping[str, Extent],
    stage: Mapping[str, int],
) -> _Page:
    rows = _rows(corners, extents)
    row_of = {key: at for at, row in enumerate(rows) for key in row.keys}
    ends = _stage_ends(rows, stage)
    tensors, identities = _crossings(graph, row_of, len(rows))
    costs = [
        _TENSOR * max(0, wires - 1) + _IDENTITY * links + (0.0 if end else _WITHIN)
        for wires, links, end in zip(tensors, identities, ends, strict=True)
    ]
    return _Page(rows, costs, list(accumulate(ends)))


def _rows(corners: Mapping[str, Position], extents: Mapping[str, Extent]) -> list[_Row]:
    """Cards beside each other, from the top: between rows runs a level line clear of all cards."""
    rows: list[list[str]] = []
    reach = -inf
    for key in sorted(corners, key=lambda key: corners[key][::-1]):
        if corners[key][1] >= reach:
            rows.append([])
        rows[-1].append(key)
        reach = max(reach, corners[key][1] + extents[key][1])
    return [_row(keys, corners, extents) for keys in rows]


def _row(
    keys: Sequence[str], corners: Mapping[str, Position], extents: Mapping[str, Extent]
) -> _Row:
    return _Row(
        tuple(keys),
        min(corners[key][0] for key in keys),
        min(corners[key][1] for key in keys),
        max(corners[key][0] + extents[key][0] for key in keys),
        max(corners[key][1] + extents[key][1] for key in keys),
    )


def _stage_ends(rows: Sequence[_Row], stage: Mapping[str, int]) -> list[bool]:
    """Whether all above a row is of earlier stages than all from it on; not so for the first."""
    numbers = [[stage[key] for key in row.keys if key in stage] for row in rows]
    above = list(accumulate((max(of, default=-inf) for of in numbers), max))
    below = list(accumulate((min(of, default=inf) for of in reversed(numbers)), min))[::-1]
    return [False, *(-inf < a < b < inf for a, b in zip(above, below[1:], strict=False))]


def _crossings(graph: Graph, row_of: Mapping[str, int], count: int) -> tuple[list[int], list[int]]:
    """How many tensors, and how many identity links, pass from above each row to it or beyond."""
    reach: dict[tuple[str, int], tuple[int, int]] = {}
    links = []
    skipping = bypasses(graph.structure)
    for edge in graph.edges:
        if edge.source not in row_of or edge.target not in row_of:
            continue
        ends = sorted((row_of[edge.source], row_of[edge.target]))
        first, last = reach.get((edge.source, edge.output), (ends[0], ends[1]))
        reach[edge.source, edge.output] = min(first, ends[0]), max(last, ends[1])
        if edge in skipping:
            links.append((ends[0], ends[1]))
    return _covered(reach.values(), count), _covered(links, count)


def _covered(spans: Iterable[tuple[int, int]], count: int) -> list[int]:
    """How many spans lead from above each row to it or beyond."""
    changes = [0] * (count + 1)
    for first, last in spans:
        changes[first + 1] += 1
        changes[last + 1] -= 1
    return list(accumulate(changes))[:count]


def _best_cuts(page: _Page) -> list[int]:
    """The first row of every column, at the height that lets all be seen from nearest."""
    tries = [_cuts(page, height) for height in _heights(page)]
    return min(tries, key=lambda cuts: _badness(page, cuts))


def _heights(page: _Page) -> list[float]:
    """Some heights of columns about the one at which the whole has the aspect wanted."""
    whole = page.height(0, len(page.rows))
    width = sum(row.right - row.left for row in page.rows) / len(page.rows) + BETWEEN
    ideal = max(LEAST_HEIGHT, (whole * width / ASPECT) ** 0.5)
    rung = log(ideal / LEAST_HEIGHT, _STEP)
    return [LEAST_HEIGHT * _STEP**k for k in range(max(0, floor(rung) - 2), ceil(rung) + 3)]


def _badness(page: _Page, cuts: Sequence[int]) -> float:
    """The height of the screen that all needs, and what the cuts cost."""
    columns = list(pairwise([*cuts, len(page.rows)]))
    height = max(page.height(first, end) for first, end in columns)
    width = sum(_width(page.rows[first:end]) + BETWEEN for first, end in columns) - BETWEEN
    price = sum(page.price(first, end, height) for first, end in columns)
    return max(height, width / ASPECT, LEAST_HEIGHT) * (1 + price)


def _width(rows: Sequence[_Row]) -> float:
    return max(row.right for row in rows) - min(row.left for row in rows)


def _cuts(page: _Page, most: float) -> list[int]:
    """The first rows of the cheapest columns of at most this height; of equals the fullest first.

    A column costs the width that it takes, and its cut.
    """
    count = len(page.rows)
    best, before = [0.0] + [inf] * count, [0] * (count + 1)
    for end in range(1, count + 1):
        left, right = inf, -inf
        for first in range(end - 1, -1, -1):
            if first < end - 1 and page.height(first, end) > most:
                break
            row = page.rows[first]
            left, right = min(left, row.left), max(right, row.right)
            cost = (right - left + BETWEEN) / ASPECT + most * page.price(first, end, most)
            if best[first] + cost < best[end]:
                best[end], before[end] = best[first] + cost, first
    return _traced(before, count)


def _traced(before: Sequence[int], end: int) -> list[int]:
    found = []
    while end:
        end = before[end]
        found.append(end)
    return found[::-1]


def _placed(
    page: _Page, cuts: Collection[int], corners: Mapping[str, Position]
) -> dict[str, Position]:
    places: dict[str, Position] = {}
    x, top = page.rows[0].left, page.rows[0].top
    for first, end in pairwise([*cuts, len(page.rows)]):
        rows = page.rows[first:end]
        aside = x - min(row.left for row in rows)
        for at, row in enumerate(rows, first):
            room = STAGE_ROOM * (page.starts[at] - page.starts[first])
            down = top - rows[0].top + room
            for key in row.keys:
                places[key] = (snap(corners[key][0] + aside), snap(corners[key][1] + down))
        x += _width(rows) + BETWEEN
    return places


def columns_of(cards: Iterable[Rect]) -> list[float]:
    """Where the columns begin in which cards stand as ``columned`` places them; else none.

    To the left of a column is a wide gap from top to bottom.  Columns begin at one height, and
    all but the last are of some height: a card that lies aside of the others makes none.
    """
    columns: list[list[Rect]] = []
    reach = -inf
    for card in sorted(cards, key=lambda card: card.left):
        if card.left - reach >= BETWEEN:
            columns.append([])
        columns[-1].append(card)
        reach = max(reach, card.right)
    heads = [min(card.top for card in column) for column in columns]
    feet = [max(card.bottom for card in column) for column in columns]
    heights = [foot - head for head, foot in zip(heads, feet, strict=True)]
    level = len(columns) > 1 and max(heads) - min(heads) < _LEVEL
    tall = min(heights[:-1], default=0.0) >= _SHORT * LEAST_HEIGHT
    return [column[0].left for column in columns] if level and tall else []
