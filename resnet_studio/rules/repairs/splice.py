"""Putting a chain of new nodes into wires: ids, written order, places on the canvas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from resnet_studio.core.document import Edge, Graph, Node
from resnet_studio.core.edits import Position, free_id
from resnet_studio.core.faces import BLOCK_HEIGHT, CARD_HEIGHT, CARD_WIDTH
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.layout import ROW_GAP, Extent, snap
from resnet_studio.core.placing import nearest_free


class Part(NamedTuple):
    """A node to be made: the id it would like, its type and its arguments."""

    id: str
    type: str
    config: Mapping[str, Any]


def splice(
    graph: Graph, wires: Sequence[Edge], parts: Iterable[Part], aside: bool = False
) -> tuple[Graph, list[str]]:
    """Leads ``wires``, which leave one output, through new nodes in series.

    The nodes are written before the first that they feed, so that the file and the code read
    in the order of the data.  With ``aside`` they are drawn beside the wire, otherwise what
    stands below makes room.  Returns the graph and the ids of the new nodes.
    """
    taken, made = set(graph.nodes), []
    for part in parts:
        made.append(Node(free_id(taken, part.id), part.type, dict(part.config)))
        taken.add(made[-1].id)
    if not made:
        return graph, []
    targets = {wire.target for wire in wires}
    # The identity link is drawn on the side of its slot, so that it crosses no other wire.
    side = 0 if not aside else -1 if wires[0].slot == 0 else 1
    graph, made = _drawn(graph, wires[0].source, targets, made, side)
    nodes: dict[str, Node] = {}
    for key, node in graph.nodes.items():
        if key in targets:
            nodes.update({new.id: new for new in made})
            targets = set()
        nodes[key] = node
    edges = [_rerouted(edge, wires, made[-1].id) for edge in graph.edges]
    chain = [Edge(wires[0].source, made[0].id, 0, wires[0].output)]
    chain += [Edge(a.id, b.id) for a, b in pairwise(made)]
    return Graph(nodes, (*edges, *chain), graph.extra), [node.id for node in made]


def _rerouted(edge: Edge, wires: Sequence[Edge], source: str) -> Edge:
    return edge._replace(source=source, output=0) if edge in wires else edge


def _drawn(
    graph: Graph, source: str, targets: set[str], made: list[Node], side: int
) -> tuple[Graph, list[Node]]:
    start = graph.nodes[source].position
    ends = [p for p in (graph.nodes[target].position for target in targets) if p is not None]
    if start is None or len(ends) < len(targets):
        return graph, made
    end = min(ends, key=lambda position: position[1])
    if not side:
        graph = make_room(graph, end[1], sum(map(room, made)))
        return graph, stacked(made, end)
    heights = [
        snap(start[1] + (end[1] - start[1]) * (i + 1) / (len(made) + 1)) for i in range(len(made))
    ]
    x = _beside_the_way(graph, start[0], end[0], heights, made, side)
    return graph, [replace(node, position=(x, y)) for node, y in zip(made, heights, strict=True)]


def _beside_the_way(
    graph: Graph, start: float, end: float, heights: list[float], made: list[Node], side: int
) -> float:
    """The column nearest to both ends of a wire that is free from the first node to the last."""
    standing = [(n.position, _extent(n)) for n in graph.nodes.values() if n.position is not None]
    top, bottom = heights[0], heights[-1] + _extent(made[-1])[1]
    extent = (CARD_WIDTH, bottom - top)

    def detour(x: float) -> tuple[float, float]:
        return abs(x - start) + abs(x - end), -x * side

    return min((nearest_free(standing, (x, top), extent, side) for x in (end, start)), key=detour)


def _extent(node: Node) -> Extent:
    return CARD_WIDTH, CARD_HEIGHT if node.type in LAYERS else BLOCK_HEIGHT


def room(node: Node) -> float:
    """The height that the card of a layer, or of a call, takes with its wire."""
    return _extent(node)[1] + ROW_GAP


def stacked(nodes: Sequence[Node], top: Position) -> list[Node]:
    """The nodes below one another, the first at ``top``."""
    heights = accumulate(map(room, nodes[:-1]), initial=top[1])
    return [replace(node, position=(top[0], y)) for node, y in zip(nodes, heights, strict=True)]


def make_room(graph: Graph, below: float, height: float) -> Graph:
    """The graph with everything at ``below`` or further down moved down by ``height``."""
    moved = {
        key: replace(node, position=(node.position[0], node.position[1] + height))
        for key, node in graph.nodes.items()
        if node.position is not None and node.position[1] >= below
    }
    return graph.with_nodes(moved)
