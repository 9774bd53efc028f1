"""Equal nodes in a row as one node, repeated."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.edits import with_graph
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.fold.given import arguments_of, frozen
from resnet_studio.core.fold.names import common_name
from resnet_studio.core.fold.origins import followed, numbered, recorded
from resnet_studio.core.fold.regions import Element, Regions


def rows(regions: Regions) -> list[list[str]]:
    """Ids of the nodes that follow each other with equal arguments, row by row."""
    found: list[list[str]] = []
    for chain in regions.chains:
        row: list[Element] = []
        for element in chain:
            if row and _continues(regions, row[-1], element):
                row.append(element)
                continue
            found.append([regions.nodes[e.root].id for e in row])
            row = [element]
        found.append([regions.nodes[e.root].id for e in row])
    return [row for row in found if len(row) > 1]


def _continues(regions: Regions, before: Element, after: Element) -> bool:
    """Whether both are one node each, of one input, and alike but for how often they repeat."""
    first, then = regions.nodes[before.root], regions.nodes[after.root]
    single = not (before.is_bubble or after.is_bubble) and all(
        len(regions.inputs[element.root]) == 1 for element in (before, after)
    )
    if not single or first.type != then.type or not _loops(regions, first):
        return False
    if is_expression(first.repeat) or is_expression(then.repeat):
        return False
    document = regions.document
    return frozen(arguments_of(document, first)) == frozen(arguments_of(document, then))


def _loops(regions: Regions, node: Node) -> bool:
    """Calls, and the layers of which people stack several: not a row of activations."""
    return node.type in regions.document.blocks or "Conv" in node.type or node.type == "Dense"


def repeated(document: Document, found: Iterable[tuple[str, list[list[str]]]]) -> Document:
    """The document with each row, by scope, made into its first node, repeated."""
    # Blocks first: the records that the network's nodes keep follow what moves inside them.
    for scope, scope_rows in sorted(found, key=lambda item: item[0] == NETWORK):
        if scope_rows:
            graph, moved = _merged(document.graph(scope), scope_rows, scope)
            document = with_graph(followed(document, scope, moved), scope, graph)
    return document


def _merged(graph: Graph, found: list[list[str]], scope: str) -> tuple[Graph, dict[str, str]]:
    one: dict[str, Node] = {}
    first_of: dict[str, str] = {}
    moved: dict[str, str] = {}
    taken = set(graph.nodes)
    for row in found:
        nodes = [graph.nodes[key] for key in row]
        name = common_name(row, taken - set(row)) or row[0]
        node = replace(nodes[0], id=name, repeat=sum(int(n.repeat) for n in nodes))
        one[row[0]] = recorded(node, numbered(nodes)) if scope == NETWORK else node
        first_of |= dict.fromkeys(row, name)
        taken.add(name)
        moved |= _places(nodes, name)
    after = {
        one[key].id if key in one else key: one.get(key, node)
        for key, node in graph.nodes.items()
        if key in one or key not in first_of
    }
    edges = tuple(
        edge._replace(
            source=first_of.get(edge.source, edge.source),
            target=first_of.get(edge.target, edge.target),
        )
        for edge in graph.edges
        if not _inside(edge, first_of)
    )
    return Graph(after, edges, graph.extra), moved


def _inside(edge: Edge, first_of: Mapping[str, str]) -> bool:
    """Whether a wire runs between two nodes of one row."""
    row = first_of.get(edge.source)
    return row is not None and row == first_of.get(edge.target)


def _places(nodes: list[Node], name: str) -> dict[str, str]:
    """Where the copies of single nodes are in the row."""
    found = {}
    number = 1
    for node in nodes:
        found[node.id] = f"{name}#{number}"
        number += int(node.repeat)
    return found
