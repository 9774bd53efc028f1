"""Which weights an initializer can fill, in which precision: what Keras finds out in ``build``."""

from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import layer_for
from tests.layers import oracle

UNIFORM = ["glorot_uniform", "he_uniform", "lecun_uniform", "random_uniform"]
WIDE = {"class_name": "RandomUniform", "config": {"minval": -2, "maxval": 3}}
SCALED = {
    "class_name": "VarianceScaling",
    "config": {"scale": 8.0, "mode": "fan_out", "distribution": "uniform"},
}
BY_AXES = {"class_name": "HeUniform", "config": {"input_axes": [0], "output_axes": [1]}}


def constant(value: Any) -> dict[str, Any]:
    return {"class_name": "Constant", "config": {"value": value}}


def agree(type_name: str, config: dict[str, Any], shape: tuple[int | None, ...]) -> bool:
    """Whether Keras takes it; fails where the engine says otherwise."""
    keras = oracle.layer(type_name, config, [shape])
    ours = layer_for(type_name, config).infer((shape,))
    assert (ours.outputs or (), ours.params, ours.trainable) == keras.facts[1:], keras.error
    return keras.accepted


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "bool", "bfloat16"])
@pytest.mark.parametrize("start", [*UNIFORM, WIDE, SCALED, BY_AXES, "he_normal", None], ids=str)
def test_whole_numbers_are_drawn_where_a_range_is_left(start: Any, dtype: str) -> None:
    """Uniform ends are cut to whole numbers: ±1.2 leaves a range, ±0.9 none."""
    config = {"units": 2, "use_bias": False, "dtype": dtype, "kernel_initializer": start}
    for size in (0, 1, 2, 3, 4, 5, 6, 40):
        agree("Dense", config, (None, size))
    grouped = {"filters": 4, "kernel_size": 1, "groups": 2, "dtype": dtype}
    agree("Conv2D", grouped | {"kernel_initializer": start}, (None, 4, 4, 4))


def test_both_verdicts_come_up() -> None:
    config = {"units": 2, "dtype": "int32", "kernel_initializer": "glorot_uniform"}
    assert agree("Dense", config, (None, 4))
    assert not agree("Dense", config, (None, 40))


@pytest.mark.parametrize(
    "value",
    [
        3.4028235e38,
        3.5e38,
        -1e300,
        [1.0, 1e39],
        [1, 10**17],
        [True, 2],
        [True, False],
        [],
        [[1, 2]],
    ],
    ids=str,
)
def test_constants(value: Any) -> None:
    for dtype in ("float32", "float64", "int32"):
        for size in (0, 2):
            config = {"dtype": dtype, "gamma_initializer": constant(value)}
            agree("LayerNormalization", config, (None, size))


@pytest.mark.parametrize(
    "size",
    [2**31, 3 * 10**9, 2**32, 10**18 - 1, 10**400],
    ids=lambda size: f"{len(str(size))} digits",
)
@pytest.mark.parametrize("start", ["glorot_uniform", "zeros"])
def test_weights_without_values_may_still_be_too_large(size: int, start: str) -> None:
    config = {"filters": 4, "kernel_size": size, "padding": "same", "kernel_initializer": start}
    agree("Conv2D", config, (None, 8, 8, 0))


@pytest.mark.parametrize("dtype", ["float16", "int32", "bool", "string", "complex64"])
@pytest.mark.parametrize("start", ["zeros", "ones"])
def test_renormalisation_takes_a_square_root(dtype: str, start: str) -> None:
    config = {"renorm": True, "dtype": dtype, "moving_variance_initializer": start}
    for size in (0, 4):
        agree("BatchNormalization", config, (None, size))
