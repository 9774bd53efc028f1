"""Which layer of the flat network each layer of the folded one was.

Inside a block a layer is named by its path, so the names that a model's file has for its copies
(``conv2_block1_1_conv``) would be lost, and with them the way to their weights.  A folded node
of the network keeps them in ``extra["origin"]``: the rest of a layer's path behind the node's
id, and the name: ``{"#1/conv_1": "conv2_block2_1_conv"}``.  It is a record of where the layer
came from and nothing that shapes depend on; an edit may leave entries behind that lead nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Node
from resnet_studio.core.flatten import flatten

ORIGIN = "origin"


def original_names(document: Document) -> dict[str, str]:
    """For each path of a folded layer the name that it had; others keep their id as name."""
    found = {}
    for node in document.network.nodes.values():
        for rest, name in _record(node).items():
            found[node.id + rest] = name
    return found


def original_name(document: Document, path: str) -> str:
    """What the layer at ``path`` was called before folding; its path where it was not folded.

    Where a call of a block was folded, what is inside it keeps the rest of its path.
    """
    top = re.split("[/#]", path, maxsplit=1)[0]
    node = document.network.nodes.get(top)
    record = _record(node) if node is not None else {}
    rest = path[len(top) :]
    for end in range(len(rest), -1, -1):
        if rest[:end] in record:
            return record[rest[:end]] + rest[end:]
    return path


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
    reaching = _reaching(document, scope)
    unrolled: list[str] = []
    for node in document.network.nodes.values():
        if node.type not in reaching:
            continue
        record = _record(node)
        if not record:
            unrolled = unrolled or [layer.path for layer in flatten(analyse(document)).nodes]
            record = _paths_below(node.id, unrolled)
        if record:
            steps = _Steps(document, scope, moved)
            paths = {steps.path(node.type, key): name for key, name in record.items()}
            if paths != record:
                changed[node.id] = recorded(node, paths)
    return replace(document, network=document.network.with_nodes(changed)) if changed else document


def _reaching(document: Document, scope: str) -> set[str]:
    """The blocks that call ``scope``, directly or not, and itself."""
    found = {scope}
    # A block is declared before those that call it, or not: until nothing is added.
    while True:
        more = {
            name
            for name, block in document.blocks.items()
            if name not in found and any(n.type in found for n in block.graph.nodes.values())
        }
        if not more:
            return found
        found |= more


def _paths_below(key: str, paths: list[str]) -> dict[str, str]:
    """The record of a call that nothing has moved in yet: each layer is where it is."""
    starts = (f"{key}/", f"{key}#")
    return {path[len(key) :]: path for path in paths if path.startswith(starts)}


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
