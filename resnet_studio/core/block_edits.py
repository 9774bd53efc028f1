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
from resnet_studio.core.edits import EditError
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


def add_block(document: Document, name: str, block: Block) -> Document:
    """Declares a block under a free name."""
    if name in document.blocks or name in LAYERS:
        raise EditError(f"there is already a block or layer called “{name}”")
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
    if not new.isidentifier():
        raise EditError(f"“{new}” cannot name a block: use letters, digits and “_”")
    if new in document.blocks or new in LAYERS:
        raise EditError(f"there is already a block or layer called “{new}”")
    blocks = {
        (new if name == old else name): replace(block, graph=retyped(block.graph, {old: new}))
        for name, block in document.blocks.items()
    }
    return replace(document, blocks=blocks, network=retyped(document.network, {old: new}))


def set_parameter(document: Document, name: str, parameter: str, default: Any) -> Document:
    """Declares a parameter of a block, or changes its default."""
    if not parameter.isidentifier():
        raise EditError(f"“{parameter}” cannot name a parameter: use letters, digits and “_”")
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
