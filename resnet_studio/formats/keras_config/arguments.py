"""A layer's arguments as Keras 3 takes them, whatever generation of Keras wrote them.

Follows what Keras' own ``legacy`` readers forgive, and what they do not: Keras 2 wrote
arguments that have no effect (``groups`` of a depthwise convolution) and that Keras 3 refuses.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.expressions import escaped
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.formats.keras_config import older

_SHAPES = ("query_shape", "key_shape", "value_shape")
_SEPARABLE = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
_WITHOUT_EFFECT: Mapping[str, tuple[str, ...]] = {
    "DepthwiseConv1D": _SEPARABLE,
    "DepthwiseConv2D": _SEPARABLE,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "Conv1DTranspose": ("groups",),
    "Conv2DTranspose": ("groups",),
    "Conv3DTranspose": ("groups",),
    "SpatialDropout1D": ("noise_shape", "trainable"),
    "SpatialDropout2D": ("noise_shape", "trainable"),
    "SpatialDropout3D": ("noise_shape", "trainable"),
    "Embedding": ("input_length",),
    "LSTM": ("implementation", "time_major"),
    "GRU": ("implementation", "time_major"),
    "SimpleRNN": ("implementation", "time_major"),
    "MultiHeadAttention": _SHAPES,
    "BatchNormalization": (
        "mode", "fused", "virtual_batch_size", "adjustment",
    ),
}  # fmt: skip
"""Arguments of Keras 1 and 2 whose usual value says nothing and which Keras 3 does not take."""
_NOTHING = (None, 1, 0, True, 2)
_WHATEVER = {*_SEPARABLE[1:], *_SHAPES, "input_length"}
"""Those that say nothing whatever their value."""
_INNER = ("layer", "cell", "cells", "forward_layer", "backward_layer")
"""Arguments that hold layers."""
_RENAMED = {("LeakyReLU", "alpha"): "negative_slope"}
_LARGEST = 10**15
_MODULES = ("keras.layers", "keras.src.layers", "tf_keras.layers", "tf_keras.src.layers")
"""Where the generations of Keras have their layers."""
_POLICIES = ("Policy", "PolicyV1")


def modern(type_name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments for Keras 3, those left out that are at their defaults.

    What this version does not understand stays as the file has it.
    """
    taken = {
        _RENAMED.get((type_name, key), key): _value(type_name, key, value)
        for key, value in config.items()
        if key not in ("name", "batch_input_shape") and not _idle(type_name, key, value)
    }
    layer = layer_for(type_name, taken)
    if not isinstance(layer, Layer):
        return dict(escaped(taken))
    # Keras reads an axis of 1e300 as a whole number of 301 digits, which no file should hold.
    kept = {
        key: taken[key] if isinstance(value, int) and abs(value) > _LARGEST else _plain(value)
        for key, value in layer.non_defaults().items()
    }
    return dict(escaped(kept))


def _idle(type_name: str, key: str, value: Any) -> bool:
    """Whether an argument of an older generation says nothing."""
    if key not in _WITHOUT_EFFECT.get(type_name, ()):
        return False
    known = type_name in LAYERS and key in LAYERS[type_name].arguments
    return not known and (key in _WHATEVER or value in _NOTHING)


def _value(type_name: str, key: str, value: Any) -> Any:
    if key == "axis" and type_name == "BatchNormalization" and isinstance(value, list):
        return value[0] if len(value) == 1 else value
    if key == "dtype":
        return _precision(value)
    if key in _INNER:
        return _inner(value)
    if key.endswith("_initializer"):
        return _initializer(value)
    return value


def _inner(value: Any) -> Any:
    """The layer in a wrapper, or the cells of a recurrent one, like any other layer."""
    if isinstance(value, list):
        return [_inner(item) for item in value]
    if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
        return value
    config = value.get("config")
    if not isinstance(config, Mapping):
        return value
    name, config = older.converted(value["class_name"], config)
    kept = {"name": config["name"]} if "name" in config else {}
    # What it was built for says nothing of what it is called with, nor does where Keras had it.
    around = {key: item for key, item in value.items() if key != "build_config"}
    if str(around.get("module")).startswith(_MODULES):
        del around["module"]
    return {**around, "class_name": name, "config": {**kept, **modern(name, config)}}


def _precision(value: Any) -> Any:
    """Keras 2 writes a policy where Keras 3 writes a DTypePolicy."""
    if isinstance(value, Mapping) and value.get("class_name") in _POLICIES:
        config = value.get("config")
        return config.get("name") if isinstance(config, Mapping) else value
    return value


def _initializer(value: Any) -> Any:
    """TensorFlow 1 noted a dtype, which is the layer's."""
    config = value.get("config") if isinstance(value, Mapping) else None
    if not isinstance(config, Mapping) or "dtype" not in config:
        return value
    return {**value, "config": {k: v for k, v in config.items() if k != "dtype"}}


def input_arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    """What ``keras.Input`` takes, from the config of an ``InputLayer``."""
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    rest = {
        key: value
        for key, value in config.items()
        if key not in ("name", "batch_shape", "batch_input_shape") and value not in (None, False)
    }
    if isinstance(shape, list) and shape and shape[0] is None:
        rest = {"shape": shape[1:], **rest}
    elif shape is not None:
        rest = {"batch_shape": shape, **rest}
    return modern("Input", rest)


def _plain(value: Any) -> Any:
    """Parsed values as JSON has them: lists for tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


__all__ = ["input_arguments", "modern"]
