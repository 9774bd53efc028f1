"""Convolutions on worked examples: the document's networks, counts by hand, refusals."""

from typing import Any

import pytest

from resnet_studio.core.shapes import Shape
from tests.layers.examples import call, layer, output, refusal


@pytest.mark.parametrize(
    ("config", "shape", "expected", "params"),
    [
        # The notebook's stem ...
        (
            {"filters": 64, "kernel_size": 7, "strides": 2, "padding": "same"},
            (224, 224, 3),
            (112, 112, 64),
            9472,
        ),
        # ... which “valid” padding would make smaller.
        (
            {"filters": 64, "kernel_size": 7, "strides": 2},
            (224, 224, 3),
            (109, 109, 64),
            9472,
        ),
        # Its residual blocks keep the size ...
        (
            {"filters": 64, "kernel_size": 3, "padding": "same"},
            (56, 56, 64),
            (56, 56, 64),
            36928,
        ),
        # ... and its conv_block strides in both of its convolutions: 56 to 28 to 14.
        (
            {"filters": 128, "kernel_size": 3, "strides": 2, "padding": "same"},
            (56, 56, 64),
            (28, 28, 128),
            73856,
        ),
        (
            {"filters": 128, "kernel_size": 3, "strides": 2, "padding": "same"},
            (28, 28, 128),
            (14, 14, 128),
            147584,
        ),
        # The paper's projection, without a bias.
        (
            {"filters": 128, "kernel_size": 1, "strides": 2, "use_bias": False},
            (56, 56, 64),
            (28, 28, 128),
            8192,
        ),
        ({"filters": 8, "kernel_size": 3, "strides": 2}, (57, 55, 4), (28, 27, 8), 296),
        (
            {"filters": 8, "kernel_size": [3, 5], "padding": "SAME"},
            (9, 9, 4),
            (9, 9, 8),
            488,
        ),
        (
            {"filters": 8, "kernel_size": 3, "dilation_rate": 2},
            (9, 9, 4),
            (5, 5, 8),
            296,
        ),
        ({"filters": 8, "kernel_size": 3, "groups": 4}, (9, 9, 4), (7, 7, 8), 80),
        ({"filters": 8, "kernel_size": 3}, (None, 9, 4), (None, 7, 8), 296),
        (
            {"filters": 8, "kernel_size": 3, "data_format": "channels_first"},
            (4, 9, 11),
            (8, 7, 9),
            296,
        ),
    ],
)
def test_conv2d(config: dict[str, Any], shape: Shape, expected: Shape, params: int) -> None:
    assert output("Conv2D", shape, **config) == expected
    assert call("Conv2D", shape, **config).params == params


def test_the_weights_bear_their_keras_names() -> None:
    weights = layer("Conv2D", filters=128, kernel_size=3).weights((None, 56, 56, 64))
    assert [(w.name, w.shape) for w in weights] == [
        ("kernel", (3, 3, 64, 128)),
        ("bias", (128,)),
    ]
    weights = layer("SeparableConv2D", filters=8, kernel_size=3, depth_multiplier=2).weights(
        (None, 9, 9, 4)
    )
    assert [(w.name, w.shape) for w in weights] == [
        ("depthwise_kernel", (3, 3, 4, 2)),
        ("pointwise_kernel", (1, 1, 8, 8)),
        ("bias", (8,)),
    ]
    (kernel,) = layer("DepthwiseConv2D", kernel_size=3, use_bias=False).weights((None, 9, 9, 4))
    assert (kernel.name, kernel.shape) == ("kernel", (3, 3, 4, 1))
    kernel, _ = layer("Conv2DTranspose", filters=8, kernel_size=2).weights((None, 9, 9, 4))
    assert kernel.shape == (2, 2, 8, 4)


@pytest.mark.parametrize(
    ("type_name", "config", "macs"),
    [
        ("Conv2D", {"filters": 64}, 56 * 56 * 3 * 3 * 64 * 64),
        ("Conv2D", {"filters": 64, "strides": 2}, 28 * 28 * 3 * 3 * 64 * 64),
        ("Conv2D", {"filters": 64, "groups": 4}, 56 * 56 * 3 * 3 * 16 * 64),
        ("DepthwiseConv2D", {"depth_multiplier": 2}, 56 * 56 * 3 * 3 * 64 * 2),
        ("SeparableConv2D", {"filters": 32}, 56 * 56 * (3 * 3 * 64 + 64 * 32)),
        ("Conv2DTranspose", {"filters": 32, "strides": 2}, 56 * 56 * 3 * 3 * 64 * 32),
    ],
)
def test_multiply_accumulates(type_name: str, config: dict[str, Any], macs: int) -> None:
    """Counted for one sample, whatever the size of the batch; bias adds are not."""
    config = {"kernel_size": 3, "padding": "same"} | config
    assert layer(type_name, **config).infer(((8, 56, 56, 64),)).macs == macs
    assert call(type_name, (None, 56, 64), **config).macs is None


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"kernel_size": 3}, (9, 11)),
        ({"kernel_size": 2, "strides": 2}, (14, 18)),
        ({"kernel_size": 1, "strides": 2}, (14, 18)),
        ({"kernel_size": 3, "strides": 2, "padding": "same"}, (14, 18)),
        (
            {"kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0},
            (13, 17),
        ),
        ({"kernel_size": 3, "strides": 2, "output_padding": [0, 1]}, (15, 20)),
        ({"kernel_size": 3, "dilation_rate": 2}, (11, 13)),
    ],
)
def test_conv2d_transpose(config: dict[str, Any], expected: Shape) -> None:
    assert output("Conv2DTranspose", (7, 9, 4), filters=8, **config) == (*expected, 8)


def test_a_window_that_does_not_fit() -> None:
    code, message = refusal("Conv2D", (5, 5, 3), filters=8, kernel_size=7)
    assert code == "window-larger-than-input"
    assert message == (
        "the 7×7 window does not fit into 5×5 under padding “valid”; "
        "use padding “same” or a smaller window"
    )
    code, message = refusal("Conv2D", (8, 8, 3), filters=8, kernel_size=3, dilation_rate=4)
    assert code == "window-larger-than-input"
    assert "the 3×3 window, dilated to 9×9, does not fit into 8×8" in message
    assert output("Conv2D", (5, 5, 3), filters=8, kernel_size=7, padding="same") == (
        5,
        5,
        8,
    )


@pytest.mark.parametrize(
    ("shape", "config", "code", "words"),
    [
        ((9, 9, 6), {"filters": 8, "groups": 3}, "channels-not-divisible", "8 filters"),
        (
            (9, 9, 6),
            {"filters": 8, "groups": 4},
            "channels-not-divisible",
            "6 channels",
        ),
        ((9, 9, None), {}, "unknown-size", "unknown number of channels"),
        (
            (9, 9),
            {},
            "rank-mismatch",
            "takes height×width×channels, and its input is 9×9",
        ),
        ((4, 9, 9, 3), {}, "rank-mismatch", "its input is 4×9×9×3"),
        (
            (3, 9),
            {"data_format": "channels_first"},
            "rank-mismatch",
            "channels×height×width",
        ),
        (
            (9, 9, 6),
            {"strides": 2, "dilation_rate": [1, 2]},
            "invalid-argument",
            "combined",
        ),
        ((9, 9, 6), {"kernel_size": 3.0}, "invalid-argument", "kernel_size must be"),
        (
            (9, 9, 6),
            {"kernel_size": [3.0, 3.0]},
            "invalid-argument",
            "kernel_size must be",
        ),
        ((9, 9, 6), {"strides": 0}, "invalid-argument", "strides must be"),
        ((9, 9, 6), {"padding": "causal"}, "invalid-argument", "padding must be"),
        (
            (9, 9, 6),
            {"lora_rank": 2, "kernel_constraint": "max_norm"},
            "invalid-argument",
            "exclude each other",
        ),
        (
            (9, 9, 6),
            {"kernel_initializer": "identity"},
            "invalid-argument",
            "kernel_initializer",
        ),
    ],
)
def test_refusals(shape: Shape, config: dict[str, Any], code: str, words: str) -> None:
    found, message = refusal("Conv2D", shape, **{"filters": 4, "kernel_size": 3} | config)
    assert found == code
    assert words in message


def test_a_depthwise_kernel_starts_from_its_own_initializer() -> None:
    code, message = refusal(
        "DepthwiseConv2D", (9, 9, 4), kernel_size=3, depthwise_initializer="identity"
    )
    assert code == "invalid-argument"
    assert message.startswith("depthwise_initializer")


def test_output_padding_must_stay_below_the_strides() -> None:
    code, message = refusal(
        "Conv2DTranspose",
        (9, 9, 4),
        filters=8,
        kernel_size=3,
        strides=[2, 1],
        output_padding=1,
    )
    assert code == "invalid-argument"
    assert "output_padding 1×1 must be smaller than strides 2×1" in message


def test_depthwise_layers_combine_strides_and_dilation() -> None:
    config = {"kernel_size": 3, "strides": 2, "dilation_rate": 2}
    assert output("DepthwiseConv2D", (9, 9, 4), **config) == (3, 3, 4)
    assert output("SeparableConv2D", (9, 9, 4), filters=8, **config) == (3, 3, 8)


def test_a_low_rank_update_freezes_the_kernel() -> None:
    outcome = call("Conv2D", (9, 9, 4), filters=8, kernel_size=3, lora_rank=2)
    assert outcome.trainable == 8 + 3 * 3 * 4 * 2 + 2 * 8
    assert outcome.params == outcome.trainable + 3 * 3 * 4 * 8


def test_a_shared_convolution_takes_any_size_and_the_same_channels() -> None:
    shared = layer("Conv2D", filters=8, kernel_size=3)
    built_for = ((None, 9, 9, 4),)
    again = shared.infer_again(built_for, ((None, 5, 5, 4),))
    assert (again.outputs, again.params) == (((None, 3, 3, 8),), 0)
    assert shared.infer_again(built_for, ((None, 5, 5, None),)).output == (
        None,
        3,
        3,
        8,
    )
    (problem,) = shared.infer_again(built_for, ((None, 9, 9, 6),)).problems
    assert problem.code == "shared-mismatch"


@pytest.mark.parametrize(
    ("type_name", "config", "face"),
    [
        (
            "Conv2D",
            {"filters": 64, "strides": 2, "activation": "relu"},
            "3×3, 64, /2, relu",
        ),
        (
            "Conv2D",
            {"filters": 64, "strides": [2, 1], "groups": 4},
            "3×3, 64, /2×1, 4 groups",
        ),
        ("Conv2D", {"filters": 64, "dilation_rate": 2}, "3×3, 64, dilation 2"),
        ("DepthwiseConv2D", {}, "3×3"),
        ("DepthwiseConv2D", {"depth_multiplier": 2}, "3×3, ×2 maps"),
        ("Conv2DTranspose", {"filters": 8, "strides": 2}, "3×3, 8, ×2"),
    ],
)
def test_faces(type_name: str, config: dict[str, Any], face: str) -> None:
    assert layer(type_name, kernel_size=3, **config).face() == face
