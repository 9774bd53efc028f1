"""Edits give new documents and leave the old as they were."""

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core import block_edits, edits, fragments
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from tests.core.networks import flat_chain, residual_block, tiny


def test_automatic_ids_read_like_keras_names() -> None:
    assert edits.default_id("Conv2D") == "conv2d"
    assert edits.default_id("MaxPooling2D") == "max_pooling2d"
    assert edits.default_id("GlobalAveragePooling2D") == "global_average_pooling2d"
    assert edits.default_id("ReLU") == "re_lu"
    assert edits.free_id({"conv2d", "conv2d_2"}, "conv2d") == "conv2d_3"


def test_removing_closes_the_slots_of_a_merge() -> None:
    document = flat_chain(2)
    after = edits.disconnect(document, "", [Edge("image", "add0", 0)])
    assert after.network.into("add0") == [Edge("conv0", "add0", 0)]
    assert document.network.into("add0") == [Edge("image", "add0", 0), Edge("conv0", "add0", 1)]


def test_removing_a_node_can_keep_the_flow() -> None:
    after = edits.remove_nodes(flat_chain(2), "", ["conv0"], bridge=True)
    assert after.network.into("add0") == [Edge("image", "add0", 0), Edge("image", "add0", 1)]
    assert analyse(after).ok


def test_a_long_way_through_removed_nodes_is_bridged() -> None:
    document = flat_chain(2000)
    gone = [key for key in document.network.nodes if key not in ("image", "conv1999")]
    after = edits.remove_nodes(document, "", gone, bridge=True)
    assert after.network.edges == (Edge("image", "conv1999"),)


def test_removed_nodes_that_nothing_fed_leave_no_bridge() -> None:
    # Every fork doubles the ways back to the beginning, where nothing comes in.
    document = edits.remove_nodes(flat_chain(80), "", ["image"])
    gone = [key for key in document.network.nodes if key != "conv79"]
    assert edits.remove_nodes(document, "", gone, bridge=True).network.edges == ()


def test_connecting_refuses_circles_and_fills_the_next_slot() -> None:
    document = flat_chain(2)
    with pytest.raises(edits.EditError, match="circle"):
        edits.connect(document, "", "add1", "conv0")
    after = edits.connect(document, "", "image", "add1")
    assert after.network.into("add1")[-1] == Edge("image", "add1", 2)
    after = edits.connect(document, "", "image", "conv1")
    assert after.network.into("conv1") == [Edge("image", "conv1", 0)]


def test_splicing_into_a_wire() -> None:
    document = flat_chain(1)
    wire = Edge("conv0", "add0", 1)
    after = edits.insert_on_edge(document, "", wire, Node("norm", "BatchNormalization"))
    assert after.network.into("norm") == [Edge("conv0", "norm", 0)]
    assert after.network.into("add0")[1] == Edge("norm", "add0", 1)
    assert analyse(after).ok


def test_renaming_takes_the_wires_along() -> None:
    after = edits.rename_node(flat_chain(1), "", "conv0", "stem")
    assert after.network.into("stem") == [Edge("image", "stem", 0)]
    assert list(after.network.nodes) == ["image", "stem", "add0"]
    for bad in ("", "a/b", "a#1", "add0"):
        with pytest.raises(edits.EditError):
            edits.rename_node(flat_chain(1), "", "conv0", bad)


def test_pasting_renames_and_brings_its_blocks() -> None:
    source = tiny()
    part = fragments.fragment(source, "", ["group1", "group2"])
    assert list(part.blocks) == ["residual_block"]
    target, ids = fragments.paste(source, "", part)
    assert ids == ["group1_2", "group2_2"]
    assert list(target.blocks) == ["residual_block"]
    assert Edge("group1_2", "group2_2", 0) in target.network.edges
    other = flat_chain(1)
    target, ids = fragments.paste(other, "", part)
    assert list(target.blocks) == ["residual_block"]
    changed = edits.set_argument(source, "residual_block", "conv_a", "use_bias", False)
    target, ids = fragments.paste(changed, "", part)
    assert list(target.blocks) == ["residual_block", "residual_block_2"]
    assert target.network.nodes[ids[0]].type == "residual_block_2"


def test_a_wire_that_leads_out_of_a_fragment_is_left_behind() -> None:
    nodes = {key: Node(key, "Add" if key == "sum" else "ReLU") for key in ("a", "b", "sum")}
    wires = [("q", "a", 0), ("b", "w", 0), ("a", "sum", 0), ("q", "sum", 1), ("b", "sum", 2)]
    part = Document(network=Graph(nodes, tuple(Edge(*wire) for wire in wires)))
    pasted, ids = fragments.paste(Document(), "", part)
    assert ids == ["a", "b", "sum"]
    assert set(pasted.network.edges) == {Edge("a", "sum", 0), Edge("b", "sum", 1)}


def test_blocks_are_declared_renamed_and_removed() -> None:
    document = block_edits.add_block(tiny(), "spare", residual_block())
    renamed = block_edits.rename_block(document, "residual_block", "basic_block")
    assert renamed.network.nodes["group1"].type == "basic_block"
    assert analyse(renamed).totals == analyse(document).totals
    with pytest.raises(edits.EditError, match="still used"):
        block_edits.remove_block(document, "residual_block")
    assert list(block_edits.remove_block(document, "spare").blocks) == ["residual_block"]
    for taken in ("Conv2D", "spare", "not a name"):
        with pytest.raises(edits.EditError):
            block_edits.rename_block(document, "residual_block", taken)
