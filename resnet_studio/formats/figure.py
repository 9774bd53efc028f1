"""What a picture of a network shows, before any pen: panels of cards and wires, with places.

In ``blocks`` style the network stands as it is drawn, and each block that it reaches stands
beside it once, with the arguments and shapes of its first call; ``flat`` is one panel with
every layer.  Places are in pixels, y downwards.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.calls import Compound
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.faces import Face, card_extent, face_of
from resnet_studio.core.families import family
from resnet_studio.core.flatten import flatten
from resnet_studio.core.layer import Outcome
from resnet_studio.core.layout import Position, bypasses, layered, plan
from resnet_studio.core.placing import placed
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.routing import Lanes, Obstacles, Rect, Route, route
from resnet_studio.core.shapes import show
from resnet_studio.formats import Style

HEADING = 44.0
GAP = 72.0


class Card(NamedTuple):
    """A node's place and what stands on it; ``family`` names a colour of the themes."""

    rect: Rect
    face: Face
    family: str


class Wire(NamedTuple):
    """A wire's way and the shape that it carries; an identity link bypasses other nodes."""

    edge: Edge
    route: Route
    shape: str
    identity: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph: its title, its cards and its wires, the top-left corner at 0, 0."""

    title: str
    cards: list[Card]
    wires: list[Wire]
    width: float
    height: float


class Figure(NamedTuple):
    """Panels side by side."""

    panels: list[Panel]

    @property
    def width(self) -> float:
        return sum(panel.width for panel in self.panels) + GAP * (len(self.panels) - 1)

    @property
    def height(self) -> float:
        return max(panel.height for panel in self.panels)


def draw(analysis: Analysis, style: Style) -> Figure:
    """The figure of a network."""
    if style == "flat":
        analysis = analyse(unrolled(analysis))
    return Figure([_panel(analysis.document, *part) for part in parts(analysis)])


def parts(analysis: Analysis) -> Iterator[tuple[str, GraphAnalysis]]:
    """Titles and graphs: the network, then every block at its first call."""
    document = analysis.document
    yield document.name, analysis.root
    pending, seen = [analysis.root], set[str]()
    while pending:
        graph = pending.pop(0)
        for node, outcome in zip(graph.graph.nodes.values(), graph.outcomes, strict=True):
            inside = _inside(outcome)
            if inside is not None and node.type not in seen:
                seen.add(node.type)
                pending.append(inside)
                arguments = ", ".join(f"{k}={v}" for k, v in inside.parameters.items())
                yield f"{node.type}({arguments})", inside


def _inside(outcome: Outcome) -> GraphAnalysis | None:
    """What a call, or the first round of a loop, holds."""
    while isinstance(outcome, Compound) and outcome.copies:
        outcome = outcome.copies[0]
    return outcome.inside if isinstance(outcome, Compound) else None


def unrolled(analysis: Analysis) -> Document:
    """A document of the same layers without blocks and loops, each called by its path."""
    flat = flatten(analysis).nodes
    nodes, edges = {}, []
    for node in flat:
        shared = None if node.shared_with is None else flat[node.shared_with].path
        nodes[node.path] = Node(node.path, node.type, node.config, shared_with=shared)
        for slot, tensor in enumerate(node.inputs):
            if tensor is not None:
                edges.append(Edge(flat[tensor[0]].path, node.path, slot, tensor[1]))
    return Document(analysis.document.name, network=Graph(nodes, tuple(edges)))


# One panel


def _panel(document: Document, title: str, inside: GraphAnalysis) -> Panel:
    rects = _rects(document, inside.graph)
    cards = [
        Card(rects[key], face_of(node, document, inferable), family(node.type, document.blocks))
        for (key, node), inferable in zip(
            inside.graph.nodes.items(), inside.inferables, strict=True
        )
    ]
    wires = _wires(inside, rects)
    points = [point for wire in wires for point in wire.route.points]
    left = min([rect.left for rect in rects.values()] + [x for x, _ in points], default=0)
    right = max([rect.right for rect in rects.values()] + [x for x, _ in points], default=0)
    top = min((rect.top for rect in rects.values()), default=0)
    bottom = max([rect.bottom for rect in rects.values()] + [y for _, y in points], default=0)
    moved = (-left, HEADING - top)
    return Panel(
        title,
        [card._replace(rect=_moved_rect(card.rect, moved)) for card in cards],
        [wire._replace(route=_moved_route(wire.route, moved)) for wire in wires],
        max(right - left, len(title) * 8.5),
        bottom - top + HEADING,
    )


def _moved_rect(rect: Rect, by: Position) -> Rect:
    key, left, top, right, bottom = rect
    return Rect(key, left + by[0], top + by[1], right + by[0], bottom + by[1])


def _moved_route(way: Route, by: Position) -> Route:
    return Route(tuple((x + by[0], y + by[1]) for x, y in way.points))


def _rects(document: Document, graph: Graph) -> dict[str, Rect]:
    extents = {key: card_extent(node, document) for key, node in graph.nodes.items()}
    rects = {}
    for key, (x, y) in _places(graph, extents).items():
        width, height = extents[key]
        rects[key] = Rect(key, x, y, x + width, y + height)
    return rects


def _places(graph: Graph, extents: dict[str, tuple[float, float]]) -> dict[str, Position]:
    """The user's own places where there are any, else those of graphviz or of the layout."""
    if any(node.position is not None for node in graph.nodes.values()):
        return placed(graph, extents, {})
    from resnet_studio.formats import graphviz_layout

    what = plan(graph, extents)
    if graphviz_layout.available() and len(extents) <= graphviz_layout.MOST_NODES:
        try:
            return graphviz_layout.arrange(what)
        except graphviz_layout.GraphvizError:
            pass  # The other layout needs no program.
    return layered(what)


def _wires(inside: GraphAnalysis, rects: dict[str, Rect]) -> list[Wire]:
    graph, structure = inside.graph, inside.structure
    obstacles, lanes = Obstacles(rects.values()), Lanes()
    identities = bypasses(structure)
    into = Counter(edge.target for edge in graph.edges)
    found = []
    for edge in graph.edges:
        outputs = inside.outcome(edge.source).outputs or ()
        source, target = rects[edge.source], rects[edge.target]
        start = _along(source, edge.output, len(outputs)), source.bottom
        end = _along(target, edge.slot, into[edge.target]), target.top
        way = route(start, end, (edge.source, edge.target), obstacles, lanes)
        shape = show(outputs[edge.output]) if edge.output < len(outputs) else "?"
        found.append(Wire(edge, way, shape, edge in identities))
    return found


def _along(rect: Rect, port: int, count: int) -> float:
    """The x of a port: they stand around the middle, at most a sixth of a card apart."""
    apart = (rect.right - rect.left) / max(count, 6)
    return (rect.left + rect.right) / 2 + (port - (max(count, 1) - 1) / 2) * apart
