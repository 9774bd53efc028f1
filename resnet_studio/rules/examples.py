"""Worked examples: the networks that show what a rule finds and what it lets pass.

They stand beside the rule in its file and are run by one test: a valid one has no finding of
the rule, an invalid one has, and each repair leaves the network without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from resnet_studio.core.diagnostics import Rule, register
from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)


@dataclass(frozen=True, slots=True)
class Examples:
    """Networks that a rule lets pass and networks in which it finds something."""

    valid: tuple[Document, ...]
    invalid: tuple[Document, ...]


EXAMPLES: dict[str, Examples] = {}
"""The examples of each rule, by its code."""


def declare(rule: Rule, valid: tuple[Document, ...], invalid: tuple[Document, ...]) -> Rule:
    """Registers a rule together with its examples."""
    EXAMPLES[rule.code] = Examples(valid, invalid)
    return register(rule)


class Placed(NamedTuple):
    """A node and what feeds its slots: ids, or ``id:k`` for a further output."""

    node: Node
    sources: tuple[str, ...]


def place(
    node_id: str, type_name: str, /, *sources: str, repeat: int | str = 1,
    shared_with: str | None = None, **config: Any,
) -> Placed:  # fmt: skip
    """A layer or a call, fed by ``sources``; the other keywords are its arguments."""
    return Placed(Node(node_id, type_name, config, repeat, shared_with=shared_with), sources)


def graph(*placed: Placed) -> Graph:
    nodes = {each.node.id: each.node for each in placed}
    edges = []
    for node, sources in placed:
        for slot, source in enumerate(sources):
            key, _, output = source.partition(":")
            edges.append(Edge(key, node.id, slot, int(output or 0)))
    return Graph(nodes, tuple(edges))


def document(*placed: Placed, blocks: Mapping[str, Block] | None = None) -> Document:
    return Document("example", network=graph(*placed), blocks=blocks or {})


def block(*placed: Placed, **parameters: Any) -> Block:
    """A block around ``placed``: its input is ``x`` and the node placed last is its output."""
    inside = (
        place("x", BLOCK_INPUT),
        *placed,
        place("y", BLOCK_OUTPUT, placed[-1].node.id),
    )
    return Block(graph(*inside), parameters)


def conv(node_id: str, source: str, filters: int | str, /, **more: Any) -> Placed:
    """A 3×3 convolution as the source document draws it."""
    config = {"kernel_size": [3, 3], "padding": "same", "activation": "relu", **more}
    return place(node_id, "Conv2D", source, filters=filters, **config)


def residual_block() -> Block:
    """The source document's residual block: two convolutions beside an identity link."""
    return block(
        conv("conv_a", "x", "=n_filters"),
        conv("conv_b", "conv_a", "=n_filters"),
        place("add", "Add", "x", "conv_b"),
        n_filters=64,
    )
