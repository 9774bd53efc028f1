"""Several nodes at once: the arguments that all of them take, and edits of one in all."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from resnet_studio.core.arguments import Argument
from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import with_graph
from resnet_studio.core.layer import ALIASES, LAYERS


def common_arguments(document: Document, scope: str, ids: Iterable[str]) -> list[Argument]:
    """The arguments of the first layer that every other one has with the same meaning.

    Layers of other classes share an argument where its name and its kind are the same:
    ``activation`` of Conv2D and of Dense, but not ``padding`` of Conv2D and of ZeroPadding2D.
    """
    there = document.graph(scope).nodes
    nodes = [there[node_id] for node_id in ids]
    tables = [_arguments(node) for node in {node.type: node for node in nodes}.values()]
    if not tables or any(node.type in document.blocks for node in nodes):
        return []
    first, *others = tables
    return [
        argument
        for name, argument in first.items()
        if not argument.hidden and all(_same(argument, table.get(name)) for table in others)
    ]


def common_parameters(document: Document, scope: str, ids: Iterable[str]) -> Mapping[str, Any]:
    """The parameters, with their defaults, that the blocks of all the nodes have."""
    nodes = document.graph(scope).nodes
    types = dict.fromkeys(nodes[node_id].type for node_id in ids)
    if not types or any(name not in document.blocks for name in types):
        return {}
    first, *others = (document.blocks[name].parameters for name in types)
    return {
        name: default
        for name, default in first.items()
        if all(name in parameters for parameters in others)
    }


def _arguments(node: Node) -> Mapping[str, Argument]:
    cls = LAYERS.get(ALIASES.get(node.type, node.type))
    return {} if cls is None else cls.arguments


def _same(one: Argument, other: Argument | None) -> bool:
    return (
        other is not None
        and type(one.kind) is type(other.kind)
        and vars(one.kind) == vars(other.kind)
        and one.required == other.required
    )


def set_in_all(
    document: Document, scope: str, ids: Iterable[str], name: str, value: Any
) -> Document:
    """One argument of several nodes set to one value."""
    return _with_configs(document, scope, ids, lambda config: {**config, name: value})


def clear_in_all(document: Document, scope: str, ids: Iterable[str], name: str) -> Document:
    """Lets one argument of several nodes have its default again."""
    return _with_configs(
        document, scope, ids, lambda config: {k: v for k, v in config.items() if k != name}
    )


def repeat_all(document: Document, scope: str, ids: Iterable[str], repeat: int | str) -> Document:
    graph = document.graph(scope)
    changed = {key: replace(graph.nodes[key], repeat=repeat) for key in ids}
    return with_graph(document, scope, graph.with_nodes(changed))


def _with_configs(document: Document, scope: str, ids: Iterable[str], change: Any) -> Document:
    graph = document.graph(scope)
    changed = {
        key: replace(graph.nodes[key], config=change(graph.nodes[key].config)) for key in ids
    }
    return with_graph(document, scope, graph.with_nodes(changed))
