"""Parts of graphs that become a block: where they occur, and the block that is made of them.

A **place** is one occurrence.  The first gives the block its nodes; further ones are equal to
it up to the arguments that become parameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.edits import free_id
from resnet_studio.core.fold.given import REPEAT, argument_of, arguments_of

Tensor = tuple[str, int]
"""A node's id and the number of its output."""
End = tuple[str, int]
"""A node's id and the number of its slot."""


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence: for each node inside the block the one that stands for it there."""

    scope: str
    nodes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a block, told by the ids inside it.

    ``inputs`` are the slots that each input goes to, ``outputs`` the tensors that leave.
    """

    places: tuple[Place, ...]
    inputs: tuple[tuple[End, ...], ...]
    outputs: tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a parameter goes: ``factor`` times its value is the ``argument`` of ``node``.

    ``item`` is the place in a list that it goes to; in one with ``square`` equal numbers, one
    an axis, it goes to all of them.
    """

    node: str
    argument: str
    factor: Fraction | int = 1
    item: int | None = None
    square: int = 0

    def text(self, name: str) -> str:
        """The expression that the argument is, of a parameter called ``name``."""
        factor = Fraction(self.factor)
        if factor.denominator > 1:
            return f"={name} // {factor.denominator}"
        return f"={name}" if factor == 1 else f"={factor} * {name}"

    def read(self, document: Document, node: Node) -> Any:
        """What the parameter must be for ``node`` to be as it is, as far as that can be said."""
        value = argument_of(document, node, self.argument)
        at = self.item if self.item is not None else 0
        if (self.item is not None or self.square) and isinstance(value, list | tuple):
            value = value[at] if at < len(value) else None
        if self.factor == 1:
            return value
        return int(value / Fraction(self.factor)) if type(value) is int else None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a block to be: its name, its default, and the arguments that it sets."""

    name: str
    default: Any
    uses: tuple[Use, ...]


def told(
    document: Document, nodes: Mapping[str, Node], parameters: Iterable[Parameter]
) -> dict[str, Node]:
    """The nodes with expressions of the parameters as their arguments."""
    found = dict(nodes)
    for parameter in parameters:
        for use in parameter.uses:
            text = use.text(parameter.name)
            found[use.node] = _filled(document, found[use.node], use, text)
    return found


def cleared(
    document: Document, nodes: Mapping[str, Node], parameters: Iterable[Parameter]
) -> dict[str, Node]:
    """The nodes without the arguments that become parameters."""
    found = dict(nodes)
    for use in (use for parameter in parameters for use in parameter.uses):
        found[use.node] = _filled(document, found[use.node], use, 1)
    return found


def _filled(document: Document, node: Node, use: Use, value: Any) -> Node:
    if use.argument == REPEAT:
        return replace(node, repeat=value)
    if use.square:
        value = [value] * use.square
    elif use.item is not None:
        items = list(arguments_of(document, node)[use.argument])
        items[use.item] = value
        value = items
    return replace(node, config={**node.config, use.argument: value})


def block_of(
    graph: Graph,
    part: Part,
    nodes: Mapping[str, Node],
    parameters: Mapping[str, Any],
    inputs: Sequence[str] = (),
) -> Block:
    """The block of ``nodes``, wired as at the first place, which lies in ``graph``.

    ``inputs`` are names for its inputs other than ``x``.
    """
    ports = _free_ids(nodes, inputs or ["x"] * len(part.inputs))
    results = _free_ids([*nodes, *ports], ["y"] * len(part.outputs))
    inside = {there: key for key, there in part.places[0].nodes.items()}
    edges = [
        Edge(inside[e.source], inside[e.target], e.slot, e.output)
        for e in graph.edges
        if e.source in inside and e.target in inside
    ]
    for port, ends in zip(ports, part.inputs, strict=True):
        edges += [Edge(port, target, slot) for target, slot in ends]
    order = {key: k for k, key in enumerate(nodes)}
    edges.sort(key=lambda edge: (order[edge.target], edge.slot))
    for port, (source, output) in zip(results, part.outputs, strict=True):
        edges.append(Edge(source, port, 0, output))
    made = {
        **{port: Node(port, BLOCK_INPUT) for port in ports},
        **nodes,
        **{port: Node(port, BLOCK_OUTPUT) for port in results},
    }
    return Block(Graph(made, tuple(edges)), parameters)


def _free_ids(taken: Iterable[str], wanted: Sequence[str]) -> list[str]:
    found: list[str] = []
    taken = set(taken)
    for name in wanted:
        found.append(free_id(taken, name))
        taken.add(found[-1])
    return found
