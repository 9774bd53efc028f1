"""What the wiring of a graph says before any shape is known, worked out with networkx.

A structure depends on the ids, the edges and who shares whose layer, not on the arguments,
so an edit of an argument keeps it (``Graph.with_nodes``).
"""

from copy import copy
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from resnet_studio.core.ordering import guessed, is_in_order, ranks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from resnet_studio.core.document import Edge, Node


_NOBODY = (-1, 0)
BLOCK_INPUT = "BlockInput"
BLOCK_OUTPUT = "BlockOutput"


class WiringProblem(NamedTuple):
    """A fault of the wiring itself, at one node."""

    code: str
    node: str
    message: str


class Structure:
    """Topological order, predecessors and successors by index.

    Indices are positions in the written order of the nodes.  ``sources[i]`` holds, by slot,
    ``(index, output)`` of what feeds node ``i``; it is ``None`` for nodes that cannot be
    computed (a slot is empty or doubled, an edge is broken, the node lies on a cycle).
    """

    def __init__(
        self,
        nodes: "Mapping[str, Node]",
        edges: "Iterable[Edge]",
        before: "Structure | None" = None,
    ) -> None:
        """``before`` is of a graph much like this one: its order is tried first."""
        self.ids: tuple[str, ...] = tuple(nodes)
        self.index: dict[str, int] = {key: i for i, key in enumerate(self.ids)}
        self.problems: list[WiringProblem] = []
        self.successors: list[list[int]] = [[] for _ in self.ids]
        self.slots: list[dict[int, tuple[int, int]]] = [{} for _ in self.ids]
        """What feeds each slot of a node, also of one that cannot be computed; -1 is nobody."""
        self._wire_all(edges)
        self.sources: list[tuple[tuple[int, int], ...] | None] = [
            # A list written out for nearly all nodes of a large network: no call for each.
            (slots[0],) if len(slots) == 1 and slots.get(0, _NOBODY)[0] >= 0 else self._by_slot(i)
            for i, slots in enumerate(self.slots)
        ]
        self.shared: dict[int, int] = {}
        """Each further place of a shared layer, and the first."""
        self.places: dict[int, list[int]] = {}
        """Each further place of a shared layer, and all its places in the order."""
        self.sharing = False
        """Whether any node asks for the layer of another, be it in vain."""
        self.order = self._ordered(before)
        self.rank: list[int] = ranks(self.order, len(self.ids))
        self._share(nodes)
        self.plain: list[tuple[int, ...]] = self._plain()
        """Indices of the inputs of a node in the plain case, or (): what the hot loop reads."""

    def with_nodes(self, added: "tuple[str, ...]") -> "Structure":
        """The structure with nodes more that are not wired yet: at the end, as they are written.

        For ``rewiring.py``, which wires them.
        """
        new = copy(self)
        new.__dict__.pop("digraph", None)
        many, count = len(self.ids), len(added)
        places = range(many, many + count)
        new.ids = self.ids + added
        new.index = self.index | dict(zip(added, places, strict=True))
        new.slots = self.slots + [{} for _ in places]
        new.successors = self.successors + [[] for _ in places]
        new.sources = self.sources + [()] * count
        new.plain = self.plain + [()] * count
        new.order = [*self.order, *places]
        new.rank = [*self.rank, *range(len(self.order), len(self.order) + count)]
        return new

    def with_wires(
        self,
        slots: "Mapping[int, dict[int, tuple[int, int]]]",
        successors: "Mapping[int, list[int]]",
    ) -> "Structure":
        """The structure with other slots and followers of some nodes, in the same order.

        For ``rewiring.py``, which knows that nothing else depends on them.
        """
        new = copy(self)
        new.__dict__.pop("digraph", None)
        new.slots, new.successors = self.slots.copy(), self.successors.copy()
        new.sources, new.plain = self.sources.copy(), self.plain.copy()
        ids = {self.ids[i] for i in slots}
        new.problems = [problem for problem in self.problems if problem.node not in ids]
        for i, followers in successors.items():
            new.successors[i] = followers
        for i, found in slots.items():
            new.slots[i] = found
            new.sources[i] = new._by_slot(i)  # noqa: SLF001 (its own copy)
            new.plain[i] = _plain_inputs(new.sources[i] or ())
        new.problems.sort(key=lambda problem: self.index[problem.node])
        return new

    def with_order(self, order: list[int]) -> "Structure":
        """The structure of all its nodes in another order."""
        new = copy(self)
        new.order, new.rank = order, ranks(order, len(self.ids))
        return new

    def _plain(self) -> list[tuple[int, ...]]:
        plain = [
            () if not s else (s[0][0],) if len(s) == 1 and not s[0][1] else _plain_inputs(s)
            for s in self.sources
        ]
        for i in self.shared:
            plain[i] = ()
        return plain

    @cached_property
    def digraph(self) -> "nx.DiGraph[Any]":
        """The wiring as networkx sees it, over ids; parallel wires are one edge."""
        import networkx as nx

        graph: nx.DiGraph[Any] = nx.DiGraph()
        graph.add_nodes_from(self.ids)
        for source, targets in zip(self.ids, self.successors, strict=True):
            graph.add_edges_from((source, self.ids[target]) for target in targets)
        return graph

    def below(self, key: str) -> set[str]:
        """The nodes that data from a node reaches, and those that call its layer after it."""
        return self._reached(key, self.successors)

    def above(self, key: str) -> set[str]:
        """The nodes whose data reaches a node, and those whose layer it calls after them."""
        before: list[list[int]] = [[] for _ in self.ids]
        for source, targets in enumerate(self.successors):
            for target in targets:
                before[target].append(source)
        return self._reached(key, before)

    def _reached(self, key: str, onward: list[list[int]]) -> set[str]:
        """Every node but the first along the wires: without the digraph, which is slow to make."""
        start = self.index[key]
        seen, pending = {start}, [start]
        while pending:
            fresh = [i for i in onward[pending.pop()] if i not in seen]
            seen.update(fresh)
            pending += fresh
        return {self.ids[i] for i in seen if i != start}

    def _wire_all(self, edges: "Iterable[Edge]") -> None:
        """Leads every wire to its slot; written out for those of which nothing is to be said."""
        index, slots, successors = self.index, self.slots, self.successors
        feeding: dict[int, set[int]] = {}
        """Who feeds each node that takes several wires: only to such two can come from one."""
        for edge in edges:
            key, target_key, slot, output = edge
            source, target = index.get(key), index.get(target_key)
            if source is None or target is None or slot in slots[target]:
                self._refuse(edge)
                continue
            taken = slots[target]
            if taken:
                if target not in feeding:
                    feeding[target] = {source for source, _ in taken.values()}
                if source not in feeding[target]:
                    successors[source].append(target)
                feeding[target].add(source)
            else:
                successors[source].append(target)
            taken[slot] = (source, output)

    def _refuse(self, edge: "Edge") -> None:
        """Says what is wrong with a wire: it hangs in the air, or its slot has one already."""
        source, target = self.index.get(edge.source), self.index.get(edge.target)
        if target is None:
            # A wire between two nodes that are both gone is told at the first that is there.
            at = edge.source if source is not None else next(iter(self.ids), None)
            if at is None:
                return
            self._fault("broken-edge", at, f"a wire leads to “{edge.target}”, which is not there")
        elif source is None:
            self.slots[target].setdefault(edge.slot, (-1, 0))
            self._fault(
                "broken-edge",
                edge.target,
                f"a wire into slot {edge.slot} comes from “{edge.source}”, which is not there",
            )
        else:
            self._fault(
                "broken-edge", edge.target, f"two wires end in slot {edge.slot}; remove one"
            )

    def _follow(self, source: int, target: int) -> None:
        """Notes once that ``target`` is to be derived after ``source``."""
        if target not in self.successors[source]:
            self.successors[source].append(target)

    def _by_slot(self, i: int) -> tuple[tuple[int, int], ...] | None:
        slots = self.slots[i]
        if sorted(slots) != list(range(len(slots))):
            empty = min(set(range(max(slots) + 1)) - set(slots), default=0)
            self._fault("missing-input", self.ids[i], f"slot {empty} has no wire")
            return None
        inputs = tuple(slots[slot] for slot in range(len(slots)))
        return None if any(source < 0 for source, _ in inputs) else inputs

    def _ordered(self, before: "Structure | None") -> list[int]:
        """Among the nodes that are ready, the one written first; cycles are left out."""
        if all(i < target for i, targets in enumerate(self.successors) for target in targets):
            # Most files are written in the order of their data: there is nothing to sort.
            return list(range(len(self.ids)))
        if before is not None:
            known = (self.index.get(before.ids[i]) for i in before.order)
            order = guessed((i for i in known if i is not None), self.successors)
            if is_in_order(order, self.slots):
                return order
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(len(self.ids)))
        graph.add_edges_from((i, t) for i, targets in enumerate(self.successors) for t in targets)
        try:
            return list(nx.lexicographical_topological_sort(graph))
        except nx.NetworkXUnfeasible:
            self._leave_out_cycles(graph)
            return list(nx.lexicographical_topological_sort(graph))

    def _leave_out_cycles(self, graph: "nx.DiGraph[int]") -> None:
        import networkx as nx

        for component in list(nx.strongly_connected_components(graph)):
            members = sorted(component)
            if len(members) > 1 or graph.has_edge(members[0], members[0]):
                self._cycle(members)
                graph.remove_nodes_from(members)

    def _cycle(self, members: list[int]) -> None:
        names = " → ".join(f"“{self.ids[i]}”" for i in members[:6])
        more = " …" if len(members) > 6 else ""
        for i in members:
            self.sources[i] = None
            self._fault(
                "cycle",
                self.ids[i],
                f"the wires run in a circle through {names}{more}; remove one of them",
            )

    def _share(self, nodes: "Mapping[str, Node]") -> None:
        """Maps each further place of a shared layer to its first place in the order."""
        groups: dict[int, list[int]] = {}
        sharing = [(key, node) for key, node in nodes.items() if node.shared_with is not None]
        self.sharing = bool(sharing)
        if not sharing:
            return
        passed = {self.index[key] for key, node in nodes.items() if node.bypassed}
        for key, node in sharing:
            assert node.shared_with is not None
            if why := _unshareable(node, nodes.get(node.shared_with)):
                self._fault("broken-share", key, why)
                self.sources[self.index[key]] = None
            else:
                owner = self.index[node.shared_with]
                groups.setdefault(owner, [owner]).append(self.index[key])
        for members in groups.values():
            members.sort(key=lambda i: self.rank[i])
            ranked = [i for i in members if self.rank[i] >= 0 and i not in passed]
            for before, again in pairwise(ranked):
                self.shared[again] = ranked[0]
                self.places[again] = ranked
                # A chain, so that a thousand places do not make half a million wires.
                self._follow(before, again)

    def _fault(self, code: str, node: str, message: str) -> None:
        self.problems.append(WiringProblem(code, node, message))


def _plain_inputs(sources: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    if any(output for _, output in sources):
        return ()
    return tuple(source for source, _ in sources)


def owns_a_layer(node: "Node") -> bool:
    """Whether other nodes can call this node's layer again."""
    return node.shared_with is None and node.type not in (BLOCK_INPUT, BLOCK_OUTPUT)


def _unshareable(node: "Node", owner: "Node | None") -> str:
    """Why a node cannot call the layer of ``owner``; empty where it can."""
    if owner is None or not owns_a_layer(owner):
        return f"it shares the layer of “{node.shared_with}”, which has none of its own"
    if node.repeat != 1 or owner.repeat != 1:
        return "a shared layer is one layer: neither its places nor their owner can be repeated"
    return ""
