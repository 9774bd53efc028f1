"""The repairs of a mismatch: what they put where, what they cost, that the network stands."""

from dataclasses import replace

import pytest

from resnet_studio.core.analysis import Totals, analyse
from resnet_studio.core.diagnostics import Fix
from resnet_studio.core.document import Document
from resnet_studio.core.faces import CARD_WIDTH, card_extent
from resnet_studio.core.flatten import flatten
from resnet_studio.core.layout import ROW_GAP
from resnet_studio.formats import native, templates
from resnet_studio.rules.examples import block, conv, document, graph, place
from tests.rules.networks import after, bottleneck, doubling, fixes, flat, mismatch

RANKED = ["conv-block", "projection", "pool-and-pad", "match-branch", "concatenate"]


def worked(totals: Totals, fix: Fix) -> Totals:
    """Totals of the network had the merge worked: what the repair says less its cost."""
    assert totals.macs is not None
    assert fix.delta_macs is not None
    return Totals(totals.params - fix.delta_params, 0, 0, totals.macs - fix.delta_macs)


def without_identity_link(shape: list[int | None], **config: object) -> Document:
    """The network of ``flat`` with the merge taking its branch alone."""
    doc = flat(shape, **config)  # type: ignore[arg-type]
    edges = tuple(e._replace(slot=0) for e in doc.network.edges if e[:2] != ("stem", "join"))
    return Document(network=graph_of(doc, edges))


def graph_of(doc: Document, edges: tuple) -> object:  # type: ignore[type-arg]
    return type(doc.network)(doc.network.nodes, edges)


@pytest.mark.parametrize(
    "doc",
    [
        doubling((64, 2), (128, 3)),
        flat([56, 56, 3]),
        flat([57, 55, 3], strides=[2, 2]),
        flat([30, 31, 3], padding="valid"),
        flat([30, 31, 3], merge="Maximum", strides=[2, 1]),
        flat([30, 31, 3], merge="Subtract", strides=2),
        flat([30, 31, 3], merge="Multiply", strides=3),
        bottleneck(),
        doubling((64, 1), (128, 1)),
    ],
    ids=[
        "blocks", "flat", "odd", "valid", "maximum", "subtract", "multiply", "bottleneck", "once",
    ],
)  # fmt: skip
def test_all_repairs_are_offered_by_rank_and_leave_the_network_valid(
    doc: Document,
) -> None:
    offered = fixes(doc)
    assert [name for name in offered if name in RANKED] == RANKED
    for fix in offered.values():
        assert list(after(fix).diagnostics) == []


def test_a_projection_costs_its_weights_and_nothing_that_merely_becomes_known() -> None:
    for doc in (flat([56, 56, 3]), doubling((64, 2), (128, 3))):
        fix = fixes(doc)["projection"]
        assert (fix.delta_params, fix.delta_macs) == (8_320, 56 * 56 * 64 * 128)
    strided = fixes(flat([57, 55, 3], strides=2))["projection"]
    assert (strided.delta_params, strided.delta_macs) == (8_320, 29 * 28 * 64 * 128)


@pytest.mark.parametrize("merge", ["Add", "Subtract", "Average"])
def test_costs_are_those_beside_the_network_that_passes_its_branch_on(
    merge: str,
) -> None:
    base = analyse(without_identity_link([57, 55, 3], merge="Add", strides=2)).totals
    for fix in fixes(flat([57, 55, 3], merge=merge, strides=2)).values():
        assert worked(after(fix).totals, fix)[::3] == base[::3]


def test_unknown_sizes_leave_only_the_operations_unknown() -> None:
    offered = fixes(flat([None, None, 3], strides=2))
    fix = offered["projection"]
    assert (fix.delta_params, fix.delta_macs) == (8_320, None)
    assert fix.document.network.nodes["shortcut_conv"].config["strides"] == [2, 2]
    assert after(fix).ok


# A convolutional block between the groups


def test_the_document_s_block_is_called_between_the_groups() -> None:
    fix = fixes(doubling((64, 2), (128, 3)))["conv-block"]
    network = fix.document.network
    assert network.nodes["conv_block"].type == "conv_block"
    assert network.nodes["conv_block"].config == {"n_filters": 128}
    assert [e[:2] for e in network.edges if "conv_block" in e[:2]] == [
        ("conv_block", "group2"),
        ("group1", "conv_block"),
    ]
    assert after(fix).root.outcome("conv_block").output == (None, 14, 14, 128)
    assert (
        fix.document.blocks["residual_block"]
        is doubling((64, 2), (128, 3)).blocks["residual_block"]
    )
    assert list(network.nodes).index("conv_block") == 2
    assert fix.touched == ("conv_block",)


def test_every_doubling_behind_is_mended_with_the_same_block() -> None:
    fix = fixes(doubling((64, 2), (128, 3), (256, 5), (512, 1), size=224))["conv-block"]
    calls = [n for n in fix.document.network.nodes.values() if n.type == "conv_block"]
    assert [call.config["n_filters"] for call in calls] == [128, 256, 512]
    assert fix.title.endswith("and likewise at 2 more places")
    assert after(fix).ok


def test_a_block_of_the_same_meaning_is_reused() -> None:
    doc = doubling((64, 1), (128, 1))
    reducing = block(
        conv("first", "x", "=width", strides=2),
        place("norm", "BatchNormalization", "first"),
        conv("second", "norm", "=width", strides=2),
        width=32,
    )
    doc = Document(network=doc.network, blocks={**doc.blocks, "between": reducing})
    fix = fixes(doc)["conv-block"]
    assert fix.document.network.nodes["between"].config == {"width": 128}
    assert fix.document.blocks.keys() == {"residual_block", "between"}


def test_in_a_flat_graph_the_two_convolutions_stand_before_the_fork() -> None:
    fix = fixes(flat([56, 56, 3]))["conv-block"]
    nodes, edges = fix.document.network.nodes, fix.document.network.edges
    assert nodes["between_a"].config == nodes["between_b"].config
    assert nodes["between_a"].config["strides"] == [2, 2]
    assert {e.target for e in edges if e.source == "between_b"} == {"conv_a", "join"}
    assert [e.target for e in edges if e.source == "stem"] == ["between_a"]
    assert not fix.document.blocks


def test_a_small_map_is_offered_the_block_without_strides_too() -> None:
    offered = fixes(doubling((64, 1), (128, 1), size=3))
    assert "conv-block-stride-1" in offered
    shape = after(offered["conv-block-stride-1"]).root.outcome("conv_block_stride_1").output
    assert shape == (None, 3, 3, 128)
    assert "conv-block-stride-1" not in fixes(doubling((64, 1), (128, 1), size=8))


# A projection


def test_one_copy_gets_a_block_of_its_own_and_the_others_stay() -> None:
    doc = doubling((64, 2), (128, 3))
    fix = fixes(doc)["projection"]
    nodes = fix.document.network.nodes
    assert (nodes["group2_projection"].type, nodes["group2_projection"].repeat) == (
        "residual_block_projection",
        1,
    )
    assert (nodes["group2"].type, nodes["group2"].repeat) == ("residual_block", 2)
    assert nodes["group1"] is doc.network.nodes["group1"]
    assert fix.document.blocks["residual_block"] is doc.blocks["residual_block"]
    projected = fix.document.blocks["residual_block_projection"].graph
    assert projected.nodes["shortcut_conv"].config == {
        "filters": "=n_filters",
        "kernel_size": [1, 1],
    }
    assert fix.touched == ("group2_projection", "group2_projection/shortcut_conv")


def test_the_same_projection_further_on_calls_the_same_block() -> None:
    fix = fixes(doubling((64, 2), (128, 3), (256, 5)))["projection"]
    types = [n.type for n in fix.document.network.nodes.values()]
    assert types.count("residual_block_projection") == 2
    assert fix.document.blocks.keys() == {"residual_block", "residual_block_projection"}
    assert (fix.delta_params, after(fix).ok) == (128 * 65 + 256 * 129, True)


def test_a_projection_follows_the_branch_s_style() -> None:
    fix = fixes(bottleneck())["projection"]
    body = fix.document.blocks[fix.document.network.nodes["stage2"].type].graph
    assert body.nodes["shortcut_conv"].config == {
        "filters": "=4 * filters",
        "kernel_size": [1, 1],
        "strides": "=strides",
        "use_bias": False,
    }
    assert body.nodes["shortcut_norm"].config == {"epsilon": 1.001e-5}
    assert fix.delta_params == 256 * 512 + 4 * 512
    assert fix.delta_macs == 28 * 28 * 256 * 512


def test_a_block_that_fits_nowhere_is_mended_itself() -> None:
    widening = block(
        conv("conv_a", "x", "=n", strides="=s"), place("add", "Add", "x", "conv_a"), n=8, s=2
    )
    doc = document(
        place("image", "Input", shape=[32, 32, 4]),
        place("first", "widening", "image", s=1),
        place("second", "widening", "first", n=16),
        place("third", "widening", "second", n=32),
        blocks={"widening": widening},
    )
    fix = fixes(doc)["projection"]
    assert fix.document.network == doc.network
    assert fix.document.blocks["widening"].graph.nodes["shortcut_conv"].config["strides"] == "=s"
    assert fix.title.endswith("in every “widening”")
    assert fix.delta_params == 5 * 8 + 9 * 16 + 17 * 32


def test_copies_that_would_fit_are_left_alone_even_behind_a_mismatch() -> None:
    doc = document(
        place("image", "Input", shape=[32, 32, 4]),
        place("group1", "residual_block", "image", n_filters=8, repeat=3),
        place("group2", "residual_block", "group1", n_filters=16, repeat=3),
        blocks=doubling((64, 1)).blocks,
    )
    fix = fixes(doc)["projection"]
    assert fix.delta_params == 5 * 8 + 9 * 16
    assert fix.document.network.nodes["group2"].repeat == 2


def test_a_block_called_once_is_edited_in_place() -> None:
    doc = document(
        place("image", "Input", shape=[56, 56, 64]),
        place("only", "residual_block", "image", n_filters=128),
        blocks=doubling((64, 1)).blocks,
    )
    fix = fixes(doc)["projection"]
    assert fix.document.blocks.keys() == {"residual_block"}
    assert fix.touched == ("only/shortcut_conv",)


def test_a_loop_in_which_every_copy_takes_strides_is_mended_as_a_whole() -> None:
    halving = block(conv("conv_a", "x", "=n", strides=2), place("add", "Add", "x", "conv_a"), n=8)
    doc = document(
        place("image", "Input", shape=[57, 57, 8]),
        place("group", "halving", "image", repeat=3),
        blocks={"halving": halving},
    )
    fix = fixes(doc)["projection"]
    assert fix.document.network.nodes["group"].repeat == 3
    assert after(fix).root.outcome("group").output == (None, 8, 8, 8)
    assert after(fix).ok


def test_calls_within_calls_are_isolated_all_the_way() -> None:
    inner = doubling((64, 1)).blocks["residual_block"]
    stage = block(
        place("body", "residual_block", "x", n_filters="=n", repeat="=copies"),
        n=64,
        copies=2,
    )
    doc = document(
        place("image", "Input", shape=[16, 16, 64]),
        place("stage1", "stage", "image"),
        place("stage2", "stage", "stage1", n=128, copies=3),
        blocks={"residual_block": inner, "stage": stage},
    )
    offered = fixes(doc)
    fix = offered["projection"]
    own = fix.document.blocks["stage_projection"].graph
    assert own.nodes["body_projection"].repeat == 1
    assert own.nodes["body"].repeat == "=copies - 1"
    assert fix.document.network.nodes["stage1"].type == "stage"
    assert fix.document.network.nodes["stage2"].type == "stage_projection"
    assert fix.delta_params == 8_320
    between = offered["conv-block"].document.network
    assert between.nodes["conv_block"].config == {"n_filters": 128}
    assert [e.target for e in between.edges if e.source == "conv_block"] == ["stage2"]
    assert offered["match-branch"].document.network.nodes["stage2"].config["n"] == 64


def test_sizes_that_no_stride_reaches_are_cropped_or_padded() -> None:
    fix = fixes(flat([57, 55, 3], strides=2, padding="valid"))["projection"]
    nodes = fix.document.network.nodes
    assert nodes["shortcut_crop"].config == {"cropping": [[0, 1], [0, 1]]}
    assert nodes["shortcut_conv"].config["strides"] == [2, 2]
    grown = document(
        place("image", "Input", shape=[7, 5, 4]),
        place("up", "Conv2DTranspose", "image", filters=4, kernel_size=3, strides=2),
        place("join", "Add", "image", "up"),
    )
    for fix in fixes(grown).values():
        assert after(fix).ok
    assert {"projection", "pool-and-pad"} <= fixes(grown).keys()


def test_channels_first() -> None:
    first = {"data_format": "channels_first"}
    doc = document(
        place("image", "Input", shape=[64, 57, 55]),
        conv("conv_a", "image", 128, strides=2, **first),
        conv("conv_b", "conv_a", 128, **first),
        place("join", "Add", "image", "conv_b"),
    )
    offered = fixes(doc)
    assert list(offered) == RANKED
    for fix in offered.values():
        assert after(fix).ok
    assert offered["projection"].delta_params == 8_320
    assert "shortcut_swap" not in offered["pool-and-pad"].document.network.nodes
    assert offered["concatenate"].document.network.nodes["join"].config == {"axis": 1}


# The others


def test_pooling_and_padding_has_no_parameters() -> None:
    fix = fixes(flat([57, 55, 3], strides=2))["pool-and-pad"]
    assert (fix.delta_params, fix.delta_macs) == (0, 0)
    nodes = fix.document.network.nodes
    assert nodes["shortcut_pool"].config == {"pool_size": [1, 1], "strides": [2, 2]}
    assert [
        nodes[i].type for i in ("shortcut_swap", "shortcut_channels", "shortcut_swap_back")
    ] == [
        "Permute",
        "ZeroPadding2D",
        "Permute",
    ]


def test_fewer_channels_are_cropped() -> None:
    fix = fixes(flat([8, 8, 3], filters=32))["pool-and-pad"]
    assert fix.document.network.nodes["shortcut_channels"].type == "Cropping2D"
    assert after(fix).ok


def test_matching_sets_the_argument_where_the_parameter_gets_its_value() -> None:
    doc = doubling((64, 2), (128, 3))
    fix = fixes(doc)["match-branch"]
    assert fix.document.network.nodes["group2"].config == {"n_filters": 64}
    assert fix.document.blocks == doc.blocks
    narrow = fixes(bottleneck(strides=1))["match-branch"]
    assert narrow.document.network.nodes["stage2"].config["filters"] == 64
    assert narrow.title.startswith("Match the branch: filters 64 at “stage2”")


def test_a_projection_that_does_not_fit_is_matched_itself() -> None:
    doc = document(
        place("image", "Input", shape=[56, 56, 64]),
        conv("conv_a", "image", 128, strides=2),
        conv("conv_b", "conv_a", 128),
        place("shortcut", "Conv2D", "image", filters=64, kernel_size=1),
        place("join", "Add", "shortcut", "conv_b"),
    )
    fix = fixes(doc)["match-link"]
    assert fix.document.network.nodes["shortcut"].config == {
        "filters": 128,
        "kernel_size": 1,
        "strides": [2, 2],
    }


def test_concatenate_joins_what_add_could_not() -> None:
    fix = fixes(flat([57, 55, 3], strides=2))["concatenate"]
    assert fix.document.network.nodes["join"].type == "Concatenate"
    assert after(fix).root.outcome("join").output == (None, 29, 28, 192)
    # The classifier behind it sees 64 channels more.
    assert fix.delta_params == 64 * 10


# Other merges and other forks


def test_three_inputs_are_all_brought_to_the_branch() -> None:
    doc = document(
        place("image", "Input", shape=[28, 28, 64]),
        place("relu", "ReLU", "image"),
        conv("conv_a", "image", 128, strides=2),
        conv("conv_b", "conv_a", 128),
        place("join", "Add", "image", "relu", "conv_b"),
    )
    offered = fixes(doc)
    fix = offered["projection"]
    assert {"shortcut_conv", "shortcut_conv_2"} <= fix.document.network.nodes.keys()
    assert fix.delta_params == 2 * 8_320
    assert offered["pool-and-pad"].delta_params == 0
    assert all(after(each).ok for each in offered.values())


def test_a_third_input_from_elsewhere_does_not_hide_the_fork() -> None:
    doc = document(
        place("image", "Input", shape=[28, 28, 64]),
        place("mask", "Input", shape=[28, 28, 128]),
        conv("conv", "image", 128),
        place("join", "Add", "image", "mask", "conv"),
    )
    assert "from “image”, where the paths fork" in mismatch(doc).message
    offered = fixes(doc)
    assert offered["projection"].delta_params == 8_320
    assert all(after(each).ok for each in offered.values())


def test_a_fork_before_a_concatenation() -> None:
    doc = document(
        place("image", "Input", shape=[28, 28, 64]),
        conv("left", "image", 96),
        conv("right", "image", 96),
        place("wide", "Concatenate", "left", "right"),
        place("join", "Average", "image", "wide"),
    )
    offered = fixes(doc)
    assert offered["projection"].delta_params == 192 * 65
    assert {"projection", "pool-and-pad", "concatenate"} <= offered.keys()


def test_a_link_across_blocks_is_projected_where_it_ends() -> None:
    doc = doubling((64, 1))
    doc = document(
        place("image", "Input", shape=[28, 28, 64]),
        place("group", "residual_block", "image", n_filters=64, repeat=2),
        conv("down", "group", 128, strides=2),
        place("late", "residual_block", "down", n_filters=128),
        place("join", "Add", "image", "late"),
        blocks=doc.blocks,
    )
    offered = fixes(doc)
    assert offered["projection"].document.network.nodes["shortcut_conv"].config["strides"] == [2, 2]
    assert offered["projection"].delta_params == 8_320
    assert all(after(each).ok for each in offered.values())


def test_inputs_that_never_fork_are_projected_one_to_the_other() -> None:
    doc = document(
        place("left", "Input", shape=[28, 28, 64]),
        place("right", "Input", shape=[14, 14, 128]),
        place("join", "Add", "left", "right"),
    )
    offered = fixes(doc)
    assert "conv-block" not in offered
    assert (
        offered["projection"].delta_params,
        offered["pool-and-pad"].delta_params,
    ) == (8_320, 0)


def test_vectors_are_projected_by_a_dense_layer() -> None:
    doc = document(
        place("features", "Input", shape=[64]),
        place("wide", "Dense", "features", units=128, activation="relu", use_bias=False),
        place("join", "Add", "features", "wide"),
    )
    fix = fixes(doc)["projection"]
    assert fix.document.network.nodes["shortcut_dense"].config == {
        "units": 128,
        "use_bias": False,
    }
    assert (fix.delta_params, fix.delta_macs) == (64 * 128, 64 * 128)


def test_a_gate_of_other_channels_keeps_gating() -> None:
    doc = document(
        place("image", "Input", shape=[28, 28, 64]),
        place("squeeze", "GlobalAveragePooling2D", "image", keepdims=True),
        place("excite", "Dense", "squeeze", units=32, activation="sigmoid"),
        place("scale", "Multiply", "image", "excite"),
    )
    fix = fixes(doc)["match-branch"]
    assert fix.document.network.nodes["excite"].config["units"] == 64
    assert after(fix).root.outcome("scale").output == (None, 28, 28, 64)


def test_a_second_fault_elsewhere_stays_and_blocks_no_repair() -> None:
    doc = flat([28, 28, 3])
    nodes = {**doc.network.nodes, **graph(place("lost", "Flatten")).nodes}
    doc = Document(network=type(doc.network)(nodes, doc.network.edges))
    for fix in fixes(doc).values():
        assert [d.code for d in after(fix).diagnostics] == ["missing-input"]


def test_a_fault_that_the_mismatch_hid_is_no_reason_to_offer_nothing() -> None:
    doc = document(
        place("image", "Input", shape=[8, 8, 64]),
        conv("conv", "image", 128),
        place("join", "Add", "image", "conv"),
        place("classes", "Conv2D", "join", filters=10, kernel_size=9),
    )
    offered = fixes(doc)
    assert "projection" in offered
    assert [d.code for d in after(offered["projection"]).diagnostics] == [
        "window-larger-than-input"
    ]
    assert offered["projection"].delta_params == 8_320


# On the canvas


def test_new_nodes_stand_near_their_neighbours_and_touched_paths_exist() -> None:
    doc = flat([28, 28, 3])
    placed = {
        key: type(node)(node.id, node.type, node.config, position=(0.0, 100.0 * i))
        for i, (key, node) in enumerate(doc.network.nodes.items())
    }
    doc = Document(network=type(doc.network)(placed, doc.network.edges))
    for fix in fixes(doc).values():
        assert all(node.position is not None for node in fix.document.network.nodes.values())
        known = {node.path for node in flatten(after(fix)).nodes}
        assert set(fix.touched) <= known
    link = fixes(doc)["projection"].document.network.nodes["shortcut_conv"]
    assert link.position is not None
    assert link.position[0] < 0, "on the side of slot 0, where it crosses no wire"
    assert 100 < link.position[1] < 400


@pytest.mark.parametrize("slot", [0, 1])
def test_a_node_on_a_link_to_a_merge_aside_stands_beside_the_link(slot: int) -> None:
    """Two convolutions in a column, the merge a little to the right of the second."""
    doc = document(
        place("image", "Input", shape=[56, 56, 3]),
        conv("one", "image", 64),
        conv("two", "one", 64),
        place("join", "Add", *(("image", "two") if slot == 0 else ("two", "image"))),
    )
    corners = {
        "image": (0.0, 0.0),
        "one": (0.0, 120.0),
        "two": (0.0, 240.0),
        "join": (220.0, 320.0),
    }
    placed = {key: replace(n, position=corners[key]) for key, n in doc.network.nodes.items()}
    doc = Document(network=type(doc.network)(placed, doc.network.edges))
    for name in ("projection", "pool-and-pad"):
        fix = fixes(doc).get(name)
        made = [] if fix is None else fix.document.network.nodes.keys() - corners.keys()
        for key in made:
            x, y = fix.document.network.nodes[key].position
            assert CARD_WIDTH < x <= 220 + CARD_WIDTH, "between the column and the merge's far side"
            assert 0 < y < 320
        assert made or name != "projection"


def test_the_parts_of_a_split_loop_stand_below_one_another() -> None:
    doc = doubling((64, 2), (128, 3))
    placed = {
        key: type(node)(node.id, node.type, node.config, node.repeat, (0.0, 120.0 * i))
        for i, (key, node) in enumerate(doc.network.nodes.items())
    }
    doc = Document(network=type(doc.network)(placed, doc.network.edges), blocks=doc.blocks)
    nodes = fixes(doc)["projection"].document.network.nodes
    heights = [node.position[1] for node in nodes.values() if node.position is not None]
    # A call's card is higher than a layer's by 56.
    assert heights == [0.0, 120.0, 240.0, 416.0, 536.0, 656.0]


def test_cards_that_a_repair_brings_have_room_for_their_wires() -> None:
    opened = native.load(templates.path("doubling-mismatch")).document
    diagnostic = analyse(opened).diagnostics[0]
    for fix in diagnostic.fixes:
        network = fix.document.network
        for edge in network.edges:
            above, below = network.nodes[edge.source], network.nodes[edge.target]
            assert above.position is not None
            assert below.position is not None
            bottom = above.position[1] + card_extent(above, fix.document)[1]
            assert below.position[1] - bottom >= ROW_GAP, fix.title
