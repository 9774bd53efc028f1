"""Colours of nodes: equal where two sub-graphs are alike, up to the arguments that may differ.

Weisfeiler and Lehman refine a node's colour by those of its neighbours, round after round.  A
network is acyclic and its wires are directed and numbered, so one round in topological order
comes to the fixed point: the colour of a node says what its whole region computes.
"""

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


class Colours:
    """Numbers for whatever is hashable: equal things have equal numbers."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._nodes: dict[int, tuple[Node, int, int]] = {}

    def of(self, thing: Hashable) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def of_node(self, document: Document, node: Node) -> tuple[int, int]:
        """What a node is up to arguments that may differ, and what it is exactly."""
        known = self._nodes.get(id(node))
        if known is None:
            rough, exact = self.of(kind_of(document, node)), self.of(exactly(document, node))
            # Kept with the node itself, so that nobody else gets its identity.
            known = self._nodes[id(node)] = node, rough, exact
        return known[1:]


def arguments_of(document: Document, node: Node) -> Mapping[str, Any]:
    """The node's arguments, with the defaults of those that other copies may vary."""
    if node.type in document.blocks:
        return {**document.blocks[node.type].parameters, **node.config}
    return {**_defaults(node.type), **node.config}


@lru_cache(maxsize=1024)
def _defaults(type_name: str) -> Mapping[str, Any]:
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


def kind_of(document: Document, node: Node) -> Hashable:
    """What a node is apart from the arguments that may differ."""
    if node.type in document.blocks:
        return (node.type, node.repeat != 1)
    known = _defaults(node.type)
    fixed = []
    for key, value in arguments_of(document, node).items():
        if not may_differ(key, value):
            fixed.append((key, frozen(value)))
        elif key not in known:
            # Where the default is no number, having the argument is a difference of its own.
            fixed.append((key, "*"))
    return (node.type, node.repeat != 1, tuple(sorted(fixed, key=repr)))


def exactly(document: Document, node: Node) -> Hashable:
    """What a node is, every argument and its repeat count included."""
    return (node.type, node.repeat, frozen(arguments_of(document, node)))


def frozen(value: Any) -> Hashable:
    """A hashable stand-in for a value of JSON; ``1``, ``1.0`` and ``True`` stay apart."""
    if isinstance(value, Mapping):
        return tuple(sorted(((key, frozen(item)) for key, item in value.items()), key=repr))
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    return (type(value).__name__, repr(value))
