"""A layer's arguments as Keras 3 takes them, whatever generation of Keras wrote them.

Follows what Keras' own ``legacy`` readers forgive, and what they do not: Keras 2 wrote
arguments that have no effect (``groups`` of a depthwise convolution) and that Keras 3 refuses.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.layer import LAYERS, Layer, layer_for

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
    "BatchNormalization": (
        "mode", "fused", "virtual_batch_size", "adjustment",
    ),
}  # fmt: skip
"""Arguments of Keras 1 and 2 whose usual value says nothing and which Keras 3 does not take."""
_NOTHING = (None, 1, 0, True, 2)
_RENAMED = {("LeakyReLU", "alpha"): "negative_slope"}
_LARGEST = 10**15
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
        return taken
    # Keras reads an axis of 1e300 as a whole number of 301 digits, which no file should hold.
    return {
        key: taken[key] if isinstance(value, int) and abs(value) > _LARGEST else _plain(value)
        for key, value in layer.non_defaults().items()
    }


def _idle(type_name: str, key: str, value: Any) -> bool:
    """Whether an argument of an older generation says nothing."""
    if key not in _WITHOUT_EFFECT.get(type_name, ()):
        return False
    known = type_name in LAYERS and key in LAYERS[type_name].arguments
    return not known and (key in _SEPARABLE[1:] or key == "input_length" or value in _NOTHING)


def _value(type_name: str, key: str, value: Any) -> Any:
    if key == "axis" and type_name == "BatchNormalization" and isinstance(value, list):
        return value[0] if len(value) == 1 else value
    if key == "dtype":
        return _precision(value)
    if key.endswith("_initializer"):
        return _initializer(value)
    return value


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
