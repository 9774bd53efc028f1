"""Nodes that a check of the whole network begins with, without reading the network at each edit."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from resnet_studio.core.document import Document, Graph, Node

_KEPT = 16
"""Graphs of which the answer is remembered: the next edit replaces a few nodes of one of them."""


class Noted:
    """The nodes for which something holds that can be told from the node alone."""

    def __init__(self, holds: Callable[[Node], bool]) -> None:
        self._holds = holds
        self._known: deque[tuple[Mapping[str, Node], frozenset[str]]] = deque(maxlen=_KEPT)

    def of(self, graph: Graph) -> frozenset[str]:
        """Their ids in a graph; of one that was edited, only what the edit replaced is read."""
        known = tuple(self._known)
        found = next((found for nodes, found in known if nodes is graph.nodes), None)
        if found is not None:
            return found
        origin = graph.origin
        before = origin and origin.nodes
        old = next((found for nodes, found in known if nodes is before), None)
        if origin is None or old is None:
            found = self._among(graph, graph.nodes)
        else:
            still = old.intersection(graph.nodes).difference(origin.altered)
            found = still | self._among(graph, origin.altered)
        self._known.append((graph.nodes, found))
        return found

    def _among(self, graph: Graph, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(key for key in keys if self._holds(graph.nodes[key]))

    def anywhere(self, document: Document) -> bool:
        """Whether there is one in the network or in a block."""
        return any(self.of(document.graph(scope)) for scope in document.scopes())
