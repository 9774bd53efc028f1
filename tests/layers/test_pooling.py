"""Pooling layers on worked examples."""

from typing import Any

import pytest

from resnet_studio.core.shapes import Shape
from tests.layers.examples import call, layer, output, refusal


@pytest.mark.parametrize(
    ("config", "shape", "expected"),
    [
        ({}, (112, 112, 64), (56, 56, 64)),
        ({"pool_size": 3, "strides": 2}, (112, 112, 64), (55, 55, 64)),
        (
            {"pool_size": 3, "strides": 2, "padding": "same"},
            (112, 112, 64),
            (56, 56, 64),
        ),
        ({}, (57, 55, 4), (28, 27, 4)),
        ({"pool_size": [2, 3], "strides": 1}, (8, 8, 4), (7, 6, 4)),
        ({"pool_size": 9, "padding": "same"}, (4, 4, 2), (1, 1, 2)),
        ({}, (None, 8, None), (None, 4, None)),
        ({"data_format": "channels_first"}, (3, 8, 6), (3, 4, 3)),
        ({"pool_size": [2.5, 2.5]}, (9, 9, 3), (3, 3, 3)),
    ],
)
@pytest.mark.parametrize("type_name", ["MaxPooling2D", "AveragePooling2D"])
def test_pooling(type_name: str, config: dict[str, Any], shape: Shape, expected: Shape) -> None:
    config = {"pool_size": 2} | config
    assert output(type_name, shape, **config) == expected
    outcome = call(type_name, shape, **config)
    assert (outcome.params, outcome.macs) == (0, 0)


def test_only_max_pooling_has_a_default_window() -> None:
    assert output("MaxPooling2D", (8, 8, 3)) == (4, 4, 3)
    assert refusal("AveragePooling2D", (8, 8, 3)) == (
        "invalid-argument",
        "pool_size is missing",
    )


@pytest.mark.parametrize(
    ("shape", "config", "code"),
    [
        ((3, 3, 8), {"pool_size": 4}, "window-larger-than-input"),
        ((0, 3, 8), {}, "window-larger-than-input"),
        ((8, 8, 3), {"padding": "SAME"}, "invalid-argument"),
        ((8, 8, 3), {"strides": 0}, "invalid-argument"),
        ((8, 8, 3), {"strides": [1e-320, 1]}, "invalid-argument"),
        ((8, 8), {}, "rank-mismatch"),
        ((8, 8, 8, 3), {}, "rank-mismatch"),
    ],
)
def test_refusals(shape: Shape, config: dict[str, Any], code: str) -> None:
    assert refusal("MaxPooling2D", shape, **config)[0] == code


@pytest.mark.parametrize("type_name", ["GlobalAveragePooling2D", "GlobalMaxPooling2D"])
def test_global_pooling(type_name: str) -> None:
    assert output(type_name, (7, 7, 512)) == (512,)
    assert output(type_name, (None, None, 512), keepdims=True) == (1, 1, 512)
    assert output(type_name, (512, 7, 7), data_format="channels_first") == (512,)
    assert output(type_name, (3, 7, 7), data_format="channels_first", keepdims=True) == (3, 1, 1)
    assert refusal(type_name, (512,))[0] == "rank-mismatch"


def test_strides_of_the_windows_size_go_without_saying() -> None:
    assert layer("MaxPooling2D", pool_size=3, strides=[3, 3]).non_defaults() == {
        "pool_size": (3, 3)
    }
    assert layer("MaxPooling2D", strides=1).non_defaults() == {"strides": (1, 1)}


def test_faces() -> None:
    assert layer("MaxPooling2D", pool_size=3, strides=2).face() == "3×3, /2"
    assert layer("MaxPooling2D").face() == "2×2, /2"
    assert layer("AveragePooling2D", pool_size=3, strides=1).face() == "3×3"
    assert layer("GlobalAveragePooling2D").face() == ""
    assert layer("GlobalAveragePooling2D", keepdims=True).face() == "1×1"


def test_the_second_names_of_keras() -> None:
    """The document writes ``MaxPool2D``."""
    assert output("MaxPool2D", (8, 8, 3)) == (4, 4, 3)
    assert output("GlobalAvgPool2D", (8, 8, 3)) == (3,)
