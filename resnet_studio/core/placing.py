"""Places for cards that come to others: where there is room, or where the others make it."""

from collections import deque
from collections.abc import Iterable, Mapping

from resnet_studio.core.document import Block, Document, Graph
from resnet_studio.core.edits import move_nodes
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import (
    COLUMN_GAP,
    ROW_GAP,
    Extent,
    Position,
    layered,
    plan,
    snap,
)

Interval = tuple[float, float]


def placed(
    graph: Graph, extents: Mapping[str, Extent], known: Mapping[str, Position]
) -> dict[str, Position]:
    """A place for every node: the one it has, the one in ``known``, or one worked out.

    Nodes without a place join those that have one: below what feeds them, clear of all cards.
    Where no node has a place, the whole graph is laid out.
    """
    places = {
        key: node.position if node.position is not None else known[key]
        for key, node in graph.nodes.items()
        if node.position is not None or key in known
    }
    missing = [key for key in graph.nodes if key not in places]
    if len(missing) == len(graph.nodes):
        return layered(plan(graph, extents))
    for key in _by_rank(graph, missing):
        places[key] = _beside(graph, extents, places, key)
    return places


def places_of(document: Document, graph: Graph) -> dict[str, Position]:
    """A place for every node of a graph as it is first shown: its own, or one worked out.

    The last few graphs that were laid out are remembered: undo comes back to them, and a large
    one is laid out, off the window's thread, before it is shown.
    """
    own = {key: node.position for key, node in graph.nodes.items()}
    if None not in own.values():
        return own  # type: ignore[return-value]
    for known, blocks, places in _laid_out:
        if known is graph and blocks is document.blocks:
            return dict(places)
    extents = {key: card_extent(node, document) for key, node in graph.nodes.items()}
    places = placed(graph, extents, {})
    _laid_out.append((graph, document.blocks, places))
    return dict(places)


_laid_out: deque[tuple[Graph, Mapping[str, Block], dict[str, Position]]] = deque(maxlen=4)


def _by_rank(graph: Graph, ids: list[str]) -> list[str]:
    structure = graph.structure
    return sorted(ids, key=lambda key: structure.rank[structure.index[key]])


def _beside(
    graph: Graph,
    extents: Mapping[str, Extent],
    places: Mapping[str, Position],
    key: str,
) -> Position:
    feeding = [edge.source for edge in graph.into(key) if edge.source in places]
    fed = [edge.target for edge in graph.out_of(key) if edge.target in places]
    if feeding:
        lowest = max(feeding, key=lambda k: places[k][1])
        x, y = places[lowest][0], places[lowest][1] + extents[lowest][1] + ROW_GAP
    elif fed:
        highest = min(fed, key=lambda k: places[k][1])
        x, y = places[highest][0], places[highest][1] - extents[key][1] - ROW_GAP
    else:
        x = min((place[0] for place in places.values()), default=0.0)
        y = max((p[1] + extents[k][1] + ROW_GAP for k, p in places.items()), default=0.0)
    return _clear(extents, places, key, (snap(x), snap(y)))


def _clear(
    extents: Mapping[str, Extent],
    places: Mapping[str, Position],
    key: str,
    wanted: Position,
) -> Position:
    """``wanted``, or the nearest free place beside it."""
    standing = [(place, extents[other]) for other, place in places.items() if other != key]
    return nearest_free(standing, wanted, extents[key]), wanted[1]


def nearest_free(
    standing: Iterable[tuple[Position, Extent]],
    wanted: Position,
    extent: Extent,
    side: int = 1,
) -> float:
    """The x nearest to ``wanted`` where a card lies upon none in its row; left or right.

    Where it must go aside it keeps ``COLUMN_GAP``; ``side`` (−1 or 1) decides between equal ways.
    """
    x, y = wanted
    width, height = extent
    row = sorted(
        (left, left + across)
        for (left, top), (across, down) in standing
        if top < y + height and y < top + down
    )
    if not any(left < x + width and x < right for left, right in row):
        return x
    aside = [snap(_past(row, x, width))]
    aside.append(
        -snap(_past(sorted((-right, -left) for left, right in row), -x - width, width)) - width
    )
    return min(aside, key=lambda at: (abs(at - x), (x - at) * side))


def _past(row: Iterable[Interval], x: float, width: float) -> float:
    """The first x from ``x`` on, past whatever stands there, with room for ``width``."""
    for left, right in row:
        if left < x + width and x < right + COLUMN_GAP:
            x = right + COLUMN_GAP
    return x


def make_room(
    places: Mapping[str, Position],
    extents: Mapping[str, Extent],
    ends: tuple[str, str],
    extent: Extent,
) -> tuple[Position, dict[str, Position]]:
    """A place for a card of ``extent`` on the wire between ``ends``, and who moves for it.

    Where the two are too near, everything level with the lower one, or below it, moves down.
    """
    (source_x, source_y), (target_x, target_y) = places[ends[0]], places[ends[1]]
    width, height = extent
    bottom = source_y + extents[ends[0]][1]
    middle = (source_x + target_x + (extents[ends[0]][0] + extents[ends[1]][0]) / 2) / 2
    if target_y < bottom:
        return (snap(middle - width / 2), snap((bottom + target_y - height) / 2)), {}
    free = target_y - bottom
    lack = max(0.0, snap(2 * ROW_GAP + height - free))
    moved = {key: (x, y + lack) for key, (x, y) in places.items() if lack and y >= target_y}
    return (snap(middle - width / 2), snap(bottom + (free + lack - height) / 2)), moved


def apart(places: Mapping[str, Position], extents: Mapping[str, Extent]) -> dict[str, Position]:
    """The cards that must move, and where to, so that none lies upon another.

    From the top down: where a card overlaps one above it, it and everything level with it or
    below moves down as one, so that rows stay rows.
    """
    moved: dict[str, Position] = {}
    standing: list[tuple[float, float, float]] = []
    shift, reach = 0.0, max((height for _width, height in extents.values()), default=0.0)
    for key in sorted(places, key=lambda k: (places[k][1], places[k][0])):
        (x, y), (width, height) = places[key], extents[key]
        standing = [s for s in standing if s[2] > y + shift - reach]
        lack = max(
            (
                bottom + ROW_GAP - (y + shift)
                for left, right, bottom in standing
                if left < x + width and x < right and bottom > y + shift
            ),
            default=0.0,
        )
        shift += snap(lack)
        if shift:
            moved[key] = (x, y + shift)
        standing.append((x, x + width, y + shift + height))
    return moved


def tidied(document: Document, before: Document) -> Document:
    """``document`` with no card upon another in the graphs that differ from ``before``.

    An edit made without a picture in view (a repair) places its nodes roughly.
    """
    for scope in document.scopes():
        graph = document.graph(scope)
        if scope in before.scopes() and graph is before.graph(scope):
            continue
        places = {k: n.position for k, n in graph.nodes.items() if n.position is not None}
        extents = {key: card_extent(graph.nodes[key], document) for key in places}
        moved = apart(places, extents)
        if moved:
            document = move_nodes(document, scope, moved)
    return document
