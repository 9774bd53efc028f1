"""Merging layers on worked examples."""

import pytest

from resnet_studio.core.shapes import Shape
from tests.layers.examples import layer

Inputs = tuple[Shape, ...]


def merged(type_name: str, inputs: Inputs, **config: object) -> Shape | None:
    return layer(type_name, **config).infer(inputs).output


def test_a_residual_block_joins_equal_shapes() -> None:
    same = (None, 56, 56, 64)
    outcome = layer("Add").infer((same, same))
    assert (outcome.output, outcome.params, outcome.macs) == (same, 0, 0)


def test_the_doubling_mismatch_names_both_shapes_and_the_axis() -> None:
    inputs = ((None, 56, 56, 64), (None, 28, 28, 128))
    (problem,) = layer("Add").infer(inputs).problems
    assert problem.code == "shortcut-mismatch"
    assert "56×56×64 and 28×28×128" in problem.message
    assert problem.data["inputs"] == inputs
    assert (problem.data["slot"], problem.data["axis"]) == (1, 1)


def test_a_third_input_is_told_what_the_first_two_come_to() -> None:
    inputs = ((None, 8, 8, 4), (None, 8, 8, 1), (None, 4, 4, 4))
    (problem,) = layer("Add").infer(inputs).problems
    assert "8×8×4 (what inputs 0 to 1 come to) and 4×4×4" in problem.message
    assert problem.data["slot"] == 2


@pytest.mark.parametrize(
    ("inputs", "output"),
    [
        (((None, 56, 56, 64), (None, 56, 56, 1)), (None, 56, 56, 64)),
        (((None, 56, 56, 64), (None, 64)), (None, 56, 56, 64)),
        (((None, 3), (None, None), (None, 5)), (None, None)),
        (((None, 3), (None, 5), (None, None)), None),
        (((2, 4), (None, 4)), (2, 4)),
        (((2, 4), (3, 4)), None),
        (((None, 0), (None, 1)), (None, 0)),
        (((),), None),
    ],
)
def test_broadcasting_depends_on_the_order_of_inputs(inputs: Inputs, output: Shape | None) -> None:
    assert merged("Maximum", inputs) == output


def test_subtract_takes_exactly_two() -> None:
    one = (None, 4)
    (few,) = layer("Subtract").infer((one,)).problems
    (many,) = layer("Subtract").infer((one, one, one)).problems
    assert (few.code, many.code) == ("missing-input", "too-many-inputs")


@pytest.mark.parametrize(
    ("inputs", "axis", "output"),
    [
        (((None, 8, 8, 3), (None, 8, 8, 5)), -1, (None, 8, 8, 8)),
        (((None, 8, 8, 3), (None, 4, 8, 3)), 1, (None, 12, 8, 3)),
        (((None, 5, 6), (4, 5, 6)), -1, (None, 5, 12)),
        (((4, 5, 6), (None, 5, 6)), -1, (4, 5, 12)),
        (((None, 8, None), (None, 8, 5)), -1, (None, 8, None)),
        (((2, 4), (3, 4)), 0, (5, 4)),
    ],
)
def test_concatenate(inputs: Inputs, axis: int, output: Shape) -> None:
    assert merged("Concatenate", inputs, axis=axis) == output


@pytest.mark.parametrize(
    ("inputs", "axis", "code"),
    [
        (((None, 8, 8, 3), (None, 4, 4, 3)), -1, "concatenate-mismatch"),
        (((None, 8, 8, 3), (None, 8, 3)), -1, "concatenate-mismatch"),
        (((None, 8, 3), (None, 8, 3)), 3, "axis-out-of-range"),
        (((None, 8, 3), (None, 8, 3)), -4, "axis-out-of-range"),
    ],
)
def test_concatenate_refuses(inputs: Inputs, axis: int, code: str) -> None:
    (problem,) = layer("Concatenate", axis=axis).infer(inputs).problems
    assert problem.code == code
