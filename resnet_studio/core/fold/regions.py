"""A graph as chains of elements: what can be cut out with one output.

Dominators and post-dominators say where all paths meet.  A chain follows them: each element of
it takes the tensor of the one before and nothing else reads that.  An element is a single layer,
or all that lies between a fork and the merge where its paths meet again, whose branches are
chains of their own.  A merge whose paths never met (a cell that reads the two cells before it)
begins a chain, together with all that only it reads.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document, Graph
from resnet_studio.core.fold.colours import Colours

_SOURCE, _SINK = -1, -2


@dataclass(frozen=True, slots=True)
class Element:
    """A link of a chain; nodes are indices of the graph's structure.

    ``members`` end with the root, the node whose output the element has.  ``colour`` is equal
    for elements alike up to arguments, ``exact`` for those with equal arguments too.  ``lines``
    is how many lines of code its layers take.
    """

    members: tuple[int, ...]
    colour: int
    exact: int
    lines: int

    @property
    def root(self) -> int:
        return self.members[-1]

    @property
    def is_bubble(self) -> bool:
        return len(self.members) > 1


class Regions:
    """The chains of one graph (the network's, or a block's)."""

    def __init__(self, document: Document, scope: str, colours: Colours) -> None:
        self.document, self.scope, self.colours = document, scope, colours
        self.graph: Graph = document.graph(scope)
        self.structure = self.graph.structure
        self.nodes = list(self.graph.nodes.values())
        self.inputs = [sources or () for sources in self.structure.sources]
        self.readers: list[list[int]] = [[] for _ in self.nodes]
        for i, sources in enumerate(self.inputs):
            for source in dict.fromkeys(source for source, _ in sources):
                self.readers[source].append(i)
        self.closed = self._closed()
        """Nodes that stay where they are: no region may hold them."""
        painted = [colours.of_node(document, node) for node in self.nodes]
        self.kinds = [rough for rough, _ in painted]
        self._exact = [exact for _, exact in painted]
        self._before = self._dominators(forward=True)
        self._after = self._dominators(forward=False)
        self._cells: dict[int, tuple[int, ...]] = {}
        self._cells = self._found_cells()
        """Merges that hold less than all that only they read, and what they hold."""

    def _closed(self) -> set[int]:
        index, nodes = self.structure.index, self.nodes
        found = {i for i, sources in enumerate(self.structure.sources) if not sources}
        found |= {i for i in range(len(nodes)) if self.structure.rank[i] < 0}
        found |= {index[problem.node] for problem in self.structure.problems}
        for i, node in enumerate(nodes):
            ports = node.type in ("Input", BLOCK_INPUT, BLOCK_OUTPUT)
            named = node.config.get("name") is not None
            if (
                ports
                or named
                or node.bypassed
                or node.repeat == 0
                or node.extra.keys() - {"origin"}
            ):
                found.add(i)
            if node.shared_with is not None:
                found |= {i, index.get(node.shared_with, i)}
        # A second output has no place in a region of one.
        found |= {source for sources in self.inputs for source, output in sources if output}
        return found | {i for i, node in enumerate(nodes) if self._several_outputs(node.type)}

    def _several_outputs(self, type_name: str) -> bool:
        block = self.document.blocks.get(type_name)
        return block is not None and len(block.outputs()) != 1

    def _dominators(self, forward: bool) -> dict[int, int]:
        """The node that all paths from the inputs (or to the outputs) pass last (or first)."""
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        start = _SOURCE if forward else _SINK
        for i in self.structure.order:
            ends = not self.inputs[i] if forward else not self.readers[i]
            graph.add_edges_from([(start, i)] if ends else [])
            for reader in self.readers[i]:
                graph.add_edge(*((i, reader) if forward else (reader, i)))
        if start not in graph:
            return {}
        return dict(nx.immediate_dominators(graph, start))

    # Chains

    @cached_property
    def chains(self) -> list[list[Element]]:
        """Runs of elements, longest possible; closed nodes are in none."""
        following = {before: i for i in self.structure.order if (before := self._link(i)) >= 0}
        elements = {i: e for i in self.structure.order if (e := self._element(i)) is not None}
        begins = [i for i in elements if self._link(i) not in elements]
        found = []
        for i in begins:
            chain = [elements[i]]
            while (i := following.get(i, -1)) in elements:
                chain.append(elements[i])
            found.append(chain)
        return found

    def _link(self, i: int) -> int:
        """The node before ``i`` in its chain, or -1 where a chain begins."""
        sources = dict.fromkeys(source for source, _ in self.inputs[i])
        if not sources or i in self._cells:
            return -1
        before = next(iter(sources)) if len(sources) == 1 else self._before.get(i, -1)
        return before if before >= 0 and self._after.get(before) == i else -1

    def _element(self, root: int) -> Element | None:
        if root in self.closed:
            return None
        members = self._members(root)
        if any(i in self.closed for i in members):
            if self._link(root) >= 0:
                return None
            members = (root,)
        rough = self._coloured(members, self.kinds)
        exact = self._coloured(members, self._exact)
        lines = sum(2 if self.nodes[i].repeat != 1 else 1 for i in members)
        return Element(members, rough, exact, lines)

    def _members(self, root: int) -> tuple[int, ...]:
        """All that lies between where the paths to ``root`` part and ``root`` itself."""
        if root in self._cells:
            return self._cells[root]
        if len({source for source, _ in self.inputs[root]}) < 2:
            return (root,)
        link = self._link(root)
        if link >= 0:
            return self._behind(root, lambda source: source != link)
        return self._behind(root, lambda source: self._only_for(source, root))

    def _behind(self, root: int, belongs: Callable[[int], bool]) -> tuple[int, ...]:
        """The root and what feeds it, as far as it belongs to it, in topological order."""
        found, pending = {root}, [root]
        while pending:
            for source, _ in self.inputs[pending.pop()]:
                if source not in found and belongs(source):
                    found.add(source)
                    pending.append(source)
        return tuple(sorted(found, key=lambda i: self.structure.rank[i]))

    def _found_cells(self) -> dict[int, tuple[int, ...]]:
        """Where a merge that swallows all cells before it is, by itself, one more of them.

        All that went into the last of several cells goes through that one alone.
        """
        merges = [i for i in self.structure.order if len(self.inputs[i]) > 1]
        whole = {i: self._members(i) for i in merges}
        seen = Counter(self._coloured(members, self.kinds) for members in whole.values())
        cells = {}
        for root, members in whole.items():
            alike = {i for i in members[:-1] if self._merges_alike(i, root)}
            if not alike or seen[self._coloured(members, self.kinds)] > 1:
                continue
            cell = self._cell(root, alike)
            inside = set(cell)
            apart = all(inside.issuperset(self.readers[i]) for i in cell[:-1])
            if apart and seen[self._coloured(cell, self.kinds)]:
                cells[root] = cell
        return cells

    def _merges_alike(self, i: int, other: int) -> bool:
        return (self.kinds[i], len(self.inputs[i])) == (self.kinds[other], len(self.inputs[other]))

    def _cell(self, root: int, others: set[int]) -> tuple[int, ...]:
        return self._behind(root, lambda i: i not in others and self._only_for(i, root))

    def _only_for(self, i: int, root: int) -> bool:
        """Whether all that ``i`` computes goes through ``root``."""
        while i >= 0:
            if i == root:
                return True
            if self.structure.rank[i] > self.structure.rank[root]:
                return False
            i = self._after.get(i, _SINK)
        return False

    def _coloured(self, members: Sequence[int], paints: Sequence[int]) -> int:
        colours: dict[int, int] = {}
        for i in members:
            inputs = tuple((colours.get(source, -1), output) for source, output in self.inputs[i])
            colours[i] = self.colours.of((paints[i], inputs))
        return self.colours.of((len(members), colours[members[-1]]))


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive elements of a chain: one occurrence of what may become a block."""

    regions: Regions
    chain: int
    start: int
    length: int

    @property
    def elements(self) -> list[Element]:
        return self.regions.chains[self.chain][self.start : self.start + self.length]

    @property
    def members(self) -> list[int]:
        return [i for element in self.elements for i in element.members]

    @property
    def lines(self) -> int:
        return sum(element.lines for element in self.elements)

    @property
    def exact(self) -> Hashable:
        return tuple(element.exact for element in self.elements)


Tensor = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """A window with its nodes in the topological order of the first one's, the root last.

    ``inputs`` are the tensors that enter, in the same order for all matches.
    """

    window: Window
    nodes: tuple[int, ...]
    inputs: tuple[Tensor, ...]


def matched(windows: Iterable[Window]) -> list[Match]:
    """Those windows that are the first one's equal, wire by wire, up to arguments."""
    found: list[Match] = []
    for window in windows:
        match = _walked(window)
        if not found or _shape(match) == _shape(found[0]):
            found.append(match)
    rank = found[0].window.regions.structure.rank
    order = sorted(range(len(found[0].nodes)), key=lambda k: rank[found[0].nodes[k]])
    return [
        Match(match.window, tuple(match.nodes[k] for k in order), match.inputs) for match in found
    ]


def _walked(window: Window) -> Match:
    """The nodes in the order in which a walk against the wires, slot by slot, meets them."""
    regions, members = window.regions, set(window.members)
    order: dict[int, None] = {}
    entering: dict[Tensor, None] = {}
    pending = [window.members[-1]]
    while pending:
        i = pending.pop()
        if i in order:
            continue
        order[i] = None
        pending += [source for source, _ in reversed(regions.inputs[i]) if source in members]
        entering |= dict.fromkeys(t for t in regions.inputs[i] if t[0] not in members)
    return Match(window, tuple(order), tuple(entering))


def _shape(match: Match) -> Any:
    """The region's kinds and wires over positions in the walk: equal where all is."""
    regions = match.window.regions
    at = {i: k for k, i in enumerate(match.nodes)}
    ports = {tensor: -1 - k for k, tensor in enumerate(match.inputs)}
    return [
        (
            regions.kinds[i],
            [(at[t[0]], t[1]) if t[0] in at else (ports[t], 0) for t in regions.inputs[i]],
        )
        for i in match.nodes
    ]
