"""Nodes that merely wait for an input, and the network as it is without them.

A card that was laid down and is not wired yet is no mistake of anyone's.  What is wired already
can be told without it, as long as nothing sound depends on it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.diagnostics import Diagnostic
from resnet_studio.core.document import BLOCK_OUTPUT, NETWORK, Document, Graph
from resnet_studio.core.edits import remove_nodes
from resnet_studio.core.paths import split_path

MISSING = "missing-input"


class Rest(NamedTuple):
    """A document without the nodes that wait and those behind them."""

    document: Document
    waiting: tuple[str, ...]
    """The paths of the nodes to which nothing is wired."""
    behind: int
    """How many more are gone, since all that they get comes from these."""


def bare(graph: Graph, key: str) -> bool:
    """Whether nothing is wired to a node.

    The output of a block is never so: without a wire it breaks the calls of the block at once.
    """
    port = graph.nodes[key].type == BLOCK_OUTPUT
    return not port and not graph.structure.slots[graph.structure.index[key]]


def waits(diagnostic: Diagnostic, document: Document) -> bool:
    """Whether a diagnostic says no more than that nothing is wired to its node as yet."""
    if diagnostic.code != MISSING:
        return False
    scope, key = _place(document, diagnostic.node)
    return bare(document.graph(scope), key)


def only_waits(analysis: Analysis) -> bool:
    """Whether there are errors, and all of them are of nodes that merely wait."""
    return bool(waiting(analysis))


def waiting(analysis: Analysis) -> tuple[str, ...]:
    """The paths of the nodes that merely wait; none where there is another error.

    A node of a block that is called several times is named once, in the first of its copies.
    """
    places: dict[tuple[str, str], str] = {}
    for diagnostic in analysis.diagnostics:
        if diagnostic.severity == "error":
            if not waits(diagnostic, analysis.document):
                return ()
            places.setdefault(_place(analysis.document, diagnostic.node), diagnostic.node)
    return tuple(places.values())


def rest(analysis: Analysis) -> Rest | None:
    """What is left without the nodes that wait; None where that is not the network any more.

    So it is where there is another error, where a node that is left needs one that is gone, and
    where nothing would be left.
    """
    document, gone, paths = analysis.document, 0, waiting(analysis)
    for scope, keys in _by_scope(document, paths).items():
        graph = analysis.document.graph(scope)
        leaving = _with_those_behind(graph, keys)
        if leaving is None or len(leaving) == len(graph.nodes):
            return None
        document = remove_nodes(document, scope, leaving)
        gone += len(leaving)
    return Rest(document, paths, gone - len(paths)) if paths else None


def _by_scope(document: Document, paths: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        scope, key = _place(document, path)
        found.setdefault(scope, []).append(key)
    return found


def _place(document: Document, path: str) -> tuple[str, str]:
    """The scope and the id of the node that a path leads to."""
    scope = NETWORK
    *around, (key, _copy) = split_path(path, document)
    for call, _copy in around:
        scope = document.graph(scope).nodes[call].type
    return scope, key


def _with_those_behind(graph: Graph, keys: list[str]) -> set[str] | None:
    """The nodes and all behind them; None where one behind them, or a sharer, is needed."""
    structure = graph.structure
    gone = set(keys).union(*map(structure.below, keys))
    for key in gone:
        fed_by = {
            structure.ids[source] for source, _ in structure.slots[structure.index[key]].values()
        }
        if graph.nodes[key].type == BLOCK_OUTPUT or not fed_by <= gone:
            return None
    sharing = (n for n in graph.nodes.values() if n.id not in gone and n.shared_with in gone)
    return None if any(sharing) else gone
