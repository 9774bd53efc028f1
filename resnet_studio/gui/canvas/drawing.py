"""The graph as it is drawn: where its cards stand, what they show, how its wires run.

Plain data.  Places are kept for all nodes; looks and ways are worked out when asked for, so that
a large network costs what is seen of it.
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from resnet_studio.core.document import Edge, Graph
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Extent, Position
from resnet_studio.core.placing import placed, places_of
from resnet_studio.gui.canvas.looks import Looks, Shown
from resnet_studio.gui.canvas.standing import Standing
from resnet_studio.gui.canvas.ways import Ways
from resnet_studio.gui.canvas.wiring import Wiring

_AROUND = 64.0
"""A wire that goes round a card runs within this distance of it."""
MANY = 64
"""When more things than these change, all is made anew rather than mended one by one."""
_FEW_WIRES = 300
"""So many wires are led at once on opening: the picture is the same from wherever one comes."""

Area = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Drawing(Standing):
    """One graph, as a session shows it or as it would be after an edit on trial."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(Looks(shown), places_of(shown.document, shown.graph))
        self.wiring: Wiring = self.looks.wiring
        self.ways = Ways(self)
        self._disturbed: set[Edge] = set()
        self._left: dict[str, Area | None] = {}
        """The room that cards left which moved, until other wires make way."""
        self._late: set[Edge] = set()
        """Very long wires that were only stretched while cards moved."""
        self._led_into: set[str] = set()
        self._forgotten = False
        if len(self.graph.edges) <= _FEW_WIRES:
            self.ways.lead(self.wiring)

    @property
    def shown(self) -> Shown:
        return self.looks.shown

    # Keeping in step

    def update(self, shown: Shown) -> set[str]:
        """Shows another state of the same graph; what did not change is left alone.

        Returns the nodes that came, went, moved or changed, and those at which wires did.
        """
        before, after = self.graph, shown.graph
        blocks_before, wiring_before = self.shown.document.blocks, self.wiring
        changed = _changed(before, after)
        gone = [] if before.nodes.keys() == after.nodes.keys() else _gone(before, after)
        for key in gone[:MANY]:
            self._disturb(key)
        self.looks.show(shown)
        self._rects.clear()
        self.graph, self.wiring = after, self.looks.wiring
        if self.wiring is not wiring_before:
            self.ways.rewired()
        if len(gone) > MANY:
            self._forget_ways()
        moved = self._place(before, changed, gone)
        # A place that was only written down, of a card that stands there, changes nothing.
        old, new = before.nodes, after.nodes
        other = (key for key in changed if key not in old or not new[key].alike(old[key]))
        touched = {*other, *gone, *moved}
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
        self._rects.clear()
        moved = self._move({k: place for k, place in places.items() if k in self.places})
        self._disturbed.update(self.ways.astray())
        self._settle()
        return moved

    def _calls(self) -> set[str]:
        blocks = self.shown.document.blocks
        return {key for key, node in self.graph.nodes.items() if node.type in blocks}

    def _place(self, before: Graph, changed: list[str], gone: list[str]) -> set[str]:
        """Puts every card where it belongs now; returns those that moved."""
        for key in gone:
            self.leave(key)
        nodes = self.graph.nodes
        floating = [k for k in changed if nodes[k].position is None and k not in self.places]
        # Of a place that is taken back (undo of a layout, of a fold) nothing is kept.
        lost = any(nodes[k].position is None and _had_place(before, k) for k in changed)
        if lost or (len(floating) > MANY and 2 * len(floating) > len(nodes)):
            # Or most of it was not there before: it is another picture.
            return self._move(places_of(self.shown.document, self.graph))
        if floating:
            return self._move(placed(self.graph, _extents(self.shown), self.places))
        fixed = ((key, nodes[key].position) for key in changed)
        return self._move({key: place for key, place in fixed if place is not None})

    def _mend(self, touched: set[str]) -> None:
        """Leads the wires again that an edit touched."""
        if len(touched) > 10 * MANY:
            self._forget_ways()
            self._late = set()
            return
        ends = (edge for key in touched if key in self.places for edge in self.wiring.at(key))
        self._disturbed.update(edge for edge in ends if self.ways.moved_off(edge))
        self._settle()

    # As a whole

    def outline(self) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of all cards; None where there are none."""
        if not self.places:
            return None
        across = [place[0] for place in self.places.values()]
        down = [place[1] for place in self.places.values()]
        widest = self.extent(_nth(self.places, across.index(max(across))))[0]
        tallest = self.extent(_nth(self.places, down.index(max(down))))[1]
        return min(across), min(down), max(across) + widest, max(down) + tallest

    def highest(self) -> str:
        """The node whose card stands first from the top."""
        return min(self.places, key=lambda key: self.places[key][1])

    # Moving

    def move(self, places: Mapping[str, Position]) -> None:
        """Moves cards; ``reroute`` and, where they rest, ``make_way`` afterwards."""
        self._move(places)

    def _move(self, places: Mapping[str, Position]) -> set[str]:
        moved = {key: place for key, place in places.items() if self.places.get(key) != place}
        many = len(moved) > MANY
        if many:
            self._forget_ways()
        for key, place in moved.items():
            if not many:
                self._disturbed.update(self.wiring.at(key))
                if key not in self._left:
                    self._left[key] = self._room(key)
            self.stand(key, place)
        return set(moved)

    def _forget_ways(self) -> None:
        """Too much moved: wires are led anew when somebody looks at them."""
        self.ways.clear()
        self._disturbed, self._left = set(), {}
        self._forgotten = True

    def _disturb(self, key: str) -> None:
        """The wires at this card, and those that run through or round it, need a new way."""
        if (area := self._room(key)) is not None:
            self._disturbed.update(self.ways.crossing(*area))
            self._disturbed.update(self.wiring.at(key))

    def _room(self, key: str) -> Area | None:
        """Where wires run through or round the card of a node; None where it has no place."""
        if key not in self.places:
            return None
        _key, left, top, right, bottom = self.rect(key)
        return left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND

    def make_way(self) -> None:
        """The wires of other cards turn aside for those that moved, or need not any more.

        To be done where a card rests: on its way it passes many.
        """
        for key, left in self._left.items():
            for area in _joined(left, self._room(key)):
                self._disturbed.update(self.ways.crossing(*area))
        self._left = {}

    def reroute(self) -> set[Edge]:
        """Leads every wire anew that was disturbed, for the moment; returns these wires.

        A very long one is only stretched: to see what it passes takes as long as it is.
        """
        edges = {edge for edge in self._disturbed if edge in self.wiring}
        self._disturbed = set()
        long = {edge for edge in edges if self.ways.stretch(edge)}
        self._late |= long
        self.ways.lead(edges - long)
        self._led_into.update(edge.target for edge in edges)
        return edges

    def _settle(self) -> None:
        """Leads every wire anew that was disturbed or only stretched."""
        self.make_way()
        edges = {edge for edge in self._disturbed | self._late if edge in self.wiring}
        self._disturbed, self._late = set(), set()
        self.ways.lead(edges)
        self._led_into.update(edge.target for edge in edges)

    def led_anew(self) -> tuple[set[str], bool]:
        """Since this was last asked: where wires arrive that were led, and whether any may be."""
        found = self._led_into, self._forgotten
        self._led_into, self._forgotten = set(), False
        return found

    def disturbed(self) -> set[Edge]:
        """The wires whose way is about to be found anew."""
        return self._disturbed


def _nth(keys: Iterable[str], number: int) -> str:
    return next(islice(keys, number, None))


def _extents(shown: Shown) -> dict[str, Extent]:
    """Of all cards: only for where some have no place."""
    nodes, document = shown.graph.nodes, shown.document
    return {key: card_extent(node, document) for key, node in nodes.items()}


def _joined(one: Area | None, other: Area | None) -> list[Area]:
    """Two areas as one where they overlap: a card in the hand goes by small steps."""
    if one is None or other is None:
        return [area for area in (one, other) if area is not None]
    left, top = max(one[0], other[0]), max(one[1], other[1])
    if left >= min(one[2], other[2]) or top >= min(one[3], other[3]):
        return [one, other]
    return [
        (
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[2], other[2]),
            max(one[3], other[3]),
        )
    ]


def _changed(before: Graph, after: Graph) -> list[str]:
    """The nodes that are new or not the same object as before."""
    if after.nodes is before.nodes:
        return []
    if after.origin is not None and after.origin[0] is before.nodes:
        return list(after.origin[1])
    old = before.nodes.get
    return [key for key, node in after.nodes.items() if old(key) is not node]


def _had_place(graph: Graph, key: str) -> bool:
    node = graph.nodes.get(key)
    return node is not None and node.position is not None


def _gone(before: Graph, after: Graph) -> list[str]:
    return [key for key in before.nodes if key not in after.nodes]


def _rewired(before: Wiring, after: Wiring) -> set[str]:
    """The nodes at which wires came or went."""
    return {key for edge in after.differing(before) for key in (edge.source, edge.target)}
