"""Operators in the code: ``x * 2.0``, ``x[:, 0]``, ``keras.ops.mean(x, axis=1)``."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from resnet_studio.core.document import Node
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.core.opaque import declared_shapes
from resnet_studio.formats.keras_code.constructors import Renaming, applied, constructor, value_of
from resnet_studio.formats.keras_code.layout import Expression, Group, call, flat
from resnet_studio.formats.keras_code.literals import literal
from resnet_studio.layers.operators import Operator

_SIGNS = {
    "ops.add": "+", "ops.subtract": "-", "ops.multiply": "*", "ops.true_divide": "/",
    "ops.floor_divide": "//", "ops.mod": "%", "ops.power": "**", "ops.matmul": "@",
    "ops.greater": ">", "ops.greater_equal": ">=", "ops.less": "<", "ops.less_equal": "<=",
}  # fmt: skip
"""What Python writes for an operator, and Keras then makes of it."""


_LONG = 40

STAND_IN = '''class StandIn(layers.Layer):
    """Stands where a layer belongs that is not part of Keras: put the real one there.

    It has the shape that the network's file declares, and computes nothing.
    """

    def __init__(self, stands_for, output_shape, arguments, count=0, name=None):
        super().__init__(name=name)
        self.stands_for, self.declared = stands_for, output_shape
        self.arguments, self.count = arguments, count

    def build(self, input_shape):
        if self.count:
            self.add_weight(shape=(self.count,))

    def compute_output_spec(self, inputs):
        several = isinstance(self.declared, list)
        shapes = self.declared if several else [self.declared]
        made = [keras.KerasTensor(shape, self.compute_dtype) for shape in shapes]
        return made if several else made[0]

    def call(self, inputs):
        raise NotImplementedError(f"put the layer {self.stands_for} in place of StandIn")'''
"""In the code of a network with layers of classes that nobody here knows."""

UNWRITTEN = '''def unwritten(*tensors, **arguments):
    """Stands for the function of a Lambda layer, which is in no file: write it here."""
    raise NotImplementedError("write the function of the Lambda layer")'''
"""In the code of a network with Lambda layers."""


def is_operation(type_name: str) -> bool:
    cls = LAYERS.get(type_name)
    return cls is not None and issubclass(cls, Operator)


def called(
    node: Node, config: Mapping[str, Any], rename: Renaming, name: str | None = None
) -> tuple[Expression, Callable[[list[str]], Group]]:
    """What stands before the brackets of a layer or operator, and the brackets for its tensors.

    ``node`` is the owner of the layer, ``config`` its arguments as they are to be written.
    """
    type_name = node.type
    if type_name not in LAYERS:
        return _stand_in(node, config, rename, name), _given
    cls = LAYERS[type_name]
    if not is_operation(type_name):
        return constructor(type_name, config, rename, name), partial(applied, type_name)
    signed = type_name in (*_SIGNS, "ops.negative", "ops.get_item")
    callee = () if signed else (f"keras.ops.{cls.public_name}",)
    return callee, partial(_operation, type_name, config, rename)


def _stand_in(
    node: Node, config: Mapping[str, Any], rename: Renaming, name: str | None
) -> Expression:
    """``StandIn("package>Layer", (None, 7, 7, 64), {…})``: what the file says, all of it data."""
    shapes = declared_shapes(node.extra.get("output_shape")) or ()
    settings = {key: value for key, value in config.items() if key != "name"}
    items: list[Expression] = [
        literal(node.type),
        literal(shapes[0] if len(shapes) == 1 else list(shapes)),
        value_of(settings, rename),
    ]
    if node.extra.get("params"):
        items.append(("count=", *literal(node.extra["params"])))
    given = config.get("name") or name
    if given is not None:
        items.append(("name=", *literal(given)))
    return ("StandIn", call(*items))


def _given(tensors: list[str]) -> Group:
    several = Group("[", tuple((name,) for name in tensors), "]", literal=True)
    return call((tensors[0],) if len(tensors) == 1 else (several,))


def _operation(
    type_name: str, config: Mapping[str, Any], rename: Renaming, tensors: list[str]
) -> Group:
    """The operator applied to its tensors: in signs, or the brackets of its function."""
    cls = LAYERS[type_name]
    assert issubclass(cls, Operator)
    given = {key: value_of(value, rename) for key, value in config.items() if key != "name"}
    operands = _operands(cls, given, tensors)
    if type_name in _SIGNS:
        left, right = (_enclosed(operand) for operand in operands)
        return _plain(f"{left} {_SIGNS[type_name]} {right}")
    if type_name == "ops.negative":
        return _plain(f"-{tensors[0]}")
    if type_name == "ops.get_item":
        return _plain(f"{tensors[0]}[{_key(config)}]")
    return call(*operands, *_keywords(cls, config, given))


def _keywords(
    cls: type[Operator], config: Mapping[str, Any], given: Mapping[str, Expression]
) -> list[Expression]:
    """The arguments that differ from their defaults."""
    layer = layer_for(cls.__name__, config)
    told = layer.non_defaults() if isinstance(layer, Layer) else config
    return [(f"{key}=", *given[key]) for key in given if key not in cls.slots and key in told]


def _operands(
    cls: type[Operator], given: Mapping[str, Expression], tensors: list[str]
) -> list[Expression]:
    if cls.takes_list:
        return [(Group("[", tuple((name,) for name in tensors), "]", literal=True),)]
    rest = iter(tensors)
    return [given[slot] if slot in given else (next(rest),) for slot in cls.slots]


def _enclosed(operand: Expression) -> str:
    """A signed number or a sum in brackets, so that it stays whole beside any operator."""
    text = flat(operand)
    return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"


def _key(config: Mapping[str, Any]) -> str:
    """The text in the square brackets, taken apart and written again."""
    layer = layer_for("ops.get_item", config)
    assert isinstance(layer, Layer)
    return str(layer.__dict__["key"])


def _plain(text: str) -> Group:
    """An expression that needs no brackets, but gets them where its line might have to break."""
    return Group("(", ((text,),), ")") if len(text) > _LONG else Group("", ((text,),), "")
