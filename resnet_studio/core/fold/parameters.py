"""What the copies of a block are told: one parameter for all arguments that vary alike."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resnet_studio.core.arguments import PerAxis
from resnet_studio.core.document import Document, Node
from resnet_studio.core.expressions import contains_expression
from resnet_studio.core.fold.colours import REPEAT, arguments_of, frozen
from resnet_studio.core.layer import LAYERS

Values = tuple[Any, ...]
"""One argument's value in each copy."""
WIDTHS = ("filters", "units", "target_shape", "projection_dim")
ITSELF = "{}"
"""The relation of an argument to the parameter that it simply is; others are ``4 * {}``."""
_LARGEST_FACTOR = 8
_LARGEST_DIVISOR = 24
_ORDER = ("width", "kernel_size", "pool_size", "strides", "padding", REPEAT)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where the copies differ: in node ``position``, at ``item`` of a list or all of it."""

    position: int
    key: str
    values: Values
    item: int | None = None
    square: int = 0
    """As many equal numbers stand in a list there, one for each axis."""

    @property
    def family(self) -> str:
        """Arguments of one family may be one parameter."""
        plain = re.sub(r"_?\d+$", "", self.key)
        return "width" if plain.endswith(WIDTHS) else plain


@dataclass(slots=True)
class Parameter:
    """A parameter to be: its values in the copies, and the slots that follow from them."""

    family: str
    values: Values
    slots: list[tuple[Slot, str]] = field(default_factory=list)
    """Each with its relation to the parameter, in which ``{}`` stands for its name."""


def slots_of(document: Document, copies: Sequence[Sequence[Node]]) -> list[Slot]:
    """Where the copies differ; ``copies[c][p]`` is the node at position ``p`` of copy ``c``."""
    found: list[Slot] = []
    for position in range(len(copies[0])):
        nodes = [copy[position] for copy in copies]
        arguments = [arguments_of(document, node) for node in nodes]
        for key in dict.fromkeys(key for given in arguments for key in given):
            values = tuple(given[key] for given in arguments)
            if varies(values):
                found += _slots(nodes[0].type, position, key, values)
        rounds = tuple(node.repeat for node in nodes)
        if varies(rounds):
            found.append(Slot(position, REPEAT, rounds))
    return found


def varies(values: Values) -> bool:
    """Whether the copies differ, or name what only the scope around them knows."""
    return contains_expression(values[0]) or any(
        frozen(value) != frozen(values[0]) for value in values
    )


def _slots(type_name: str, position: int, key: str, values: Values) -> list[Slot]:
    per_axis = _is_per_axis(type_name, key)
    whole = Slot(position, key, tuple(map(_shortened, values)) if per_axis else values)
    lists = [value for value in values if isinstance(value, list | tuple)]
    length = len(lists[0]) if lists else 0
    if len(lists) < len(values) or any(len(value) != length for value in lists):
        return [whole]
    if any(isinstance(item, list | tuple) for value in lists for item in value):
        return [whole]
    if all(len({frozen(item) for item in value}) == 1 for value in lists):
        return [Slot(position, key, tuple(value[0] for value in lists), square=length)]
    layer = LAYERS.get(type_name)
    if (
        layer is None
        or key not in layer.arguments
        or isinstance(layer.arguments[key].kind, PerAxis)
    ):
        return [whole]
    items = [tuple(value[k] for value in lists) for k in range(length)]
    return [Slot(position, key, item, k) for k, item in enumerate(items) if varies(item)]


def _is_per_axis(type_name: str, key: str) -> bool:
    layer = LAYERS.get(type_name)
    argument = layer.arguments.get(key) if layer is not None else None
    return argument is not None and isinstance(argument.kind, PerAxis)


def _shortened(value: Any) -> Any:
    """``[3, 3]`` as ``3``, which stands for all axes."""
    square = isinstance(value, list | tuple) and len({frozen(item) for item in value}) == 1
    return value[0] if square and type(value[0]) is int else value


def parameters_for(slots: Sequence[Slot], expanding: bool = False) -> list[Parameter]:
    """One parameter for slots of equal values; widths that are multiples of another follow it.

    ``expanding`` says that the copies are inverted bottlenecks.
    """
    groups: dict[Hashable, Parameter] = {}
    for slot in slots:
        key = (slot.family, frozen(slot.values))
        group = groups.setdefault(key, Parameter(slot.family, slot.values))
        group.slots.append((slot, ITSELF))
    found = list(groups.values())
    widths = [p for p in found if p.family == "width" and _counts(p.values)]
    if widths and expanding:
        # An inverted bottleneck is told by what comes out of it, others by what is inside.
        widths.sort(key=lambda parameter: -max(slot.position for slot, _ in parameter.slots))
    else:
        widths.sort(key=lambda parameter: min(parameter.values))
    for k, base in enumerate(widths):
        if base in found:
            for other in widths[k + 1 :]:
                _follow(other, base, found, _LARGEST_DIVISOR if expanding else 1)
    return sorted(found, key=lambda parameter: _place(parameter.family))


def _place(family: str) -> int:
    """Where a parameter stands in a signature: as in those of Keras' convolutions."""
    return _ORDER.index(family) if family in _ORDER else len(_ORDER)


def _counts(values: Values) -> bool:
    return all(type(value) is int and value > 0 for value in values) and len(set(values)) > 1


def _follow(parameter: Parameter, base: Parameter, found: list[Parameter], divisor: int) -> None:
    """Lets the slots of a parameter follow ``base``, of which it is the same part or multiple."""
    pairs = list(zip(parameter.values, base.values, strict=True))
    times, part = pairs[0][0] // pairs[0][1], pairs[0][1] // pairs[0][0]
    if 1 < times <= _LARGEST_FACTOR and all(v == times * b for v, b in pairs):
        relation = f"{times} * {{}}"
    elif 1 < part <= divisor and all(v * part == b for v, b in pairs):
        relation = f"{{}} // {part}"
    else:
        return
    if parameter in found:
        base.slots += [(slot, relation) for slot, _ in parameter.slots]
        found[:] = [other for other in found if other is not parameter]


# Telling


def told(node: Node, uses: Sequence[tuple[Slot, str, str]], document: Document) -> Node:
    """The node with its slots filled by expressions: ``(slot, relation, parameter's name)``."""
    config = dict(node.config)
    repeat = node.repeat
    for slot, relation, name in uses:
        text = "=" + relation.format(name)
        if slot.key == REPEAT:
            repeat = text
        elif slot.square:
            config[slot.key] = [text] * slot.square
        elif slot.item is not None:
            items = list(config.get(slot.key, arguments_of(document, node)[slot.key]))
            items[slot.item] = text
            config[slot.key] = items
        else:
            config[slot.key] = text
    return Node(node.id, node.type, config, repeat)


def default_of(parameter: Parameter) -> Any:
    """The value that most copies have and that may go without saying; else the first one."""
    values: dict[Hashable, list[Any]] = {}
    for value in parameter.values:
        values.setdefault(frozen(value), []).append(value)
    plain = [same for same in values.values() if not contains_expression(same[0])]
    return max(plain, key=len)[0] if plain else None


def spoken(parameter: Parameter) -> list[bool]:
    """Whether the call of each copy says the value.

    Widths and repeats always, the rest where it is not what most copies have.
    """
    if parameter.family in ("width", REPEAT):
        return [True] * len(parameter.values)
    default = frozen(default_of(parameter))
    usual = [
        frozen(value) == default and not contains_expression(value) for value in parameter.values
    ]
    return [not (same and 2 * sum(usual) > len(usual)) for same in usual]


def by_position(
    parameters: Mapping[str, Parameter],
) -> dict[int, list[tuple[Slot, str, str]]]:
    """The uses of all parameters, by the position of the node."""
    found: dict[int, list[tuple[Slot, str, str]]] = {}
    for name, parameter in parameters.items():
        for slot, relation in parameter.slots:
            found.setdefault(slot.position, []).append((slot, relation, name))
    return found
