"""Operators such as ``x + y`` and ``x * 2``, which Keras keeps as nodes beside the layers.

Where a layer gives the same shape and the same values it stands for the operator.  The element-
wise operators of Keras 3 broadcast the batch too and take a known size over an unknown one,
which the merging layers do not, so the shapes in the file have to rule that out.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.formats.keras_config.inbound import Call, Ref

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
    class_name: str, config: Mapping[str, Any], call: Call
) -> tuple[str, dict[str, Any]] | None:
    """The layer (type and config) that does just what the operator does, if there is one."""
    operator = class_name
    if class_name == "TFOpLambda":
        operator = _FUNCTIONS.get(str(config.get("function")), "")
    operands = _operands(call)
    if operator not in _MERGES or operands is None:
        return None
    first, second = operands
    if isinstance(first, Ref) and isinstance(second, Ref):
        return (operator, {}) if _merges(first, second) else None
    if isinstance(first, Ref):
        return _rescaling(operator, second, first)
    return None if operator == "Subtract" else _rescaling(operator, first, second)


def _operands(call: Call) -> tuple[Any, Any] | None:
    """``x1`` and ``x2``, by position or, as Keras 2 has it, the second by keyword."""
    named = {key: value for key, value in call.kwargs.items() if key != "name"}
    values = [*call.args, *(named.pop(key) for key in ("x1", "x2", "y") if key in named)]
    return (values[0], values[1]) if len(values) == 2 and not named else None


def _merges(first: Ref, second: Ref) -> bool:
    a, b = first.shape, second.shape
    if a is None or b is None:
        return True  # Keras 2 tells no shapes; almost always they are the same.
    if len(a) != len(b) or a[:1] != b[:1]:
        return False
    return all(x == y or 1 in (x, y) for x, y in zip(a, b, strict=True))


def _rescaling(operator: str, number: Any, tensor: Ref) -> tuple[str, dict[str, Any]] | None:
    """``x * c`` and ``x + c`` as the layer that does both."""
    if type(number) not in (int, float) or not tensor.dtype.startswith(("float", "bfloat")):
        return None
    if operator == "Multiply":
        return "Rescaling", {"scale": number}
    if operator in ("Add", "Subtract"):
        return "Rescaling", {"scale": 1.0, "offset": number if operator == "Add" else -number}
    return None


__all__ = ["as_layer", "is_operator", "operator_name"]
