"""Shapes, counts and problems of every node, incremental from the analysis before.

networkx gives the order once per wiring (``structure.py``).  An edit of arguments re-derives
only the nodes whose inputs changed, in that order, and stops where a shape comes out the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import compress, takewhile
from operator import is_not
from typing import Any, NamedTuple

from resnet_studio.core.calls import (
    PASS_THROUGH,
    Call,
    Compound,
    Inferable,
    Library,
    Port,
    Repeated,
)
from resnet_studio.core.connection import unconnected
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Diagnostic
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document, Graph, Node
from resnet_studio.core.layer import UNKNOWN, Broken, Layer, Outcome, Problem
from resnet_studio.core.names import name_problems
from resnet_studio.core.shapes import Shape

_LOCAL = 16
"""Nodes re-derived by priority queue before a plain scan of the order is cheaper."""


class Totals(NamedTuple):
    """Sums over all known nodes; ``macs`` is None where a size is unknown."""

    params: int
    trainable_params: int
    non_trainable_params: int
    macs: int | None


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
        """Derives from ``previous``, of the same order, where ``changed`` nodes or wires differ."""
        self.outcomes = previous.outcomes.copy()
        self.params, self.trainable = previous.params, previous.trainable
        self.macs, self.unknown_macs = previous.macs, previous.unknown_macs
        self.layers, self.troubled_nodes = previous.layers, previous.troubled_nodes.copy()
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
            self._recount()
        self._finish()
        if self._names_kept(previous, changed):
            self.name_findings = previous.name_findings

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
_EMPTY = Problem("empty-network", "the network has no layer yet: begin with an Input")


class Analysis:
    """A snapshot of all that is known about a document."""

    def __init__(self, document: Document, library: Library, root: GraphAnalysis) -> None:
        self.document, self.library, self.root = document, library, root

    @property
    def totals(self) -> Totals:
        root = self.root
        macs = None if root.unknown_macs else root.macs
        return Totals(root.params, root.trainable, root.params - root.trainable, macs)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every finding, those of the first nodes in topological order first.

        A finding about the network as a whole stands at the path “”.
        """
        found = [Diagnostic(self, path, problem) for path, problem in problems(self.root)]
        if self.root.name_findings is None:
            self.root.name_findings = name_problems(self.root)
        failed = any(diagnostic.severity == "error" for diagnostic in found)
        for path, problem in self.root.name_findings:
            # Keras compares names when all layers are built: behind a failure it has not yet.
            told = problem._replace(severity="warning") if failed else problem
            found.append(Diagnostic(self, path, told))
        if not any(diagnostic.severity == "error" for diagnostic in found):
            found += [Diagnostic(self, path, problem) for path, problem in unconnected(self)]
            for check in NETWORK_CHECKS:
                found += [Diagnostic(self, path, problem) for path, problem in check(self)]
        if not found and not self.root.layers:
            found.append(Diagnostic(self, "", _EMPTY))
        return tuple(found)

    @property
    def ok(self) -> bool:
        """Whether Keras would build the network."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def at(self, path: str) -> tuple[GraphAnalysis, Node, Outcome] | None:
        """The graph, node and outcome that a path names; None where it leads nowhere known.

        ``group2#1/add``; a repeated node without ``#n`` stands for its first copy.
        """
        graph: GraphAnalysis | None = self.root
        parts = split_path(path, self.document)
        for depth, (node_id, copy) in enumerate(parts):
            if graph is None or node_id not in graph.structure.index:
                return None
            outcome = graph.outcome(node_id)
            last = depth == len(parts) - 1
            if isinstance(outcome, Compound) and outcome.copies and (copy or not last):
                outcome = outcome.copies[min(copy or 1, len(outcome.copies)) - 1]
            if last:
                return graph, graph.graph.nodes[node_id], outcome
            graph = outcome.inside if isinstance(outcome, Compound) else None
        return None


def split_path(
    path: str, document: Document | None = None, graph: Graph | None = None
) -> list[tuple[str, int | None]]:
    """``group2#1/add`` as ``[("group2", 1), ("add", None)]``.

    With its ``document``, ids that hold “/” or “#” themselves are found as they are written;
    with a ``graph`` of it, the path begins there and not in the network.
    """
    if document is not None:
        found = _steps(document, graph or document.network, path)
        if found is not None:
            return found
    return [_numbered(part) for part in path.split("/")]


def join_path(parts: Iterable[tuple[str, int | None]]) -> str:
    """The path that ``split_path`` takes apart."""
    return "/".join(name if copy is None else f"{name}#{copy}" for name, copy in parts)


def _steps(document: Document, graph: Graph, path: str) -> list[tuple[str, int | None]] | None:
    """The nodes from ``graph`` down that a path leads through; None where there are none such."""
    for end in [i for i, sign in enumerate(path) if sign == "/"] + [len(path)]:
        for step in dict.fromkeys(((path[:end], None), _numbered(path[:end]))):
            node = graph.nodes.get(step[0])
            if node is None or (step[1] is not None and node.repeat == 1):
                continue
            if end == len(path):
                return [step]
            block = document.blocks.get(node.type)
            below = _steps(document, block.graph, path[end + 1 :]) if block is not None else None
            if below is not None:
                return [step, *below]
    return None


def _numbered(part: str) -> tuple[str, int | None]:
    node_id, mark, copy = part.rpartition("#")
    return (node_id, int(copy)) if mark and copy.isdigit() else (part, None)


def problems(graph: GraphAnalysis, prefix: str = "") -> Iterator[tuple[str, Problem]]:
    """Paths and problems of a graph and of every copy inside it."""
    structure = graph.structure
    by_node: dict[int, list[Problem]] = {}
    for code, node, message in structure.problems:
        by_node.setdefault(structure.index[node], []).append(Problem(code, message))
    touched = by_node.keys() | graph.troubled_nodes
    last = len(structure.ids)
    for i in sorted(touched, key=lambda i: structure.rank[i] if structure.rank[i] >= 0 else last):
        path = prefix + structure.ids[i]
        for problem in by_node.get(i, ()):
            yield path, problem
        yield from _problems_of(graph.outcomes[i], path)


def _problems_of(outcome: Outcome, path: str) -> Iterator[tuple[str, Problem]]:
    for problem in outcome.problems:
        yield path, problem
    if not isinstance(outcome, Compound) or not outcome.troubled:
        return
    if outcome.inside is not None:
        yield from problems(outcome.inside, f"{path}/")
    for number, copy in enumerate(outcome.copies, start=1):
        yield from _problems_of(copy, f"{path}#{number}")


def analyse(document: Document, previous: Analysis | None = None) -> Analysis:
    """Everything about ``document``; fast where ``previous`` is of a document much like it."""
    library = _library(document, previous)
    graph = document.network
    root = None
    if previous is not None:
        root = _again(graph, library, previous)
    if root is None:
        old = _reusable(previous, library) if previous is not None else {}
        inferables = [
            _known(old, node) or _inferable(node, library, {}, None)
            for node in map(graph.layer_of, graph.nodes.values())
        ]
        root = GraphAnalysis(graph, inferables, {}, inside=False)
        root.run()
        root.name_findings = name_problems(root)
    return Analysis(document, library, root)


def _library(document: Document, previous: Analysis | None) -> Library:
    if previous is not None and previous.library.blocks is document.blocks:
        return previous.library
    return Library(document.blocks, _analyse_block, previous.library if previous else None)


def _again(graph: Graph, library: Library, previous: Analysis) -> GraphAnalysis | None:
    """The analysis of a graph of the same nodes in the same order, or None where that changed."""
    before = previous.root
    if before.structure.order is not graph.structure.order:
        return None
    ids, old, new = graph.structure.ids, before.graph.nodes, graph.nodes
    if library is previous.library and graph.origin and graph.origin[0] is old:
        changed = [graph.structure.index[key] for key in graph.origin[1]]
    elif library is previous.library:
        changed = list(compress(range(len(old)), map(is_not, old.values(), new.values())))
    else:
        changed = list(range(len(old)))
    # Where a card stands is all the same to a layer.
    changed = [
        i
        for i in changed
        if not new[ids[i]].alike(old[ids[i]]) or not _still(new[ids[i]], library, previous.library)
    ]
    if graph.structure.shared:
        changed = _with_sharers(graph, changed)
    inferables = before.inferables.copy()
    for i in changed:
        node = graph.layer_of(new[ids[i]])
        inferables[i] = _inferable(node, library, {}, None)
    root = GraphAnalysis(graph, inferables, {}, inside=False)
    root.rerun(before, changed + _fed_otherwise(graph, before))
    return root


def _fed_otherwise(graph: Graph, before: GraphAnalysis) -> list[int]:
    """The nodes at which wires came or went: ``rewiring.py`` keeps the slots of all others."""
    old, new = before.structure.slots, graph.structure.slots
    return list(compress(range(len(old)), map(is_not, old, new))) if old is not new else []


def _with_sharers(graph: Graph, changed: list[int]) -> list[int]:
    """The changed nodes and those that call a changed node's layer again."""
    ids = {graph.structure.ids[i] for i in changed}
    sharing = (i for i, node in enumerate(graph.nodes.values()) if node.shared_with in ids)
    return sorted({*changed, *sharing})


def _still(node: Node, library: Library, before: Library) -> bool:
    """Whether what a node calls means what it did."""
    if library is before:
        return True
    if node.type in library.blocks or node.type in before.blocks:
        return library.same_meaning(node.type, before)
    return True


def _known(old: Mapping[str, tuple[Node, Inferable]], node: Node) -> Inferable:
    """What answered for a node before; None where it is another one now."""
    before, inferable = old.get(node.id, (None, None))
    return inferable if before is not None and node.alike(before) else None


def _reusable(previous: Analysis, library: Library) -> dict[str, tuple[Node, Inferable]]:
    """What answered for each node before, where its type still means the same."""
    root = previous.root
    return {
        node.id: (node, inferable)
        for node, inferable in zip(root.graph.nodes.values(), root.inferables, strict=True)
        if node.shared_with is None
        if _still(node, library, previous.library)
    }


def _inferable(
    node: Node, library: Library, parameters: Mapping[str, Any], ports: "Iterator[Shape] | None"
) -> Inferable:
    if node.type in (BLOCK_INPUT, BLOCK_OUTPUT):
        if ports is None:
            text = f"a {node.type} stands only inside a block"
            return Broken(Problem("unknown-layer", text))
        return Port(next(ports)) if node.type == BLOCK_INPUT else PASS_THROUGH
    return library.inferable(node, parameters, ports is not None)


def _analyse_block(
    graph: Graph, library: Library, arguments: Mapping[str, Any], inputs: tuple[Shape, ...]
) -> GraphAnalysis:
    ports = iter(inputs)
    nodes = map(graph.layer_of, graph.nodes.values())
    inferables = [_inferable(node, library, arguments, ports) for node in nodes]
    result = GraphAnalysis(graph, inferables, arguments, inside=True)
    result.run()
    return result
