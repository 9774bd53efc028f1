"""Giving one copy of a block a block of its own, so that an edit inside it touches no other.

``group2#1/add`` is one place of the unrolled network, but the graph that holds ``add`` may stand
for many.  ``isolate`` follows the chain of calls down: a block that is called elsewhere too is
cloned, and a repeat is split so that the one copy calls the clone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from resnet_studio.core.block_edits import calls_of
from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.edits import free_id, with_graph
from resnet_studio.core.expressions import is_expression
from resnet_studio.rules.repairs.splice import make_room, room, stacked

Chain = Sequence[tuple[str, int | None]]
"""Calls from the network down, as ``split_path`` gives them: node id and number of the copy."""


@dataclass(frozen=True, slots=True)
class Place:
    """A scope that a single chain of calls reaches, and the path prefix of what stands in it."""

    document: Document
    scope: str = NETWORK
    prefix: str = ""
    calls: tuple[str, ...] = ()
    """Paths of the calls that were added or given another block."""
    clones: tuple[str, ...] = ()


def scope_of(document: Document, chain: Chain) -> str:
    """The scope that a chain of calls leads to."""
    scope = NETWORK
    for node_id, _ in chain:
        scope = document.graph(scope).nodes[node_id].type
    return scope


def isolate(document: Document, chain: Chain, suffix: str, whole: bool = False) -> Place:
    """Follows ``chain`` and makes every graph on the way private to it.

    Clones are named ``<block>_<suffix>``.  With ``whole`` all copies of a repeat go together;
    the prefix is then that of the first.
    """
    place = Place(document)
    for node_id, copy in chain:
        place = _enter(place, node_id, None if whole else copy, suffix, copy)
    return place


def _enter(place: Place, node_id: str, copy: int | None, suffix: str, named: int | None) -> Place:
    document = place.document
    node = document.graph(place.scope).nodes[node_id]
    if copy is None and calls_of(document, node.type) == 1:
        return replace(place, scope=node.type, prefix=place.prefix + _copied(node_id, named) + "/")
    clone = clone_name(document, node.type, suffix)
    blocks = {**document.blocks, clone: document.blocks[node.type]}
    graph, call = _call_clone(document.graph(place.scope), node, copy, clone, suffix)
    document = with_graph(replace(document, blocks=blocks), place.scope, graph)
    split = call != node_id
    return Place(
        document,
        clone,
        place.prefix + _copied(call, None if split else named) + "/",
        (*place.calls, place.prefix + call),
        (*place.clones, clone),
    )


def _copied(node_id: str, copy: int | None) -> str:
    return node_id if copy is None else f"{node_id}#{copy}"


def clone_name(document: Document, block: str, suffix: str) -> str:
    stem = block if block.endswith(f"_{suffix}") else f"{block}_{suffix}"
    return free_id(document.blocks, stem)


def _call_clone(
    graph: Graph, node: Node, copy: int | None, clone: str, suffix: str
) -> tuple[Graph, str]:
    """The graph with ``node``, or one copy of it, calling ``clone``; and that call's id."""
    if copy is None:
        return graph.with_node(replace(node, type=clone)), node.id
    call = replace(node, id=free_id(graph.nodes, f"{node.id}_{suffix}"), type=clone, repeat=1)
    before, after = copy - 1, _fewer(node.repeat, copy)
    parts = [call]
    if before:
        parts.insert(0, replace(node, repeat=before))
    if after != 0:
        rest = node.id if not before else free_id({*graph.nodes, call.id}, node.id)
        parts.append(replace(node, id=rest, repeat=after))
    return _in_series(graph, node.id, _spread(parts)), call.id


def _fewer(repeat: int | str, copies: int) -> int | str:
    """A repeat count less ``copies``; an expression stays one."""
    if not is_expression(repeat):
        return int(repeat) - copies
    text = str(repeat)[1:].strip()
    return f"={text} - {copies}" if text.isidentifier() else f"=({text}) - {copies}"


def _spread(parts: list[Node]) -> list[Node]:
    """The parts of a split call below one another."""
    top = parts[0].position
    return parts if top is None else stacked(parts, top)


def _in_series(graph: Graph, node_id: str, parts: list[Node]) -> Graph:
    """The graph with a node of one input and one output replaced by a chain."""
    nodes: dict[str, Node] = {}
    position = graph.nodes[node_id].position
    if position is not None:
        graph = make_room(graph, position[1] + 1, sum(map(room, parts[1:])))
    for key, node in graph.nodes.items():
        nodes.update({part.id: part for part in parts} if key == node_id else {key: node})
    first, last = parts[0].id, parts[-1].id
    edges = [
        edge._replace(
            source=last if edge.source == node_id else edge.source,
            target=first if edge.target == node_id else edge.target,
        )
        for edge in graph.edges
    ]
    edges += [Edge(a.id, b.id) for a, b in pairwise(parts)]
    return Graph(nodes, tuple(edges), graph.extra)


def reuse_equal(document: Document, clones: Sequence[str]) -> Document:
    """Where a clone came out equal to a block that was there, calls that block instead."""
    for clone in clones:
        block = document.blocks[clone]
        for name, other in document.blocks.items():
            if name != clone and other == block:
                document = _call_instead(document, clone, name)
                break
    return document


def _call_instead(document: Document, clone: str, name: str) -> Document:
    for scope in document.scopes():
        graph = document.graph(scope)
        changed = {
            key: replace(node, type=name) for key, node in graph.nodes.items() if node.type == clone
        }
        if changed:
            document = with_graph(document, scope, graph.with_nodes(changed))
    blocks = {key: block for key, block in document.blocks.items() if key != clone}
    return replace(document, blocks=blocks)
