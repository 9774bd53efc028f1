"""The names under which Keras has the layers."""

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import ALIASES, LAYERS
from tests.layers.oracle import keras


def test_second_names_are_those_of_keras() -> None:
    found = {name: getattr(keras.layers, name) for name in dir(keras.layers)}
    second = {
        name: cls.__name__
        for name, cls in found.items()
        if isinstance(cls, type) and cls.__name__ != name and cls.__name__ in LAYERS
    }
    assert second == ALIASES
