"""Folding: what is found, what it is called, and that nothing but the writing changes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.fold import candidates, fold_all, original_names, repeated_blocks
from tests.core.sketch import Sketch, resnet
from tests.core.unfolding import same_network
from tests.formats.random_networks import documents


def calls(document: Document) -> list[tuple[str, Any, Any]]:
    """Type, arguments and repeat of the network's own nodes, in topological order."""
    network = document.network
    nodes = [network.nodes[network.structure.ids[i]] for i in network.structure.order]
    return [(node.type, dict(node.config), node.repeat) for node in nodes]


# What comes of it


def test_a_residual_network_becomes_four_stages() -> None:
    document = resnet()
    folded = fold_all(document)
    same_network(document, folded)
    assert calls(folded)[3:7] == [
        ("stage", {"filters": 64, "repeats": 2, "strides": 1}, 1),
        ("stage", {"filters": 128, "repeats": 3}, 1),
        ("stage", {"filters": 256, "repeats": 5}, 1),
        ("stage", {"filters": 512, "repeats": 2}, 1),
    ]
    inside = folded.blocks["stage"].graph.nodes
    assert [n.type for n in inside.values()][1:-1] == ["projection_block", "bottleneck_block"]
    assert {"projection_block", "bottleneck_block", "stage"} <= set(folded.blocks)


def test_depth_costs_no_more() -> None:
    shallow, deep = fold_all(resnet((3, 4, 6, 3))), fold_all(resnet((3, 8, 36, 3)))
    assert list(shallow.blocks) == list(deep.blocks)
    assert len(shallow.network.nodes) == len(deep.network.nodes)


def test_widths_follow_the_filters() -> None:
    block = fold_all(resnet()).blocks["bottleneck_block"]
    assert dict(block.parameters) == {"filters": block.parameters["filters"]}
    widths = [n.config["filters"] for n in block.graph.nodes.values() if "filters" in n.config]
    assert widths[-1] == "=4 * filters"


def test_convolutions_in_a_row_repeat() -> None:
    sketch = Sketch()
    for stage, count in enumerate((2, 2, 3, 3, 3)):
        for k in range(count):
            sketch.conv(f"block{stage}_conv{k}", 8 * 2 ** min(stage, 3))
        sketch.then(f"block{stage}_pool", "MaxPooling2D", pool_size=[2, 2], padding="same")
    document = sketch.document()
    folded = fold_all(document)
    same_network(document, folded)
    assert calls(folded)[1:] == [
        ("vgg_block", {"filters": 8, "repeats": 2}, 1),
        ("vgg_block", {"filters": 16, "repeats": 2}, 1),
        ("vgg_block", {"filters": 32, "repeats": 3}, 1),
        ("vgg_block", {"filters": 64, "repeats": 3}, 2),
    ]
    candidate = candidates(document)[0]
    assert candidate.title == "Fold 5 copies of 2 layers into “vgg_block”"
    same_network(document, candidate.apply(document))


def test_names_are_kept_as_a_record() -> None:
    document = resnet()
    folded = fold_all(document)
    names = original_names(folded)
    assert names["conv2/bottleneck_block#1/conv_3"] == "conv2_block2_3_conv"
    assert set(names.values()) <= set(document.network.nodes)
    kept = set(folded.network.nodes) & set(document.network.nodes)
    assert len(names) + len(kept) == len(document.network.nodes)


def test_a_cell_that_reads_two_cells_becomes_a_call_of_two_inputs() -> None:
    sketch = Sketch()
    before, last = sketch.conv("first", 8), sketch.conv("second", 8)
    for k in range(4):
        parts = []
        for source, name in ((before, "a"), (last, "b")):
            for unit in (1, 2):
                sketch.at = source
                sketch.then(f"relu_{name}{unit}_{k}", "Activation", activation="relu")
                sketch.conv(f"conv_{name}{unit}_{k}", 8, 2 * unit - 1)
                parts.append(sketch.then(f"bn_{name}{unit}_{k}", "BatchNormalization"))
        before, last = last, sketch.node(f"concat_{k}", "Concatenate", *parts)
    document = sketch.document()
    folded = fold_all(document)
    same_network(document, folded)
    assert len(folded.blocks["cell"].inputs()) == 2
    assert [kind for kind, *_ in calls(folded)].count("cell") == 4


# The list of candidates


def test_candidates_come_with_the_largest_gain_first() -> None:
    document = resnet()
    found = candidates(document)
    assert found[0].name == "bottleneck_block"
    assert found[0].copies == 12
    assert found[0].title == "Fold 12 copies of 10 layers into “bottleneck_block”"
    once = found[0].apply(document)
    same_network(document, once)
    assert list(once.blocks) == ["bottleneck_block"]
    assert [repeat for kind, _, repeat in calls(once) if kind == "bottleneck_block"] == [2, 3, 5, 2]


def test_every_candidate_keeps_the_network() -> None:
    document = resnet((2, 3))
    found = candidates(document)
    assert len(found) > 3
    for candidate in found:
        same_network(document, candidate.apply(document))


def test_a_candidate_is_for_its_own_document() -> None:
    with pytest.raises(ValueError, match="another document"):
        candidates(resnet())[0].apply(resnet())


def test_folding_twice_is_folding_once() -> None:
    folded = fold_all(resnet())
    assert candidates(folded, None) == ()
    assert fold_all(folded) == folded


def test_nothing_repeated_is_nothing_to_fold() -> None:
    sketch = Sketch()
    sketch.conv("a", 4)
    sketch.then("b", "Flatten")
    document = sketch.document()
    assert candidates(document) == ()
    assert fold_all(document) == document


# What must not be folded


def untouched(document: Document, *keys: str) -> None:
    folded = fold_all(document)
    same_network(document, folded)
    for key in keys:
        assert folded.network.nodes.get(key) == document.network.nodes[key]


def with_node(document: Document, node: Node) -> Document:
    return replace(document, network=document.network.with_node(node))


def test_a_shared_layer_stays_where_it_is() -> None:
    document = resnet((3, 3))
    nodes = document.network.nodes
    again = replace(nodes["conv1_block3_2_conv"], shared_with="conv1_block2_2_conv")
    document = with_node(document, again)
    untouched(document, "conv1_block2_2_conv", "conv1_block3_2_conv")


def test_a_layer_named_apart_stays_where_it_is() -> None:
    document = resnet((3, 3))
    node = document.network.nodes["conv1_block2_2_conv"]
    document = with_node(document, replace(node, config={**node.config, "name": "mine"}))
    untouched(document, "conv1_block2_2_conv")


def test_a_bypassed_layer_stays_where_it_is() -> None:
    document = resnet((3, 3))
    node = document.network.nodes["conv1_block2_2_relu"]
    untouched(with_node(document, replace(node, bypassed=True)), "conv1_block2_2_relu")


def test_a_tensor_read_from_outside_is_not_buried() -> None:
    document = resnet((4,))
    inside = Node("inside", "GlobalAveragePooling2D")
    network = document.network
    network = Graph(
        {**network.nodes, "inside": inside}, (*network.edges, Edge("conv1_block3_1_bn", "inside"))
    )
    document = replace(document, network=network)
    folded = fold_all(document)
    same_network(document, folded)
    assert "conv1_block3_1_bn" in folded.network.nodes


def test_a_layer_with_a_broken_wire_stays_where_it_is() -> None:
    document = resnet((4,))
    twice = Edge("image", "conv1_block3_2_conv", 0)
    network = Graph(document.network.nodes, (*document.network.edges, twice))
    untouched(replace(document, network=network), "conv1_block3_2_conv")


def test_outputs_keep_their_order() -> None:
    sketch = Sketch()
    ends = []
    for k in range(4):
        sketch.at = "image"
        sketch.conv(f"head{k}_conv", 4 + k)
        sketch.then(f"head{k}_bn", "BatchNormalization")
        sketch.then(f"head{k}_relu", "ReLU")
        sketch.then(f"head{k}_pool", "GlobalAveragePooling2D")
        ends.append(sketch.then(f"head{k}_out", "Dense", units=2 + k))
    document = sketch.document()
    # Written level by level, the way that Keras writes them, and the last head first.
    nodes = dict(sorted(document.network.nodes.items(), key=lambda item: item[0][5:], reverse=True))
    for written in (document.network.nodes, nodes):
        network = Graph(written, document.network.edges)
        same_network(document := replace(document, network=network), fold_all(document))


@pytest.mark.parametrize("value", [True, None, "tanh"])
def test_what_no_parameter_can_say_keeps_copies_apart(value: Any) -> None:
    document = resnet((4,))
    node = document.network.nodes["conv1_block3_2_conv"]
    config = (
        {**node.config, "use_bias": value} if value is not True else {**node.config, "groups": 2}
    )
    document = with_node(document, replace(node, config=config))
    same_network(document, fold_all(document))


# The law


UNITS = st.sampled_from(("plain", "residual", "dense", "cell"))


@st.composite
def planted(draw: Any) -> Document:
    """Units planted in a row, some of them spoilt, with forks and ends where chance puts them."""
    sketch = Sketch(8, 4)
    before = sketch.at
    kinds = draw(st.lists(st.tuples(UNITS, st.integers(1, 4)), min_size=1, max_size=5))
    k = 0
    for kind, copies in kinds:
        for _ in range(copies):
            k += 1
            here = sketch.at
            _plant(sketch, kind, f"u{k}", before, draw)
            before = here
    for spot in draw(st.lists(st.sampled_from(sorted(sketch.nodes)), max_size=2)):
        sketch.node(f"end{len(sketch.nodes)}", "GlobalAveragePooling2D", spot)
    document = sketch.document()
    if draw(st.booleans()):
        document = _shared(document, draw)
    if draw(st.booleans()):
        keys = draw(st.permutations(list(document.network.nodes)))
        nodes = {key: document.network.nodes[key] for key in keys}
        document = replace(document, network=Graph(nodes, document.network.edges))
    return document


def _plant(sketch: Sketch, kind: str, name: str, before: str, draw: Any) -> None:
    start = sketch.at
    for k in range(draw(st.sampled_from((2, 2, 2, 1)))):
        size = draw(st.sampled_from((3, 3, 3, 1)))
        sketch.conv(f"{name}_{k}_conv", 4, size)
        sketch.then(f"{name}_{k}_bn", "BatchNormalization")
        if draw(st.integers(0, 9)):
            sketch.then(f"{name}_{k}_relu", "ReLU")
    if kind == "residual":
        sketch.node(f"{name}_add", "Add", *draw(st.permutations([start, sketch.at])))
    elif kind == "dense":
        sketch.node(f"{name}_concat", "Concatenate", start, sketch.at)
        sketch.conv(f"{name}_narrow", 4, 1)
    elif kind == "cell":
        branch = sketch.at
        sketch.at = before
        sketch.conv(f"{name}_other", 4, 1)
        sketch.node(f"{name}_cell", "Add", sketch.at, branch)
        if draw(st.booleans()):
            sketch.then(f"{name}_after", "ReLU")


def _shared(document: Document, draw: Any) -> Document:
    """Some layer called again where a layer of the same arguments stood."""
    nodes = document.network.nodes
    alike = [node for node in nodes.values() if node.type == "BatchNormalization"]
    if len(alike) < 2:
        return document
    owner, again = draw(st.sampled_from(alike)), draw(st.sampled_from(alike))
    if owner is again:
        return document
    return with_node(document, replace(again, config=owner.config, shared_with=owner.id))


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(planted())
def test_unfolding_gives_the_network_back(document: Document) -> None:
    same_network(document, fold_all(document))


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(documents())
def test_folding_what_is_made_of_blocks_already(document: Document) -> None:
    same_network(document, fold_all(document))


@settings(max_examples=25, deadline=None)
@given(planted(), st.data())
def test_any_fold_gives_the_network_back(document: Document, data: Any) -> None:
    found = candidates(document, None)
    if found:
        once = data.draw(st.sampled_from(found)).apply(document)
        same_network(document, once)
        same_network(document, fold_all(once))


def test_analysis_of_the_folded_network_is_worked_out_once() -> None:
    folded = analyse(fold_all(resnet()))
    assert folded.ok


def test_units_are_counted_through_stages_and_repeats() -> None:
    assert repeated_blocks(fold_all(resnet((3, 4, 6, 3)))) == 16
    assert repeated_blocks(fold_all(resnet((3, 8, 36, 3)))) == 50
