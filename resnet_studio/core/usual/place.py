"""A place where something is to follow, and a node that usually does."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.shapes import Shape

_LOOKED_BACK = 6


class Usual(NamedTuple):
    """A node that could be added: its type, its arguments, and what speaks for it."""

    type: str
    config: Mapping[str, Any]
    reason: str


def filters_parameter(block: Block) -> str | None:
    """The parameter of a block that says its filters."""
    return next((name for name in block.parameters if name in ("n_filters", "filters")), None)


@dataclass(frozen=True)
class Place:
    """Where something is to follow: a node of a graph, and what the engine knows there.

    ``shape`` is what the node gives (with the batch), ``before`` what it is given; ``shape_of``
    tells the same of any node.  ``gives`` tries a type with arguments: the shape that comes out,
    None where it is refused or not known.  ``takes`` says whether a node fits at all.  Blocks in
    ``hidden`` are not offered.
    """

    document: Document
    scope: str
    node: Node | None
    shape: Shape | None = None
    before: tuple[Shape | None, ...] = ()
    shape_of: Callable[[str], Shape | None] = lambda _key: None
    gives: Callable[[str, Mapping[str, Any]], Shape | None] = lambda _type, _config: None
    takes: Callable[[Usual], bool] = lambda _usual: True
    hidden: Collection[str] = field(default=())

    @property
    def graph(self) -> Graph:
        return self.document.graph(self.scope)

    @property
    def channels(self) -> int | None:
        return self.shape[-1] if self.shape is not None else None

    @property
    def size(self) -> int | None:
        """The larger of height and width of the feature maps."""
        if self.shape is None or len(self.shape) != 4:
            return None
        height, width = self.shape[1:3]
        return None if height is None or width is None else max(height, width)

    def source(self, key: str) -> Node | None:
        """What feeds the first slot of a node."""
        return self.graph.nodes.get(self._sources.get(key, ""))

    def followers(self, key: str) -> list[Node]:
        """What a node feeds and nothing else does."""
        return [self.graph.nodes[k] for k in self._followers.get(key, ()) if self._wires[k] == 1]

    def back(self, start: Node | None = None) -> Iterator[Node]:
        """The node and what led to it, as far as patterns reach."""
        node = start or self.node
        for _ in range(_LOOKED_BACK):
            if node is None:
                return
            yield node
            node = self.source(node.id)

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {e.target: e.source for e in self.graph.edges if e.slot == 0}

    @cached_property
    def _followers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for edge in self.graph.edges:
            if edge.target in self.graph.nodes:
                found.setdefault(edge.source, []).append(edge.target)
        return found

    @cached_property
    def _wires(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for edge in self.graph.edges:
            found[edge.target] = found.get(edge.target, 0) + 1
        return found
