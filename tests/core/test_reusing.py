"""What a block holds already: it is called where somebody chooses the same once more."""

from dataclasses import replace
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Block, Document, Node
from resnet_studio.core.edits import with_graph
from resnet_studio.core.elsewhere import equal_places
from resnet_studio.core.reusing import Holder, holders
from resnet_studio.core.ungrouping import ungroup
from tests.core.networks import conv, flat_chain, graph, tiny

CHOSEN = ["conv_a", "conv_b", "add"]


def held(document: Document, ids: list[str], with_others: bool = True) -> list[Holder]:
    also = equal_places(document, NETWORK, ids) if with_others else []
    return holders(document, NETWORK, ids, also)


def opened() -> Document:
    """The tiny network with its first group as layers; the block stays, and is called too."""
    return ungroup(tiny(), NETWORK, "group1")[0]


def test_a_block_is_called_for_what_it_holds() -> None:
    document = opened()
    (holder,) = held(document, CHOSEN, with_others=False)
    assert holder.block == "residual_block"
    (call,) = holder.document.network.nodes.keys() - document.network.nodes.keys()
    assert holder.document.network.nodes[call].config == {"n_filters": 64}
    assert holder.document.blocks == document.blocks
    assert analyse(holder.document).totals == analyse(tiny()).totals


def test_equal_places_call_it_too_in_a_row_with_its_other_calls() -> None:
    document = ungroup(tiny(), NETWORK, "group2")[0]
    (holder,) = held(document, CHOSEN)
    assert len(holder.places) == 3
    assert analyse(holder.document).totals == analyse(tiny()).totals
    calls = [n for n in holder.document.network.nodes.values() if n.type == "residual_block"]
    rounds = [n.repeat for n in tiny().network.nodes.values() if n.type == "residual_block"]
    # Those that were made stand in a row with the one that was there.
    assert [call.repeat for call in calls] == [sum(map(int, rounds))]


def changed(document: Document, key: str, **config: Any) -> Document:
    node = document.network.nodes[key]
    node = replace(node, config={**node.config, **config})
    return with_graph(document, NETWORK, document.network.with_node(node))


def test_what_a_block_cannot_be_told_is_not_held_by_it() -> None:
    assert held(changed(opened(), "conv_a", kernel_size=5), CHOSEN, False) == []
    assert held(changed(opened(), "conv_a", filters=32), CHOSEN, False) == []
    assert held(changed(opened(), "conv_a", activation="elu"), CHOSEN, False) == []


def test_places_that_it_cannot_stand_for_are_left_as_they_are() -> None:
    document = ungroup(tiny(), NETWORK, "group2")[0]
    (holder,) = held(changed(document, "conv_b_2", kernel_size=5), CHOSEN)
    assert [place.nodes["conv_a"] for place in holder.places] == ["conv_a", "conv_a_3"]
    assert "conv_b_2" in holder.document.network.nodes


def multiples(expression: str) -> Document:
    """Two convolutions in the network, and a block of two whose second width is derived."""
    inside = graph(
        [
            ("x", "BlockInput"),
            ("a", "Conv2D", conv("=width")),
            ("b", "Conv2D", conv(expression)),
            ("y", "BlockOutput"),
        ],
        [("x", "a"), ("a", "b"), ("b", "y")],
    )
    network = graph(
        [
            ("image", "Input", {"shape": [8, 8, 8]}),
            ("one", "Conv2D", conv(8)),
            ("two", "Conv2D", conv(32)),
        ],
        [("image", "one"), ("one", "two")],
    )
    return Document(network=network, blocks={"pair": Block(inside, {"width": 4})})


@pytest.mark.parametrize(
    ("expression", "fits"),
    [("=4 * width", True), ("=width * 4", True), ("=3 * width", False), ("=width + 24", True)],
)
def test_derived_arguments_must_come_out_the_same(expression: str, fits: bool) -> None:
    found = held(multiples(expression), ["one", "two"])
    assert bool(found) == fits
    if fits:
        assert found[0].document.network.nodes["pair"].config == {"width": 8}


def test_a_width_known_only_by_its_part_is_turned_round() -> None:
    document = multiples("=32")
    block = document.blocks["pair"]
    node = Node("a", "Conv2D", conv("=width // 2"))
    block = Block(block.graph.with_node(node), block.parameters)
    document = replace(document, blocks={"pair": block})
    (holder,) = held(document, ["one", "two"])
    assert holder.document.network.nodes["pair"].config == {"width": 16}


def test_nothing_is_held_where_no_block_is() -> None:
    assert held(flat_chain(3), ["conv0", "add0"]) == []
