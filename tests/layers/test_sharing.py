"""Layers called at several places, as whole networks against the real Keras."""

from typing import Any

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import document, place
from tests.layers.test_graphs_against_keras import difference

IMAGE, OTHER = place("x", "Input", shape=[8, 8, 4]), place("z", "Input", shape=[8, 8, 4])


def again(node_id: str, type_name: str, *sources: str, of: str = "first") -> Any:
    return place(node_id, type_name, *sources, shared_with=of)


LISTS = [
    document(IMAGE, OTHER, place("first", "ReLU", "x"), again("b", "ReLU", "first", "z")),
    document(
        IMAGE,
        OTHER,
        place("first", "ReLU", "x"),
        again("b", "ReLU", "first", "z"),
        place("c", "Conv2D", "b:1", filters=2, kernel_size=3),
        place("d", "Flatten", "c"),
    ),
    document(IMAGE, OTHER, place("first", "ReLU", "x", "z"), again("b", "ReLU", "first", "z")),
    document(IMAGE, place("first", "ReLU", "x", "x"), again("b", "ReLU", "x", "x", "x")),
    document(
        IMAGE,
        place("first", "LSTM", "x:0", units=3),
        again("b", "LSTM", "x"),
    ),
]


@pytest.mark.parametrize("network", LISTS)
def test_lists_given_to_a_layer_that_was_called_with_less(network: Document) -> None:
    assert not difference(network)


def test_the_call_that_loses_outputs_is_named() -> None:
    found = [d for d in analyse(LISTS[1]).diagnostics if d.severity == "error"]
    assert [(d.node, d.code) for d in found] == [("b", "not-connected")]


@pytest.mark.parametrize("type_name", ["Flatten", "MaxPooling2D", "BatchNormalization"])
def test_a_place_behind_a_failure_does_not_build_the_layer(type_name: str) -> None:
    """The first place that anything arrives at builds it, wherever its owner is written."""
    network = document(
        IMAGE,
        place("wrong", "LSTM", "x", units=3),
        again("early", type_name, "wrong"),
        place("also_wrong", "Conv2D", "x", filters=4, kernel_size=9),
        again("late", type_name, "x"),
        place("first", type_name, "late"),
    )
    assert not difference(network)
