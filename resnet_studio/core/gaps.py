"""Room in the height of a drawing: made where cards come out of a call, closed where they go in."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate

from resnet_studio.core.document import Document, Graph, Node
from resnet_studio.core.edits import Position
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import snap

Span = tuple[float, float]


def span(document: Document, graph: Graph, ids: Iterable[str]) -> Span | None:
    """From which height to which some cards reach; None where one has no place."""
    nodes = [graph.nodes[key] for key in ids]
    tops = [node.position[1] for node in nodes if node.position is not None]
    if len(tops) < len(nodes):
        return None
    heights = [card_extent(node, document)[1] for node in nodes]
    return min(tops), max(top + height for top, height in zip(tops, heights, strict=True))


def top_middle(document: Document, graph: Graph, ids: Iterable[str]) -> Position | None:
    """Where one card stands that takes the place of several."""
    nodes = [graph.nodes[key] for key in ids]
    across = [node.position[0] for node in nodes if node.position is not None]
    reach = span(document, graph, [node.id for node in nodes])
    return None if reach is None else (snap((min(across) + max(across)) / 2), reach[0])


def drawn_together(
    document: Document, nodes: Mapping[str, Node], reaches: Mapping[str, Span | None]
) -> dict[str, Node]:
    """What stands below moves up to each call, unless something stands beside its gap.

    ``reaches`` are the spans of the cards that each call replaced.
    """
    gains = _Gains(document, nodes, reaches)
    return {
        key: lowered(node, -gain) if (gain := gains.at(node)) else node
        for key, node in nodes.items()
    }


class _Gains:
    """How far each card moves up: by all the gaps that close above it."""

    def __init__(
        self, document: Document, nodes: Mapping[str, Node], reaches: Mapping[str, Span | None]
    ) -> None:
        placed = [node for node in nodes.values() if node.position is not None]
        self._tops = sorted(_top(node) for node in placed)
        self._ends = sorted(_top(node) + card_extent(node, document)[1] for node in placed)
        closing = sorted(
            (reach[1], gain)
            for call, reach in reaches.items()
            if reach is not None and (gain := self._gain(document, nodes[call], reach)) > 0
        )
        self._bottoms = [bottom for bottom, _gain in closing]
        self._sums = list(accumulate((gain for _bottom, gain in closing), initial=0.0))

    def _gain(self, document: Document, call: Node, reach: Span) -> float:
        """How much lower the gap is than the call in it; 0 where it must stay open."""
        top, bottom = reach
        # Of the cards that begin above the lower end, those that end above the upper one are past.
        within = bisect_left(self._tops, bottom) - bisect_right(self._ends, top)
        itself = call.position is not None
        return 0.0 if within > itself else bottom - top - card_extent(call, document)[1]

    def at(self, node: Node) -> float:
        if node.position is None:
            return 0.0
        return self._sums[bisect_right(self._bottoms, _top(node))]


def _top(node: Node) -> float:
    assert node.position is not None
    return node.position[1]


def pushed_down(document: Document, graph: Graph, node: Node, by: float) -> dict[str, Node]:
    """The graph's nodes with those that stand below ``node`` lowered, to make room."""
    if node.position is None or by <= 0:
        return dict(graph.nodes)
    bottom = node.position[1] + card_extent(node, document)[1]
    return {key: _moved(other, bottom, by) for key, other in graph.nodes.items()}


def _moved(node: Node, below: float, by: float) -> Node:
    if node.position is None or node.position[1] < below:
        return node
    return lowered(node, by)


def lowered(node: Node, by: float) -> Node:
    """The node further down."""
    if node.position is None:
        return node
    return node.at((node.position[0], snap(node.position[1] + by)))
