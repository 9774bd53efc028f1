"""Edits: pure functions from a document to the document after, sharing what did not change.

``scope`` is ``NETWORK`` ("") or the name of a block.  Faults of the caller (an id that is not
there) raise KeyError; what a user may get wrong (a name that is taken) raises EditError with a
sentence to show.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from operator import itemgetter
from typing import Any

from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.layer import LAYERS

Position = tuple[float, float]


class EditError(ValueError):
    """An edit that cannot be made, in one sentence for the user."""


def with_graph(document: Document, scope: str, graph: Graph) -> Document:
    """The document with the network, or the graph of one block, replaced."""
    if scope == NETWORK:
        return replace(document, network=graph)
    block = replace(document.blocks[scope], graph=graph)
    return replace(document, blocks={**document.blocks, scope: block})


# Nodes


def free_id(taken: Iterable[str], wanted: str) -> str:
    """``wanted``, or ``wanted_2``, ``wanted_3`` … where it is taken."""
    names = taken if isinstance(taken, AbstractSet) else set(taken)
    if wanted not in names:
        return wanted
    stem = re.sub(r"_\d+$", "", wanted) or wanted
    number = 2
    while f"{stem}_{number}" in names:
        number += 1
    return f"{stem}_{number}"


def default_id(type_name: str) -> str:
    """``MaxPooling2D`` as ``max_pooling2d``, the way Keras names layers."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", type_name)
    return re.sub(r"\W+", "_", spaced).lower() or "node"


def add_nodes(
    document: Document, scope: str, nodes: Iterable[Node], edges: Iterable[Edge] = ()
) -> Document:
    """Adds nodes whose ids are free, and edges."""
    graph = document.graph(scope)
    added = {node.id: node for node in nodes}
    if clash := added.keys() & graph.nodes.keys():
        raise EditError(f"there is already a node called “{min(clash)}”")
    result = graph.with_parts({**graph.nodes, **added}, (*graph.edges, *edges))
    return with_graph(document, scope, result)


def remove_nodes(
    document: Document, scope: str, ids: Iterable[str], bridge: bool = False
) -> Document:
    """Removes nodes and their wires; with ``bridge`` what fed a chain feeds what followed it."""
    graph, gone = document.graph(scope), set(ids)
    edges = [edge for edge in graph.edges if edge.source not in gone and edge.target not in gone]
    if bridge:
        edges += _bridges(graph, gone)
    nodes = {key: _unshared(node, gone) for key, node in graph.nodes.items() if key not in gone}
    return with_graph(document, scope, graph.with_parts(nodes, _close_gaps(edges, graph)))


def _unshared(node: Node, gone: set[str]) -> Node:
    return replace(node, shared_with=None) if node.shared_with in gone else node


def _bridges(graph: Graph, gone: set[str]) -> list[Edge]:
    """For each wire that leaves the removed nodes, one from what entered them first."""
    origin = _origins(graph, gone)
    return [
        Edge(origin[edge.source][0], edge.target, edge.slot, origin[edge.source][1])
        for edge in graph.edges
        if edge.target not in gone and edge.source in origin
    ]


def _origins(graph: Graph, gone: set[str]) -> dict[str, tuple[str, int]]:
    """Of each removed node the first tensor from outside that comes to it, if one does."""
    feeds: dict[str, list[Edge]] = {key: [] for key in gone if key in graph.nodes}
    for edge in graph.edges:
        if edge.target in feeds:
            feeds[edge.target].append(edge)
    found: dict[str, tuple[str, int]] = {}
    structure = graph.structure
    for key in sorted(feeds, key=lambda key: structure.rank[structure.index[key]]):
        for edge in sorted(feeds[key], key=lambda edge: edge.slot):
            inside = edge.source in gone
            tensor = found.get(edge.source) if inside else (edge.source, edge.output)
            if tensor is not None:
                found[key] = tensor
                break
    return found


def replace_node(document: Document, scope: str, node: Node) -> Document:
    """The node of the same id, replaced."""
    return with_graph(document, scope, document.graph(scope).with_node(node))


def set_argument(document: Document, scope: str, node_id: str, name: str, value: Any) -> Document:
    """Sets one argument; the wiring stays, so the analysis after is local."""
    node = document.graph(scope).nodes[node_id]
    return replace_node(document, scope, replace(node, config={**node.config, name: value}))


def clear_argument(document: Document, scope: str, node_id: str, name: str) -> Document:
    """Lets an argument have its default again."""
    node = document.graph(scope).nodes[node_id]
    config = {key: value for key, value in node.config.items() if key != name}
    return replace_node(document, scope, replace(node, config=config))


def set_repeat(document: Document, scope: str, node_id: str, repeat: int | str) -> Document:
    node = document.graph(scope).nodes[node_id]
    return replace_node(document, scope, replace(node, repeat=repeat))


def set_bypassed(
    document: Document, scope: str, ids: Iterable[str], bypassed: bool = True
) -> Document:
    """Lets the data pass nodes by, or flow through them again.

    Raises:
        EditError: a node has not exactly one wire in, or gives no one tensor to pass on.
    """
    graph = document.graph(scope)
    nodes = [graph.nodes[key] for key in ids]
    changed = {n.id: replace(n, bypassed=bypassed) for n in nodes if n.bypassed != bypassed}
    for key in changed if bypassed else ():
        if why := _not_passable(document, graph, graph.nodes[key]):
            raise EditError(f"“{key}” cannot be bypassed: {why}")
    return with_graph(document, scope, graph.with_nodes(changed)) if changed else document


def _not_passable(document: Document, graph: Graph, node: Node) -> str:
    if node.type in (BLOCK_INPUT, BLOCK_OUTPUT, "Input"):
        return "data enters or leaves there"
    block = document.blocks.get(node.type)
    if block is not None and len(block.outputs()) != 1:
        return f"it gives {len(block.outputs())} tensors"
    wires = len(graph.into(node.id))
    return "" if wires == 1 else f"one wire must enter it, and {wires or 'none'} do"


def move_nodes(document: Document, scope: str, positions: Mapping[str, Position]) -> Document:
    """Puts nodes elsewhere; ids that are not there are passed over."""
    graph = document.graph(scope)
    nodes = graph.nodes
    moved = {
        key: nodes[key].at(position)
        for key, position in positions.items()
        if key in nodes and nodes[key].position != position
    }
    return with_graph(document, scope, graph.with_moved(moved)) if moved else document


def rename_node(document: Document, scope: str, old: str, new: str) -> Document:
    """Gives a node another id; wires and shared layers follow."""
    graph = document.graph(scope)
    if new == old:
        return document
    if not new or "/" in new or "#" in new:
        raise EditError("a node's name is a text without “/” and “#”")
    if new in graph.nodes:
        raise EditError(f"there is already a node called “{new}”")
    nodes = {}
    for key, node in graph.nodes.items():
        shared = new if node.shared_with == old else node.shared_with
        moved = key == old or shared != node.shared_with
        named = new if key == old else key
        nodes[named] = replace(node, id=named, shared_with=shared) if moved else node
    edges = tuple(_renamed(edge, old, new) for edge in graph.edges)
    return with_graph(document, scope, graph.with_parts(nodes, edges))


def _renamed(edge: Edge, old: str, new: str) -> Edge:
    if old not in (edge.source, edge.target):
        return edge
    return edge._replace(
        source=new if edge.source == old else edge.source,
        target=new if edge.target == old else edge.target,
    )


# Wires


def takes_many(document: Document, type_name: str) -> bool:
    """Whether a node of this type takes a list of tensors, one more slot with each wire."""
    cls = LAYERS.get(type_name)
    return cls is not None and cls.takes_list and type_name not in document.blocks


def slots(document: Document, type_name: str) -> int | None:
    """How many inputs a node of this type has; None for as many as are wired."""
    if type_name in document.blocks:
        return len(document.blocks[type_name].inputs())
    if takes_many(document, type_name):
        return None
    cls = LAYERS.get(type_name)
    if cls is not None and cls.slots:
        return len(cls.slots)
    return 0 if type_name in ("Input", BLOCK_INPUT) else 1


def connect(
    document: Document,
    scope: str,
    source: str,
    target: str,
    slot: int | None = None,
    output: int = 0,
) -> Document:
    """Wires an output to a slot, replacing the wire there; by default to the next free slot."""
    graph = document.graph(scope)
    if source == target:
        raise EditError(f"“{source}” cannot feed itself")
    if leads_to(graph, target, source):
        raise EditError(f"“{target}” already feeds “{source}”: the wires would run in a circle")
    into = graph.into(target)
    if slot is None:
        limit = slots(document, graph.nodes[target].type)
        taken = {edge.slot for edge in into}
        slot = next(s for s in range(len(taken) + 1) if s not in taken)
        if limit is not None and slot >= limit:
            slot = max(limit - 1, 0)
    edges = [e for e in graph.edges if not (e.target == target and e.slot == slot)]
    edge = Edge(source, target, slot, output)
    return with_graph(document, scope, graph.with_edges((*edges, edge)))


def leads_to(graph: Graph, start: str, goal: str) -> bool:
    """Whether wires lead from ``start`` to ``goal``."""
    structure = graph.structure
    begin, end = structure.index[start], structure.index[goal]
    pending, seen = [begin], {begin}
    while pending:
        here = pending.pop()
        if here == end:
            return True
        for follower in structure.successors[here]:
            if follower not in seen:
                seen.add(follower)
                pending.append(follower)
    return False


def disconnect(document: Document, scope: str, edges: Iterable[Edge]) -> Document:
    """Removes wires; the slots of merging layers close up."""
    graph, gone = document.graph(scope), set(edges)
    kept = [edge for edge in graph.edges if edge not in gone]
    return with_graph(document, scope, graph.with_edges(_close_gaps(kept, graph)))


def _close_gaps(edges: list[Edge], before: Graph) -> tuple[Edge, ...]:
    """Merging layers whose wires went have slots 0, 1, 2 … again; others keep their gaps."""
    end = itemgetter(1)
    were, are = Counter(map(end, before.edges)), Counter(map(end, edges))
    lost = {key for key, count in are.items() if count < were[key] and _merges(before, key)}
    kept: dict[str, list[Edge]] = {key: [] for key in lost}
    for edge in edges if lost else ():
        if edge.target in lost:
            kept[edge.target].append(edge)
    renumbered = {
        edge: edge._replace(slot=slot)
        for into in kept.values()
        for slot, edge in enumerate(sorted(into, key=lambda e: e.slot))
    }
    return tuple(renumbered.get(edge, edge) for edge in edges) if lost else tuple(edges)


def _merges(graph: Graph, key: str) -> bool:
    """Whether a node is there and takes any number of wires."""
    node = graph.nodes.get(key)
    return node is not None and node.type in LAYERS and LAYERS[node.type].takes_list


def insert_on_edge(document: Document, scope: str, edge: Edge, node: Node) -> Document:
    """Splices a node into a wire; the node may already be there, unwired."""
    if node.id not in document.graph(scope).nodes:
        document = add_nodes(document, scope, [node])
    graph = document.graph(scope)
    edges = [Edge(edge.source, node.id, 0, edge.output) if e == edge else e for e in graph.edges]
    edges.append(Edge(node.id, edge.target, edge.slot, 0))
    return with_graph(document, scope, graph.with_edges(tuple(edges)))
