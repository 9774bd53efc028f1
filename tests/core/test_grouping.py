"""Selections made into blocks and back: the network that Keras is given stays the same."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.block_edits import own_block
from resnet_studio.core.borders import between, interface
from resnet_studio.core.document import NETWORK, Document, Edge, Node
from resnet_studio.core.edits import EditError, add_nodes, move_nodes, with_graph
from resnet_studio.core.elsewhere import equal_places
from resnet_studio.core.flatten import flatten
from resnet_studio.core.fold import original_names
from resnet_studio.core.grouping import Parameter, Place, Use, group
from resnet_studio.core.proposals import propose
from resnet_studio.core.ungrouping import ungroup, unroll
from tests.core.networks import conv, flat_chain, graph, residual_block, tiny


def flat(analysis: Analysis, strip: str = "") -> dict[str, Any]:
    """Each layer under its path: what Keras would make of it and what feeds it."""
    network = flatten(analysis)
    names = [node.path.replace(strip, "", 1) if strip else node.path for node in network.nodes]
    return {
        name: (
            node.type,
            {key: value for key, value in node.config.items() if key != "name"},
            [None if t is None else (names[t[0]], t[1]) for t in node.inputs],
            node.input_shapes,
            node.outcome.outputs,
            node.outcome.params,
            node.outcome.macs,
            None if node.shared_with is None else names[node.shared_with],
        )
        for name, node in zip(names, network.nodes, strict=True)
    }


def flat_outputs(analysis: Analysis, strip: str = "") -> set[str]:
    network = flatten(analysis)
    return {network.nodes[i].path.replace(strip, "", 1) for i in network.outputs}


def grouped(document: Document, ids: Iterable[str], scope: str = NETWORK) -> Document:
    proposal = propose(document, scope, ids)
    return group(document, scope, ids, proposal.name, proposal.parameters)


# One selection


def test_a_residual_part_becomes_a_residual_block() -> None:
    document = flat_chain(1)
    after = grouped(document, ["conv0", "add0"])
    assert list(after.network.nodes) == ["image", "residual_block"]
    block = after.blocks["residual_block"]
    assert block.parameters == {"n_filters": 8}
    assert (block.inputs(), block.outputs()) == (["x"], ["y"])
    assert block.graph.nodes["conv0"].config["filters"] == "=n_filters"
    assert after.network.nodes["residual_block"].config == {"n_filters": 8}
    assert block.graph.into("add0") == [Edge("x", "add0", 0), Edge("conv0", "add0", 1)]


def test_an_input_that_only_a_merge_takes_is_the_shortcut() -> None:
    document = flat_chain(2)
    border = interface(document, NETWORK, ["conv1", "add1"])
    assert border.inputs == ((("add0", 0), (("conv1", 0), ("add1", 0))),)
    after = grouped(document, ["add1"])
    block = after.blocks["residual_block"]
    assert block.inputs() == ["shortcut", "shortcut_2"]


def test_several_outputs() -> None:
    after = grouped(flat_chain(2), ["conv0", "add0", "conv1"])
    (name,) = after.blocks
    assert len(after.blocks[name].outputs()) == 2
    assert after.network.into("add1") == [Edge(name, "add1", 0, 0), Edge(name, "add1", 1, 1)]
    assert flat(analyse(after), f"{name}/") == flat(analyse(flat_chain(2)))


def test_the_models_outputs_stay_outputs() -> None:
    document = flat_chain(1)
    document = add_nodes(document, NETWORK, [Node("aside", "ReLU")], [Edge("conv0", "aside")])
    after = grouped(document, ["conv0", "aside"])
    assert flat_outputs(analyse(after), "conv_block/") == {"add0", "aside"}


def test_a_path_that_leaves_and_comes_back_is_refused_with_its_way() -> None:
    document = flat_chain(3)
    with pytest.raises(EditError) as refused:
        grouped(document, ["conv0", "conv2"])
    assert "leaves it at “conv0”" in str(refused.value)
    assert "“add0”" in str(refused.value)
    assert "comes back at “conv2”" in str(refused.value)
    assert between(document, NETWORK, ["conv0", "conv2"]) == {"add0", "conv1", "add1"}
    grouped(document, ["conv0", "conv2", *between(document, NETWORK, ["conv0", "conv2"])])


def test_inputs_stay_outside_and_nothing_is_no_block() -> None:
    after = grouped(flat_chain(1), ["image", "conv0", "add0"])
    assert "image" in after.network.nodes
    with pytest.raises(EditError, match="select the layers"):
        grouped(flat_chain(1), ["image"])


def test_a_shared_layer_is_not_torn_apart() -> None:
    document = flat_chain(2)
    twin = Node("conv1", "Conv2D", {}, shared_with="conv0")
    document = with_graph(document, NETWORK, document.network.with_nodes({"conv1": twin}))
    with pytest.raises(EditError, match="“conv1” calls the layer of “conv0”"):
        grouped(document, ["conv1", "add1"])
    after = grouped(document, ["conv0", "add0", "conv1", "add1"])
    assert flat(analyse(after), "residual_block/") == flat(analyse(document))


@pytest.mark.parametrize("name", ["", "my block", "for", "Conv2D"])
def test_names_that_no_block_can_have(name: str) -> None:
    with pytest.raises(EditError):
        group(flat_chain(1), NETWORK, ["conv0"], name)


def test_slots_without_a_wire_become_inputs_that_nothing_feeds() -> None:
    document = add_nodes(flat_chain(1), NETWORK, [Node("loose", "ReLU")])
    after = grouped(document, ["loose"])
    assert after.blocks["block"].inputs() == ["x"]
    assert after.network.into("block") == []
    back, ids = ungroup(after, NETWORK, "block")
    assert (ids, back.network) == (["loose"], document.network)


# Parameters


def test_filters_are_one_parameter_and_its_multiples() -> None:
    network = graph(
        [
            ("image", "Input", {"shape": [56, 56, 256]}),
            ("reduce", "Conv2D", {**conv(64), "kernel_size": [1, 1]}),
            ("conv", "Conv2D", conv(64)),
            ("expand", "Conv2D", {**conv(256), "kernel_size": 1}),
            ("add", "Add"),
        ],
        [
            ("image", "reduce"),
            ("reduce", "conv"),
            ("conv", "expand"),
            ("image", "add"),
            ("expand", "add", 1),
        ],
    )
    document = Document(network=network)
    proposal = propose(document, NETWORK, ["reduce", "conv", "expand", "add"])
    assert proposal.name == "bottleneck_block"
    (parameter,) = proposal.parameters
    assert (parameter.name, parameter.default) == ("n_filters", 64)
    after = group(document, NETWORK, proposal.border.ids, proposal.name, proposal.parameters)
    block = after.blocks["bottleneck_block"]
    assert block.graph.nodes["expand"].config["filters"] == "=4 * n_filters"
    assert flat(analyse(after), "bottleneck_block/") == flat(analyse(document))


def test_the_enclosing_blocks_parameters_are_handed_on() -> None:
    after = grouped(tiny(), ["conv_a", "conv_b"], "residual_block")
    assert after.blocks["conv_block"].parameters == {"n_filters": 64}
    call = after.blocks["residual_block"].graph.nodes["conv_block"]
    assert call.config == {"n_filters": "=n_filters"}
    assert flat(analyse(after)).keys() >= {"group1#1/conv_block/conv_a"}
    back, _ids = ungroup(after, "residual_block", "conv_block")
    assert flat(analyse(back)) == flat(analyse(tiny()))


# Equal places


def chain_places(document: Document, count: int) -> list[Place]:
    return [Place(NETWORK, {"conv0": f"conv{i}", "add0": f"add{i}"}) for i in range(1, count)]


def test_equal_parts_in_a_row_become_one_call_with_repeat() -> None:
    document = flat_chain(4)
    also = equal_places(document, NETWORK, ["conv0", "add0"])
    assert also == chain_places(document, 4)
    proposal = propose(document, NETWORK, ["conv0", "add0"], also)
    after = group(document, NETWORK, ["conv0", "add0"], "residual_block", proposal.parameters, also)
    assert list(after.network.nodes) == ["image", "residual_block"]
    assert after.network.nodes["residual_block"].repeat == 4
    assert analyse(after).totals == analyse(document).totals
    back, ids = ungroup(after, NETWORK, "residual_block")
    assert len(ids) == 8
    assert analyse(back).totals == analyse(document).totals


def test_arguments_that_vary_must_be_parameters() -> None:
    document = flat_chain(2)
    other = Node("conv1", "Conv2D", conv(8, kernel_size=5, activation="elu"))
    document = with_graph(document, NETWORK, document.network.with_nodes({"conv1": other}))
    also = chain_places(document, 2)
    proposal = propose(document, NETWORK, ["conv0", "add0"], also)
    forced = {offer.parameter.name: offer.values for offer in proposal.offers if offer.forced}
    assert forced == {"kernel_size": (3, 5), "activation": ("relu", "elu")}
    with pytest.raises(EditError, match="make it a parameter"):
        group(document, NETWORK, ["conv0", "add0"], "b", proposal.parameters[:1], also)
    after = group(document, NETWORK, ["conv0", "add0"], "b", proposal.parameters, also)
    assert after.network.nodes["b_2"].config == {
        "kernel_size": 5, "activation": "elu", "n_filters": 8,
    }  # fmt: skip
    assert analyse(after).totals == analyse(document).totals


def test_equal_parts_are_found_in_other_blocks_too() -> None:
    document = tiny()
    own, name = own_block(document, NETWORK, "group2")
    (place,) = equal_places(own, "residual_block", ["conv_a", "conv_b"])
    assert place == Place(name, {"conv_a": "conv_a", "conv_b": "conv_b"})
    proposal = propose(own, "residual_block", place.nodes, [place])
    after = group(own, "residual_block", place.nodes, "two_convs", proposal.parameters, [place])
    for scope in ("residual_block", name):
        assert "two_convs" in after.blocks[scope].graph.nodes
    assert analyse(after).totals == analyse(document).totals


def test_cards_close_up_and_make_room_again() -> None:
    document = flat_chain(4)
    places = {key: (0.0, 120.0 * i) for i, key in enumerate(document.network.nodes)}
    document = move_nodes(document, NETWORK, places)
    after = grouped(document, ["conv1", "add1"])
    assert after.network.nodes["residual_block"].position == (0.0, 360.0)
    lower = after.network.nodes["conv2"].position
    assert lower is not None
    assert lower[1] == 360.0 + 112.0 + 64.0
    back, _ids = ungroup(after, NETWORK, "residual_block")
    assert {key: node.position for key, node in back.network.nodes.items()} == places


def test_layers_of_a_models_file_are_known_by_their_names_in_a_block() -> None:
    document = replace(flat_chain(4), source={"file": "model.keras"})
    also = equal_places(document, NETWORK, ["conv0", "add0"])
    after = group(document, NETWORK, ["conv0", "add0"], "unit", (), also)
    names = original_names(after)
    assert names["unit#1/conv0"] == "conv0"
    assert names["unit#3/add0"] == "add2"
    single = group(document, NETWORK, ["conv1", "add1"], "unit")
    back, _ids = ungroup(single, NETWORK, "unit")
    assert original_names(back) == {"conv1": "conv1", "add1": "add1"}
    plain = group(flat_chain(4), NETWORK, ["conv0", "add0"], "unit", (), also)
    assert original_names(plain) == {}


def test_a_place_that_is_wired_otherwise_is_refused() -> None:
    document = flat_chain(3)
    wires = tuple(
        edge._replace(source="image") if edge == Edge("add1", "add2", 0) else edge
        for edge in document.network.edges
    )
    network = type(document.network)(document.network.nodes, wires)
    document = with_graph(document, NETWORK, network)
    place = Place(NETWORK, {"conv0": "conv2", "add0": "add2"})
    with pytest.raises(EditError, match="one input of the block"):
        group(document, NETWORK, ["conv0", "add0"], "b", (), [place])


# Ungrouping


def test_a_repeated_call_is_unrolled_first() -> None:
    document, ids = unroll(tiny(), NETWORK, "group2")
    assert ids == ["group2", "group2_2", "group2_3"]
    assert analyse(document).totals == analyse(tiny()).totals
    document, ids = ungroup(tiny(), NETWORK, "group2")
    assert len(ids) == 9
    assert document.network.nodes["conv_a"].config["filters"] == 64
    assert analyse(document).totals == analyse(tiny()).totals


def test_what_cannot_be_ungrouped_says_why() -> None:
    document = tiny()
    node = document.network.nodes["group2"]
    for repeat in ("=n", 0):
        changed = Node(node.id, node.type, node.config, repeat)
        after = with_graph(document, NETWORK, document.network.with_nodes({"group2": changed}))
        with pytest.raises(EditError, match="“group2” is repeated"):
            ungroup(after, NETWORK, "group2")


def test_an_identity_in_the_block_is_a_plain_wire_outside() -> None:
    inside = graph([("x", "BlockInput"), ("y", "BlockOutput")], [("x", "y")])
    block = type(residual_block())(inside)
    network = graph(
        [("image", "Input", {"shape": [4]}), ("same", "same_block"), ("end", "ReLU")],
        [("image", "same"), ("same", "end")],
    )
    after, ids = ungroup(Document(network=network, blocks={"same_block": block}), NETWORK, "same")
    assert ids == []
    assert after.network.edges == (Edge("image", "end"),)


# The law


@st.composite
def selections(draw: st.DrawFn) -> tuple[Document, list[str]]:
    """A network of convolutions, merges and repeats with random wiring, and some of its nodes."""
    count = draw(st.integers(2, 9))
    nodes: list[tuple[Any, ...]] = [("image", "Input", {"shape": [16, 16, 8]})]
    edges: list[tuple[Any, ...]] = []
    for i in range(count):
        earlier = [node[0] for node in nodes]
        key = f"n{i}"
        feeding = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=3))
        if len(feeding) > 1:
            nodes.append((key, draw(st.sampled_from(["Add", "Concatenate"])), {}))
        else:
            config = conv(draw(st.sampled_from([8, 16])))
            nodes.append((key, "Conv2D", config, draw(st.sampled_from([1, 1, 2]))))
        edges += [(source, key, slot) for slot, source in enumerate(feeding)]
    document = Document(network=graph(nodes, edges))
    if draw(st.booleans()):
        document = grouped(document, [draw(st.sampled_from([n[0] for n in nodes[1:]]))])
    ids = [key for key in document.network.nodes if key != "image"]
    return document, draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(selections())
def test_grouping_and_ungrouping_leave_the_flat_network_as_it_is(
    case: tuple[Document, list[str]],
) -> None:
    document, ids = case
    ids += between(document, NETWORK, ids)
    proposal = propose(document, NETWORK, ids)
    after = group(document, NETWORK, ids, proposal.name, proposal.parameters)
    calls = [key for key, node in after.network.nodes.items() if node.type == proposal.name]
    assert len(calls) == 1
    before = analyse(document)
    if before.ok:
        # Behind an error a call is not looked into, so that there is nothing to compare.
        assert flat(analyse(after), f"{calls[0]}/") == flat(before)
        assert flat_outputs(analyse(after), f"{calls[0]}/") == flat_outputs(before)
    back, made = ungroup(after, NETWORK, calls[0])
    assert set(made) == set(ids)
    assert flat(analyse(back)) == flat(before)
    assert sorted(back.network.edges) == sorted(document.network.edges)
    assert {k: n.repeat for k, n in back.network.nodes.items()} == {
        k: n.repeat for k, n in document.network.nodes.items()
    }


def test_a_parameter_may_be_the_repeat_count() -> None:
    network = graph(
        [("image", "Input", {"shape": [8, 8, 8]}), ("conv", "Conv2D", conv(8), 3)],
        [("image", "conv")],
    )
    document = Document(network=network)
    layers = Parameter("n_layers", 3, (Use("conv", ""),))
    after = group(document, NETWORK, ["conv"], "vgg", [layers])
    assert after.blocks["vgg"].graph.nodes["conv"].repeat == "=n_layers"
    assert flat(analyse(after), "vgg/") == flat(analyse(document))


def test_a_first_block_is_proposed_a_name_without_a_number() -> None:
    """Where the library has the plain name, another says the same; a second one is numbered."""
    chain = ["conv0", "add0"]
    plain = propose(flat_chain(1), NETWORK, chain).name
    first = propose(flat_chain(1), NETWORK, chain, taken={plain}).name
    assert (plain, first) == ("residual_block", "residual_unit")
    document = group(flat_chain(1), NETWORK, chain, first)
    ids = [next(n for n in document.network.nodes.values() if n.type == first).id]
    again = propose(document, NETWORK, ids, taken={plain}).name
    assert again not in {plain, first, *document.blocks}
    layers = [
        ("a", "Conv2D", {"filters": 8, "kernel_size": 3}),
        ("b", "BatchNormalization"),
        ("c", "ReLU"),
    ]
    document = Document(network=graph(layers, [("a", "b", 0), ("b", "c", 0)]))
    assert propose(document, NETWORK, ["a", "b"], taken={"conv_block"}).name == "conv_bn_block"
    assert propose(document, NETWORK, ["a"], taken={"conv_block"}).name == "conv_unit"
    assert propose(document, NETWORK, ["a", "b"]).name == "conv_block"
