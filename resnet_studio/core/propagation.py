"""Shapes and counts of the nodes of one graph, derived in the order of the data.

networkx gives the order once per wiring (``structure.py``).  An edit of arguments re-derives
only the nodes whose inputs changed, in that order, and stops where a shape comes out the same.
"""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import takewhile
from typing import Any

from resnet_studio.core.calls import Call, Inferable, Repeated
from resnet_studio.core.document import BLOCK_OUTPUT, Graph
from resnet_studio.core.layer import UNKNOWN, Broken, Layer, Outcome, Problem
from resnet_studio.core.shapes import Shape

_LOCAL = 16
"""Nodes re-derived by priority queue before a plain scan of the order is cheaper."""


class GraphAnalysis:
    """The nodes of one graph (the network, or one copy of a block), by index."""

    __slots__ = (
        "graph",
        "inferables",
        "inside",
        "layers",
        "macs",
        "name_findings",
        "outcomes",
        "outputs",
        "parameters",
        "params",
        "structure",
        "trainable",
        "troubled_nodes",
        "unknown_macs",
    )

    def __init__(
        self,
        graph: Graph,
        inferables: list[Inferable],
        parameters: Mapping[str, Any],
        inside: bool,
    ) -> None:
        self.graph = graph
        self.structure = graph.structure
        self.inferables = inferables
        self.parameters = parameters
        self.inside = inside
        self.outcomes: list[Outcome] = [UNKNOWN] * len(inferables)
        self.params = self.trainable = self.macs = self.unknown_macs = self.layers = 0
        self.troubled_nodes: set[int] = set()
        self.outputs: tuple[Shape, ...] | None = None
        self.name_findings: list[tuple[str, Problem]] | None = None
        """What the check of layer names found; None until someone asks."""

    @property
    def troubled(self) -> bool:
        return bool(self.troubled_nodes or self.structure.problems)

    def outcome(self, node_id: str) -> Outcome:
        return self.outcomes[self.structure.index[node_id]]

    def input_shapes(self, node_id: str) -> tuple[Shape | None, ...]:
        """Shapes that arrive at a node by slot; None where not known."""
        sources = self.structure.sources[self.structure.index[node_id]]
        return tuple(self._shape(source) for source in sources or ())

    def _shape(self, source: tuple[int, int]) -> Shape | None:
        outputs = self.outcomes[source[0]].outputs
        return outputs[source[1]] if outputs and source[1] < len(outputs) else None

    # Propagation

    def run(self) -> None:
        """Derives every node; the graph is new or its wiring changed."""
        self._scan(bytearray(b"\1") * len(self.structure.order), 0)
        for i, rank in enumerate(self.structure.rank):
            if rank < 0 and isinstance(self.inferables[i], Broken):
                self.outcomes[i] = self.inferables[i].later
        self._recount()
        self._finish()

    def rerun(self, previous: "GraphAnalysis", changed: list[int]) -> None:
        """Derives from ``previous`` where ``changed`` nodes, or the wires into them, differ.

        Nodes that were not there are among the changed ones.
        """
        same_nodes = self.structure.index is previous.structure.index
        if same_nodes:
            self._carry(previous)
        else:
            known = dict(zip(previous.structure.ids, previous.outcomes, strict=True))
            self.outcomes = [known.get(key, UNKNOWN) for key in self.structure.ids]
        rank, order = self.structure.rank, self.structure.order
        queue = [rank[i] for i in changed if rank[i] >= 0]
        heapify(queue)
        for _ in range(_LOCAL):
            if not queue:
                break
            at = heappop(queue)
            while queue and queue[0] == at:
                heappop(queue)
            for follower in self._update(order[at]):
                heappush(queue, rank[follower])
        if queue:
            dirty = bytearray(len(order))
            for at in queue:
                dirty[at] = 1
            self._scan(dirty, min(queue))
        if queue or not same_nodes:
            self._recount()
        self._finish()
        if self._names_kept(previous, changed):
            self.name_findings = previous.name_findings

    def _carry(self, previous: "GraphAnalysis") -> None:
        """Begins with what the same nodes came to before."""
        self.outcomes = previous.outcomes.copy()
        self.params, self.trainable = previous.params, previous.trainable
        self.macs, self.unknown_macs = previous.macs, previous.unknown_macs
        self.layers, self.troubled_nodes = previous.layers, previous.troubled_nodes.copy()

    def _names_kept(self, previous: "GraphAnalysis", changed: list[int]) -> bool:
        """Whether the edit left every layer's name as it was (calls are looked into afresh)."""
        if self.layers != len(self.inferables) or previous.layers != self.layers:
            return False
        if self.structure is not previous.structure:
            return False
        ids, old, new = self.structure.ids, previous.graph.nodes, self.graph.nodes
        return all(
            old[ids[i]].config.get("name") == new[ids[i]].config.get("name") for i in changed
        )

    def _scan(self, dirty: bytearray, start: int) -> None:
        """Derives the nodes marked in ``dirty`` (by rank) and whatever then follows.

        The plain case, one input or two whose outcome is remembered, is written out: it is what
        every node of a large network goes through when its first layer is edited.
        """
        structure, outcomes, inferables = self.structure, self.outcomes, self.inferables
        rank, successors, plain = structure.rank, structure.successors, structure.plain
        always = bool(structure.shared)
        for at in range(start, len(structure.order)):
            if not dirty[at]:
                continue
            i = structure.order[at]
            sources = plain[i]
            inputs = outcomes[sources[0]].outputs if sources else None
            if inputs and len(sources) == 2:
                inputs += outcomes[sources[1]].outputs or ()
            whole = inputs and len(inputs) == len(sources)
            after = inferables[i].memo.get(inputs) if whole else None
            if after is None:
                after = self._derive(i)
            before, outcomes[i] = outcomes[i], after
            if always or before.outputs != after.outputs:
                for follower in successors[i]:
                    dirty[rank[follower]] = 1

    def _update(self, i: int) -> list[int]:
        """Derives node ``i`` again; returns who must follow."""
        before, after = self.outcomes[i], self._derive(i)
        self.outcomes[i] = after
        if after is not before:
            self._count(i, before, -1)
            self._count(i, after, 1)
        # The weights of a shared layer may need other sizes at its further places.
        if before.outputs == after.outputs and not self.structure.shared:
            return _NOBODY
        return self.structure.successors[i]

    def _derive(self, i: int) -> Outcome:
        """The outcome of node ``i`` from what its sources came to."""
        inferable = self.inferables[i]
        gathered = self._gather(i)
        if isinstance(inferable, Broken):
            return inferable.later if gathered is None else inferable.outcome
        if gathered is None or isinstance(gathered, Outcome):
            return gathered or UNKNOWN
        if i in self.structure.shared:
            return self._derive_again(i, gathered)
        return inferable.memo.get(gathered) or inferable.infer(gathered)  # type: ignore[no-any-return]

    def _derive_again(self, i: int, gathered: tuple[Shape, ...]) -> Outcome:
        """The outcome of a further place of a shared layer.

        The first place that anything arrives at builds the layer; behind a node that failed
        nothing arrives.
        """
        layer = self.inferables[i]
        if isinstance(layer, Call | Repeated):
            return _SHARED_BLOCK
        if not isinstance(layer, Layer):
            return UNKNOWN
        for place in takewhile(lambda place: place != i, self.structure.places[i]):
            built_for = self._gather(place)
            if isinstance(built_for, tuple):
                built = self.outcomes[place].outputs is not None
                return layer.infer_again(built_for, gathered) if built else UNKNOWN
        return layer.infer(gathered)

    def _gather(self, i: int) -> tuple[Shape, ...] | Outcome | None:
        """The input shapes of node ``i``; None where one is unknown, an Outcome where faulty."""
        sources = self.structure.sources[i]
        if sources is None:
            return None
        shapes = []
        for source, output in sources:
            outputs = self.outcomes[source].outputs
            if outputs is None:
                return None
            if output >= len(outputs):
                name = self.structure.ids[source]
                text = f"“{name}” has no output {output} (of {len(outputs)}, counted from 0)"
                return Outcome(None, problems=(Problem("broken-edge", text),))
            shapes.append(outputs[output])
        return tuple(shapes)

    def _recount(self) -> None:
        """Sums over all nodes; ``_count`` keeps them up to date one node at a time."""
        self.params = self.trainable = self.macs = self.unknown_macs = self.layers = 0
        self.troubled_nodes = set()
        params = trainable = macs = layers = 0
        for i, outcome in enumerate(self.outcomes):
            params += outcome.params
            trainable += outcome.trainable
            layers += outcome.layers
            if outcome.macs is None:
                self.unknown_macs += 1
            else:
                macs += outcome.macs
            if outcome.troubled:
                self.troubled_nodes.add(i)
        self.params, self.trainable, self.macs, self.layers = params, trainable, macs, layers

    def _count(self, i: int, outcome: Outcome, sign: int) -> None:
        self.params += sign * outcome.params
        self.trainable += sign * outcome.trainable
        self.layers += sign * outcome.layers
        if outcome.macs is None:
            self.unknown_macs += sign
        else:
            self.macs += sign * outcome.macs
        if outcome.troubled:
            if sign > 0:
                self.troubled_nodes.add(i)
            else:
                self.troubled_nodes.discard(i)

    def _finish(self) -> None:
        if not self.inside:
            return
        found = []
        for i, node in enumerate(self.graph.nodes.values()):
            if node.type == BLOCK_OUTPUT:
                found.append(self.outcomes[i].output)
        self.outputs = None if None in found else tuple(found)  # type: ignore[arg-type]


_NOBODY: list[int] = []
_SHARED_BLOCK = Outcome(
    None, problems=(Problem("broken-share", "only a single layer can be shared, not a block"),)
)
