"""Paths: how a node is named from outside, through the blocks and copies it is in.

``group2#1/add`` is the node “add” in the first copy of the repeated call “group2”.
"""

from collections.abc import Iterable

from resnet_studio.core.document import Document, Graph


def split_path(
    path: str, document: Document | None = None, graph: Graph | None = None
) -> list[tuple[str, int | None]]:
    """``group2#1/add`` as ``[("group2", 1), ("add", None)]``.

    With its ``document``, ids that hold “/” or “#” themselves are found as they are written;
    with a ``graph`` of it, the path begins there and not in the network.
    """
    if document is not None:
        found = _steps(document, graph or document.network, path)
        if found is not None:
            return found
    return [_numbered(part) for part in path.split("/")]


def join_path(parts: Iterable[tuple[str, int | None]]) -> str:
    """The path that ``split_path`` takes apart."""
    return "/".join(name if copy is None else f"{name}#{copy}" for name, copy in parts)


def _steps(document: Document, graph: Graph, path: str) -> list[tuple[str, int | None]] | None:
    """The nodes from ``graph`` down that a path leads through; None where there are none such."""
    for end in [i for i, sign in enumerate(path) if sign == "/"] + [len(path)]:
        for step in dict.fromkeys(((path[:end], None), _numbered(path[:end]))):
            node = graph.nodes.get(step[0])
            if node is None or (step[1] is not None and node.repeat == 1):
                continue
            if end == len(path):
                return [step]
            block = document.blocks.get(node.type)
            below = _steps(document, block.graph, path[end + 1 :]) if block is not None else None
            if below is not None:
                return [step, *below]
    return None


def _numbered(part: str) -> tuple[str, int | None]:
    node_id, mark, copy = part.rpartition("#")
    return (node_id, int(copy)) if mark and copy.isdigit() else (part, None)
