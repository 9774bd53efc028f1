"""The graph on the canvas, kept in step with the session.

After a change only those things are touched whose node, outcome, place or wiring differs.

What gestures may use, and what will not change: ``nodes`` and ``wires`` are mappings whose values
say where a thing is and what it shows (``card``, ``look``, ``input_point``, ``output_point``,
``wired_inputs``, ``wired_outputs``; ``route``, ``label``, ``identity``, ``faulty``).  They are no
graphics items to rely on: ``items()`` knows overlays alone.  To look all of them through is slow
in a large network; ask ``node_at``, ``port_at``, ``wire_at``, ``nodes_in``, ``wires_at`` and
``places``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from resnet_studio.core.document import Edge, Graph
from resnet_studio.core.layout import Position, bypasses
from resnet_studio.core.placing import placed
from resnet_studio.core.routing import Lanes, Obstacles, route
from resnet_studio.gui.canvas.looks import Look, Looks, Shown
from resnet_studio.gui.canvas.node_item import NodeItem
from resnet_studio.gui.canvas.ports import Port
from resnet_studio.gui.canvas.wire_item import WireItem
from resnet_studio.gui.session import Session

_AROUND = 64.0
"""A wire that goes round a card runs within this distance of it."""
_MANY = 24
"""When more cards than these move, every wire is led anew."""


class NetworkScene(QGraphicsScene):
    """One item per node and per wire of the graph that the session shows."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._looks = Looks()
        self._graph: Graph | None = None
        self._identity: set[Edge] = set()
        self._obstacles = Obstacles()
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Edge, WireItem] = {}
        self._wires_at: dict[str, set[Edge]] = {}
        self.places: dict[str, Position] = {}
        """Where each node is shown, also those that the file gives no position."""
        self._disturbed: set[Edge] = set()
        self._shown_selected: set[str | Edge] = set()
        self.selected_wires: frozenset[Edge] = frozenset()
        self._hovered: str | Edge | None = None
        self._target: str | Edge | None = None
        self._hot: Port | None = None
        self.revision = 0
        """Grows with every change of what is shown: for whoever keeps a picture of it."""

    # Keeping in step

    def restart(self) -> None:
        """Shows another graph from scratch."""
        self.clear()
        self.nodes, self.wires, self._wires_at, self.places = {}, {}, {}, {}
        self._looks, self._graph, self._obstacles = Looks(), None, Obstacles()
        self._disturbed, self._shown_selected = set(), set()
        self.sync()

    def sync(self) -> None:
        """Brings the items up to the session's document and analysis."""
        shown = Shown.now(self._session)
        graph, before = shown.graph, self._graph
        self._sync_nodes(graph, self._looks.update(shown))
        if before is None or graph.structure is not before.structure:
            self._identity = bypasses(graph.structure)
        if before is None or graph.edges is not before.edges:
            self._sync_wires(graph)
        self.label_wires(shown)
        self._graph = graph
        self.reroute()
        self.selected_wires &= self.wires.keys()
        self.show_selection()
        self.revision += 1

    def _sync_nodes(self, graph: Graph, looks: Mapping[str, Look]) -> None:
        """Adds, removes, moves and repaints cards."""
        extents = {key: look.extent for key, look in looks.items()}
        known = {key: place for key, place in self.places.items() if key in graph.nodes}
        self.places = placed(graph, extents, known)
        for key in [key for key in self.nodes if key not in graph.nodes]:
            self._disturb(key)
            self.removeItem(self.nodes.pop(key))
            self._obstacles.drop(key)
        for key, look in looks.items():
            self._sync_node(key, look, QPointF(*self.places[key]))

    def _sync_node(self, key: str, look: Look, place: QPointF) -> None:
        item = self.nodes.get(key)
        if item is None:
            item = self.nodes[key] = NodeItem(key, look)
            item.setPos(place)
            self.addItem(item)
            self._obstacles.put(item.obstacle)
            self._disturb(key)
            return
        if item.look is not look:
            moves_ports = item.look.ports != look.ports
            item.set_look(look)
            if moves_ports:
                self._disturb(key)
        if item.pos() != place:
            self.move_item(key, place)

    def _sync_wires(self, graph: Graph) -> None:
        wanted = {e for e in graph.edges if e.source in self.nodes and e.target in self.nodes}
        for edge in self.wires.keys() - wanted:
            wire = self.wires.pop(edge)
            self.removeItem(wire.pill)
            self.removeItem(wire)
        for edge in wanted - self.wires.keys():
            wire = self.wires[edge] = WireItem(edge)
            self.addItem(wire)
            self.addItem(wire.pill)
            self._disturbed.add(edge)
        self._wires_at = {key: set() for key in self.nodes}
        for edge in wanted:
            self._wires_at[edge.source].add(edge)
            self._wires_at[edge.target].add(edge)
        for key, item in self.nodes.items():
            edges = self._wires_at[key]
            item.set_wired(
                frozenset(e.slot for e in edges if e.target == key),
                frozenset(e.output for e in edges if e.source == key),
            )

    def label_wires(self, shown: Shown) -> None:
        """Tells each wire what is known at its ends."""
        for edge, item in self.wires.items():
            ends = shown.outcome(edge.source), shown.outcome(edge.target)
            item.set_outcomes(*ends, identity=edge in self._identity)

    # Places

    def move_item(self, key: str, place: QPointF) -> None:
        """Moves a card on the screen alone, while it is dragged; ``reroute`` afterwards."""
        self.move_items({key: place})

    def move_items(self, places: Mapping[str, QPointF]) -> None:
        """Moves cards on the screen alone, all at once; ``reroute`` afterwards."""
        self._disturb_all(places)
        for key, place in places.items():
            self.nodes[key].setPos(place)
            self._obstacles.put(self.nodes[key].obstacle)
        self._disturb_all(places)

    def _disturb_all(self, keys: Iterable[str]) -> None:
        """The wires at or near some cards: to ask where they are costs more than to take all."""
        chosen = list(keys)
        if len(chosen) > _MANY:
            self._disturbed |= self.wires.keys()
            return
        for key in chosen:
            self._disturb(key)

    def _disturb(self, key: str) -> None:
        """The wires at this card, and those that run through or round it, need a new way."""
        if self._graph is None:
            # All wires are new, and asking where they run would sort the index each time.
            return
        self._disturbed |= self._wires_at.get(key, set())
        near = self.nodes[key].card.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        self._disturbed |= {w.edge for w in self.items(near) if isinstance(w, WireItem)}

    def reroute(self) -> None:
        """Finds the way of every wire that was disturbed."""
        edges = self._disturbed & self.wires.keys()
        self._disturbed = set()
        if not edges:
            return
        lanes = Lanes()
        for edge, item in self.wires.items():
            if edge not in edges and item.route.lane is not None:
                lanes.take(item.route.lane, *item.route.lane_span)
        for edge in sorted(edges, key=self._span):
            start, end = self._ends(edge)
            way = route(start, end, (edge.source, edge.target), self._obstacles, lanes)
            self.wires[edge].set_route(way)

    def _ends(self, edge: Edge) -> tuple[Position, Position]:
        start = self.nodes[edge.source].output_point(edge.output)
        end = self.nodes[edge.target].input_point(edge.slot)
        return (start.x(), start.y()), (end.x(), end.y())

    def _span(self, edge: Edge) -> tuple[float, Edge]:
        """Short wires first: they get the inner lanes."""
        start, end = self._ends(edge)
        return abs(end[1] - start[1]), edge

    def bounds(self, keys: Iterable[str] | None = None) -> QRectF:
        """The room that the cards and their wires take; empty for an empty graph."""
        chosen = self.nodes.keys() if keys is None else set(keys)
        rect = QRectF()
        for key in chosen:
            item = self.nodes[key]
            rect |= item.mapRectToScene(item.boundingRect())
        if keys is None:
            for wire in self.wires.values():
                rect |= wire.boundingRect()
        return rect

    def wires_at(self, key: str) -> frozenset[Edge]:
        """The wires that begin or end at a node."""
        return frozenset(self._wires_at.get(key, ()))

    # What is under the pointer

    def node_at(self, at: QPointF) -> str | None:
        for item in self.items(at):
            if isinstance(item, NodeItem) and item.card.contains(at):
                return item.key
        return None

    def port_at(self, at: QPointF, reach: float) -> Port | None:
        area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(area):
            if isinstance(item, NodeItem) and (port := item.port_near(at, reach)):
                return port
        return None

    def wire_at(self, at: QPointF, reach: float) -> Edge | None:
        area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(area):
            if isinstance(item, WireItem) and item.near(at, reach):
                return item.edge
        return None

    def nodes_in(self, area: QRectF) -> set[str]:
        """The nodes whose cards touch an area."""
        return {
            item.key
            for item in self.items(area)
            if isinstance(item, NodeItem) and item.card.intersects(area)
        }

    # Passing states

    def show_selection(self) -> None:
        """Marks the nodes that the session selects and the wires that the canvas does."""
        wanted: set[str | Edge] = {*self._session.selection, *self.selected_wires}
        for thing in wanted ^ self._shown_selected:
            item = self._item(thing)
            if item is not None:
                item.set_mood(replace(item.mood, selected=thing in wanted))
        # A thing that came back (undo) is a new item, not marked yet.
        self._shown_selected = {thing for thing in wanted if self._item(thing) is not None}

    def show_hover(self, thing: str | Edge | None, port: Port | None = None) -> None:
        """Marks the one node or wire under the pointer, and the port."""
        for old, on in ((self._hovered, False), (thing, True)):
            item = self._item(old)
            if item is not None:
                item.set_mood(replace(item.mood, hovered=on))
        for key in {self._hot.node if self._hot else None, port.node if port else None}:
            if key in self.nodes:
                self.nodes[key].set_hot_port(port if port and port.node == key else None)
        self._hovered, self._hot = thing, port

    def show_target(self, thing: str | Edge | None) -> None:
        """Marks the one node or wire that a drag would end at."""
        for old, on in ((self._target, False), (thing, True)):
            item = self._item(old)
            if item is not None:
                item.set_mood(replace(item.mood, target=on))
        self._target = thing

    def _item(self, thing: str | Edge | None) -> NodeItem | WireItem | None:
        if isinstance(thing, Edge):
            return self.wires.get(thing)
        return self.nodes.get(thing) if thing is not None else None

    def dim(self, keys: Iterable[str]) -> None:
        """Greys out these nodes and shows all others plainly."""
        grey = set(keys)
        for key, item in self.nodes.items():
            item.set_dimmed(key in grey)
