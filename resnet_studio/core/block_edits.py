"""Edits of blocks as a whole: declared, renamed, removed, their parameters set."""

from collections.abc import Mapping
from dataclasses import replace
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
from resnet_studio.core.edits import EditError, free_id, replace_node
from resnet_studio.core.identifiers import check_identifier
from resnet_studio.core.layer import LAYERS


def retyped(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The graph with every node of a type in ``names`` given the other type."""
    nodes = {
        key: replace(node, type=names[node.type])
        if names.get(node.type, node.type) != node.type
        else node
        for key, node in graph.nodes.items()
    }
    return Graph(nodes, graph.edges, graph.extra)


def check_name(document: Document, name: str) -> None:
    """Raises EditError where a new block cannot have this name."""
    check_identifier(name, "block")
    if name in document.blocks or name in LAYERS:
        raise EditError(f"there is already a block or layer called “{name}”")


def add_block(document: Document, name: str, block: Block) -> Document:
    """Declares a block under a free name."""
    check_name(document, name)
    return replace(document, blocks={**document.blocks, name: block})


def remove_block(document: Document, name: str) -> Document:
    """Removes a block that nothing calls."""
    for scope in document.scopes():
        if any(node.type == name for node in document.graph(scope).nodes.values()):
            where = f"the block “{scope}”" if scope else "the network"
            raise EditError(f"“{name}” is still used in {where}")
    blocks = {key: block for key, block in document.blocks.items() if key != name}
    return replace(document, blocks=blocks)


def rename_block(document: Document, old: str, new: str) -> Document:
    """Gives a block another name; its calls follow."""
    if new == old:
        return document
    check_name(document, new)
    blocks = {
        (new if name == old else name): replace(block, graph=retyped(block.graph, {old: new}))
        for name, block in document.blocks.items()
    }
    return replace(document, blocks=blocks, network=retyped(document.network, {old: new}))


def set_parameter(document: Document, name: str, parameter: str, default: Any) -> Document:
    """Declares a parameter of a block, or changes its default."""
    check_identifier(parameter, "parameter")
    block = document.blocks[name]
    block = replace(block, parameters={**block.parameters, parameter: default})
    return replace(document, blocks={**document.blocks, name: block})


def new_block(input_id: str = "x", output_id: str = "y") -> Block:
    """An empty block: what comes in goes out."""
    nodes = {
        input_id: Node(input_id, BLOCK_INPUT, position=(0.0, 0.0)),
        output_id: Node(output_id, BLOCK_OUTPUT, position=(0.0, 160.0)),
    }
    return Block(Graph(nodes, (Edge(input_id, output_id),)))


def own_block(document: Document, scope: str, node_id: str) -> tuple[Document, str]:
    """Gives one call a block of its own, equal to the one it called; returns its name too.

    What is changed in the new block changes this call alone.

    Raises:
        EditError: the call already is the only one of its block.
    """
    node = document.graph(scope).nodes[node_id]
    if calls_of(document, node.type) < 2:
        raise EditError(f"“{node_id}” is the only call of “{node.type}” already")
    name = free_id({*document.blocks, *LAYERS}, node.type)
    blocks = {**document.blocks, name: document.blocks[node.type]}
    document = replace(document, blocks=blocks)
    return replace_node(document, scope, replace(node, type=name)), name


def calls_of(document: Document, block: str) -> int:
    """In how many places a block is called."""
    return len(_calls(document, block))


def copies_of(document: Document, block: str) -> int:
    """How many copies those calls make; one where the number depends on a parameter."""
    repeats = [node.repeat for node in _calls(document, block)]
    return sum(repeat if isinstance(repeat, int) else 1 for repeat in repeats)


def _calls(document: Document, block: str) -> list[Node]:
    graphs = map(document.graph, document.scopes())
    return [node for graph in graphs for node in graph.nodes.values() if node.type == block]
