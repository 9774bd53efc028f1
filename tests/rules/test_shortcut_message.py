"""What a mismatch is told as: the two sides, their fork, the layers behind it, the mend."""

import pytest

from resnet_studio.rules.examples import conv, document, place
from tests.rules.networks import bottleneck, doubling, flat, mismatch


def test_the_doubling_groups_are_told_as_the_document_tells_them() -> None:
    diagnostic = mismatch(doubling((64, 2), (128, 3)))
    assert diagnostic.node == "group2#1/add"
    assert diagnostic.message == (
        "The identity link from “group1#2/add”, where the paths fork, brings 56×56×64 (X), the "
        "block's branch through “conv_a” and “conv_b” brings 56×56×128 (2X): matrices of "
        "different sizes cannot be broadcast for the add operation. The channels differ (64 and "
        "128): “conv_a” makes 128 channels out of 64. A convolutional block between the groups, "
        "or a projection on the identity link, solves it."
    )


def test_strides_and_filters_are_laid_at_their_layers() -> None:
    text = mismatch(flat([57, 55, 3], strides=[2, 2])).message
    assert "The height and width differ (57×55 and 29×28)" in text
    assert "“conv_a” halves 57×55 to 29×28 with strides 2" in text
    assert "“conv_a” makes 128 channels out of 64" in text


def test_a_stride_in_another_layer_than_the_filters() -> None:
    text = mismatch(bottleneck()).message
    assert "“a_conv” halves 56×56 to 28×28 with strides 2" in text
    assert "“c_conv” makes 512 channels out of 128" in text
    assert "through “a_conv”, “a_norm” … “c_norm”" in text


def test_the_identity_link_is_the_side_without_weights_whatever_its_slot() -> None:
    swapped = document(
        place("image", "Input", shape=[8, 8, 64]),
        conv("conv", "image", 32),
        place("join", "Maximum", "conv", "image"),
    )
    text = mismatch(swapped).message
    assert text.startswith(
        "The identity link from “image”, where the paths fork, brings 8×8×64 (2X)"
    )
    assert "brings 8×8×32 (X)" in text
    assert "for the maximum operation" in text


def test_valid_padding_and_cropping_are_named() -> None:
    text = mismatch(flat([30, 30, 3], filters=64, padding="valid")).message
    assert "“conv_a” shrinks 30×30 to 28×28: a 3×3 window under valid padding" in text
    cropped = document(
        place("image", "Input", shape=[8, 8, 4]),
        place("crop", "Cropping2D", "image", cropping=1),
        conv("conv", "crop", 4),
        place("join", "Add", "image", "conv"),
    )
    assert "“crop” crops 8×8 to 6×6" in mismatch(cropped).message


@pytest.mark.parametrize(
    ("strides", "told"),
    [(2, "16×16 with strides 2"), (1, "10×10: a 3×3 window under valid padding")],
)
def test_a_transposed_convolution_enlarges(strides: int, told: str) -> None:
    padding = "same" if strides == 2 else "valid"
    grown = document(
        place("image", "Input", shape=[8, 8, 4]),
        place(
            "up", "Conv2DTranspose", "image",
            filters=4, kernel_size=3, strides=strides, padding=padding,
        ),
        place("join", "Add", "image", "up"),
    )  # fmt: skip
    assert f"“up” enlarges 8×8 to {told}" in mismatch(grown).message


def test_inputs_that_never_fork() -> None:
    apart = document(
        place("left", "Input", shape=[8, 8, 3]),
        place("right", "Input", shape=[8, 8, 6]),
        place("join", "Add", "left", "right"),
    )
    text = mismatch(apart).message
    assert "“left”" in text
    assert "“right”" in text
    assert "fork" not in text
    assert "A projection on the identity link" in text


def test_sides_of_different_rank_and_batch() -> None:
    ranks = document(
        place("left", "Input", shape=[8, 8]),
        place("right", "Input", shape=[8, 8, 6]),
        place("join", "Add", "left", "right"),
    )
    assert "2 and 3 axes beside the batch" in mismatch(ranks).message
    batches = document(
        place("left", "Input", batch_shape=[2, 8, 8, 6]),
        place("right", "Input", batch_shape=[3, 8, 8, 6]),
        place("join", "Add", "left", "right"),
    )
    assert "batch" in mismatch(batches).message
    assert mismatch(batches).fixes == ()
