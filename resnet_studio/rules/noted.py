"""Nodes that a check of the whole network begins with, without reading the network at each edit."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import NamedTuple

from resnet_studio.core.document import Document, Graph, Node

_KEPT = 16
"""Graphs of before the last edits of which the answer is remembered, besides those of now."""


class _Answer(NamedTuple):
    nodes: Mapping[str, Node]
    """Kept with the answer: while it is there, nothing else goes by its identity."""
    found: frozenset[str]


class Noted:
    """The nodes for which something holds that can be told from the node alone."""

    def __init__(self, holds: Callable[[Node], bool]) -> None:
        self._holds = holds
        self._known: OrderedDict[int, _Answer] = OrderedDict()
        """By the identity of the nodes; what was asked for last is the last."""
        self._room = _KEPT
        self._lock = Lock()

    def __len__(self) -> int:
        """Of how many graphs the answer is remembered."""
        return len(self._known)

    def of(self, graph: Graph) -> frozenset[str]:
        """Their ids in a graph; of one that was edited, only what the edit replaced is read."""
        found = self._recall(graph.nodes)
        if found is None:
            found = self._worked_out(graph)
            self._keep(_Answer(graph.nodes, found))
        return found

    def anywhere(self, document: Document) -> bool:
        """Whether there is one in the network or in a block."""
        # Were there room for fewer graphs than a document has, each would push out the next.
        self._room = _KEPT + 1 + len(document.blocks)
        return any(self.of(document.graph(scope)) for scope in document.scopes())

    def _worked_out(self, graph: Graph) -> frozenset[str]:
        origin = graph.origin
        old = self._recall(origin.nodes) if origin is not None else None
        if origin is None or old is None:
            return self._among(graph, graph.nodes)
        still = old.intersection(graph.nodes).difference(origin.altered)
        return still | self._among(graph, origin.altered)

    def _among(self, graph: Graph, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(key for key in keys if self._holds(graph.nodes[key]))

    def _recall(self, nodes: Mapping[str, Node]) -> frozenset[str] | None:
        with self._lock:
            answer = self._known.get(id(nodes))
            if answer is None:
                return None
            self._known.move_to_end(id(nodes))
            return answer.found

    def _keep(self, answer: _Answer) -> None:
        with self._lock:
            self._known[id(answer.nodes)] = answer
            while len(self._known) > self._room:
                self._known.popitem(last=False)
