"""The network with every block and loop unrolled: what Keras is given in the end."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.calls import Compound
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Node
from resnet_studio.core.expressions import ExpressionError, resolve
from resnet_studio.core.layer import UNKNOWN, Outcome
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.shapes import Shape

Tensor = tuple[int, int]
"""Index of a flat node and which of its outputs."""


@dataclass(frozen=True, slots=True)
class FlatNode:
    """One layer of the unrolled network.

    ``path`` is where it stands (``group1#1/conv_a``), ``node`` what the user drew there,
    ``config`` its arguments with every expression worked out, ``inputs`` the tensors that
    arrive by slot (None where a slot is empty), ``shared_with`` the index whose layer it calls.
    A call whose inside is unknown stands as one node whose ``type`` is the block's name.
    """

    path: str
    type: str
    config: Mapping[str, Any]
    node: Node
    inputs: tuple[Tensor | None, ...]
    input_shapes: tuple[Shape | None, ...]
    outcome: Outcome
    shared_with: int | None = None

    @property
    def output(self) -> Shape | None:
        return self.outcome.output


class FlatNetwork:
    """The flat nodes in topological order, and which of them are outputs."""

    def __init__(self) -> None:
        self.nodes: list[FlatNode] = []
        self.made: dict[str, list[Tensor | None]] = {}
        """For each node of the network itself, the tensors that it comes to."""
        self.index: dict[str, int] = {}
        self.outputs: list[int] = []
        """Indices of the nodes that nothing consumes: the model's outputs."""

    def fill(self, analysis: Analysis) -> Generator[None, None, None]:
        """Unrolls an analysis, a node at each step."""
        yield from self._graph(analysis.root, "", ())
        self.index = {node.path: i for i, node in enumerate(self.nodes)}
        consumed = {t[0] for node in self.nodes for t in node.inputs if t is not None}
        self.outputs = [i for i in range(len(self.nodes)) if i not in consumed]

    def _graph(
        self, graph: GraphAnalysis, prefix: str, given: tuple[Tensor | None, ...]
    ) -> Generator[None, None, list[Tensor | None]]:
        """Adds the nodes of ``graph``; returns the tensors of its BlockOutputs."""
        structure = graph.structure
        nodes = list(graph.graph.nodes.values())
        ports = iter(given)
        made: list[list[Tensor | None]] = [[] for _ in nodes]
        places: dict[int, int] = {}
        for i, node in enumerate(nodes):
            if node.type == BLOCK_INPUT:
                made[i] = [next(ports, None)]
        unordered = [i for i in range(len(nodes)) if structure.rank[i] < 0]
        for i in [*structure.order, *unordered]:
            node = nodes[i]
            if node.type == BLOCK_INPUT:
                continue
            inputs = tuple(self._made(made, source) for source in structure.sources[i] or ())
            if node.type == BLOCK_OUTPUT:
                made[i] = list(inputs[:1]) or [None]
                continue
            shared = places.get(structure.shared.get(i, -1))
            made[i] = yield from self._node(graph, i, node, prefix, inputs, shared)
            if not prefix:
                self.made[node.id] = made[i]
            if len(made[i]) and made[i][0] is not None:
                places[i] = made[i][0][0]  # type: ignore[index]
        return [made[i][0] for i, node in enumerate(nodes) if node.type == BLOCK_OUTPUT]

    @staticmethod
    def _made(made: list[list[Tensor | None]], source: tuple[int, int]) -> Tensor | None:
        tensors = made[source[0]]
        return tensors[source[1]] if source[1] < len(tensors) else None

    def _node(
        self,
        graph: GraphAnalysis,
        i: int,
        node: Node,
        prefix: str,
        inputs: tuple[Tensor | None, ...],
        shared: int | None,
    ) -> Generator[None, None, list[Tensor | None]]:
        config = _resolved(node, graph.parameters)
        path, outcome = prefix + node.id, graph.outcomes[i]
        if node.rounds == 0:
            return list(inputs)
        if isinstance(outcome, Compound) and outcome.copies:
            for number, copy in enumerate(outcome.copies, start=1):
                result = yield from self._one(f"{path}#{number}", node, config, inputs, copy, None)
                inputs = tuple(result)
            return list(inputs)
        return (yield from self._one(path, node, config, inputs, outcome, shared))

    def _one(
        self,
        path: str,
        node: Node,
        config: Mapping[str, Any],
        inputs: tuple[Tensor | None, ...],
        outcome: Outcome,
        shared: int | None,
    ) -> Generator[None, None, list[Tensor | None]]:
        yield
        if isinstance(outcome, Compound) and outcome.inside is not None:
            return (yield from self._graph(outcome.inside, f"{path}/", inputs))
        if outcome.layers == 0 and outcome is not UNKNOWN:
            return list(inputs)
        shapes = tuple(self._shape(tensor) for tensor in inputs)
        flat = FlatNode(path, node.type, config, node, inputs, shapes, outcome, shared)
        self.nodes.append(flat)
        count = len(outcome.outputs) if outcome.outputs else 1
        return [(len(self.nodes) - 1, output) for output in range(count)]

    def _shape(self, tensor: Tensor | None) -> Shape | None:
        if tensor is None:
            return None
        outputs = self.nodes[tensor[0]].outcome.outputs
        return outputs[tensor[1]] if outputs else None


def _resolved(node: Node, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return resolve(node.config, parameters)  # type: ignore[no-any-return]
    except ExpressionError:
        return node.config


def unrolling(analysis: Analysis) -> Generator[None, None, FlatNetwork]:
    """The unrolled network of an analysis, in steps of a node: for whoever must not wait long."""
    network = FlatNetwork()
    yield from network.fill(analysis)
    return network


def flatten(analysis: Analysis) -> FlatNetwork:
    """The unrolled network of an analysis."""
    network = FlatNetwork()
    for _ in network.fill(analysis):
        pass
    return network
