"""Families: each layer's category has one, and so a colour and an icon of its own."""

import pytest

import resnet_studio.layers
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT
from resnet_studio.core.families import FAMILIES, family, title
from resnet_studio.core.layer import LAYERS

assert resnet_studio.layers


def test_no_category_of_a_layer_falls_back_on_core() -> None:
    """A layer in a family that has no colour would be painted as what nobody knows."""
    strays = {
        layer.category
        for name, layer in LAYERS.items()
        if family(name) == "core" and layer.category != "Core"
    }
    assert strays == set()


def test_every_family_has_a_layer() -> None:
    assert {family(name) for name in LAYERS} == set(FAMILIES)


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        ("Conv2D", "convolution"),
        ("BatchNormalization", "normalization"),
        ("Rescaling", "preprocessing"),
        ("MultiHeadAttention", "attention"),
        ("ops.add", "operators"),
        ("Input", "input"),
        (BLOCK_INPUT, "input"),
        (BLOCK_OUTPUT, "output"),
        ("stem", "block"),
        ("SomebodysLayer", "core"),
    ],
)
def test_the_family_of_a_type(type_name: str, expected: str) -> None:
    assert family(type_name, blocks=("stem",)) == expected


def test_titles_are_british_words() -> None:
    assert title("normalization") == "Normalisation"
    assert title("attention") == "Attention"
