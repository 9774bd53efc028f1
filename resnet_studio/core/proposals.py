"""What a selection could be as a block: a name for it, and which arguments to make parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resnet_studio.core.borders import Interface, interface
from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import free_id
from resnet_studio.core.expressions import contains_expression
from resnet_studio.core.grouping import (
    REPEAT,
    Parameter,
    Place,
    Use,
    argument_of,
)
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.substitution import substituted

Values = tuple[Any, ...]
"""What an argument is at each of the places."""

_WORDS = {"filters": "n_filters", "units": "n_units", REPEAT: "n_layers"}
"""Parameters are called as the source document calls them; others like their argument."""
_WANTED = ("filters", "units")
"""Arguments that are proposed as parameters even where they do not vary."""
_OFFERED = (
    *_WANTED,
    "kernel_size",
    "strides",
    "pool_size",
    "dilation_rate",
    "groups",
    "rate",
    "activation",
    REPEAT,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An argument that can be a parameter; it must be one (``forced``) where it varies."""

    parameter: Parameter
    values: Values
    forced: bool
    wanted: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A selection as a block: what crosses its border, its name, its possible parameters."""

    border: Interface
    name: str
    offers: tuple[Offer, ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that are proposed."""
        return tuple(offer.parameter for offer in self.offers if offer.forced or offer.wanted)


def propose(
    document: Document, scope: str, ids: Iterable[str], also: Sequence[Place] = ()
) -> Proposal:
    """The proposal for a selection, and for the places that are to call the block too.

    Raises:
        EditError: the selection cannot be a block.
    """
    border = interface(document, scope, ids)
    places = [Place(scope, {key: key for key in border.ids}), *also]
    nodes = [document.graph(scope).nodes[key] for key in border.ids]
    return Proposal(border, _name(document, nodes), tuple(_offers(document, nodes, places)))


# Parameters


def _offers(document: Document, nodes: Sequence[Node], places: Sequence[Place]) -> list[Offer]:
    found: dict[tuple[str, str], tuple[Values, list[Use]]] = {}
    for node in nodes:
        there = [document.graph(p.scope).nodes[p.nodes[node.id]] for p in places]
        for argument in _arguments(there):
            values = tuple(_value(document, other, argument) for other in there)
            if _varies(values) or _offerable(argument, values[0]):
                key = (argument, repr(values))
                found.setdefault(key, (values, []))[1].append(Use(node.id, argument))
    rows = _as_multiples([(argument, *row) for (argument, _), row in found.items()])
    return _named(sorted(rows, key=lambda row: not _varies(row[1])))


def _arguments(nodes: Sequence[Node]) -> list[str]:
    names = dict.fromkeys(name for node in nodes for name in node.config if name != "name")
    return [*names, REPEAT]


def _value(document: Document, node: Node, argument: str) -> Any:
    return substituted(argument_of(document, node, argument), {})


def _varies(values: Values) -> bool:
    return any(value != values[0] for value in values)


def _offerable(argument: str, value: Any) -> bool:
    """Whether one would want it as a parameter though it is the same everywhere."""
    if argument not in _OFFERED or value is None or contains_expression(value):
        return False
    return not (argument == REPEAT and value == 1)


_Row = tuple[str, Values, list[Use]]


def _as_multiples(rows: list[_Row]) -> list[_Row]:
    """Filters that are everywhere the same multiple of the fewest become uses of these."""
    filters = [row for row in rows if row[0] == "filters" and all(_counts(v) for v in row[1])]
    kept = [row for row in rows if row not in filters]
    bases: list[_Row] = []
    for argument, values, uses in sorted(filters, key=lambda row: row[1]):
        base = next((b for b in bases if _factor(values, b[1]) is not None), None)
        if base is None:
            bases.append((argument, values, uses))
        else:
            factor = _factor(values, base[1]) or 1
            base[2].extend(Use(use.node, use.argument, factor) for use in uses)
    return [*bases, *kept]


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _factor(values: Values, base: Values) -> int | None:
    """By what ``base`` is multiplied everywhere; None where that differs or is no integer."""
    factor = values[0] // base[0]
    return factor if all(v == factor * b for v, b in zip(values, base, strict=True)) else None


def _named(rows: Sequence[_Row]) -> list[Offer]:
    taken: set[str] = set()
    offers = []
    for argument, values, uses in rows:
        name = free_id(taken, _WORDS.get(argument, argument))
        taken.add(name)
        parameter = Parameter(name, values[0], tuple(uses))
        offers.append(Offer(parameter, values, _varies(values), argument in _WANTED))
    return offers


# Names


def _name(document: Document, nodes: Sequence[Node]) -> str:
    return free_id({*document.blocks, *LAYERS}, _kind(nodes))


def _kind(nodes: Sequence[Node]) -> str:
    """What the field calls a block of such layers."""
    kinds: Mapping[str, int] = _counted(node.type for node in nodes)
    convolutions = sum(n for kind, n in kinds.items() if "Conv" in kind)
    if "Multiply" in kinds and "Dense" in kinds:
        return "squeeze_excitation_block"
    if "Add" in kinds:
        pointwise = [n for n in nodes if "Conv" in n.type and _is_one(n.config.get("kernel_size"))]
        return "bottleneck_block" if len(pointwise) >= 2 and convolutions > 2 else "residual_block"
    if "Concatenate" in kinds:
        return "dense_block" if convolutions else "merge_block"
    if "Dense" in kinds:
        return "classifier"
    if convolutions:
        return "vgg_block" if any("Pooling" in kind for kind in kinds) else "conv_block"
    return "block"


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in kinds:
        found[kind] = found.get(kind, 0) + 1
    return found


def _is_one(size: Any) -> bool:
    return size == 1 or (isinstance(size, list | tuple) and all(n == 1 for n in size))
