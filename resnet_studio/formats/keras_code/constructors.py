"""Calls of constructors: ``layers.Conv2D(64, 7, strides=2)``, arguments as an expert writes them.

Arguments at their defaults are left out.  Expressions over a block's parameters stay
expressions; ``rename`` says what each parameter is called in the code.
"""

import ast
from collections.abc import Mapping
from functools import cache
from typing import Any

from resnet_studio.core.arguments import REQUIRED, Argument, PerAxis
from resnet_studio.core.expressions import LITERAL, contains_expression
from resnet_studio.core.layer import LAYERS, Layer
from resnet_studio.core.serialized import Registered
from resnet_studio.formats.keras_code.layout import Expression, Group, call, flat
from resnet_studio.formats.keras_code.literals import literal
from resnet_studio.formats.keras_code.naming import imported
from resnet_studio.layers.inner import InnerLayer, class_named
from resnet_studio.layers.opaque import OwnFunction

Renaming = Mapping[str, str]
_WITHOUT_EFFECT = {"input_shape", "input_dim"}


def constructor(
    type_name: str, config: Mapping[str, Any], rename: Renaming, name: str | None = None
) -> Expression:
    """``layers.<type>(…)``; ``name`` is used where the config has none."""
    cls = LAYERS[type_name]
    written = _arguments(cls, config, rename)
    leading = positional(type_name)
    items: list[Expression] = []
    for key in (*leading, *(key for key in written if key not in leading)):
        if key not in written:
            continue
        keyword = "" if key in leading else f"{key}="
        items.append((keyword, *written[key]))
    if config.get("name") is not None:
        items.append(("name=", *value_of(config["name"], rename)))
    elif name is not None:
        items.append(("name=", *literal(name)))
    return (callee(type_name), call(*items))


def callee(type_name: str) -> str:
    """How the code names the class: ``layers.Conv2D``, or a name of its own that it imports."""
    cls = LAYERS[type_name]
    if type_name == "Input":
        return "keras.Input"
    return imported(cls) or f"layers.{cls.public_name or type_name}"


@cache
def positional(type_name: str) -> tuple[str, ...]:
    """The arguments that go without their keyword: the required ones, or a leading size."""
    arguments = LAYERS[type_name].arguments
    required = tuple(key for key, argument in arguments.items() if argument.required)
    first = next(iter(arguments.items()), None)
    if not required and first is not None and isinstance(first[1].kind, PerAxis):
        return (first[0],)
    return required


def applied(type_name: str, tensors: list[str]) -> Group:
    """The brackets in which a layer of this type is called with its tensors."""
    slots = LAYERS[type_name].slots
    if slots:
        # Query and value are plain by their order; what comes behind is named.
        keywords = ("", "", *(f"{slot}=" for slot in slots[2:]))
        return call(*((key + name,) for key, name in zip(keywords, tensors, strict=False)))
    if LAYERS[type_name].takes_list or len(tensors) > 1:
        return call((Group("[", tuple((name,) for name in tensors), "]", literal=True),))
    return call((tensors[0],))


def _arguments(
    cls: type[Layer], config: Mapping[str, Any], rename: Renaming
) -> dict[str, Expression]:
    found: dict[str, Expression] = {}
    for key, argument in cls.arguments.items():
        if key in config and not (argument.hidden and key in _WITHOUT_EFFECT):
            value = _argument(argument, config[key], rename)
            if value is not None:
                found[key] = value
    if "pool_size" in cls.arguments and not contains_expression(dict(config)):
        _leave_out_implied_strides(cls, config, found)
    return found


def _leave_out_implied_strides(
    cls: type[Layer], config: Mapping[str, Any], found: dict[str, Expression]
) -> None:
    """Pooling windows that do not overlap are what missing strides mean."""
    size, strides = cls.arguments["pool_size"], cls.arguments["strides"]
    # By their text, as 2 and 2.0 are not the same to Keras.
    if "strides" in found and str(strides.parse(config)) == str(size.parse(config)):
        del found["strides"]


def _argument(argument: Argument, raw: Any, rename: Renaming) -> Expression | None:
    """The value to be written, or None where it is the default."""
    if isinstance(argument.kind, OwnFunction):
        return (OwnFunction.symbol,) if raw is not None else None
    if isinstance(argument.kind, InnerLayer) and raw is not None:
        return _inner(argument, raw, rename)
    if contains_expression(raw):
        return _collapsed(argument, value_of(raw, rename, tuple))
    value = argument.kind.parse(raw)
    default = argument.parsed_default
    if default is not REQUIRED and value == default and type(value) is type(default):
        return None
    if isinstance(argument.kind, Registered) and isinstance(value, Mapping):
        return _serialised(argument.kind, value)
    if isinstance(argument.kind, PerAxis):
        value = _same_for_all(value)
    return value_of(value, rename)


def value_of(value: Any, rename: Renaming, sequence: type = list) -> Expression:
    """A value in which texts that start with ``=`` are expressions.

    Lists become ``sequence``.
    """
    if isinstance(value, str) and value.startswith(LITERAL):
        return literal(value[1:])
    if isinstance(value, str) and value.startswith("="):
        return (expression(value, rename),)
    if value is None or isinstance(value, bool | int | float):
        return literal(value)
    if isinstance(value, Mapping):
        items = [(*literal(k), ": ", *value_of(v, rename, sequence)) for k, v in value.items()]
        return (Group("{", tuple(items), "}", literal=True),)
    if isinstance(value, list | tuple):
        brackets = "()" if isinstance(value, tuple) or sequence is tuple else "[]"
        items = [value_of(item, rename, sequence) for item in value]
        return (Group(brackets[0], tuple(items), brackets[1], literal=True),)
    return literal(value)


def _inner(argument: Argument, raw: Mapping[str, Any], rename: Renaming) -> Expression:
    """A layer inside a wrapper as its constructor."""
    value = raw if contains_expression(raw) else argument.kind.parse(raw)
    return constructor(class_named(value), value["config"] or {}, rename)


def expression(text: str, rename: Renaming) -> str:
    """``"=2*n"`` as Python: parsed and printed again, with the parameters' names in the code."""
    tree = ast.parse(text[1:].strip(), mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = rename[node.id]
    return ast.unparse(tree)


def _collapsed(argument: Argument, value: Expression) -> Expression:
    """``(k, k)`` as ``k`` where the argument takes one number for all axes."""
    group = value[0]
    if not isinstance(argument.kind, PerAxis) or not isinstance(group, Group):
        return value
    texts = {flat(item) for item in group.items}
    return group.items[0] if len(texts) == 1 and group.items[0][0].__class__ is str else value


def _same_for_all(value: Any) -> Any:
    """``((1, 1), (1, 1))`` as ``1``: one whole number that stands for every axis."""
    if not isinstance(value, tuple):
        return value
    shortened = tuple(_same_for_all(item) for item in value)
    whole = all(isinstance(item, int) for item in shortened)
    return shortened[0] if whole and len(set(shortened)) == 1 else value


def _serialised(kind: Registered, value: Mapping[str, Any]) -> Expression:
    """``keras.regularizers.L2(0.01)``."""
    class_name, config = value["class_name"], value["config"]
    first = next(iter(kind.classes[class_name]), None)
    if len(config) == 1 and first in config and first != "seed":
        items: list[Expression] = [literal(config[first])]
    else:
        items = [(f"{key}=", *literal(item)) for key, item in config.items()]
    return (f"{kind.module}.{class_name}", call(*items))
