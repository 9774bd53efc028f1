"""What an argument is parsed to is an argument again: the code and the files are written of it."""

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from tests.layers import samples
from tests.layers.test_against_keras import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_parsed_arguments_make_the_same_layer(name: str) -> None:
    for config in samples.singles(LAYERS[name]):
        layer = layer_for(name, config)
        if isinstance(layer, Layer):
            again = layer_for(name, layer.non_defaults())
            assert isinstance(again, Layer), (config, layer.non_defaults())
            assert again.non_defaults() == layer.non_defaults(), config
