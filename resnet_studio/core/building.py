"""Adding to a network in one step: a node with its wires, a copy that keeps its inputs."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from resnet_studio.core import edits, fragments
from resnet_studio.core.document import BLOCK_OUTPUT, Document, Edge, Graph, Node
from resnet_studio.core.edits import Position


class Tap(NamedTuple):
    """An output of a node, from which a wire leads."""

    node: str
    output: int = 0


def add_after(document: Document, scope: str, node: Node, taps: Iterable[Tap]) -> Document:
    """Adds a node and wires the taps to its slots, as many as it takes."""
    document = edits.add_nodes(document, scope, [node])
    limit = edits.slots(document, node.type)
    for slot, tap in enumerate(list(taps)[: limit if limit is not None else None]):
        document = edits.connect(document, scope, tap.node, node.id, slot, tap.output)
    return document


def add_before(document: Document, scope: str, node: Node, target: str, slot: int) -> Document:
    """Adds a node that feeds a slot."""
    document = edits.add_nodes(document, scope, [node])
    return edits.connect(document, scope, node.id, target, slot)


def taps_of(document: Document, scope: str, selection: Iterable[str]) -> list[Tap]:
    """The outputs that a node added to a selection continues, in written order.

    Those that nothing within the selection consumes: of a selected chain its end.
    """
    graph, chosen = document.graph(scope), set(selection)
    inner = {edge.source for edge in graph.edges if edge.target in chosen}
    return [
        Tap(key)
        for key, node in graph.nodes.items()
        if key in chosen and key not in inner and node.type != BLOCK_OUTPUT
    ]


def chained(document: Document, scope: str, ids: Sequence[str]) -> Document:
    """The document with a wire from each node to the next; those that are there stay.

    Raises:
        EditError: a node gives or takes no tensor, all its inputs are taken, or the wires would
            run in a circle.
    """
    for source, target in pairwise(ids):
        graph = document.graph(scope)
        if any(edge.source == source for edge in graph.into(target)):
            continue
        limit = edits.slots(document, graph.nodes[target].type)
        if graph.nodes[source].type == BLOCK_OUTPUT:
            raise edits.EditError(f"“{source}” gives no tensor")
        if limit is not None and len(graph.into(target)) >= limit:
            why = "its inputs are taken" if limit else "it takes no tensor"
            raise edits.EditError(f"“{target}” cannot be connected: {why}")
        document = edits.connect(document, scope, source, target)
    return document


def following(graph: Graph, tap: Tap) -> list[Edge]:
    """The wires that lead from a tap."""
    return [e for e in graph.edges if (e.source, e.output) == (tap.node, tap.output)]


def incoming(document: Document, scope: str, ids: Iterable[str]) -> tuple[Edge, ...]:
    """The wires that enter a set of nodes from outside of it."""
    chosen = set(ids)
    return tuple(
        e for e in document.graph(scope).edges if e.target in chosen and e.source not in chosen
    )


def paste_wired(
    document: Document,
    scope: str,
    part: Document,
    wires: Iterable[Edge],
    offset: Position = (0.0, 0.0),
) -> tuple[Document, list[str]]:
    """Pastes a fragment and feeds it from where ``wires`` fed its original.

    A wire from a node that is not there is left out; the slots of a merge close up.
    """
    after, ids = fragments.paste(document, scope, part, offset)
    named: Mapping[str, str] = dict(zip(part.network.nodes, ids, strict=True))
    led = [e._replace(target=named[e.target]) for e in wires if e.target in named]
    graph = after.graph(scope)
    after = edits.with_graph(after, scope, graph.with_edges((*graph.edges, *led)))
    there = document.graph(scope).nodes
    return edits.disconnect(after, scope, [e for e in led if e.source not in there]), ids


def insert_after(document: Document, scope: str, node: Node, tap: Tap) -> Document:
    """Adds a node between a tap and everything that it feeds."""
    document = edits.add_nodes(document, scope, [node])
    graph = document.graph(scope)
    led = {wire: wire._replace(source=node.id, output=0) for wire in following(graph, tap)}
    edges = (*(led.get(e, e) for e in graph.edges), Edge(tap.node, node.id, 0, tap.output))
    return edits.with_graph(document, scope, graph.with_edges(edges))
