"""What people type, read as values."""

import pytest

from resnet_studio.core.layer import Weight
from resnet_studio.gui.inspector.formula import formula, legend
from resnet_studio.gui.inspector.literals import (
    read_json,
    read_scalar,
    read_sizes,
    write_json,
    write_sizes,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64), (" -3 ", -3), ("1e-3", 0.001), (".5", 0.5), ("true", True), ("None", None),
        ("", None), ("relu", "relu"), ("3.0", 3.0),
    ],
)  # fmt: skip
def test_scalars(text, value) -> None:
    read = read_scalar(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("3 × 5", [3, 5]), ("3x5", [3, 5]), ("3, 5", [3, 5]), ("(3, 5)", [3, 5]),
        ("[3,5]", [3, 5]), ("((1, 2), (0, 3))", [[1, 2], [0, 3]]), ("? × 3", [None, 3]),
        ("(None, 3)", [None, 3]), ("(64,)", [64]), ("", None), ("a, b", ["a", "b"]),
        ("(3,", "(3,"),
    ],
)  # fmt: skip
def test_sizes(text, value) -> None:
    assert read_sizes(text) == value


def test_a_shape_is_always_a_list() -> None:
    assert read_sizes("8", always_list=True) == [8]
    assert read_sizes("", always_list=True) == []


@pytest.mark.parametrize("value", [[3, 3], [None, 3], [[1, 2], [0, 3]], [7]])
def test_sizes_written_are_read_back(value) -> None:
    assert read_sizes(write_sizes(value), always_list=True) == value


@pytest.mark.parametrize("value", [{"class_name": "L2", "config": {"l2": 0.1}}, [1, "a"], 3, 0.5])
def test_json_written_is_read_back(value) -> None:
    assert read_json(write_json(value)) == value


def test_numbers_beyond_reason_stay_text() -> None:
    assert read_scalar("9" * 5000) == "9" * 5000


def test_the_formula_of_weights() -> None:
    weights = [Weight("gamma", (64,)), Weight("moving_mean", (64,), trainable=False)]
    assert formula(weights) == "64 + 64 = 128"
    assert legend(weights) == "gamma + moving_mean (not trained)"
    assert formula([]) == ""
