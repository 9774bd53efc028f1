"""Where new cards go among those that stand already."""

from dataclasses import replace

import pytest

from resnet_studio.core.document import Document, Graph, Node
from resnet_studio.core.faces import CARD_HEIGHT, CARD_WIDTH
from resnet_studio.core.layout import COLUMN_GAP, ROW_GAP
from resnet_studio.core.placing import apart, make_room, nearest_free, placed, tidied
from tests.core.test_layout import CARD, graph, overlapping

STEP = CARD_HEIGHT + ROW_GAP


def column(*keys: str, step: float = STEP) -> dict[str, tuple[float, float]]:
    return {key: (0.0, i * step) for i, key in enumerate(keys)}


def test_a_graph_without_places_is_laid_out_whole() -> None:
    network = graph("a-b")
    places = placed(network, dict.fromkeys(network.nodes, CARD), {})
    assert places["b"][1] - places["a"][1] == STEP


def test_places_in_the_file_win_over_remembered_ones() -> None:
    network = graph("a-b")
    network = network.with_node(replace(network.nodes["a"], position=(8.0, 16.0)))
    places = placed(network, dict.fromkeys("ab", CARD), {"a": (0, 0), "b": (400, 400)})
    assert places == {"a": (8.0, 16.0), "b": (400, 400)}


def test_a_new_node_goes_below_what_feeds_it() -> None:
    network = graph("a-b")
    assert placed(network, dict.fromkeys("ab", CARD), {"a": (80.0, 0.0)})["b"] == (80.0, STEP)


def test_a_new_node_goes_aside_where_another_stands() -> None:
    network = graph("a-b", "a-c")
    places = placed(network, dict.fromkeys("abc", CARD), {"a": (0.0, 0.0), "b": (0.0, STEP)})
    assert places["c"] == (CARD_WIDTH + COLUMN_GAP, STEP)


def test_the_nearest_free_place_may_be_on_either_side() -> None:
    standing = [((0.0, 0.0), CARD), ((304.0, 20.0), CARD), ((0.0, 4 * STEP), CARD)]
    step = CARD_WIDTH + COLUMN_GAP
    assert nearest_free(standing, (0.0, 0.0), CARD) == -step
    assert nearest_free(standing, (290.0, 0.0), CARD) == 304 + step
    assert nearest_free(standing, (0.0, 2 * STEP), CARD) == 0, "nothing stands in this row"
    assert nearest_free(standing[:1], (0.0, 0.0), CARD) == step, "the right where both are as near"
    assert nearest_free(standing[:1], (0.0, 0.0), CARD, -1) == -step


def test_a_card_between_others_does_not_go_behind_all_of_its_row() -> None:
    network = graph("a-b", "a-c")
    known = {"a": (0.0, 0.0), "b": (0.0, STEP)}
    row = {f"r{i}": (304.0 * (i + 1), STEP) for i in range(4)}
    nodes = {**network.nodes, **{key: Node(key, "ReLU") for key in row}}
    network = Graph(nodes, network.edges)
    places = placed(network, dict.fromkeys(nodes, CARD), {**known, **row})
    assert places["c"] == (-(CARD_WIDTH + COLUMN_GAP), STEP)


def test_a_spliced_card_pushes_down_what_is_too_near() -> None:
    places = {**column("a", "b", "c"), "beside": (300.0, STEP)}
    corner, moved = make_room(places, dict.fromkeys(places, CARD), ("a", "b"), CARD)
    assert corner == (0.0, STEP)
    assert moved == {"b": (0, 2 * STEP), "c": (0, 3 * STEP), "beside": (300, 2 * STEP)}


def test_a_spliced_card_moves_nothing_where_there_is_room() -> None:
    places = column("a", "b", step=3 * STEP)
    corner, moved = make_room(places, dict.fromkeys(places, CARD), ("a", "b"), CARD)
    assert not moved
    assert STEP < corner[1] < 2 * STEP


@pytest.mark.parametrize("overlap", [1.0, 20.0, CARD_HEIGHT - 1])
def test_cards_on_top_of_each_other_come_apart(overlap: float) -> None:
    places = {**column("a", "b"), "on_b": (40.0, STEP + CARD_HEIGHT - overlap), "c": (0, 2 * STEP)}
    after = {**places, **apart(places, dict.fromkeys(places, CARD))}
    assert not overlapping(after)
    assert after["a"] == places["a"]
    assert after["b"] == places["b"]
    assert after["c"][1] > after["on_b"][1]


def test_cards_that_are_apart_stay() -> None:
    places = {**column("a", "b", "c"), "beside": (CARD_WIDTH + 1, 10.0)}
    assert apart(places, dict.fromkeys(places, CARD)) == {}


def test_only_graphs_that_an_edit_changed_are_tidied() -> None:
    network = graph("a-b").with_nodes(
        {key: replace(graph("a-b").nodes[key], position=(0.0, 8.0)) for key in "ab"}
    )
    document = Document(network=network)
    assert tidied(document, document) is document
    after = tidied(document, Document())
    places = {key: node.position for key, node in after.network.nodes.items()}
    assert places == {"a": (0.0, 8.0), "b": (0.0, 8.0 + STEP)}
