"""Who is wired to whom, read off the structure of a graph: nothing is built for it."""

from collections.abc import Collection, Iterator

from resnet_studio.core.document import Edge, Graph
from resnet_studio.core.layout import bypassing
from resnet_studio.core.rewiring import differing


class Wiring:
    """The wires of one graph whose both ends are there."""

    def __init__(self, graph: Graph) -> None:
        self.structure = graph.structure
        self.edges = graph.edges
        self.broken = any(p.code == "broken-edge" for p in self.structure.problems)
        self._doubled = self._find_doubled()
        self._bypassing: dict[int, list[int]] = {}
        self._ends: dict[str, tuple[frozenset[int], frozenset[int]]] = {}

    def _find_doubled(self) -> list[Edge]:
        """Wires into a slot that another wire has: the structure only tells of them."""
        if not self.broken:
            return []
        index = self.structure.index
        return [
            edge
            for edge in self.edges
            if edge.source in index and edge.target in index and not self._stands(edge)
        ]

    def _stands(self, edge: Edge) -> bool:
        index, slots = self.structure.index, self.structure.slots
        source, target = index.get(edge.source), index.get(edge.target)
        if source is None or target is None:
            return False
        return slots[target].get(edge.slot) == (source, edge.output)

    def __contains__(self, edge: object) -> bool:
        return isinstance(edge, Edge) and (self._stands(edge) or edge in self._doubled)

    def __iter__(self) -> Iterator[Edge]:
        return (e for e in self.edges if e in self) if self.broken else iter(self.edges)

    def __len__(self) -> int:
        return len(self.edges)

    def differing(self, other: "Wiring") -> Collection[Edge]:
        """The wires that only one of the two has, or that are another object."""
        found = None
        if not (self.broken or other.broken):
            found = differing(other.edges, self.edges)
        return set(self) ^ set(other) if found is None else found

    def into(self, key: str) -> list[Edge]:
        """The wires that end at a node, by slot."""
        i = self.structure.index.get(key)
        if i is None:
            return []
        ids = self.structure.ids
        found = [
            Edge(ids[source], key, slot, output)
            for slot, (source, output) in sorted(self.structure.slots[i].items())
            if source >= 0
        ]
        return found + [edge for edge in self._doubled if edge.target == key]

    def out_of(self, key: str) -> list[Edge]:
        """The wires that begin at a node."""
        i = self.structure.index.get(key)
        if i is None:
            return []
        ids, slots = self.structure.ids, self.structure.slots
        found = [
            Edge(key, ids[target], slot, output)
            for target in self.structure.successors[i]
            for slot, (source, output) in slots[target].items()
            if source == i
        ]
        return found + [edge for edge in self._doubled if edge.source == key]

    def wired(self, key: str) -> int:
        """How many wires end at a node, those from nowhere among them."""
        i = self.structure.index.get(key)
        slots = len(self.structure.slots[i]) if i is not None else 0
        return slots + sum(edge.target == key for edge in self._doubled)

    def at(self, key: str) -> list[Edge]:
        """The wires that begin or end at a node."""
        return self.into(key) + self.out_of(key)

    def ends(self, key: str) -> tuple[frozenset[int], frozenset[int]]:
        """The slots and the outputs of a node that have a wire."""
        found = self._ends.get(key)
        if found is None:
            inputs = frozenset(edge.slot for edge in self.into(key))
            found = inputs, frozenset(edge.output for edge in self.out_of(key))
            self._ends[key] = found
        return found

    def identity(self, edge: Edge) -> bool:
        """Whether a wire leads from a fork straight to a merge: an identity link."""
        merge = self.structure.index.get(edge.target)
        if merge is None or len(self.structure.slots[merge]) < 2 or not self._stands(edge):
            return False
        if merge not in self._bypassing:
            self._bypassing[merge] = bypassing(self.structure, merge)
        return edge.slot in self._bypassing[merge]
