"""What the copies of a block are told: one parameter for all arguments that vary alike."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from resnet_studio.core.document import Document, Node
from resnet_studio.core.expressions import contains_expression
from resnet_studio.core.fold.given import (
    REPEAT,
    argument_of,
    arguments_of,
    frozen,
    is_per_axis,
    shortened,
)
from resnet_studio.core.fold.parts import Parameter, Use
from resnet_studio.core.layer import LAYERS

Values = tuple[Any, ...]
"""One argument's value in each copy."""
Wanted = Callable[[str, Values, Sequence[Node]], bool]
"""Whether an argument that has these values in the copies of a node is to be told."""
WIDTH = "width"
_WIDTHS = ("filters", "units", "target_shape", "projection_dim")
_LARGEST_FACTOR = 8
_LARGEST_DIVISOR = 24
_ORDER = (WIDTH, "kernel_size", "pool_size", "strides", "padding", REPEAT)


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
        return WIDTH if plain.endswith(_WIDTHS) else plain


@dataclass(slots=True)
class Found:
    """What can be a parameter: its values in the copies, and the slots that follow from them."""

    family: str
    values: Values
    slots: list[tuple[Slot, Fraction]] = field(default_factory=list)
    """Each with what the value is multiplied by there."""

    def named(self, name: str, default: Any, ids: Sequence[str]) -> Parameter:
        """The parameter, of a block in which the node at each position has one of ``ids``."""
        uses = [Use(ids[s.position], s.key, factor, s.item, s.square) for s, factor in self.slots]
        return Parameter(name, default, tuple(uses))


def differ(values: Values) -> bool:
    """Whether the copies have different values."""
    return any(frozen(value) != frozen(values[0]) for value in values)


def varies(_key: str, values: Values, _nodes: Sequence[Node] = ()) -> bool:
    """Whether the copies differ, or name what only the scope around them knows."""
    return contains_expression(values[0]) or differ(values)


def slots_of(
    document: Document, copies: Sequence[Sequence[Node]], wanted: Wanted = varies
) -> list[Slot]:
    """Where arguments are to be told; ``copies[c][p]`` is the node at position ``p`` of copy ``c``.

    Without ``wanted``, wherever the copies differ.
    """
    found: list[Slot] = []
    for position in range(len(copies[0])):
        nodes = [copy[position] for copy in copies]
        arguments = [arguments_of(document, node) for node in nodes]
        for key in dict.fromkeys(key for given in arguments for key in given):
            # A copy may have by its default what another one says.
            values = tuple(
                given[key] if key in given else argument_of(document, node, key)
                for node, given in zip(nodes, arguments, strict=True)
            )
            if wanted(key, values, nodes):
                found += _slots(nodes[0].type, position, key, values)
        rounds = tuple(node.repeat for node in nodes)
        if wanted(REPEAT, rounds, nodes):
            found.append(Slot(position, REPEAT, rounds))
    return found


def _slots(type_name: str, position: int, key: str, values: Values) -> list[Slot]:
    if not varies(key, values):
        return [Slot(position, key, values)]
    whole = Slot(position, key, tuple(shortened(type_name, key, value) for value in values))
    lists = [value for value in values if isinstance(value, list | tuple)]
    length = len(lists[0]) if lists else 0
    if len(lists) < len(values) or any(len(value) != length for value in lists):
        return [whole]
    if any(isinstance(item, list | tuple) for value in lists for item in value):
        return [whole]
    if all(len({frozen(item) for item in value}) == 1 for value in lists):
        return [Slot(position, key, tuple(value[0] for value in lists), square=length)]
    layer = LAYERS.get(type_name)
    if layer is None or key not in layer.arguments or is_per_axis(type_name, key):
        return [whole]
    items = [tuple(value[k] for value in lists) for k in range(length)]
    return [Slot(position, key, item, k) for k, item in enumerate(items) if varies(key, item)]


def parameters_for(
    document: Document, copies: Sequence[Sequence[Node]], wanted: Wanted = varies
) -> list[Found]:
    """One for all slots of equal values; widths that are multiples of another follow it.

    ``copies`` and ``wanted`` are those of ``slots_of``.
    """
    slots = slots_of(document, copies, wanted)
    expanding = any(node.type.startswith("DepthwiseConv") for node in copies[0])
    groups: dict[Hashable, Found] = {}
    for slot in slots:
        key = (slot.family, frozen(slot.values))
        group = groups.setdefault(key, Found(slot.family, slot.values))
        group.slots.append((slot, Fraction(1)))
    found = list(groups.values())
    widths = [p for p in found if p.family == WIDTH and _counts(p.values)]
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
    return all(type(value) is int and value > 0 for value in values)


def _follow(parameter: Found, base: Found, found: list[Found], divisor: int) -> None:
    """Lets the slots of a parameter follow ``base``, of which it is the same part or multiple."""
    pairs = list(zip(parameter.values, base.values, strict=True))
    times, part = pairs[0][0] // pairs[0][1], pairs[0][1] // pairs[0][0]
    if 1 < times <= _LARGEST_FACTOR and all(v == times * b for v, b in pairs):
        factor = Fraction(times)
    elif 1 < part <= divisor and all(v * part == b for v, b in pairs):
        factor = Fraction(1, part)
    else:
        return
    if parameter in found:
        base.slots += [(slot, factor) for slot, _ in parameter.slots]
        found[:] = [other for other in found if other is not parameter]


def default_of(parameter: Found) -> Any:
    """The value that most copies have and that may go without saying; else the first one."""
    values: dict[Hashable, list[Any]] = {}
    for value in parameter.values:
        values.setdefault(frozen(value), []).append(value)
    plain = [same for same in values.values() if not contains_expression(same[0])]
    return max(plain, key=len)[0] if plain else None


def spoken(parameter: Found) -> list[bool]:
    """Whether the call of each copy says the value.

    Widths and repeats always, the rest where it is not what most copies have.
    """
    if parameter.family in (WIDTH, REPEAT):
        return [True] * len(parameter.values)
    default = frozen(default_of(parameter))
    usual = [
        frozen(value) == default and not contains_expression(value) for value in parameter.values
    ]
    return [not (same and 2 * sum(usual) > len(usual)) for same in usual]
