"""Nodes in a few words, and names found by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.fuzzy import match
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.phrases import Phrase, parsed, worded
from tests.core.networks import tiny


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("conv 64 3x3 /2", Phrase("conv", ("64", "3x3", "/2"))),
        ("max pool 3", Phrase("max pool", ("3",))),
        ("conv2d", Phrase("conv2d")),
        ("c2d 64 relu", Phrase("c2d", ("64", "relu"))),
        ("conv relu", Phrase("conv", ("relu",))),
        ("input 224,", Phrase("input", ("224,",))),
        ("conv relu same 64", Phrase("conv", ("relu", "same", "64"))),
        ("relu", Phrase("relu")),
        ("residual_block 128 x3", Phrase("residual_block", ("128", "x3"))),
        ("", Phrase("")),
    ],
)
def test_a_line_is_a_name_and_words(text: str, phrase: Phrase) -> None:
    assert parsed(text) == phrase


@pytest.mark.parametrize(
    ("kind", "words", "config"),
    [
        ("Conv2D", "64 7 /2 relu",
         {"filters": 64, "kernel_size": [7, 7], "strides": [2, 2], "activation": "relu"}),
        ("MaxPooling2D", "3 /2 same",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}),
        ("MaxPooling2D", "3 /2",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}),
        ("AveragePooling2D", "/2 3",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}),
        ("MaxPooling2D", "3 /2 valid",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "valid"}),
        ("MaxPooling2D", "valid 3 /2",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "valid"}),
        ("MaxPooling2D", "2", {"pool_size": [2, 2]}),
        ("Conv2D", "3x5", {"kernel_size": [3, 5]}),
        ("MaxPooling2D", "3 /2 padding=same",
         {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}),
        ("Dense", "1000 softmax", {"units": 1000, "activation": "softmax"}),
        ("Dropout", "0.25", {"rate": 0.25}),
        ("Input", "224x224x3", {"shape": [224, 224, 3]}),
        ("Input", "224", {"shape": [224, 224, 3]}),
        ("Input", "16", {"shape": [16, 16, 3]}),
        ("Input", "512", {"shape": [512, 512, 3]}),
        ("Input", "10", {"shape": [10]}),
        ("Input", "784", {"shape": [784]}),
        ("Input", "224,", {"shape": [224]}),
        ("BatchNormalization", "epsilon=1e-5", {"epsilon": 1e-5}),
    ],
)  # fmt: skip
def test_words_give_arguments(kind: str, words: str, config: dict) -> None:
    node = worded(Document(), Node("n", kind), tuple(words.split()))
    assert node.config == config


def test_a_block_takes_its_parameters_and_a_repeat() -> None:
    node = worded(tiny(), Node("n", "residual_block"), ("128", "x3"))
    assert (node.config, node.repeat) == ({"n_filters": 128}, 3)


@pytest.mark.parametrize(
    ("kind", "word", "why"),
    [
        ("Add", "64", "no argument left"),
        ("Add", "relu", "says nothing about Add"),
        ("Conv2D", "-3", "does not fit “filters”"),
        ("Dense", "/2", "says nothing about Dense"),
        ("residual_block", "n=3", "says nothing"),
    ],
)
def test_what_cannot_be_meant_is_told(kind: str, word: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        worded(tiny(), Node("n", kind), (word,))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("c2d", "Conv2D"),
        ("bn", "BatchNormalization"),
        ("conv2", "Conv2D"),
        ("gap", "GlobalAveragePooling2D"),
        ("maxpool2", "MaxPooling2D"),
        ("relu", "ReLU"),
        ("add", "Add"),
        ("zp", "ZeroPadding2D"),
        ("dw2d", "DepthwiseConv2D"),
    ],
)
def test_a_few_letters_find_the_layer(typed: str, first: str) -> None:
    everyday = [name for name, layer in LAYERS.items() if layer.everyday]
    found = {name: m.score for name in everyday if (m := match(typed, name))}
    assert max(found, key=found.__getitem__) == first


@given(st.sampled_from(sorted(LAYERS)), st.data())
def test_the_start_of_a_name_always_finds_it(name: str, data) -> None:
    length = data.draw(st.integers(1, len(name)))
    found = match(name[:length], name)
    assert found is not None
    assert found.letters == tuple(i for i in range(length) if name[i] != "_")


@given(st.text("abcdef_ 2", max_size=6), st.text("ABCDEFabcdef2_", min_size=1, max_size=12))
def test_the_letters_that_are_meant_stand_in_the_name_in_order(typed: str, name: str) -> None:
    found = match(typed, name)
    if found is not None:
        meant = "".join(name[i] for i in found.letters).lower()
        assert meant == typed.replace(" ", "").replace("_", "")
        assert list(found.letters) == sorted(set(found.letters))


def test_an_underscore_that_is_typed_is_meant() -> None:
    blocks, layers = match("conv_", "conv_block"), match("conv_", "Conv2D")
    assert blocks is not None
    assert layers is not None
    assert blocks.score > layers.score


@pytest.mark.parametrize("kind", ["DepthwiseConv1D", "DepthwiseConv2D"])
def test_a_number_of_filters_is_no_kernel(kind: str) -> None:
    with pytest.raises(EditError, match="has no filters"):
        worded(Document(), Node("n", kind), ("64", "7", "/2", "relu"))
    made = worded(Document(), Node("n", kind), ("7", "/2", "relu"))
    assert set(made.config["kernel_size"]) == {7}
    assert set(made.config["strides"]) == {2}


def test_a_bare_figure_is_no_seed() -> None:
    with pytest.raises(EditError, match="no argument left"):
        worded(Document(), Node("n", "LSTM"), ("64", "7"))
