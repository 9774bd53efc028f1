"""Layers of older generations, those of Keras 1 above all, in the words of Keras 3.

Follows the classes and ``get_config`` of Keras 1.2.2 and, for what replaced them, the
``legacy.interfaces`` of Keras 2.0.  Layers that Keras has given up, and that none does the same
as, stay what they were called.
"""

from collections.abc import Mapping
from typing import Any

Config = Mapping[str, Any]

_CLASSES = {
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D", "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose", "SeparableConvolution2D": "SeparableConv2D",
    "TimeDistributedDense": "Dense",
}  # fmt: skip
_MERGES = {
    "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate",
    "dot": "Dot", "cos": "Dot",
}  # fmt: skip
"""What ``Merge`` did, by its mode."""
_RECURRENT = ("LSTM", "GRU", "SimpleRNN")
_DROPOUTS = (
    "Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
)  # fmt: skip
_EVERYWHERE = {
    "border_mode": "padding", "dim_ordering": "data_format", "bias": "use_bias",
    "nb_filter": "filters", "subsample": "strides", "subsample_length": "strides",
    "filter_length": "kernel_size", "atrous_rate": "dilation_rate",
    "pool_length": "pool_size", "stride": "strides",
    "beta_init": "beta_initializer", "gamma_init": "gamma_initializer",
    "depthwise_init": "depthwise_initializer", "pointwise_init": "pointwise_initializer",
    "init": "kernel_initializer", "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer", "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint", "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation", "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout", "dropout_U": "recurrent_dropout", "sigma": "stddev",
}  # fmt: skip
"""Arguments that had one meaning wherever they stood."""
_OF_CLASS: Mapping[str, Mapping[str, str]] = {
    **{key: {"output_dim": "units"} for key in ("Dense", "TimeDistributedDense", *_RECURRENT)},
    **{key: {"p": "rate"} for key in _DROPOUTS},
    "UpSampling1D": {"length": "size"},
    "PReLU": {"init": "alpha_initializer"},
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
}
_SUCCESSORS: Mapping[str, tuple[str, Config, Config]] = {
    "ThresholdedReLU": ("ReLU", {"theta": "threshold"}, {}),
    "CuDNNLSTM": ("LSTM", {}, {}),
    "CuDNNGRU": ("GRU", {}, {}),
    "SyncBatchNormalization": ("BatchNormalization", {}, {"synchronized": True}),
}
"""What does the same today: its class, the arguments renamed, and those added."""
_WITHOUT_EFFECT = ("input_dtype", "input_length", "consume_less")
_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}
_INITIALIZERS = {
    "uniform": "random_uniform", "normal": "random_normal", "zero": "zeros", "one": "ones",
}  # fmt: skip
_MARKS = frozenset(_EVERYWHERE) - {"bias", "stride", "init"} | {
    "input_dtype", "consume_less", "p", "nb_row", "kernel_dim1", "mode_type",
}  # fmt: skip
"""Arguments that no later generation has."""


def _is_keras1(class_name: str, config: Config) -> bool:
    """Whether a layer's description is one of Keras 1."""
    renamed = any(old in config for old in _OF_CLASS.get(class_name, ()))
    named = class_name == "Merge" or class_name in _CLASSES
    return named or renamed or not _MARKS.isdisjoint(config)


def converted(class_name: str, config: Config) -> tuple[str, Config]:
    """The class and arguments of Keras 3; what is of Keras 3 already is left as it is."""
    if class_name in _SUCCESSORS:
        name, renamed, added = _SUCCESSORS[class_name]
        return name, {**{renamed.get(k, k): v for k, v in config.items()}, **added}
    return (
        _from_keras1(class_name, config) if _is_keras1(class_name, config) else (class_name, config)
    )


def _from_keras1(class_name: str, config: Config) -> tuple[str, Config]:
    if class_name == "Merge":
        return _merge(config)
    result: dict[str, Any] = {}
    names = {**_EVERYWHERE, **_OF_CLASS.get(class_name, {})}
    for key, value in config.items():
        if key not in _WITHOUT_EFFECT:
            result[names.get(key, key)] = _value(names.get(key, key), value)
    _join_sizes(result)
    _CHANGES.get(class_name, _plain)(result)
    if class_name == "InputLayer" and "input_dtype" in config:
        result["dtype"] = config["input_dtype"]
    return _CLASSES.get(class_name, class_name), {k: v for k, v in result.items() if v != _GONE}


_GONE = "\0"
"""A value that says nothing."""


def _value(key: str, value: Any) -> Any:
    if key == "data_format":
        return _ORDERINGS.get(value, _GONE) if isinstance(value, str) else value
    if key.endswith("_initializer"):
        return _INITIALIZERS.get(value, value) if isinstance(value, str) else value
    if isinstance(value, Mapping) and "name" in value and key.endswith("_regularizer"):
        return _regularizer(value)
    if isinstance(value, Mapping) and "name" in value and key.endswith("_constraint"):
        config = {"max_value" if k == "m" else k: v for k, v in value.items() if k != "name"}
        return {"class_name": value["name"], "config": config}
    return value


def _regularizer(value: Config) -> Any:
    if value.keys() - {"name", "l1", "l2"}:
        return value
    config = {"l1": value.get("l1") or 0.0, "l2": value.get("l2") or 0.0}
    return {"class_name": "L1L2", "config": config} if any(config.values()) else None


def _join_sizes(result: dict[str, Any]) -> None:
    """``nb_row`` and ``nb_col`` are the kernel's sizes, and so on."""
    for sizes in (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")):
        if all(size in result for size in sizes):
            result["kernel_size"] = [result.pop(size) for size in sizes]


def _plain(result: dict[str, Any]) -> None:
    """The input's size had an argument; it is known from what arrives."""
    result.pop("input_dim", None)


def _embedding(result: dict[str, Any]) -> None:
    if not result.get("dropout"):
        result.pop("dropout", None)


def _lstm(result: dict[str, Any]) -> None:
    _plain(result)
    start = result.pop("forget_bias_init", "one")
    result["unit_forget_bias"] = start == "one"


def _gru(result: dict[str, Any]) -> None:
    """It reset before the multiplication, with one bias, and was given no choice."""
    _plain(result)
    result["reset_after"] = False


def _deconvolution(result: dict[str, Any]) -> None:
    """The output's size was given; it follows from the stride where it is the usual one."""
    _plain(result)
    result.pop("output_shape", None)


_CHANGES = {
    "Embedding": _embedding,
    "LSTM": _lstm,
    "GRU": _gru,
    "Deconvolution2D": _deconvolution,
}


def _merge(config: Config) -> tuple[str, Config]:
    mode = config.get("mode")
    found = _MERGES.get(mode) if isinstance(mode, str) else None
    if found is None or config.get("mode_type", "raw") != "raw":
        return "Merge", config
    kept = {key: config[key] for key in ("name", "trainable") if key in config}
    if found == "Concatenate":
        return found, {**kept, "axis": config.get("concat_axis", -1)}
    if found == "Dot":
        return found, {**kept, "axes": config.get("dot_axes", -1), "normalize": mode == "cos"}
    return found, kept


__all__ = ["converted"]
