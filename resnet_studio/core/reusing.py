"""Blocks that hold already what somebody has chosen: called there instead of a second one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from resnet_studio.core.document import Block, Document, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.elsewhere import occurrences
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.fold.given import REPEAT
from resnet_studio.core.fold.parts import Part, Place, Use
from resnet_studio.core.grouping import call_block, refuse_differences

_TIMES = re.compile(r"=\s*(?:(\d{1,9})\s*\*\s*)?([^\W\d]\w*)(?:\s*(\*|//)\s*(\d{1,9}))?\s*")


@dataclass(frozen=True, slots=True)
class Holder:
    """A block that can stand for a selection, and the places where it can, the selection first.

    ``document`` is the one in which it is called there.
    """

    block: str
    places: tuple[Place, ...]
    document: Document


def holders(
    document: Document, scope: str, ids: Iterable[str], also: Sequence[Place] = ()
) -> list[Holder]:
    """The blocks that hold what is selected already; each could be called there instead.

    It is called at those places of ``also``, which are equal to the selection, that it fits too.
    """
    here = Place(scope, {key: key for key in ids})
    _places, whole = occurrences(document, scope, here.nodes)
    found = (_holder(document, held, [here, *also]) for held in whole)
    return [holder for holder in found if holder is not None]


def _holder(document: Document, held: Place, places: Sequence[Place]) -> Holder | None:
    name, block = held.scope, document.blocks[held.scope]
    calls: list[tuple[Place, dict[str, Any]]] = []
    for k, place in enumerate(places):
        inside = {held.nodes[key]: there for key, there in place.nodes.items()}
        there = Place(place.scope, inside)
        arguments = _arguments(document, block, there)
        try:
            refuse_differences(document, block, there, arguments)
        except EditError:
            if k == 0:
                return None
            continue
        calls.append((there, arguments))
    part = _part(block, [place for place, _ in calls])
    if part is None:
        return None
    after = call_block(document, part, name, [arguments for _, arguments in calls])
    return Holder(name, part.places, after)


def _part(block: Block, places: Sequence[Place]) -> Part | None:
    """The block's own border; None where a port is not wired to what the places hold."""
    edges, inside = block.graph.edges, places[0].nodes
    inputs = [tuple((e.target, e.slot) for e in edges if e.source == x) for x in block.inputs()]
    outputs = [(e.source, e.output) for y in block.outputs() for e in edges if e.target == y]
    ends = [key for port in (*inputs, outputs) for key, _ in port]
    if not all(inputs) or len(outputs) != len(block.outputs()) or not inside.keys() >= set(ends):
        return None
    return Part(tuple(places), tuple(inputs), tuple(outputs))


# Arguments


def _arguments(document: Document, block: Block, place: Place) -> dict[str, Any]:
    """What the block must be told at a place, as far as its expressions can be turned round."""
    nodes = document.graph(place.scope).nodes
    found: dict[str, Any] = {}
    for name, use in sorted(_uses(block), key=lambda named: named[1].factor != 1):
        value = use.read(document, nodes[place.nodes[use.node]])
        if name in block.parameters and value is not None:
            found.setdefault(name, value)
    return {name: found[name] for name in block.parameters if name in found}


def _uses(block: Block) -> Iterator[tuple[str, Use]]:
    """Each parameter with a place where it, or a multiple or part of it, is an argument."""
    for node in block.graph.nodes.values():
        for key, value in ((REPEAT, node.repeat), *node.config.items()):
            if isinstance(value, list | tuple):
                for k, item in enumerate(value):
                    yield from _use(node, key, item, k)
            else:
                yield from _use(node, key, value)


def _use(node: Node, key: str, value: Any, item: int | None = None) -> Iterator[tuple[str, Use]]:
    match = _TIMES.fullmatch(value) if is_expression(value) else None
    if match is None:
        return
    before, name, sign, after = match.groups()
    times = Fraction(int(before or 1))
    by = int(after or 1)
    if times and by:
        times = times / by if sign == "//" else times * by
        yield name, Use(node.id, key, times, item)
