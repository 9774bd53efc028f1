"""Values beyond any float: told, never a fault of the rules themselves."""

import pytest

import resnet_studio.rules  # noqa: F401 - fills the registry
from resnet_studio.core.layer import layer_for


@pytest.mark.parametrize("value", [10**400, -(10**400), [10**400, 1]])
@pytest.mark.parametrize(
    ("name", "argument"), [("AveragePooling2D", "pool_size"), ("ZeroPadding2D", "padding")]
)
def test_a_number_beyond_all_floats(name, argument, value) -> None:
    outcome = layer_for(name, {argument: value}).infer(((None, 8, 8, 4),))
    assert outcome.problems or outcome.outputs
