"""Shapes, counts and problems of every node, incremental from the analysis before.

What answers for each node is kept from the analysis before wherever it still means the same;
``propagation.py`` derives the shapes.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import compress
from operator import is_not
from typing import Any, NamedTuple

from resnet_studio.core.calls import PASS_THROUGH, Compound, Inferable, Library, Port
from resnet_studio.core.connection import unconnected
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Diagnostic
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document, Graph, Node
from resnet_studio.core.layer import Broken, Outcome, Problem
from resnet_studio.core.names import name_problems
from resnet_studio.core.paths import split_path
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.rewiring import differing
from resnet_studio.core.shapes import Shape


class Totals(NamedTuple):
    """Sums over all known nodes; ``macs`` is None where a size is unknown."""

    params: int
    trainable_params: int
    non_trainable_params: int
    macs: int | None


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
        root = _again(graph, library, previous) or _carried(graph, library, previous)
    if root is None:
        nodes = map(graph.layer_of, graph.nodes.values())
        root = GraphAnalysis(graph, [_inferable(n, library, {}, None) for n in nodes], {}, False)
        root.run()
    if root.name_findings is None:
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
    if library is previous.library and new is old:
        changed = []
    elif library is previous.library and graph.origin and graph.origin.nodes is old:
        # Where a card stands is all the same to a layer.
        changed = [graph.structure.index[key] for key in graph.origin.altered]
    elif library is previous.library:
        changed = list(compress(range(len(old)), map(is_not, old.values(), new.values())))
    else:
        changed = list(range(len(old)))
    changed = [
        i
        for i in changed
        if not new[ids[i]].alike(old[ids[i]]) or not _still(new[ids[i]], library, previous.library)
    ]
    if graph.structure.sharing:
        changed = _with_sharers(graph, changed)
    inferables = before.inferables.copy()
    for i in changed:
        node = graph.layer_of(new[ids[i]])
        inferables[i] = _inferable(node, library, {}, None)
    root = GraphAnalysis(graph, inferables, {}, inside=False)
    root.rerun(before, changed + _fed_otherwise(graph, before))
    return root


def _carried(graph: Graph, library: Library, previous: Analysis) -> GraphAnalysis:
    """The analysis of a graph in which nodes came, went or changed their order.

    What answered for a node is kept wherever it is the same one and still means the same.
    """
    before = previous.root
    answers = dict(zip(before.graph.nodes, before.inferables, strict=True))
    inferables = list(map(answers.get, graph.nodes))
    nodes, fresh = list(graph.nodes.values()), []
    for i in _doubtful(nodes, before.graph.nodes, library is previous.library):
        node = nodes[i]
        old = before.graph.nodes.get(node.id)
        kept = old is not None and node.shared_with is None and node.alike(old)
        if not kept or not _still(node, library, previous.library):
            inferables[i] = _inferable(graph.layer_of(node), library, {}, None)
            fresh.append(i)
    root = GraphAnalysis(graph, inferables, {}, inside=False)
    fed = _fed_anew(graph, before) if 2 * len(fresh) < len(nodes) else None
    if fed is None:
        root.run()
    else:
        root.rerun(before, fresh + fed)
    return root


def _doubtful(nodes: list[Node], old: Mapping[str, Node], same_library: bool) -> Iterable[int]:
    """The nodes of which it takes a look to see that what answered for them answers still."""
    if not same_library:
        return range(len(nodes))
    return [i for i, n in enumerate(nodes) if old.get(n.id) is not n or n.shared_with is not None]


def _fed_anew(graph: Graph, before: GraphAnalysis) -> list[int] | None:
    """The nodes at which wires came or went; None where the wires cannot tell it all.

    So it is where one is at fault, and where layers are shared.
    """
    for structure in (graph.structure, before.structure):
        if structure.shared or any(p.code != "missing-input" for p in structure.problems):
            return None
    changed = differing(before.graph.edges, graph.edges)
    index = graph.structure.index
    if changed is None:
        return None
    return [index[edge.target] for edge in changed if edge.target in index]


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
