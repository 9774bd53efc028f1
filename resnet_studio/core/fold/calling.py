"""Places of a part replaced by calls of the block that was made of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.edits import EditError, with_graph
from resnet_studio.core.fold.origins import followed, origin_of, recorded
from resnet_studio.core.fold.parts import End, Part, Place, Tensor

Naming = Callable[[Collection[str], Collection[str]], str]
"""The id of a call, from those of the nodes that it replaces and those that are taken."""
Arguments = Mapping[str, Any]


def called(
    document: Document,
    part: Part,
    block: str,
    arguments: Sequence[Arguments],
    naming: Naming,
    recording: bool = True,
) -> tuple[Document, list[str]]:
    """The document with each place replaced by a call of ``block``, and the ids of the calls.

    ``arguments`` are those of the calls, place by place.
    ``recording`` says that what is known of where layers came from is brought up to date.

    Raises:
        EditError: a place is not fed as the first one is.
    """
    scopes = dict.fromkeys(place.scope for place in part.places)
    ids: dict[int, str] = {}
    # Blocks first: the records that the network's nodes keep follow what moves inside them.
    for scope in sorted(scopes, key=lambda scope: scope == NETWORK):
        calls = _Calls(document.graph(scope), part, block, naming, recording and scope == NETWORK)
        for k, place in enumerate(part.places):
            if place.scope == scope:
                ids[k] = calls.replace(place, arguments[k])
        if recording:
            document = followed(document, scope, calls.moved)
        document = with_graph(document, scope, calls.graph())
    return document, [ids[k] for k in range(len(part.places))]


class _Calls:
    """Replaces the places in one graph."""

    def __init__(
        self, graph: Graph, part: Part, block: str, naming: Naming, recording: bool
    ) -> None:
        self._before, self._part, self._block = graph, part, block
        self._naming, self._recording = naming, recording
        self._order = {key: k for k, key in enumerate(graph.nodes)}
        self._into: dict[End, set[Tensor]] = {}
        for edge in graph.edges:
            ends = self._into.setdefault((edge.target, edge.slot), set())
            ends.add((edge.source, edge.output))
        self._taken = set(graph.nodes)
        self._calls: dict[str, Node] = {}
        """By the node in whose place each is written."""
        self._leaving: dict[Tensor, Tensor] = {}
        self._entering: list[Edge] = []
        self.moved: dict[str, str] = {}
        """The path inside a call that each replaced node has now."""

    def replace(self, place: Place, arguments: Arguments) -> str:
        """Puts a call in place of the nodes; returns its id."""
        members = place.nodes.values()
        call = self._naming(members, self._taken - set(members))
        self._taken.add(call)
        node = Node(call, self._block, dict(arguments))
        first = min(members, key=self._order.__getitem__)
        self._calls[first] = recorded(node, self._record(place)) if self._recording else node
        self.moved |= {there: f"{call}/{key}" for key, there in place.nodes.items()}
        for k, (source, output) in enumerate(self._part.outputs):
            self._leaving[place.nodes[source], output] = (call, k)
        for slot, ends in enumerate(self._part.inputs):
            tensor = self._feeding(place, ends)
            if tensor is not None:
                self._entering.append(Edge(tensor[0], call, slot, tensor[1]))
        return call

    def _record(self, place: Place) -> dict[str, str]:
        return {
            f"/{key}{rest}": name
            for key, there in place.nodes.items()
            for rest, name in origin_of(self._before.nodes[there]).items()
        }

    def _feeding(self, place: Place, ends: Sequence[End]) -> Tensor | None:
        """The one tensor that goes to all these slots at a place."""
        wanted = [(place.nodes[target], slot) for target, slot in ends]
        found = {tensor for end in wanted for tensor in self._into.get(end, ())}
        if len(found) > 1:
            names = " and ".join(f"“{source}”" for source, _output in sorted(found))
            raise EditError(f"{names} feed what is one input of the block elsewhere")
        return next(iter(found), None)

    def graph(self) -> Graph:
        """The graph with the calls."""
        nodes: dict[str, Node] = {}
        for key, node in self._before.nodes.items():
            if key in self._calls:
                nodes[self._calls[key].id] = self._calls[key]
            elif key not in self.moved:
                nodes[key] = node
        kept = [edge for edge in self._before.edges if edge.target not in self.moved]
        # An edge between two calls is told by the one that it enters.
        edges = [self._left(edge) for edge in (*kept, *self._entering)]
        return Graph(nodes, tuple(edges), self._before.extra)

    def _left(self, edge: Edge) -> Edge:
        tensor = self._leaving.get((edge.source, edge.output))
        return edge if tensor is None else edge._replace(source=tensor[0], output=tensor[1])
