"""Flatten, Reshape, Permute, padding, cropping and enlarging on worked examples."""

from typing import Any

import pytest

from resnet_studio.core.shapes import Shape
from tests.layers.examples import layer, output, refusal


@pytest.mark.parametrize(
    ("type_name", "config", "shape", "expected"),
    [
        ("Flatten", {}, (7, 7, 512), (25088,)),
        ("Flatten", {}, (None, 7, 512), (None,)),
        ("Flatten", {}, (), (1,)),
        ("Reshape", {"target_shape": [7, 7, 64]}, (3136,), (7, 7, 64)),
        ("Reshape", {"target_shape": [-1, 64]}, (7, 7, 64), (49, 64)),
        ("Reshape", {"target_shape": [-1]}, (None, 7, 64), (None,)),
        ("Reshape", {"target_shape": [None, 5]}, (7, 64), (None, 5)),
        ("Reshape", {"target_shape": []}, (1, 1), ()),
        ("Reshape", {"target_shape": [0, 5]}, (0, 7), (0, 5)),
        ("Permute", {"dims": [3, 1, 2]}, (7, 9, 64), (64, 7, 9)),
        ("ZeroPadding2D", {"padding": 3}, (224, 224, 3), (230, 230, 3)),
        ("ZeroPadding2D", {}, (8, None, 3), (10, None, 3)),
        ("ZeroPadding2D", {"padding": [[0, 1], [2, 3]]}, (8, 8, 3), (9, 13, 3)),
        ("ZeroPadding2D", {"padding": [1, [2, 3]]}, (8, 8, 3), (10, 13, 3)),
        # Keras' constructor does not look at a single number: a known defect that we follow.
        ("ZeroPadding2D", {"padding": -4}, (8, 9, 3), (0, 1, 3)),
        ("ZeroPadding2D", {"data_format": "channels_first"}, (3, 8, 8), (3, 10, 10)),
        ("Cropping2D", {"cropping": [[1, 2], [3, 4]]}, (8, 8, 3), (5, 1, 3)),
        ("Cropping2D", {"cropping": 1}, (None, 3, 3), (None, 1, 3)),
        ("UpSampling2D", {}, (7, 9, 3), (14, 18, 3)),
        (
            "UpSampling2D",
            {"size": [1, 3], "interpolation": "BILINEAR"},
            (7, 9, 3),
            (7, 27, 3),
        ),
        (
            "UpSampling2D",
            {"data_format": "channels_first"},
            (3, 7, None),
            (3, 14, None),
        ),
    ],
)
def test_shapes(type_name: str, config: dict[str, Any], shape: Shape, expected: Shape) -> None:
    assert output(type_name, shape, **config) == expected


@pytest.mark.parametrize(
    ("type_name", "config", "shape", "code", "words"),
    [
        (
            "Reshape",
            {"target_shape": [7, 7]},
            (50,),
            "reshape-mismatch",
            "its 50 values",
        ),
        (
            "Reshape",
            {"target_shape": [-1, 7]},
            (50,),
            "reshape-mismatch",
            "divided by 7",
        ),
        (
            "Reshape",
            {"target_shape": [-1, 0]},
            (0,),
            "reshape-mismatch",
            "divided by 0",
        ),
        (
            "Reshape",
            {"target_shape": [-1, -1]},
            (4,),
            "invalid-argument",
            "one may be -1",
        ),
        ("Reshape", {"target_shape": [-2]}, (4,), "invalid-argument", "at least 0"),
        ("Reshape", {"target_shape": 4}, (4,), "invalid-argument", "must be a list"),
        ("Permute", {"dims": [1, 1]}, (3, 4), "invalid-argument", "each once"),
        ("Permute", {"dims": [0, 1]}, (3, 4), "invalid-argument", "each once"),
        ("Permute", {"dims": [2.0, 1.0]}, (3, 4), "invalid-argument", "each once"),
        ("Permute", {"dims": [2, 1]}, (3, 4, 5), "rank-mismatch", "orders 2 axes"),
        ("ZeroPadding2D", {"padding": -5}, (8, 9, 3), "negative-size", "-2×-1"),
        ("ZeroPadding2D", {"padding": [-1, 0]}, (8, 9, 3), "invalid-argument", "-1"),
        (
            "ZeroPadding2D",
            {"padding": [1, 1, 1]},
            (8, 9, 3),
            "invalid-argument",
            "list of 2",
        ),
        ("ZeroPadding2D", {}, (8, 9), "rank-mismatch", "height×width×channels"),
        (
            "Cropping2D",
            {"cropping": 4},
            (8, 9, 3),
            "cropping-larger-than-input",
            "8×8 off 8×9",
        ),
        ("Cropping2D", {}, (0, 9, 3), "cropping-larger-than-input", "leaves nothing"),
        ("Cropping2D", {"cropping": -1}, (8, 9, 3), "invalid-argument", "at least 0"),
        ("UpSampling2D", {"size": 0}, (8, 9, 3), "invalid-argument", "size must be"),
        ("UpSampling2D", {"size": [1.5, 2]}, (8, 9, 3), "invalid-argument", "12.0×18"),
        (
            "UpSampling2D",
            {"interpolation": None},
            (8, 9, 3),
            "invalid-argument",
            "interpolation",
        ),
    ],
)
def test_refusals(
    type_name: str, config: dict[str, Any], shape: Shape, code: str, words: str
) -> None:
    found, message = refusal(type_name, shape, **config)
    assert found == code
    assert words in message


def test_a_fraction_passes_where_the_size_is_unknown() -> None:
    assert output("UpSampling2D", (None, None, 3), size=[1.5, 2.5]) == (None, None, 3)


@pytest.mark.parametrize(
    ("type_name", "config", "face"),
    [
        ("Flatten", {}, ""),
        ("Reshape", {"target_shape": [7, 7, 64]}, "7×7×64"),
        ("Reshape", {"target_shape": [-1, 64]}, "-1×64"),
        ("Permute", {"dims": [3, 1, 2]}, "3, 1, 2"),
        ("ZeroPadding2D", {"padding": 3}, "3"),
        ("ZeroPadding2D", {"padding": [1, 2]}, "1, 2"),
        ("Cropping2D", {"cropping": [[0, 1], [0, 1]]}, "(0, 1), (0, 1)"),
        ("UpSampling2D", {}, "×2"),
        (
            "UpSampling2D",
            {"size": [1, 2], "interpolation": "bilinear"},
            "×1×2, bilinear",
        ),
    ],
)
def test_faces(type_name: str, config: dict[str, Any], face: str) -> None:
    assert layer(type_name, **config).face() == face
