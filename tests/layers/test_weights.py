"""Dense, normalisation and the layers without weights on worked examples."""

from typing import Any

import pytest

from resnet_studio.core.layer import Broken, layer_for
from tests.layers.examples import call, layer, output, refusal

STATISTICS = [("moving_mean", (64,), False), ("moving_variance", (64,), False)]
LEARNED = [("gamma", (64,), True), ("beta", (64,), True)]


@pytest.mark.parametrize(
    ("type_name", "config", "weights"),
    [
        ("Dense", {"units": 10}, [("kernel", (64, 10), True), ("bias", (10,), True)]),
        ("Dense", {"units": 10, "use_bias": False}, [("kernel", (64, 10), True)]),
        ("BatchNormalization", {}, LEARNED + STATISTICS),
        ("BatchNormalization", {"scale": False}, LEARNED[1:] + STATISTICS),
        ("LayerNormalization", {}, LEARNED),
        ("LayerNormalization", {"axis": [1, 2], "center": False}, [("gamma", (56, 56), True)]),
        ("GroupNormalization", {"groups": 16}, LEARNED),
        ("PReLU", {}, [("alpha", (56, 56, 64), True)]),
        ("PReLU", {"shared_axes": [1, 2]}, [("alpha", (1, 1, 64), True)]),
        ("Dropout", {"rate": 0.5}, []),
        ("Activation", {"activation": "relu"}, []),
    ],
)
def test_weights_by_their_keras_names(
    type_name: str, config: dict[str, Any], weights: list[tuple[str, tuple[int, ...], bool]]
) -> None:
    made = layer(type_name, **config).list_weights(((None, 56, 56, 64),))
    assert [tuple(weight) for weight in made] == weights


def test_dense_multiplies_at_every_position() -> None:
    assert call("Dense", (512,), units=1000).macs == 512_000
    assert call("Dense", (7, 7, 512), units=10).macs == 7 * 7 * 512 * 10
    assert call("Dense", (None, 512), units=10).macs is None


def test_frozen_layers_train_nothing() -> None:
    frozen = call("BatchNormalization", (8, 8, 4), trainable=False)
    assert (frozen.params, frozen.trainable) == (16, 0)
    assert call("BatchNormalization", (8, 8, 4)).trainable == 8


def test_low_rank_update_freezes_the_kernel() -> None:
    outcome = call("Dense", (100,), units=10, lora_rank=2)
    assert (outcome.params, outcome.trainable) == (1000 + 10 + 220, 10 + 220)


@pytest.mark.parametrize(
    ("type_name", "shape", "config", "code"),
    [
        ("Dense", (None,), {"units": 4}, "unknown-size"),
        ("Dense", (), {"units": 4}, "rank-mismatch"),
        ("Dense", (4,), {"units": 0}, "invalid-argument"),
        ("Dense", (4,), {"units": 4.0}, "invalid-argument"),
        ("Dense", (4,), {"units": 4, "bias_initializer": "orthogonal"}, "invalid-argument"),
        ("Dense", (4,), {"units": 4, "dtype": "int32"}, "invalid-argument"),
        ("BatchNormalization", (8, 8, None), {}, "unknown-size"),
        ("BatchNormalization", (8,), {"axis": 2}, "axis-out-of-range"),
        ("GroupNormalization", (8, 8, 48), {}, "channels-not-divisible"),
        ("PReLU", (None, None, 4), {}, "unknown-size"),
        ("Dropout", (4,), {"rate": 1.5}, "invalid-argument"),
        ("SpatialDropout2D", (8, 4), {"rate": 0.5}, "rank-mismatch"),
        ("SpatialDropout2D", (8, 8, 4), {"rate": 0.5, "trainable": True}, "unknown-argument"),
        ("ReLU", (4,), {"negative_slope": -0.1}, "invalid-argument"),
        ("Activation", (4,), {"activation": "ReLU"}, "invalid-argument"),
    ],
)
def test_refusals(type_name: str, shape: Any, config: dict[str, Any], code: str) -> None:
    assert refusal(type_name, shape, **config)[0] == code


@pytest.mark.parametrize(
    ("config", "output_shape"),
    [
        ({"shape": [224, 224, 3]}, (None, 224, 224, 3)),
        ({"shape": [None, None, 3], "batch_size": 8}, (8, None, None, 3)),
        ({"batch_shape": [2, 4]}, (2, 4)),
        ({"shape": []}, (None,)),
    ],
)
def test_input(config: dict[str, Any], output_shape: tuple[int | None, ...]) -> None:
    assert layer("Input", **config).infer(()).output == output_shape


@pytest.mark.parametrize(
    "config",
    [{}, {"shape": 8}, {"shape": [-1]}, {"shape": [4], "batch_shape": [None, 4]}, {"shape": [4.0]},
     {"batch_size": 2, "batch_shape": [2, 4]}, {"shape": [4], "sparse": True, "ragged": True}],
)  # fmt: skip
def test_input_refuses(config: dict[str, Any]) -> None:
    made = layer_for("Input", config)
    assert isinstance(made, Broken)
    assert made.problems[0].code == "invalid-argument"


def test_a_list_goes_through_value_by_value_layers() -> None:
    shapes = ((None, 4), (None, 8, 8, 3))
    assert layer("ReLU").infer(shapes).outputs == shapes
    assert layer("Dense", units=4).infer(shapes).problems[0].code == "too-many-inputs"


@pytest.mark.parametrize(
    ("type_name", "config", "face"),
    [
        ("Input", {"shape": [224, 224, 3]}, "224×224×3"),
        ("Dense", {"units": 1000, "activation": "softmax"}, "1000, softmax"),
        ("Dropout", {"rate": 0.5}, "0.5"),
        ("Activation", {"activation": "gelu"}, "gelu"),
        ("LeakyReLU", {"alpha": 0.1}, "slope 0.1"),
        ("GroupNormalization", {"groups": -1}, "one group per channel"),
        ("Rescaling", {"scale": 1 / 255}, "×0.00392"),
        ("BatchNormalization", {}, ""),
    ],
)
def test_faces(type_name: str, config: dict[str, Any], face: str) -> None:
    assert layer(type_name, **config).face() == face


def test_serialised_objects_parse_to_their_shortest_form() -> None:
    full = {
        "units": 4,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}},
        "activation": "linear",
        "dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}},
    }
    assert layer("Dense", **full).non_defaults() == {
        "units": 4,
        "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}},
    }


def test_shared_dense_is_held_to_the_kernel_it_was_built_with() -> None:
    dense = layer("Dense", units=4)
    again = dense.infer_again(((None, 8),), ((None, 5, 8),))
    assert (again.output, again.params, again.macs) == ((None, 5, 4), 0, 160)
    (problem,) = dense.infer_again(((None, 8),), ((None, 9),)).problems
    assert problem.code == "shared-mismatch"


def test_equal_configurations_share_one_layer() -> None:
    assert layer("Dense", units=4) is layer("Dense", units=4, name="other")
    assert output("Flatten", (2, 3)) == (6,)
