"""A motif made into a block: the block itself, its calls, and the graphs that now call it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.edits import free_id, with_graph
from resnet_studio.core.expressions import ExpressionError, resolve
from resnet_studio.core.fold.names import block_name, common_name, inner_ids, named
from resnet_studio.core.fold.origins import followed, origin_of, recorded
from resnet_studio.core.fold.parameters import (
    Parameter,
    by_position,
    default_of,
    parameters_for,
    slots_of,
    spoken,
    told,
)
from resnet_studio.core.fold.regions import Match


class Plan:
    """What folding a motif would come to, worked out before anything is changed."""

    def __init__(self, document: Document, matches: Sequence[Match]) -> None:
        self.document, self.matches = document, matches
        self.copies = [[match.window.regions.nodes[i] for i in match.nodes] for match in matches]
        expanding = any(node.type.startswith("DepthwiseConv") for node in self.copies[0])
        found = parameters_for(slots_of(document, self.copies), expanding)
        self.parameters = _required_first(named(found, matches[0], ()))
        self.name = block_name(document, matches[0])

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The arguments of each call."""
        said = {name: spoken(parameter) for name, parameter in self.parameters.items()}
        return [
            {name: p.values[copy] for name, p in self.parameters.items() if said[name][copy]}
            for copy in range(len(self.copies))
        ]

    def applied(self) -> Document:
        """The document with the block, called wherever the motif occurred."""
        ids = inner_ids(self.copies)
        block = self._block(ids)
        document = replace(self.document, blocks={**self.document.blocks, self.name: block})
        arguments = self.calls
        scopes = dict.fromkeys(match.window.regions.scope for match in self.matches)
        # Blocks first: the records that the network's nodes keep follow what moves inside them.
        for scope in sorted(scopes, key=lambda scope: scope == NETWORK):
            chosen = [
                (match, arguments[k])
                for k, match in enumerate(self.matches)
                if match.window.regions.scope == scope
            ]
            document = _Calls(document, scope, self.name, ids).placed(chosen)
        return document

    def _block(self, ids: Sequence[str]) -> Block:
        match, nodes = self.matches[0], {}
        uses = by_position(self.parameters)
        ports = _ports(ids, len(match.inputs))
        for port in ports:
            nodes[port] = Node(port, BLOCK_INPUT)
        for k, key in enumerate(ids):
            node = told(self.copies[0][k], uses.get(k, ()), self.document)
            nodes[key] = replace(node, id=key)
        output = free_id(nodes, "y")
        nodes[output] = Node(output, BLOCK_OUTPUT)
        edges = [*self._wires(ids, ports), Edge(ids[-1], output)]
        return Block(Graph(nodes, tuple(edges)), self._defaults())

    def _wires(self, ids: Sequence[str], ports: Sequence[str]) -> list[Edge]:
        match = self.matches[0]
        regions = match.window.regions
        at = {i: ids[k] for k, i in enumerate(match.nodes)}
        port = dict(zip(match.inputs, ports, strict=True))
        return [
            Edge(at[source], at[i], slot, output)
            if source in at
            else Edge(port[source, output], at[i], slot)
            for i in match.nodes
            for slot, (source, output) in enumerate(regions.inputs[i])
        ]

    def _defaults(self) -> dict[str, Any]:
        return {name: self._default(parameter) for name, parameter in self.parameters.items()}

    def _default(self, parameter: Parameter) -> Any:
        value = default_of(parameter)
        if value is not None:
            return value
        scope = self.matches[0].window.regions.scope
        around = self.document.blocks[scope].parameters if scope != NETWORK else {}
        try:
            return resolve(parameter.values[0], around)
        except ExpressionError:
            return None


def _required_first(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """As in a signature: what some call leaves to its default comes last."""
    return dict(sorted(parameters.items(), key=lambda item: not all(spoken(item[1]))))


def _ports(ids: Sequence[str], count: int) -> list[str]:
    taken = list(ids)
    for _ in range(count):
        taken.append(free_id(taken, "x"))
    return taken[len(ids) :]


class _Calls:
    """Replaces the windows of one scope by calls."""

    def __init__(self, document: Document, scope: str, block: str, ids: Sequence[str]) -> None:
        self.document, self.scope, self.block, self.ids = document, scope, block, ids
        self.call_of: dict[str, str] = {}
        self.root_of: dict[str, str] = {}
        self.moved: dict[str, str] = {}

    def placed(self, chosen: Sequence[tuple[Match, dict[str, Any]]]) -> Document:
        graph = self.document.graph(self.scope)
        taken = set(graph.nodes)
        calls: dict[str, Node] = {}
        edges: list[Edge] = []
        for match, arguments in chosen:
            structure = match.window.regions.structure
            members = [structure.ids[i] for i in match.nodes]
            call = self._call(graph, members, arguments, taken)
            taken.add(call.id)
            calls[min(members, key=structure.index.__getitem__)] = call
            self.call_of |= dict.fromkeys(members, call.id)
            self.moved |= {
                m: f"{call.id}/{inner}" for m, inner in zip(members, self.ids, strict=True)
            }
            edges += [
                Edge(structure.ids[source], call.id, slot, output)
                for slot, (source, output) in enumerate(match.inputs)
            ]
        document = followed(self.document, self.scope, self.moved)
        return with_graph(document, self.scope, self._graph(graph, calls, edges))

    def _call(
        self, graph: Graph, members: Sequence[str], arguments: dict[str, Any], taken: set[str]
    ) -> Node:
        wanted = common_name(members, taken - set(members)) or free_id(taken, self.block)
        call = Node(wanted, self.block, arguments)
        if self.scope != NETWORK:
            return call
        record = {
            f"/{inner}{rest}": name
            for member, inner in zip(members, self.ids, strict=True)
            for rest, name in origin_of(graph.nodes[member]).items()
        }
        return recorded(call, record)

    def _graph(self, graph: Graph, calls: dict[str, Node], entering: Sequence[Edge]) -> Graph:
        nodes: dict[str, Node] = {}
        for key, node in graph.nodes.items():
            if key in calls:
                nodes[calls[key].id] = calls[key]
            elif key not in self.call_of:
                nodes[key] = node
        kept = [
            edge._replace(source=self.call_of.get(edge.source, edge.source))
            for edge in graph.edges
            if edge.target not in self.call_of
        ]
        # An edge between two calls is told by the one that it enters.
        entering = [
            edge._replace(source=self.call_of.get(edge.source, edge.source)) for edge in entering
        ]
        return Graph(nodes, (*kept, *entering), graph.extra)
