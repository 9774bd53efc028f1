"""Colours of nodes: equal where two sub-graphs are alike, up to the arguments that may differ.

Weisfeiler and Lehman refine a node's colour by those of its neighbours, round after round.  A
network is acyclic and its wires are directed and numbered, so one round in topological order
comes to the fixed point: the colour of a node says what its whole region computes.
"""

from collections.abc import Hashable

from resnet_studio.core.document import Document, Node
from resnet_studio.core.fold.given import arguments_of, defaults, frozen, may_differ


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


def kind_of(document: Document, node: Node) -> Hashable:
    """What a node is apart from the arguments that may differ."""
    if node.type in document.blocks:
        return (node.type, node.repeat != 1)
    known = defaults(node.type)
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
