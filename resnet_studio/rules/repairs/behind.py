"""Putting a node behind another, in every wire that leaves it."""

from resnet_studio.core import edits
from resnet_studio.core.document import Document, Edge, Graph, Node


def behind(document: Document, scope: str, node_id: str, node: Node) -> Document:
    """The document in which what ``node_id`` gives first goes through ``node``, a new one."""
    wires = [wire for wire in document.graph(scope).out_of(node_id) if wire.output == 0]
    document = edits.add_nodes(document, scope, [node])
    graph = document.graph(scope)
    edges = [
        wire._replace(source=node.id, output=0) if wire in wires else wire for wire in graph.edges
    ]
    graph = Graph(graph.nodes, (*edges, Edge(node_id, node.id)), graph.extra)
    return edits.with_graph(document, scope, graph)
