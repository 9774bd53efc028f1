"""The network without the nodes that merely wait for an input."""

from dataclasses import replace

import pytest

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401 - registers the rules
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Node
from resnet_studio.core.edits import add_nodes, connect, disconnect, remove_nodes
from resnet_studio.core.waiting import MISSING, only_waits, rest, waiting, waits
from resnet_studio.formats import keras_code, native, templates

BLOCK = "residual_block"


@pytest.fixture(scope="module")
def whole() -> Document:
    return native.load(templates.path("resnet34-notebook")).document


def with_loose(document: Document, scope: str = "") -> Document:
    return add_nodes(document, scope, [Node("loose", "ReLU")])


def test_a_sound_network_waits_for_nothing(whole: Document) -> None:
    assert not only_waits(analyse(whole))
    assert rest(analyse(whole)) is None


@pytest.mark.parametrize("scope", ["", BLOCK])
def test_without_a_loose_node_the_code_is_that_of_before(whole: Document, scope: str) -> None:
    found = rest(analyse(with_loose(whole, scope)))
    assert found is not None
    path = "loose" if not scope else "group_64#1/loose"
    assert (found.waiting, found.behind) == ((path,), 0), "named as the problems name it, once"
    assert keras_code.write(analyse(found.document)) == keras_code.write(analyse(whole))


def test_what_only_a_loose_node_feeds_goes_with_it(whole: Document) -> None:
    document = add_nodes(with_loose(whole), "", [Node("next", "ReLU")])
    found = rest(analyse(connect(document, "", "loose", "next")))
    assert found is not None
    assert (found.waiting, found.behind) == (("loose",), 1)
    assert found.document.network.nodes.keys() == whole.network.nodes.keys()


def test_nothing_is_left_out_that_a_sound_node_needs(whole: Document) -> None:
    document = add_nodes(with_loose(whole), "", [Node("both", "Add")])
    document = connect(connect(document, "", "entry_conv", "both"), "", "loose", "both")
    assert only_waits(analyse(document))
    assert rest(analyse(document)) is None


def test_the_layer_of_a_loose_node_that_another_calls_is_needed(whole: Document) -> None:
    again = replace(Node("again", "ReLU"), shared_with="loose")
    document = connect(add_nodes(with_loose(whole), "", [again]), "", "entry_conv", "again")
    assert rest(analyse(document)) is None


def test_a_block_that_is_cut_is_no_block_without_its_half(whole: Document) -> None:
    into = whole.blocks[BLOCK].graph.into("conv_b")
    assert rest(analyse(disconnect(whole, BLOCK, into))) is None


def test_a_merge_that_lacks_one_of_its_wires_is_not_loose(whole: Document) -> None:
    document = add_nodes(whole, "", [Node("half", "Subtract")])
    found = analyse(connect(document, "", "entry_conv", "half"))
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == MISSING
    assert not waits(diagnostic, found.document)
    assert not only_waits(found)
    assert waiting(found) == ()
    assert rest(found) is None


def test_another_error_stays_an_error(whole: Document) -> None:
    document = with_loose(whole)
    wires = (*document.network.edges, Edge("nobody", "classifier", 7))
    network = document.network.with_edges(wires)
    assert rest(analyse(replace(document, network=network))) is None


def test_a_network_whose_first_node_is_gone_has_nothing_left(whole: Document) -> None:
    assert rest(analyse(remove_nodes(whole, "", ["image"]))) is None
