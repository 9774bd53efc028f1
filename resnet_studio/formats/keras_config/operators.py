"""Operators such as ``x + y`` and ``x * 2``, which Keras keeps as nodes beside the layers.

Two tensors of one shape are added, multiplied … by the merging layer that does just that; any
other operator is one of ``layers.operators``.  The element-wise operators of Keras 3 broadcast
the batch too and take a known size over an unknown one, which the merging layers do not.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.formats.keras_config.inbound import Call, Ref
from resnet_studio.layers.operators import OPERATORS, Operator
from resnet_studio.layers.rearranging import written

_MERGES = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")
_FUNCTIONS = {
    "__operators__.add": "Add", "math.add": "Add", "add": "Add", "add_v2": "Add",
    "math.subtract": "Subtract", "subtract": "Subtract",
    "math.multiply": "Multiply", "multiply": "Multiply",
    "math.maximum": "Maximum", "math.minimum": "Minimum",
}  # fmt: skip
"""What Keras 2 keeps as ``TFOpLambda``, by its function."""


def is_operator(class_name: str, module: str) -> bool:
    return class_name in (
        "TFOpLambda",
        "SlicingOpLambda",
        "TensorFlowOpLayer",
    ) or module.startswith(("keras.src.ops", "keras.ops"))


def operator_name(class_name: str, module: str, config: Mapping[str, Any]) -> str:
    """The type of a node that no layer stands for: ``ops.numpy.Multiply``."""
    function = config.get("function")
    if class_name == "TFOpLambda" and isinstance(function, str):
        return f"tf.{function}"
    short = module.removeprefix("keras.").removeprefix("src.")
    return f"{short}.{class_name}" if short else class_name


def as_layer(
    class_name: str, module: str, config: Mapping[str, Any], call: Call
) -> tuple[str, dict[str, Any]] | None:
    """The layer (type and config) that does just what the operator does, if there is one."""
    name = class_name
    if class_name == "TFOpLambda":
        name, module = _FUNCTIONS.get(str(config.get("function")), ""), "keras.src.ops.numpy"
        call, config = Call(_legacy_operands(call)), {}
    merged = _operands(call)
    if name in _MERGES and merged is not None and _merges(*merged):
        return name, {}
    kind = OPERATORS.get((module, name))
    arguments = _arguments(kind, config, call) if kind is not None else None
    if kind is None or arguments is None or not isinstance(layer_for(kind, arguments), Layer):
        return None
    return kind, arguments


def _legacy_operands(call: Call) -> tuple[Any, ...]:
    """Keras 2 gives the second operand by keyword."""
    return (*call.args, *(call.kwargs[key] for key in ("y", "x2") if key in call.kwargs))


def _operands(call: Call) -> tuple[Ref, Ref] | None:
    """Two tensors and nothing else."""
    refs = [value for value in call.args if isinstance(value, Ref)]
    return (refs[0], refs[1]) if len(refs) == len(call.args) == 2 and not call.kwargs else None


def _merges(first: Ref, second: Ref) -> bool:
    a, b = first.shape, second.shape
    if a is None or b is None:
        return True  # Keras 2 tells no shapes; almost always they are the same.
    if len(a) != len(b) or a[:1] != b[:1]:
        return False
    return all(x == y or 1 in (x, y) for x, y in zip(a, b, strict=True))


def _arguments(kind: str, config: Mapping[str, Any], call: Call) -> dict[str, Any] | None:
    """The config of a node for an operator, or None where it is called in another way."""
    cls = LAYERS[kind]
    assert issubclass(cls, Operator)
    names = (*cls.slots, *(name for name in cls.arguments if name not in cls.slots))
    if cls.takes_list:
        listed = call.args[0] if len(call.args) == 1 else None
        given: dict[str, Any] = {}
        if not isinstance(listed, list) or not all(isinstance(each, Ref) for each in listed):
            return None
    elif len(call.args) > len(names):
        return None
    else:
        given = dict(zip(names, call.args, strict=False))
    given |= call.kwargs
    tensors = [key for key, value in given.items() if isinstance(value, Ref)]
    constants = {key: value for key, value in given.items() if key not in tensors}
    if "key" in constants and kind == "ops.get_item":
        constants["key"] = _key(constants["key"])
    settings = {key: value for key, value in config.items() if key != "name"}
    found = {key: value for key, value in (settings | constants).items() if value is not None}
    slots = tuple(slot for slot in cls.slots if slot not in constants)
    return None if tuple(tensors) != slots else found


def _key(value: Any) -> str | None:
    """``x[:, 0]``, as the file spells it, as the text between the brackets."""
    parts = value if isinstance(value, list) else [value]
    found = [_bracketed(part) for part in parts]
    return None if None in found else ", ".join(map(str, found))


def _bracketed(value: Any) -> str | None:
    if value is None or type(value) is int:
        return str(value)
    if not isinstance(value, Mapping):
        return None
    if value.get("class_name") == "__ellipsis__":
        return "..."
    config = value.get("config")
    if value.get("class_name") != "__slice__" or not isinstance(config, Mapping):
        return None
    ends = [config.get(key) for key in ("start", "stop", "step")]
    if not all(end is None or type(end) is int for end in ends):
        return None
    return written(slice(*ends))


__all__ = ["as_layer", "is_operator", "operator_name"]
