"""Stages as they are told from afar: below each other, in columns, and where neither is so."""

from itertools import pairwise

import pytest

from resnet_studio.core import edits
from resnet_studio.core.columns import columned
from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.layout import layered, plan
from resnet_studio.core.stages import numbered
from resnet_studio.formats import native, templates
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.stage_bands import Band, StageBands
from resnet_studio.gui.session import Session
from tests.benchmarks.networks import chain
from tests.core.networks import conv
from tests.core.test_columns import residual_network

SAME, HALVED = conv(8), conv(8, strides=2)
LAYERS = {
    "x": ("Input", {"shape": [32, 32, 3]}),
    "a1": ("Conv2D", SAME),
    "a2": ("Conv2D", SAME),
    "a3": ("Conv2D", SAME),
    "b1": ("Conv2D", HALVED),
    "b2": ("Conv2D", SAME),
    "b3": ("Conv2D", SAME),
    "pool": ("MaxPooling2D", {}),
    "c1": ("Conv2D", HALVED),
    "c2": ("Conv2D", SAME),
}


def at(places: dict[str, tuple[float, float]]) -> Document:
    """The layers one after the other, at these places."""
    nodes = {k: Node(k, *LAYERS[k], position=place) for k, place in places.items()}
    return Document(network=Graph(nodes, tuple(Edge(a, b, 0) for a, b in pairwise(nodes))))


def found(document: Document) -> tuple[Session, list[Band]]:
    session = Session(document)
    bands = StageBands(Drawing(Shown.now(session)))
    while not bands.work():
        pass
    return session, bands.bands


def told(document: Document) -> list[tuple[str, int]]:
    return [(band.size, band.layers) for band in found(document)[1]]


def in_columns(document: Document) -> Document:
    """Laid out as “Lay out in columns” does it."""
    session = Session(document)
    drawing = Drawing(Shown.now(session))
    extents = {key: drawing.extent(key) for key in drawing.places}
    inside = session.graph_analysis
    stage = numbered(inside.structure, inside.outcomes)
    places = columned(session.graph, layered(plan(session.graph, extents)), extents, stage)
    return edits.move_nodes(document, NETWORK, places)


PILED = {key: (0.0, 120.0 * row) for row, key in enumerate(LAYERS)}


def test_every_layer_is_told_once() -> None:
    session, bands = found(at(PILED))
    assert [(band.size, band.layers) for band in bands] == [
        ("32×32×8", 4),
        ("16×16×8", 3),
        ("4×4×8", 3),
    ]
    assert sum(band.layers for band in bands) == session.analysis.root.layers
    assert all(len(band.areas) == 1 and band.head is None for band in bands)
    assert bands[0].weight == "4 layers · 1,392 parameters"


def test_columns_that_are_given_up_leave_no_traces() -> None:
    """Cards stand as in columns, but the stages of the second one mingle."""
    rows = {"x": 0, "a1": 120, "b1": 420, "pool": 900, "c1": 1020, "c2": 1140}
    aside = {"a2": 0, "a3": 410, "b2": 440, "b3": 700}
    placed = {key: (0.0, y) for key, y in rows.items()} | {k: (800.0, y) for k, y in aside.items()}
    places = {key: placed[key] for key in LAYERS}
    bands = found(at(places))[1]
    assert sum(band.layers for band in bands) == len(LAYERS)
    assert all(len(band.areas) == 1 and band.head is None for band in bands)


@pytest.mark.parametrize("document", [residual_network(6, 4), chain(175)])
def test_in_columns_stages_are_those_of_one_pile(document: Document) -> None:
    session, bands = found(in_columns(document))
    assert [(band.size, band.layers) for band in bands] == told(document)
    assert all(band.head is not None for band in bands)
    assert len({area.left() for band in bands for area in band.areas}) > 1
    assert sum(band.layers for band in bands) == session.analysis.root.layers


STRAYS = [Node("unwired", "Conv2D", conv(8)), Node("behind", "ReLU")]


@pytest.mark.parametrize("corner", [(-1000, 500), (1200, 0), (-1000, -40), (60, 90)])
@pytest.mark.parametrize("laid_out", [False, True])
def test_strays_change_nothing_of_what_is_told(corner: tuple[int, int], laid_out: bool) -> None:
    document = in_columns(residual_network(6, 4)) if laid_out else notebook()
    x, y = corner
    strays = [node.at((x, y + 120.0 * i)) for i, node in enumerate(STRAYS)]
    more = edits.add_nodes(document, NETWORK, strays)
    more = edits.connect(more, NETWORK, "unwired", "behind", 0)
    assert found(more)[1] == found(document)[1] != []


def notebook() -> Document:
    return native.load(templates.path("resnet34-notebook")).document


@pytest.mark.parametrize("key", ["image", "group_64", "group_256", "classifier"])
@pytest.mark.parametrize("aside", [-800.0, 800.0])
def test_a_card_drawn_aside_makes_no_columns(key: str, aside: float) -> None:
    session, _bands = found(notebook())
    x, y = Drawing(Shown.now(session)).places[key]
    moved = edits.move_nodes(session.document, NETWORK, {key: (x + aside, y)})
    bands = found(moved)[1]
    assert [(band.size, band.layers) for band in bands] == told(session.document)
    assert all(band.head is None for band in bands)
