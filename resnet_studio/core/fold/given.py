"""What nodes are told: values of their arguments, defaults included, and which may differ."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from resnet_studio.core.arguments import REQUIRED, PerAxis
from resnet_studio.core.document import Document, Node
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.layer import LAYERS

REPEAT = ""
"""Stands for a node's repeat count among the names of its arguments."""
_STRUCTURAL = frozenset(
    {"axis", "epsilon", "momentum", "seed", "name", "dtype", "trainable", "data_format"}
)
"""Arguments that no author of a network varies from copy to copy: a block has them fixed."""
_WORDS = frozenset({"padding"})
"""Arguments whose words may differ between copies of a block."""


def arguments_of(document: Document, node: Node) -> Mapping[str, Any]:
    """The node's arguments, with the defaults of those that other copies may vary."""
    if node.type in document.blocks:
        return {**document.blocks[node.type].parameters, **node.config}
    return {**defaults(node.type), **node.config}


def argument_of(document: Document, node: Node, name: str) -> Any:
    """The value of an argument, or the default that it has; ``REPEAT`` is the repeat count."""
    if name == REPEAT:
        return node.repeat
    if name in node.config:
        return node.config[name]
    if node.type in document.blocks:
        return document.blocks[node.type].parameters.get(name)
    layer = LAYERS.get(node.type)
    argument = layer.arguments.get(name) if layer is not None else None
    return argument.default if argument is not None and not argument.required else None


@lru_cache(maxsize=1024)
def defaults(type_name: str) -> Mapping[str, Any]:
    """The defaults of a layer's numbers and sizes, written as files have them."""
    layer = LAYERS.get(type_name)
    if layer is None:
        return {}
    found = {}
    for key, argument in layer.arguments.items():
        if argument.default is REQUIRED or argument.default is None:
            continue
        value = _plain(argument.kind.parse(argument.default))
        if isinstance(argument.kind, PerAxis) and isinstance(value, int):
            value = [value] * argument.kind.rank
        if may_differ(key, value):
            found[key] = value
    return found


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def may_differ(key: str, value: Any) -> bool:
    """Whether copies of one block may have different values here."""
    if key in _STRUCTURAL:
        return False
    if is_expression(value) or (key in _WORDS and isinstance(value, str)):
        return True
    return _is_number(value) or (isinstance(value, list | tuple) and all(map(_sizes, value)))


def _sizes(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_sizes, value))
    return _is_number(value) or is_expression(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def shortened(type_name: str, key: str, value: Any) -> Any:
    """``[3, 3]`` as ``3`` where that stands for all axes."""
    if not is_per_axis(type_name, key) or not isinstance(value, list | tuple):
        return value
    same = len({frozen(item) for item in value}) == 1
    return value[0] if same and type(value[0]) is int else value


def is_per_axis(type_name: str, key: str) -> bool:
    """Whether one number may stand for all axes."""
    layer = LAYERS.get(type_name)
    argument = layer.arguments.get(key) if layer is not None else None
    return argument is not None and isinstance(argument.kind, PerAxis)


def frozen(value: Any) -> Hashable:
    """A hashable stand-in for a value of JSON; ``1``, ``1.0`` and ``True`` stay apart."""
    if isinstance(value, Mapping):
        return tuple(sorted(((key, frozen(item)) for key, item in value.items()), key=repr))
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    return (type(value).__name__, repr(value))
