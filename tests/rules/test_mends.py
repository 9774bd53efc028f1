"""The mends of the smaller rules, where their worked examples do not say it all."""

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.core.document import Document, Edge, Graph
from resnet_studio.rules.examples import block, conv, document, place

IMAGE = place("image", "Input", shape=[8, 8, 4])


def found(doc: Document, code: str) -> Diagnostic:
    return next(d for d in analyse(doc).diagnostics if d.code == code)


def fixes(doc: Document, code: str) -> dict[str, Fix]:
    return {fix.id: fix for fix in found(doc, code).fixes}


def wired(doc: Document, *edges: Edge) -> Document:
    """The document with further wires, as a file may hold them."""
    network = doc.network
    return Document(network=Graph(network.nodes, (*network.edges, *edges)), blocks=doc.blocks)


# Wires


def test_a_wire_between_two_nodes_that_are_gone() -> None:
    doc = wired(document(IMAGE, conv("conv", "image", 4)), Edge("gone", "nowhere"))
    fix = fixes(doc, "broken-edge")["remove-wire"]
    assert fix.document.network.edges == (Edge("image", "conv"),)


def test_of_two_wires_in_one_slot_either_may_go() -> None:
    doc = document(IMAGE, conv("a", "image", 4), conv("b", "a", 4))
    doc = wired(doc, Edge("image", "b"))
    offered = fixes(doc, "broken-edge")
    left = [fix.document.network.into("b") for fix in offered.values()]
    assert left == [[Edge("image", "b")], [Edge("a", "b")]]


def test_the_same_wire_twice_leaves_one() -> None:
    doc = wired(document(IMAGE, conv("a", "image", 4)), Edge("image", "a"))
    fix = next(iter(fixes(doc, "broken-edge").values()))
    assert fix.document.network.edges == (Edge("image", "a"),)


def test_a_gap_between_slots_is_closed() -> None:
    doc = document(IMAGE, conv("a", "image", 4), place("add", "Add", "image"))
    doc = wired(doc, Edge("a", "add", 2))
    fix = fixes(doc, "missing-input")["close-gap"]
    assert [(e.source, e.slot) for e in fix.document.network.into("add")] == [
        ("image", 0),
        ("a", 1),
    ]


def test_a_loose_end_is_wired_before_a_node_that_is_used() -> None:
    doc = document(
        IMAGE,
        conv("a", "image", 4),
        conv("loose", "image", 4),
        conv("b", "a", 4),
        place("relu", "ReLU"),
        place("last", "Flatten", "b"),
    )
    offered = fixes(doc, "missing-input")
    sources = [fix.document.network.into("relu")[0].source for fix in offered.values()]
    assert sources[0] == "loose"
    assert len(sources) == 3


def test_a_missing_input_is_never_wired_from_what_it_feeds() -> None:
    doc = document(IMAGE, place("a", "ReLU"), conv("b", "a", 4), place("c", "ReLU", "b"))
    sources = {
        fix.document.network.into("a")[0].source for fix in fixes(doc, "missing-input").values()
    }
    assert sources == {"image"}


def test_a_circle_is_opened_at_a_merge_which_can_spare_a_wire() -> None:
    doc = document(
        IMAGE,
        conv("a", "join", 4),
        conv("b", "a", 4),
        place("join", "Add", "image", "b"),
        place("out", "Flatten", "b"),
    )
    fix = found(doc, "cycle").fixes[0]
    assert analyse(fix.document).ok
    assert Edge("b", "join", 1) not in fix.document.network.edges


# Inside blocks


def test_an_argument_inside_a_block_is_mended_for_every_copy() -> None:
    doc = document(
        IMAGE,
        place("group", "body", "image", repeat=3),
        blocks={"body": block(conv("conv", "x", 4, padding="SAMEE"))},
    )
    diagnostic = found(doc, "invalid-argument")
    assert diagnostic.node == "group#1/conv"
    fix = diagnostic.fixes[0]
    assert fix.document.blocks["body"].graph.nodes["conv"].config["padding"] == "same"
    assert analyse(fix.document).ok
    assert fix.touched == ("group#1/conv",)


def test_a_parameter_that_is_not_there_is_named_after_the_nearest() -> None:
    diagnostic = found(
        document(
            IMAGE,
            place("group", "body", "image", n_filter=8),
            blocks={"body": block(conv("conv", "x", "=n_filters"), n_filters=4)},
        ),
        "unknown-argument",
    )
    assert diagnostic.message == "“body” has no parameter “n_filter”; perhaps “n_filters” is meant."
    assert diagnostic.fixes[0].document.network.nodes["group"].config == {"n_filters": 8}


# What a mend costs


def test_a_smaller_window_costs_what_its_weights_differ() -> None:
    doc = document(IMAGE, place("conv", "Conv2D", "image", filters=2, kernel_size=9))
    offered = fixes(doc, "window-larger-than-input")
    assert offered["smaller-window"].delta_params == (64 - 81) * 4 * 2
    assert offered["same-padding"].delta_params == 0


def test_nothing_that_merely_becomes_known_is_counted() -> None:
    doc = document(IMAGE, place("conv", "Conv2D", filters=2, kernel_size=3))
    assert fixes(doc, "missing-input")["connect"].delta_params == 0


# Stretching


@pytest.mark.parametrize(
    ("merge", "left", "right", "warned"),
    [
        ("Add", [8, 8, 4], [8, 8, 4], False),
        ("Add", [8, 8, 4], [8, 8, 1], True),
        ("Add", [8, 8, 4], [1, 1, 4], True),
        ("Add", [8, 8, 4], [4], True),
        ("Add", [8, 8, 4], [8, 4], True),
        ("Add", [1, 8, 4], [8, 1, 4], True),
        ("Add", [None, None, 4], [8, 8, 4], True),
        ("Add", [None, None, 4], [None, None, 4], False),
        ("Maximum", [8, 8, 4], [1, 1, 4], True),
        ("Concatenate", [8, 8, 4], [8, 8, 1], False),
        ("Multiply", [8, 8, 4], [1, 1, 4], False),
        ("Multiply", [1, 1, 4], [8, 8, 4], False),
        ("Multiply", [None, None, 4], [1, 1, 4], False),
        ("Multiply", [8, 8, 4], [8, 8, 1], False),
        ("Multiply", [8, 8, 4], [4], False),
        ("Multiply", [8, 8, 4], [8, 4], True),
        ("Multiply", [1, 8, 4], [8, 1, 4], True),
        ("Multiply", [None, None, 4], [8, 8, 4], True),
    ],
)
def test_what_is_stretched_is_warned_of_unless_it_gates(
    merge: str, left: list[int | None], right: list[int | None], warned: bool
) -> None:
    doc = document(
        place("left", "Input", shape=left),
        place("right", "Input", shape=right),
        place("join", merge, "left", "right"),
    )
    analysis = analyse(doc)
    assert analysis.ok
    assert [d.code for d in analysis.diagnostics] == (["silent-broadcast"] if warned else [])
    for diagnostic in analysis.diagnostics:
        assert diagnostic.severity == "warning"
        assert "not meant" in diagnostic.message


# Names


def test_a_node_whose_id_no_layer_can_have_gets_one_without_the_signs_of_paths() -> None:
    doc = document(IMAGE, conv("a/b#1", "image", 4))
    fix = fixes(doc, "invalid-name")["plain-name"]
    assert list(fix.document.network.nodes) == ["image", "a_b_1"]
    assert analyse(fix.document).ok


def test_a_branch_of_a_block_is_matched_at_a_node_with_both_signs_of_paths() -> None:
    inner = block(conv("c#1/d", "x", "=f"), place("add", "Add", "x", "c#1/d"), f=8)
    doc = document(IMAGE, place("g", "inner", "image"), blocks={"inner": inner})
    fix = fixes(doc, "shortcut-mismatch")["match-branch"]
    assert fix.document.network.nodes["g"].config == {"f": 4}
