"""The graph as it is drawn: where its cards stand, what they show, how its wires run.

Plain data.  Places are kept for all nodes; looks and ways are worked out when asked for, so that
a large network costs what is seen of it.
"""

from collections.abc import Iterable, Mapping

from resnet_studio.core.document import Edge, Graph
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Extent, Position
from resnet_studio.core.placing import placed
from resnet_studio.gui.canvas.looks import Looks, Shown
from resnet_studio.gui.canvas.standing import Standing
from resnet_studio.gui.canvas.ways import Ways
from resnet_studio.gui.canvas.wiring import Wiring

_AROUND = 64.0
"""A wire that goes round a card runs within this distance of it."""
_MANY = 64
"""When more cards than these change, all ways are forgotten rather than mended."""
_FEW_WIRES = 300
"""So many wires are led at once on opening: the picture is the same from wherever one comes."""


class Drawing(Standing):
    """One graph, as a session shows it or as it would be after an edit on trial."""

    def __init__(self, shown: Shown) -> None:
        self.graph: Graph = shown.graph
        super().__init__(Looks(shown), placed(self.graph, _extents(shown), {}))
        self.wiring: Wiring = self.looks.wiring
        self.ways = Ways(self)
        self._disturbed: set[Edge] = set()
        if len(self.graph.edges) <= _FEW_WIRES:
            self.ways.lead(self.wiring)

    @property
    def shown(self) -> Shown:
        return self.looks.shown

    # Keeping in step

    def update(self, shown: Shown) -> set[str]:
        """Shows another state of the same graph; what did not change is left alone.

        Returns the nodes that came, went or changed, and those at which wires did.
        """
        before, self.graph = self.graph, shown.graph
        blocks_before, wiring_before = self.shown.document.blocks, self.wiring
        changed = _changed(before, self.graph)
        gone = [] if before.nodes.keys() == self.graph.nodes.keys() else _gone(before, self.graph)
        if len(changed) + len(gone) <= _MANY:
            for key in gone:
                self._disturb(key)
        self.looks.show(shown)
        self.wiring = self.looks.wiring
        if self.wiring is not wiring_before:
            self.ways.rewired()
        self._place(changed, gone)
        touched = {*changed, *gone}
        if blocks_before is not shown.document.blocks:
            touched |= self._calls()
        if self.wiring is not wiring_before:
            touched |= _rewired(wiring_before, self.wiring)
        self._mend(touched)
        return touched

    def try_on(self, shown: Shown, places: Mapping[str, Position]) -> set[str]:
        """Looks and stands as in another document, whose nodes and wires need not be these.

        Returns the nodes that moved.
        """
        self.looks.show(shown)
        moved = {k: p for k, p in places.items() if k in self.places and p != self.places[k]}
        self._move(moved)
        self._disturbed.update(self.ways.astray())
        self.reroute()
        return set(moved)

    def _calls(self) -> set[str]:
        blocks = self.shown.document.blocks
        return {key for key, node in self.graph.nodes.items() if node.type in blocks}

    def _place(self, changed: list[str], gone: list[str]) -> None:
        for key in gone:
            self.grid.drop(key, self.places.pop(key))
        nodes = self.graph.nodes
        floating = [k for k in changed if nodes[k].position is None and k not in self.places]
        if floating:
            self._move(placed(self.graph, _extents(self.shown), self.places))
        else:
            fixed = ((key, nodes[key].position) for key in changed)
            self._move({key: place for key, place in fixed if place is not None})

    def _mend(self, touched: set[str]) -> None:
        """Leads the wires again that an edit touched."""
        if len(touched) > 10 * _MANY:
            self.ways.clear()
            self._disturbed = set()
            return
        ends = (edge for key in touched if key in self.places for edge in self.wiring.at(key))
        self._disturbed.update(edge for edge in ends if self.ways.moved_off(edge))
        self.reroute()

    # Moving

    def move(self, places: Mapping[str, Position]) -> None:
        """Moves cards; ``reroute`` afterwards."""
        self._move(places)

    def _move(self, places: Mapping[str, Position]) -> None:
        moved = {key: place for key, place in places.items() if self.places.get(key) != place}
        many = len(moved) > _MANY
        if many:
            self.ways.clear()
            self._disturbed = set()
        for key, place in moved.items():
            if not many:
                self._disturb(key)
            if key in self.places:
                self.grid.drop(key, self.places[key])
            self.places[key] = place
            self.grid.put(key, place)
            if not many:
                self._disturb(key)

    def _disturb(self, key: str) -> None:
        """The wires at this card, and those that run through or round it, need a new way."""
        if key not in self.places:
            return
        rect = self.rect(key)
        area = (
            rect.left - _AROUND,
            rect.top - _AROUND,
            rect.right + _AROUND,
            rect.bottom + _AROUND,
        )
        self._disturbed.update(self.ways.through(*area))
        self._disturbed.update(self.wiring.at(key))

    def reroute(self) -> set[Edge]:
        """Finds the way of every wire that was disturbed; returns these wires."""
        edges = {edge for edge in self._disturbed if edge in self.wiring}
        self._disturbed = set()
        self.ways.lead(edges)
        return edges

    def disturbed(self) -> set[Edge]:
        """The wires whose way is about to be found anew."""
        return self._disturbed


def _extents(shown: Shown) -> dict[str, Extent]:
    """Of all cards: only for where some have no place."""
    nodes, document = shown.graph.nodes, shown.document
    if all(node.position is not None for node in nodes.values()):
        return {}
    return {key: card_extent(node, document) for key, node in nodes.items()}


def _changed(before: Graph, after: Graph) -> list[str]:
    """The nodes that are new or not the same object as before."""
    if after.nodes is before.nodes:
        return []
    if after.origin is not None and after.origin[0] is before.nodes:
        return list(after.origin[1])
    old = before.nodes.get
    return [key for key, node in after.nodes.items() if old(key) is not node]


def _gone(before: Graph, after: Graph) -> list[str]:
    return [key for key in before.nodes if key not in after.nodes]


def _rewired(before: Wiring, after: Wiring) -> set[str]:
    """The nodes at which wires came or went."""
    differing: Iterable[Edge] = set(before) ^ set(after)
    return {key for edge in differing for key in (edge.source, edge.target)}
