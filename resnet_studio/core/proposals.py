"""What a selection could be as a block: a name for it, and which arguments to make parameters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resnet_studio.core.borders import Interface, interface
from resnet_studio.core.document import Document, Node
from resnet_studio.core.expressions import contains_expression
from resnet_studio.core.fold.given import REPEAT
from resnet_studio.core.fold.names import in_order, name_of_nodes, named
from resnet_studio.core.fold.parameters import WIDTH, Found, Values, differ, parameters_for
from resnet_studio.core.fold.parts import Parameter, Place, cleared
from resnet_studio.core.grouping import handed_on

_WORDS = {"filters": "n_filters", "units": "n_units", "repeats": "n_layers"}
"""Parameters are called as the source document calls them; others like their argument."""
_OFFERED = frozenset(
    {
        "filters", "units", "kernel_size", "strides", "pool_size", "dilation_rate", "groups",
        "rate", "activation", REPEAT,
    }
)  # fmt: skip
"""Arguments that one would want as parameters though they are the same everywhere."""


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
    document: Document,
    scope: str,
    ids: Iterable[str],
    also: Sequence[Place] = (),
    taken: Iterable[str] = (),
) -> Proposal:
    """The proposal for a selection, and for the places that are to call the block too.

    ``taken`` are names that mean a block elsewhere, such as those of the library.

    Raises:
        EditError: the selection cannot be a block.
    """
    border = interface(document, scope, ids)
    offers = _offers(document, scope, in_order(document.graph(scope), border.ids), also)
    name = name_of_nodes(document, scope, border.ids, taken)
    return Proposal(border, name, tuple(offers))


def _offers(
    document: Document, scope: str, ids: Sequence[str], also: Sequence[Place]
) -> list[Offer]:
    places = [Place(scope, {key: key for key in ids}), *also]
    copies = [[document.graph(p.scope).nodes[p.nodes[key]] for key in ids] for p in places]
    found = parameters_for(document, copies, _is_offered)
    found.sort(key=lambda parameter: not differ(parameter.values))
    forced = [p.named("", None, ids) for p in found if differ(p.values)]
    nodes = dict(zip(ids, copies[0], strict=True))
    taken = handed_on(document, scope, cleared(document, nodes, forced))
    names = named(found, [node.type for node in copies[0]], taken, _WORDS)
    return [_offer(parameter, name, ids) for name, parameter in names.items()]


def _is_offered(key: str, values: Values, nodes: Sequence[Node]) -> bool:
    """Whether an argument differs, or somebody has said what one would want to vary."""
    value = values[0]
    if differ(values):
        return key != "name"
    if key not in _OFFERED or value is None or contains_expression(value):
        return False
    return value != 1 if key == REPEAT else any(key in node.config for node in nodes)


def _offer(found: Found, name: str, ids: Sequence[str]) -> Offer:
    parameter = found.named(name, found.values[0], ids)
    return Offer(parameter, found.values, differ(found.values), found.family == WIDTH)
