"""Masks: Keras works them out while it builds, and one of them can be what it fails on."""

import pytest

from resnet_studio.rules.examples import document, place
from tests.layers.test_graphs_against_keras import difference


def test_a_mask_that_fits_is_in_nobody_s_way() -> None:
    steps = place("x", "Input", shape=[5, 6])
    network = document(steps, place("m", "Masking", "x"), place("c", "Concatenate", "m", "m"))
    assert not difference(network)


@pytest.mark.xfail(strict=True, reason="the engine follows shapes, not masks")
def test_a_mask_is_concatenated_along_an_axis_that_one_tensor_was_not_asked_for() -> None:
    """Of one tensor Keras does not look at the axis, but of its mask it does."""
    steps = place("x", "Input", shape=[5, 6])
    network = document(steps, place("m", "Masking", "x"), place("c", "Concatenate", "m", axis=3))
    assert not difference(network)
