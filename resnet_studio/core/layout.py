"""Where the cards of a graph stand: layers from the top down, in plain Python.

After Sugiyama, Tagawa and Toda 1981: layers by longest path, order by barycentre, coordinates
by alternating least-squares passes.  Wires that bypass nodes (identity links) take no part:
they run beside the cards, so that the branch they skip stays a straight column.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from resnet_studio.core.document import Edge, Graph
from resnet_studio.core.structure import Structure

Position = tuple[float, float]
Extent = tuple[float, float]

GRID = 8
COLUMN_GAP = 96
"""Between the sides of neighbouring cards: an identity link runs in the middle."""
ROW_GAP = 64
"""Between one layer of cards and the next: the label of a wire stands in the middle."""
_SWEEPS = 4
_DUMMY: Extent = (16.0, 0.0)


class Plan(NamedTuple):
    """What a layout works on: the extent (width, height) of each card, and who feeds whom."""

    extents: Mapping[str, Extent]
    edges: Sequence[tuple[str, str]]


def plan(graph: Graph, extents: Mapping[str, Extent]) -> Plan:
    """The cards of ``extents`` with the wires among them that shape the layout."""
    skipped = bypasses(graph.structure)
    pairs = {
        (edge.source, edge.target): None
        for edge in graph.edges
        if edge not in skipped
        and edge.source != edge.target
        and edge.source in extents
        and edge.target in extents
    }
    return Plan(extents, list(pairs))


def bypasses(structure: Structure) -> set[Edge]:
    """The wires from a fork straight to a merge that another path from the fork reaches too.

    They are the identity links of residual blocks and the long skips of encoder-decoders.
    """
    return {
        Edge(structure.ids[sources[slot][0]], structure.ids[i], slot, sources[slot][1])
        for i, sources in enumerate(structure.sources)
        if sources is not None and len(sources) > 1
        for slot in bypassing(structure, i)
    }


def bypassing(structure: Structure, merge: int) -> list[int]:
    """The slots of one merge at which such wires end; ``merge`` is its index."""
    sources = structure.sources[merge] or ()
    return [
        slot
        for slot, (source, _output) in enumerate(sources)
        if _reaches_back(
            structure, [other for k, (other, _) in enumerate(sources) if k != slot], source
        )
    ]


def _reaches_back(structure: Structure, starts: list[int], goal: int) -> bool:
    """Whether a path leads from ``goal`` to one of ``starts``, none of which is ``goal``."""
    floor = structure.rank[goal]
    pending = [start for start in starts if structure.rank[start] > floor]
    seen = set(pending)
    while pending:
        for source, _output in structure.sources[pending.pop()] or ():
            if source == goal:
                return True
            if source not in seen and structure.rank[source] > floor:
                seen.add(source)
                pending.append(source)
    return False


def layered(what: Plan) -> dict[str, Position]:
    """The top-left corner of every card, on the grid, the topmost row at y = 0."""
    if not what.extents:
        return {}
    layer = _layers(what)
    net = _Net(what, layer)
    rows = _ordered(net)
    centres = _centres(net, rows)
    return _corners(what, layer, centres)


def _layers(what: Plan) -> dict[str, int]:
    """Longest path from a source; a source stands right above the first node that it feeds."""
    feeds: dict[str, list[str]] = {key: [] for key in what.extents}
    waiting = dict.fromkeys(what.extents, 0)
    for source, target in what.edges:
        feeds[source].append(target)
        waiting[target] += 1
    ready = [key for key, count in waiting.items() if not count]
    sources, layer = set(ready), dict.fromkeys(what.extents, 0)
    for key in _with_cycles_broken(ready, waiting):
        for follower in feeds[key]:
            waiting[follower] -= 1
            layer[follower] = max(layer[follower], layer[key] + 1)
            if not waiting[follower]:
                ready.append(follower)
    for key in sources:
        if feeds[key]:
            layer[key] = max(0, min(layer[follower] for follower in feeds[key]) - 1)
    return layer


def _with_cycles_broken(ready: list[str], waiting: dict[str, int]) -> Iterable[str]:
    """``ready`` as it grows; where wires run in a circle, one of its nodes goes first."""
    done: set[str] = set()
    rest = iter(list(waiting))
    at = 0
    while len(done) < len(waiting):
        if at == len(ready):
            ready.append(next(key for key in rest if key not in done))
        key = ready[at]
        at += 1
        if key not in done:
            done.add(key)
            yield key


class _Net:
    """Cards and the bends of long wires in their layers, with neighbours above and below."""

    def __init__(self, what: Plan, layer: Mapping[str, int]) -> None:
        self.width: list[float] = [what.extents[key][0] for key in what.extents]
        self.above: list[list[int]] = [[] for _ in self.width]
        self.below: list[list[int]] = [[] for _ in self.width]
        self.row: list[int] = [layer[key] for key in what.extents]
        self.cards = len(self.width)
        index = {key: i for i, key in enumerate(what.extents)}
        for source, target in what.edges:
            if layer[source] < layer[target]:
                self._wire(index[source], index[target])

    def _wire(self, source: int, target: int) -> None:
        last = source
        for row in range(self.row[source] + 1, self.row[target]):
            bend = len(self.width)
            self.width.append(_DUMMY[0])
            self.above.append([])
            self.below.append([])
            self.row.append(row)
            self._link(last, bend)
            last = bend
        self._link(last, target)

    def _link(self, upper: int, lower: int) -> None:
        self.below[upper].append(lower)
        self.above[lower].append(upper)


def _ordered(net: _Net) -> list[list[int]]:
    """The rows, each ordered by the mean place of the neighbours in the row before."""
    rows: list[list[int]] = [[] for _ in range(max(net.row) + 1)]
    for i, level in enumerate(net.row):
        rows[level].append(i)
    if all(len(row) == 1 for row in rows):
        return rows
    place = [0.0] * len(net.row)
    for row in rows:
        _number(row, place)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = net.above if downwards else net.below
        for row in rows if downwards else rows[::-1]:
            row.sort(key=lambda i: _mean(place, neighbours[i], place[i]))
            _number(row, place)
    return rows


def _number(row: list[int], place: list[float]) -> None:
    for at, i in enumerate(row):
        place[i] = at - (len(row) - 1) / 2


def _mean(values: Sequence[float], of: list[int], default: float) -> float:
    if len(of) == 1:
        return values[of[0]]
    return sum([values[i] for i in of]) / len(of) if of else default


def _centres(net: _Net, rows: list[list[int]]) -> list[float]:
    """The x of the middle of each card and bend: near its neighbours, clear of its row."""
    centre = [0.0] * len(net.row)
    rooms = [(row, _offsets(net, row)) for row in rows]
    for row, offsets in rooms:
        for i, x in zip(row, _spread([0.0] * len(row), offsets), strict=True):
            centre[i] = x
    for sweep in range(2 * _SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = net.above if downwards else net.below
        for row, offsets in rooms if downwards else rooms[::-1]:
            wanted = [_mean(centre, neighbours[i], centre[i]) for i in row]
            for i, x in zip(row, _spread(wanted, offsets), strict=True):
                centre[i] = x
    # A chain may have to wait for the room that its neighbour leaves.
    for _sweep in range(_SWEEPS):
        _straighten(net, rows, centre)
    return centre


def _straighten(net: _Net, rows: list[list[int]], centre: list[float]) -> None:
    """Gives the cards and bends of an unbranched chain one x, where their rows have the room."""
    beside: dict[int, tuple[int | None, int | None]] = {}
    for row in rows:
        for left, i, right in zip([None, *row], row, [*row[1:], None], strict=False):
            beside[i] = (left, right)
    for chain in _chains(net):
        places = sorted(centre[i] for i in chain)
        for x in (places[len(places) // 2], places[-1], places[0]):
            if all(_fits(net, centre, i, x, beside[i]) for i in chain):
                for i in chain:
                    centre[i] = x
                break


def _chains(net: _Net) -> Iterable[list[int]]:
    for i, above in enumerate(net.above):
        if len(above) == 1 and len(net.below[above[0]]) == 1:
            continue
        chain = [i]
        while len(net.below[chain[-1]]) == 1 and len(net.above[net.below[chain[-1]][0]]) == 1:
            chain.append(net.below[chain[-1]][0])
        if len(chain) > 1:
            yield chain


def _fits(
    net: _Net,
    centre: list[float],
    i: int,
    x: float,
    beside: tuple[int | None, int | None],
) -> bool:
    """Whether ``i`` can stand at ``x`` between its neighbours in the row."""
    left, right = beside
    if left is not None and x - centre[left] < _apart(net, left, i):
        return False
    return right is None or centre[right] - x >= _apart(net, i, right)


def _apart(net: _Net, left: int, right: int) -> float:
    return (net.width[left] + net.width[right]) / 2 + COLUMN_GAP


def _offsets(net: _Net, row: list[int]) -> list[float]:
    """The room that stands before the middle of each card of a row, from that of the first."""
    offsets, reach = [], 0.0
    for at, i in enumerate(row):
        if at:
            reach += _apart(net, row[at - 1], i)
        offsets.append(reach)
    return offsets


def _spread(wanted: list[float], offsets: list[float]) -> list[float]:
    """The places in the row's order nearest (least squares) to ``wanted`` without overlap.

    Pool-adjacent-violators on the places minus the room that stands before them.
    """
    if len(wanted) == 1:
        return wanted
    pools: list[tuple[float, int]] = []
    for x, offset in zip(wanted, offsets, strict=True):
        total, count = x - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    levels = [total / count for total, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _corners(what: Plan, layer: Mapping[str, int], centres: Sequence[float]) -> dict[str, Position]:
    heights = [0.0] * (max(layer.values()) + 1)
    for key, (_width, height) in what.extents.items():
        heights[layer[key]] = max(heights[layer[key]], height)
    tops, y = [], 0.0
    for height in heights:
        tops.append(y)
        y += height + ROW_GAP
    return {
        key: (snap(centre - width / 2), snap(tops[layer[key]]))
        for (key, (width, _height)), centre in zip(
            what.extents.items(), centres[: len(what.extents)], strict=True
        )
    }


def snap(value: float) -> float:
    """The nearest line of the grid."""
    return float(round(value / GRID) * GRID)
