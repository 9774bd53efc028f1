"""Equal calls in a row, and the one call with a repeat count that they are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.edits import with_graph
from resnet_studio.core.expressions import is_expression


def chained(document: Document, scope: str, name: str) -> Document:
    """Each row of equal calls of the block ``name`` made into one call with repeat."""
    block = document.blocks[name]
    if len(block.inputs()) != 1 or len(block.outputs()) != 1:
        return document
    graph = document.graph(scope)
    for row in rows(graph, name, block):
        graph = _merged(graph, row)
    return with_graph(document, scope, graph) if graph is not document.graph(scope) else document


def rows(graph: Graph, name: str, block: Block) -> list[list[str]]:
    """The ids of the calls of a block that follow each other with equal arguments."""
    shared = {node.shared_with for node in graph.nodes.values()}
    calls = {
        key: {**block.parameters, **node.config}
        for key, node in graph.nodes.items()
        if node.type == name and _plain(node) and key not in shared
    }
    following = _following(graph, calls)
    found = []
    for start in calls.keys() - set(following.values()):
        row = [start]
        while row[-1] in following:
            row.append(following[row[-1]])
        if len(row) > 1:
            found.append(row)
    return sorted(found, key=lambda row: graph.structure.index[row[0]])


def _plain(node: Node) -> bool:
    return not (node.shared_with or node.bypassed or is_expression(node.repeat))


def _following(graph: Graph, calls: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """For each call that feeds an equal call and nothing else, that other call."""
    feeds: dict[str, list[str]] = {}
    for edge in graph.edges:
        feeds.setdefault(edge.source, []).append(edge.target)
    fed: dict[str, int] = {}
    for edge in graph.edges:
        fed[edge.target] = fed.get(edge.target, 0) + 1
    return {
        key: targets[0]
        for key, arguments in calls.items()
        if len(targets := feeds.get(key, [])) == 1
        and fed[targets[0]] == 1
        and targets[0] != key
        and calls.get(targets[0]) == arguments
        and key in graph.structure.index
    }


def _merged(graph: Graph, row: Sequence[str]) -> Graph:
    """The row as its first call, which goes round once for each, and for each repeat."""
    first, gone = graph.nodes[row[0]], set(row[1:])
    times = sum(int(graph.nodes[key].repeat) for key in row)
    nodes = {key: node for key, node in graph.nodes.items() if key not in gone}
    nodes[first.id] = replace(first, repeat=times)
    edges = tuple(
        edge._replace(source=first.id) if edge.source == row[-1] else edge
        for edge in graph.edges
        if edge.target not in gone
    )
    return Graph(nodes, edges, graph.extra)
