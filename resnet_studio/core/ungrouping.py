"""Calls replaced by what they stand for: the inverse of grouping."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.edits import EditError, Position, free_id, with_graph
from resnet_studio.core.faces import card_extent
from resnet_studio.core.fold.origins import origin_of, recorded
from resnet_studio.core.fold.parts import Tensor
from resnet_studio.core.gaps import lowered, pushed_down
from resnet_studio.core.layout import ROW_GAP, layered, plan, snap
from resnet_studio.core.substitution import substituted


def unroll(document: Document, scope: str, node_id: str) -> tuple[Document, list[str]]:
    """A repeated call as that many calls in a row, below one another; returns their ids."""
    graph = document.graph(scope)
    node = graph.nodes[node_id]
    _refuse_unrolling(node)
    times = int(node.repeat)
    if times == 1:
        return document, [node_id]
    ids = [node_id]
    while len(ids) < times:
        ids.append(free_id({*graph.nodes, *ids}, node_id))
    step = card_extent(node, document)[1] + ROW_GAP
    copies = {key: lowered(replace(node, id=key, repeat=1), step * i) for i, key in enumerate(ids)}
    edges = [e._replace(source=ids[-1]) if e.source == node_id else e for e in graph.edges]
    edges += [Edge(before, after) for before, after in pairwise(ids)]
    others = pushed_down(document, graph, node, step * (times - 1))
    nodes = _in_place_of(others, node_id, copies)
    return with_graph(document, scope, Graph(nodes, tuple(edges), graph.extra)), ids


def _refuse_unrolling(node: Node) -> None:
    if node.bypassed:
        raise EditError(f"“{node.id}” is bypassed; let the data through it first")
    if not isinstance(node.repeat, int):
        raise EditError(f"“{node.id}” is repeated “{node.repeat}” times; give it a number first")
    if node.repeat < 1:
        raise EditError(f"“{node.id}” is repeated {node.repeat} times: nothing would be left of it")


def ungroup(document: Document, scope: str, node_id: str) -> tuple[Document, list[str]]:
    """A call replaced by the inside of its block; returns the ids of what came out.

    A repeated call is unrolled first.  Arguments take the place of the parameters; the block
    itself stays among the document's blocks.

    Raises:
        EditError: the call's repeat count is an expression, or it shares its layers.
    """
    graph = document.graph(scope)
    _refuse_sharing(graph, node_id)
    document, calls = unroll(document, scope, node_id)
    made: list[str] = []
    for call in calls:
        document, inside = _opened(document, scope, call)
        made += inside
    return document, made


def _refuse_sharing(graph: Graph, node_id: str) -> None:
    for node in graph.nodes.values():
        if node.shared_with is not None and node_id in (node.id, node.shared_with):
            raise EditError(
                f"“{node.id}” calls the layers of “{node.shared_with}” again; "
                "ungrouped, they would no longer be the same layers"
            )


@dataclass(frozen=True, slots=True)
class _Opening:
    """A call that is being replaced, and the ids that the inside of its block gets."""

    graph: Graph
    call: Node
    block: Block
    ids: Mapping[str, str]

    def feeding(self, source: Tensor) -> Tensor | None:
        """Where a tensor of the block comes from in the graph around the call."""
        if source[0] in self.ids:
            return self.ids[source[0]], source[1]
        slots = self.block.inputs()
        if source[0] not in slots:
            return None
        slot = slots.index(source[0])
        fed = [e for e in self.graph.edges if (e.target, e.slot) == (self.call.id, slot)]
        return (fed[0].source, fed[0].output) if fed else None

    def result(self, output: int) -> Tensor | None:
        """The tensor that one output of the call stands for."""
        ports = self.block.outputs()
        if output >= len(ports):
            return None
        fed = [e for e in self.block.graph.edges if e.target == ports[output]]
        return self.feeding((fed[0].source, fed[0].output)) if fed else None

    def edges(self) -> tuple[Edge, ...]:
        """The wires around the call and those of the inside, joined where they met."""
        found: list[Edge] = []
        for edge in self.graph.edges:
            if edge.source == self.call.id:
                tensor = self.result(edge.output)
                if tensor is not None:
                    found.append(edge._replace(source=tensor[0], output=tensor[1]))
            elif edge.target != self.call.id:
                found.append(edge)
        for edge in self.block.graph.edges:
            tensor = self.feeding((edge.source, edge.output))
            if edge.target in self.ids and tensor is not None:
                found.append(Edge(tensor[0], self.ids[edge.target], edge.slot, tensor[1]))
        return tuple(found)


def _opened(document: Document, scope: str, call_id: str) -> tuple[Document, list[str]]:
    graph = document.graph(scope)
    call = graph.nodes[call_id]
    block = document.blocks[call.type]
    inside = {k: n for k, n in block.graph.nodes.items() if not _is_port(n)}
    ids = _free_ids(graph, call_id, inside)
    opening = _Opening(graph, call, block, ids)
    arguments = {**block.parameters, **call.config}
    places, height = _places(document, block, inside, call)
    made = {
        ids[key]: _inlined(node, ids, arguments, places.get(key)) for key, node in inside.items()
    }
    made = {ids[key]: _with_origins(call, key, made[ids[key]]) for key in inside}
    lower = height - card_extent(call, document)[1] if places else 0.0
    others = pushed_down(document, graph, call, lower)
    nodes = _in_place_of(others, call_id, made)
    after = Graph(nodes, opening.edges(), graph.extra)
    return with_graph(document, scope, after), list(made)


def _is_port(node: Node) -> bool:
    return node.type in (BLOCK_INPUT, BLOCK_OUTPUT)


def _free_ids(graph: Graph, call_id: str, inside: Mapping[str, Node]) -> dict[str, str]:
    taken = set(graph.nodes) - {call_id}
    ids: dict[str, str] = {}
    for key in inside:
        ids[key] = free_id(taken, key)
        taken.add(ids[key])
    return ids


def _inlined(
    node: Node, ids: Mapping[str, str], arguments: Mapping[str, Any], place: Position | None
) -> Node:
    return replace(
        node,
        id=ids[node.id],
        config=substituted(node.config, arguments),
        repeat=substituted(node.repeat, arguments),
        shared_with=ids.get(node.shared_with) if node.shared_with else None,
        position=place,
    )


def _with_origins(call: Node, key: str, node: Node) -> Node:
    """What the call knew of where this layer, or what it calls, comes from."""
    record = {
        rest[len(key) + 1 :]: name
        for rest, name in origin_of(call).items()
        if rest.startswith(f"/{key}") and rest[len(key) + 1 :][:1] in ("", "/", "#")
    }
    return recorded(node, record) if record else node


def _places(
    document: Document, block: Block, inside: Mapping[str, Node], call: Node
) -> tuple[dict[str, Position], float]:
    """Where the inside stands once it is out, under the place of the call, and its height."""
    if call.position is None or not inside:
        return {}, 0.0
    extents = {key: card_extent(node, document) for key, node in inside.items()}
    known = {key: n.position for key, n in inside.items() if n.position is not None}
    if len(known) < len(inside):
        known = layered(plan(block.graph, extents))
    middle = (min(x for x, _y in known.values()) + max(x for x, _y in known.values())) / 2
    top = min(y for _x, y in known.values())
    x, y = call.position
    places = {key: (snap(px - middle + x), snap(py - top + y)) for key, (px, py) in known.items()}
    return places, max(places[key][1] - y + extents[key][1] for key in places)


def _in_place_of(nodes: Mapping[str, Node], gone: str, made: Mapping[str, Node]) -> dict[str, Node]:
    """``made`` stand in the written order where ``gone`` stood."""
    found: dict[str, Node] = {}
    for key, node in nodes.items():
        found.update(made if key == gone else {key: node})
    return found
