"""The document: a frozen value that every edit replaces and nothing changes in place.

Mappings inside are treated as immutable; edits (``edits.py``) build new ones that share what
did not change, so "is it the same object" answers "did it change".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from resnet_studio.core.rewiring import rewired
from resnet_studio.core.structure import BLOCK_INPUT, BLOCK_OUTPUT, Structure, owns_a_layer

NETWORK = ""
"""The scope of the main network; any other scope is the name of a block."""


class Edge(NamedTuple):
    """A wire: output ``output`` of ``source`` into slot ``slot`` of ``target``."""

    source: str
    target: str
    slot: int = 0
    output: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A layer (``type`` is its Keras class) or a call of a block (``type`` is its name).

    ``repeat`` chains the node that many times (an integer or an expression);
    ``shared_with`` names the node whose layer this one calls again; a ``bypassed`` node stays in
    the document, but its input passes it by; ``extra`` keeps keys of the file that this version
    does not know.
    """

    id: str
    type: str
    config: Mapping[str, Any] = field(default_factory=dict)
    repeat: int | str = 1
    position: tuple[float, float] | None = None
    shared_with: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    bypassed: bool = False

    @property
    def rounds(self) -> int | str:
        """How often the data goes through it: what it is repeated, or 0 where it is bypassed."""
        return 0 if self.bypassed else self.repeat

    def at(self, position: tuple[float, float] | None) -> "Node":
        """The node at another place: ``replace`` is slow where a whole network is placed."""
        return Node(
            self.id,
            self.type,
            self.config,
            self.repeat,
            position,
            self.shared_with,
            self.extra,
            self.bypassed,
        )

    def alike(self, other: "Node") -> bool:
        """Whether two nodes of one edit after the other differ at most in their places."""
        return self is other or (
            self.config is other.config
            and self.type == other.type
            and self.id == other.id
            and self.repeat == other.repeat
            and self.shared_with == other.shared_with
            and self.bypassed == other.bypassed
            and self.extra is other.extra
        )


class Origin(NamedTuple):
    """The nodes of a graph before its last edit, and which ids that added or replaced.

    Of those only the ``altered`` differ in more than their places.
    """

    nodes: Mapping[str, Node]
    replaced: tuple[str, ...]
    altered: tuple[str, ...]


class Graph:
    """Nodes in written order and the edges between them; the structure is derived once."""

    __slots__ = ("_before", "_structure", "edges", "extra", "nodes", "origin")

    def __init__(
        self,
        nodes: Mapping[str, Node] | None = None,
        edges: tuple[Edge, ...] = (),
        extra: Mapping[str, Any] | None = None,
        structure: Structure | None = None,
    ) -> None:
        self.nodes: Mapping[str, Node] = nodes if nodes is not None else {}
        self.edges = edges
        self.extra: Mapping[str, Any] = extra if extra is not None else {}
        self._structure = structure
        self._before: tuple[Structure, tuple[Edge, ...]] | None = None
        """A structure of much the same nodes and wires, until this one's own is made of it."""
        self.origin: Origin | None = None
        """What the last edit replaced: spares a comparison."""

    @property
    def structure(self) -> Structure:
        """Order, predecessors and the networkx graph: built when first asked for."""
        if self._structure is None:
            old, wires = self._before or (None, ())
            self._before = None
            if old is not None:
                self._structure = rewired(old, wires, self.nodes, self.edges)
            if self._structure is None:
                self._structure = Structure(self.nodes, self.edges, old)
        return self._structure

    def with_edges(self, edges: tuple[Edge, ...]) -> "Graph":
        """The graph with other wires between the same nodes."""
        graph = Graph(self.nodes, edges, self.extra)
        graph._before = (self._structure, self.edges) if self._structure else self._before
        graph.origin = self.origin
        return graph

    def with_parts(self, nodes: Mapping[str, Node], edges: tuple[Edge, ...]) -> "Graph":
        """The graph with nodes come, gone or replaced, and other wires."""
        graph = Graph(nodes, edges, self.extra)
        graph._before = (self._structure, self.edges) if self._structure else self._before
        old = self.nodes
        replaced = tuple(key for key, node in nodes.items() if old.get(key) is not node)
        graph.origin = Origin(old, replaced, _altered(old, nodes, replaced))
        return graph

    def with_moved(self, moved: Mapping[str, Node]) -> "Graph":
        """The graph with nodes replaced by the same ones at other places."""
        graph = Graph({**self.nodes, **moved}, self.edges, self.extra, self.structure)
        graph.origin = Origin(self.nodes, tuple(moved), ())
        return graph

    def with_node(self, node: Node) -> "Graph":
        """The graph with one node replaced; wiring, and so the structure, stay as they are."""
        return self.with_nodes({node.id: node})

    def with_nodes(self, changed: Mapping[str, Node]) -> "Graph":
        """The graph with several nodes replaced under their own ids."""
        altered = _altered(self.nodes, changed, changed)
        same = all(_wired_alike(self.nodes[key], changed[key]) for key in altered)
        structure = self.structure if same else None
        graph = Graph({**self.nodes, **changed}, self.edges, self.extra, structure)
        graph.origin = Origin(self.nodes, tuple(changed), altered)
        return graph

    def layer_of(self, node: Node) -> Node:
        """The node that declares the layer which ``node`` calls: itself unless it shares one."""
        owner = self.nodes.get(node.shared_with) if node.shared_with is not None else None
        if owner is None or node.bypassed or not owns_a_layer(owner):
            return node
        # A place that is bypassed takes the layer from no other place.
        return replace(owner, bypassed=False) if owner.bypassed else owner

    def into(self, target: str) -> list[Edge]:
        """The edges that end at ``target``, by slot."""
        return sorted((e for e in self.edges if e.target == target), key=lambda e: e.slot)

    def out_of(self, source: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.source == source]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return (
            list(self.nodes.items()) == list(other.nodes.items())
            and self.edges == other.edges
            and self.extra == other.extra
        )

    __hash__ = None  # type: ignore[assignment]


def _altered(
    old: Mapping[str, Node], new: Mapping[str, Node], keys: Iterable[str]
) -> tuple[str, ...]:
    """Those of the nodes that were not there or differ in more than their places."""
    return tuple(key for key in keys if key not in old or not new[key].alike(old[key]))


def _wired_alike(before: Node, after: Node) -> bool:
    """Whether the structure reads the same from both: all but the edges that it depends on."""
    return (before.shared_with, before.rounds, before.type) == (
        after.shared_with,
        after.rounds,
        after.type,
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A procedure: a named sub-graph with parameters (name to default value)."""

    graph: Graph
    parameters: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def inputs(self) -> list[str]:
        """Ids of the BlockInput nodes: the slots of a call, in written order."""
        return [node.id for node in self.graph.nodes.values() if node.type == BLOCK_INPUT]

    def outputs(self) -> list[str]:
        """Ids of the BlockOutput nodes: the outputs of a call, in written order."""
        return [node.id for node in self.graph.nodes.values() if node.type == BLOCK_OUTPUT]


@dataclass(frozen=True, slots=True)
class Document:
    """A network, the blocks that it calls, and how it is to be trained.

    ``source`` says from which file of a model the network came, as long as its weights lie there.
    """

    name: str = "network"
    description: str = ""
    network: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)

    def graph(self, scope: str = NETWORK) -> Graph:
        """The main network, or the graph of the block named ``scope``."""
        return self.network if scope == NETWORK else self.blocks[scope].graph

    def scopes(self) -> Iterator[str]:
        yield NETWORK
        yield from self.blocks


__all__ = [
    "BLOCK_INPUT",
    "BLOCK_OUTPUT",
    "NETWORK",
    "Block",
    "Document",
    "Edge",
    "Graph",
    "Node",
    "Origin",
]
