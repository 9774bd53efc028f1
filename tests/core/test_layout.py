"""Layout in layers: properties that any picture of a network must have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.core.document import Edge, Graph, Node
from resnet_studio.core.faces import CARD_HEIGHT, CARD_WIDTH
from resnet_studio.core.layout import (
    COLUMN_GAP,
    GRID,
    ROW_GAP,
    bypasses,
    layered,
    plan,
)

CARD = (CARD_WIDTH, CARD_HEIGHT)


def graph(*wires: str) -> Graph:
    """``a-b`` is a wire from a to b; slots are numbered as they come."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for wire in wires:
        source, target = wire.split("-")
        for key in (source, target):
            nodes.setdefault(key, Node(key, "Add"))
        slot = sum(edge.target == target for edge in edges)
        edges.append(Edge(source, target, slot))
    return Graph(nodes, tuple(edges))


def corners(of: Graph) -> dict[str, tuple[float, float]]:
    return layered(plan(of, dict.fromkeys(of.nodes, CARD)))


def test_a_chain_is_a_straight_column() -> None:
    places = corners(graph("a-b", "b-c"))
    assert len({x for x, _y in places.values()}) == 1
    assert [y for _x, y in places.values()] == [
        0,
        CARD_HEIGHT + ROW_GAP,
        2 * (CARD_HEIGHT + ROW_GAP),
    ]


def test_an_identity_link_does_not_bend_the_branch_that_it_skips() -> None:
    places = corners(graph("x-conv_a", "conv_a-conv_b", "x-add", "conv_b-add", "add-y"))
    assert len({x for x, _y in places.values()}) == 1


def test_branches_stand_side_by_side_and_straight() -> None:
    places = corners(graph("x-a", "a-b", "b-c", "x-p", "p-add", "c-add"))
    assert places["a"][1] == places["p"][1]
    assert places["a"][0] == places["b"][0] == places["c"][0]
    assert abs(places["a"][0] - places["p"][0]) >= CARD_WIDTH + COLUMN_GAP
    middle = (places["a"][0] + places["p"][0]) / 2
    assert abs(places["x"][0] - middle) <= GRID


def test_an_input_that_joins_late_stands_above_what_it_feeds() -> None:
    places = corners(graph("a-b", "b-c", "c-d", "late-d"))
    assert places["late"][1] == places["c"][1]


def test_what_a_circle_holds_is_laid_out_too() -> None:
    places = corners(graph("a-b", "b-c", "c-b", "c-d"))
    assert places.keys() == {"a", "b", "c", "d"}
    assert not overlapping(places)


def test_an_empty_graph_has_no_places() -> None:
    assert layered(plan(Graph(), {})) == {}


@pytest.mark.parametrize(
    ("wires", "found"),
    [
        (("x-a", "a-add", "x-add"), {Edge("x", "add", 1)}),
        (("x-a", "x-b", "a-add", "b-add"), set()),
        # The long skip of an encoder-decoder, over another one.
        (
            ("x-a", "a-b", "b-m", "a-m", "m-o", "x-o"),
            {Edge("a", "m", 1), Edge("x", "o", 1)},
        ),
        # The same tensor twice is no way round anything.
        (("x-add", "x-add"), set()),
        (("x-a", "a-b"), set()),
    ],
)
def test_identity_links_are_found(wires: tuple[str, ...], found: set[Edge]) -> None:
    assert bypasses(graph(*wires).structure) == found


def overlapping(places: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    width, height = CARD
    items = sorted(places.items())
    return [
        (a, b)
        for i, (a, (ax, ay)) in enumerate(items)
        for b, (bx, by) in items[i + 1 :]
        if abs(ax - bx) < width and abs(ay - by) < height
    ]


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 14))
    wires = draw(
        st.sets(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
                lambda pair: pair[0] < pair[1]
            ),
            max_size=30,
        )
    )
    nodes = {f"n{i}": Node(f"n{i}", "Add") for i in range(count)}
    slots = [0] * count
    edges = []
    for source, target in sorted(wires):
        edges.append(Edge(f"n{source}", f"n{target}", slots[target]))
        slots[target] += 1
    return Graph(nodes, tuple(edges))


@settings(max_examples=150, deadline=None)
@given(networks())
def test_any_network_flows_down_on_the_grid_without_overlap(network: Graph) -> None:
    places = corners(network)
    assert places.keys() == network.nodes.keys()
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    assert not overlapping(places)
    for edge in network.edges:
        assert places[edge.source][1] + CARD_HEIGHT + ROW_GAP <= places[edge.target][1]
