"""Room in the height of a drawing: made where cards come out of a call, closed where they go in."""

from collections.abc import Iterable, Mapping

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
    document: Document, nodes: Mapping[str, Node], call: str, reach: Span | None
) -> dict[str, Node]:
    """What stands below moves up to the call, unless something stands beside the gap.

    ``reach`` is the span of the cards that the call replaced.
    """
    if reach is None:
        return dict(nodes)
    top, bottom = reach
    gain = bottom - top - card_extent(nodes[call], document)[1]
    beside = any(_overlaps(document, n, top, bottom) for n in nodes.values() if n.id != call)
    if beside or gain <= 0:
        return dict(nodes)
    return {
        key: node if key == call else _moved(node, bottom, -gain) for key, node in nodes.items()
    }


def _overlaps(document: Document, node: Node, top: float, bottom: float) -> bool:
    if node.position is None:
        return False
    y = node.position[1]
    return y < bottom and y + card_extent(node, document)[1] > top


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
