"""Edits of a block's parameters that its expressions and its calls must follow.

Declaring one, or changing its default, is ``block_edits.set_parameter``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.expressions import is_expression, names_in
from resnet_studio.core.identifiers import check_identifier


def rename_parameter(document: Document, block_name: str, old: str, new: str) -> Document:
    """Gives a parameter another name; expressions in the block and all calls follow."""
    if new == old:
        return document
    block = document.blocks[block_name]
    check_identifier(new, "parameter")
    if new in block.parameters:
        raise EditError(f"“{block_name}” already has a parameter “{new}”")
    graph = _each_node(block.graph, lambda node: _with_name(node, old, new))
    parameters = {(new if key == old else key): v for key, v in block.parameters.items()}
    document = _with_block(document, block_name, replace(block, graph=graph, parameters=parameters))
    return _each_call(document, block_name, lambda config: _renamed_key(config, old, new))


def remove_parameter(document: Document, block_name: str, name: str) -> Document:
    """Removes a parameter that nothing in the block uses; calls forget their argument."""
    block = document.blocks[block_name]
    for node in block.graph.nodes.values():
        if name in mentioned(node.config) | mentioned(node.repeat):
            raise EditError(f"“{name}” is still used by “{node.id}” in “{block_name}”")
    parameters = {key: value for key, value in block.parameters.items() if key != name}
    document = _with_block(document, block_name, replace(block, parameters=parameters))
    return _each_call(
        document, block_name, lambda config: {k: v for k, v in config.items() if k != name}
    )


def _with_block(document: Document, name: str, block: Block) -> Document:
    return replace(document, blocks={**document.blocks, name: block})


def _each_node(graph: Graph, change: Callable[[Node], Node]) -> Graph:
    changed = {}
    for key, node in graph.nodes.items():
        after = change(node)
        if after != node:
            changed[key] = after
    return graph.with_nodes(changed) if changed else graph


def _each_call(
    document: Document,
    block_name: str,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> Document:
    """The document with the arguments of every call of a block changed."""

    def called(node: Node) -> Node:
        return replace(node, config=change(node.config)) if node.type == block_name else node

    blocks = {
        name: replace(block, graph=_each_node(block.graph, called))
        for name, block in document.blocks.items()
    }
    return replace(document, blocks=blocks, network=_each_node(document.network, called))


def _renamed_key(config: Mapping[str, Any], old: str, new: str) -> Mapping[str, Any]:
    return {(new if key == old else key): value for key, value in config.items()}


def _with_name(node: Node, old: str, new: str) -> Node:
    repeat = _substituted(node.repeat, old, new)
    return replace(node, config=_substituted(node.config, old, new), repeat=repeat)


def _substituted(value: Any, old: str, new: str) -> Any:
    if is_expression(value):
        return re.sub(rf"\b{re.escape(old)}\b", new, value)
    if isinstance(value, Mapping):
        return {key: _substituted(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_substituted(item, old, new) for item in value]
    return value


def mentioned(value: Any) -> set[str]:
    """The names that the expressions in a value mention."""
    if is_expression(value):
        return names_in(value)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return set().union(*(mentioned(item) for item in value)) if value else set()
    return set()
