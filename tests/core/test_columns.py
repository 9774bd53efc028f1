"""Layout in columns: properties that any picture of a network must have, and two long networks."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.columns import ASPECT, BETWEEN, LEAST_HEIGHT, columned
from resnet_studio.core.columns import columns_of as recognised
from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.faces import CARD_HEIGHT, CARD_WIDTH, card_extent
from resnet_studio.core.layout import GRID, layered, plan
from resnet_studio.core.routing import Rect
from resnet_studio.core.stages import numbered
from tests.core.networks import conv, graph

CARD = (CARD_WIDTH, CARD_HEIGHT)


def residual_network(blocks: int, stages: int) -> Document:
    """Stages of residual blocks of three cards, a strided convolution before each."""
    nodes: list[tuple] = [("image", "Input", {"shape": [64, 64, 8]})]
    edges: list[tuple] = []
    last = "image"
    for stage in range(stages):
        head = f"down{stage}"
        nodes.append((head, "Conv2D", conv(8, strides=2)))
        edges.append((last, head))
        last = head
        for block in range(blocks):
            a, b, add = (f"{name}{stage}_{block}" for name in ("a", "b", "add"))
            nodes += [(a, "Conv2D", conv(8)), (b, "Conv2D", conv(8)), (add, "Add")]
            edges += [(last, a), (a, b), (last, add), (b, add, 1)]
            last = add
    return Document("residual", network=graph(nodes, edges))


def in_columns(document: Document) -> dict[str, tuple[float, float]]:
    network = document.network
    analysis = analyse(document).root
    extents = {key: card_extent(node, document) for key, node in network.nodes.items()}
    stage = numbered(analysis.structure, analysis.outcomes)
    return columned(network, layered(plan(network, extents)), extents, stage)


def columns_of(places: dict[str, tuple[float, float]]) -> list[list[str]]:
    """The ids, column by column: between columns is a gap from top to bottom."""
    found: list[list[str]] = []
    reach = float("-inf")
    for key in sorted(places, key=lambda key: places[key]):
        x = places[key][0]
        if x >= reach + BETWEEN:
            found.append([])
        found[-1].append(key)
        reach = max(reach, x + CARD_WIDTH)
    return found


def order_of(network: Graph) -> dict[str, int]:
    structure = network.structure
    return {structure.ids[i]: rank for rank, i in enumerate(structure.order)}


@st.composite
def networks(draw: st.DrawFn) -> tuple[Graph, dict[str, int]]:
    """Graphs with wires from earlier nodes to later ones, and stages in that order."""
    count = draw(st.integers(1, 60))
    keys = [f"n{i}" for i in range(count)]
    edges = []
    for target in range(1, count):
        near = st.integers(max(0, target - 4), target - 1)
        for slot, source in enumerate(draw(st.lists(near, max_size=2, unique=True))):
            edges.append(Edge(keys[source], keys[target], slot))
    ends = draw(st.sets(st.integers(0, count), max_size=4))
    stage = {key: sum(end <= i for end in ends) for i, key in enumerate(keys)}
    return Graph({key: Node(key, "Add") for key in keys}, tuple(edges)), stage


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_card_stands_once_on_the_grid_and_upon_no_other(drawn) -> None:
    network, stage = drawn
    extents = dict.fromkeys(network.nodes, CARD)
    corners = layered(plan(network, extents))
    places = columned(network, corners, extents, stage)
    assert places.keys() == network.nodes.keys()
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    for (x1, y1), (x2, y2) in combinations(places.values(), 2):
        assert abs(x1 - x2) >= CARD_WIDTH or abs(y1 - y2) >= CARD_HEIGHT
    again = columned(network, dict(reversed(corners.items())), extents, stage)
    assert again == places, "the same graph, the same picture"


@settings(max_examples=60, deadline=None)
@given(networks())
def test_data_runs_down_and_then_to_the_right(drawn) -> None:
    network, stage = drawn
    extents = dict.fromkeys(network.nodes, CARD)
    places = columned(network, layered(plan(network, extents)), extents, stage)
    at = {key: i for i, column in enumerate(columns_of(places)) for key in column}
    for edge in network.edges:
        here, there = at[edge.source], at[edge.target]
        below = places[edge.source][1] < places[edge.target][1]
        assert here < there or (here == there and below)


def test_what_fits_a_screen_is_left_as_it_is() -> None:
    document = residual_network(2, 1)
    extents = {k: card_extent(node, document) for k, node in document.network.nodes.items()}
    corners = layered(plan(document.network, extents))
    assert max(y for _x, y in corners.values()) < LEAST_HEIGHT
    assert columned(document.network, corners, extents, {}) == corners
    assert columned(Graph(), {}, {}, {}) == {}


@pytest.mark.parametrize(("blocks", "stages"), [(3, 4), (6, 4), (10, 5), (40, 3)])
def test_a_long_network_has_about_the_aspect_of_a_screen(blocks: int, stages: int) -> None:
    places = in_columns(residual_network(blocks, stages))
    width = max(x for x, _y in places.values()) - min(x for x, _y in places.values()) + CARD_WIDTH
    height = max(y for _x, y in places.values()) + CARD_HEIGHT
    assert ASPECT / 2.5 < width / height < ASPECT * 2


def test_stages_begin_columns_where_they_may() -> None:
    document = residual_network(5, 4)
    columns = columns_of(in_columns(document))
    order = order_of(document.network)
    heads = [min(column, key=order.__getitem__) for column in columns]
    assert heads == ["image", "down1", "down2", "down3"]


def test_a_column_ends_where_a_block_does() -> None:
    """A branch is hardly ever cut in two: its layers, and the merge, stand in one column."""
    document = residual_network(30, 1)
    at = {k: i for i, column in enumerate(columns_of(in_columns(document))) for k in column}
    assert max(at.values()) > 2
    cut = [i for i in range(30) if len({at[f"{name}0_{i}"] for name in ("a", "b", "add")}) > 1]
    assert len(cut) <= 1


def test_another_node_in_a_stage_moves_little() -> None:
    document = residual_network(8, 4)
    before = in_columns(document)
    columns = columns_of(before)
    for stage in range(4):
        edge = Edge(f"a{stage}_3", f"b{stage}_3", 0)
        after = in_columns(spliced(document, edge))
        here = next(i for i, column in enumerate(columns) if edge.target in column)
        for column in columns[:here]:
            assert all(after[key] == before[key] for key in column)
        fallen = [key for key in before if after[key] != before[key]]
        assert len(fallen) < len(before) / 2


def spliced(document: Document, edge: Edge) -> Document:
    added = edits.add_nodes(document, NETWORK, [Node("more", "Conv2D", conv(8))])
    cut = edits.disconnect(added, NETWORK, [edge])
    first = edits.connect(cut, NETWORK, edge.source, "more", 0)
    return edits.connect(first, NETWORK, "more", edge.target, edge.slot)


def test_columns_fill_from_the_left() -> None:
    chain = Graph(
        {f"n{i}": Node(f"n{i}", "ReLU") for i in range(100)},
        tuple(Edge(a, b) for a, b in pairwise([f"n{i}" for i in range(100)])),
    )
    extents = dict.fromkeys(chain.nodes, CARD)
    lengths = [
        len(column)
        for column in columns_of(columned(chain, layered(plan(chain, extents)), extents, {}))
    ]
    assert len(set(lengths[:-2])) == 1
    assert max(lengths) == lengths[0]


@pytest.mark.parametrize(("blocks", "stages"), [(6, 4), (10, 5), (40, 3)])
def test_columns_are_recognised_where_they_were_made(blocks: int, stages: int) -> None:
    places = in_columns(residual_network(blocks, stages))
    made = [min(places[key][0] for key in column) for column in columns_of(places)]
    assert len(made) > 1
    assert recognised(cards(places)) == made
    cut = {key: place for key, place in places.items() if key != columns_of(places)[1][0]}
    assert recognised(cards(cut)) == made, "where the head of one is gone"


def test_a_pile_and_what_lies_aside_of_it_are_no_columns() -> None:
    pile = {f"n{i}": (0.0, 120.0 * i) for i in range(20)}
    assert recognised(cards(pile)) == []
    assert recognised([]) == []
    for aside in ((-900.0, 0.0), (-900.0, 700.0), (900.0, 1200.0)):
        assert recognised(cards({**pile, "n3": aside})) == []


def cards(places: dict[str, tuple[float, float]]) -> list[Rect]:
    return [Rect(key, x, y, x + CARD_WIDTH, y + CARD_HEIGHT) for key, (x, y) in places.items()]
