"""Which layer of the flat network each layer of the folded one was.

Inside a block a layer is named by its path, so the names that a model's file has for its copies
(``conv2_block1_1_conv``) would be lost, and with them the way to their weights.  A folded node
of the network keeps them in ``extra["origin"]``: the rest of a layer's path behind the node's
id, and the name: ``{"#1/conv_1": "conv2_block2_1_conv"}``.  It is a record of where the layer
came from and nothing that shapes depend on; an edit may leave entries behind that lead nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from resnet_studio.core.document import NETWORK, Document, Node

ORIGIN = "origin"


def original_names(document: Document) -> dict[str, str]:
    """For each path of a folded layer the name that it had; others keep their id as name."""
    found = {}
    for node in document.network.nodes.values():
        for rest, name in _record(node).items():
            found[node.id + rest] = name
    return found


def _record(node: Node) -> Mapping[str, str]:
    record = node.extra.get(ORIGIN)
    if not isinstance(record, Mapping):
        return {}
    return {key: name for key, name in record.items() if isinstance(name, str)}


def origin_of(node: Node) -> Mapping[str, str]:
    """What stands in a node's record; of a layer that was never folded, its own id."""
    return _record(node) or {"": node.id}


def recorded(node: Node, record: Mapping[str, str]) -> Node:
    """The node with a record."""
    return replace(node, extra={**node.extra, ORIGIN: dict(record)})


def unrecorded(node: Node) -> Node:
    """The node without a record: of a network that came from nowhere else."""
    return replace(node, extra={key: value for key, value in node.extra.items() if key != ORIGIN})


def numbered(nodes: list[Node]) -> dict[str, str]:
    """The record of the one node that stands for several in a row."""
    found: dict[str, str] = {}
    number = 0
    for node in nodes:
        single = node.repeat == 1
        for rest, name in origin_of(node).items():
            if single:
                found[f"#{number + 1}{rest}"] = name
            else:
                at, slash, inner = rest.removeprefix("#").partition("/")
                if at.isdigit():
                    found[f"#{number + int(at)}{slash}{inner}"] = name
        number += int(node.repeat)
    return found


def followed(document: Document, scope: str, moved: Mapping[str, str]) -> Document:
    """The records after nodes of a block moved, from their ids to the paths that they get now.

    To be called before the block itself changes; in the network records move with their nodes.
    """
    if scope == NETWORK or not moved:
        return document
    changed = {}
    for node in document.network.nodes.values():
        record = _record(node)
        if record and node.type in document.blocks:
            steps = _Steps(document, scope, moved)
            paths = {steps.path(node.type, key): name for key, name in record.items()}
            if paths != record:
                changed[node.id] = recorded(node, paths)
    return replace(document, network=document.network.with_nodes(changed)) if changed else document


class _Steps:
    """Follows the path of a layer through the blocks that are called on the way."""

    def __init__(self, document: Document, scope: str, moved: Mapping[str, str]) -> None:
        self.document, self.scope, self.moved = document, scope, moved

    def path(self, block: str, rest: str) -> str:
        """What becomes of ``rest``, the path inside a call of ``block``."""
        copy, *steps = rest.split("/")
        return "/".join([copy, *self._walk(block, steps)])

    def _walk(self, block: str, steps: list[str]) -> Iterator[str]:
        for step in steps:
            name, mark, copy = step.partition("#")
            yield self._renamed(name, mark, copy) if block == self.scope else step
            block = self._type(block, name)

    def _renamed(self, name: str, mark: str, copy: str) -> str:
        renamed = self.moved.get(name, name)
        stem, again, first = renamed.rpartition("#")
        if mark and again and "/" not in first:
            return f"{stem}#{int(first) + int(copy) - 1}"
        return renamed + mark + copy

    def _type(self, block: str, name: str) -> str:
        if block not in self.document.blocks:
            return ""
        node = self.document.blocks[block].graph.nodes.get(name)
        return node.type if node is not None else ""
