"""Parts of a network: what copy puts on the clipboard and paste takes from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from resnet_studio.core.block_edits import retyped
from resnet_studio.core.document import NETWORK, Block, Document, Graph, Node
from resnet_studio.core.edits import Position, add_nodes, disconnect, free_id
from resnet_studio.core.frames import Frame, frames, with_frames
from resnet_studio.core.layer import LAYERS


def fragment(
    document: Document, scope: str, ids: Iterable[str], framed: Sequence[Frame] = ()
) -> Document:
    """The chosen nodes with the wires among them, the blocks they call and some frames."""
    graph, chosen = document.graph(scope), set(ids)
    nodes = {key: _only_shared(node, chosen) for key, node in graph.nodes.items() if key in chosen}
    edges = tuple(e for e in graph.edges if e.source in chosen and e.target in chosen)
    blocks = used_blocks(document, [node.type for node in nodes.values()])
    part = Document(name="fragment", network=Graph(nodes, edges), blocks=blocks)
    return with_frames(part, NETWORK, framed) if framed else part


def _only_shared(node: Node, chosen: set[str]) -> Node:
    if node.shared_with is not None and node.shared_with not in chosen:
        return replace(node, shared_with=None)
    return node


def used_blocks(document: Document, types: Iterable[str]) -> dict[str, Block]:
    """The blocks that these types name, and the blocks that those call."""
    pending, found = list(types), set()
    while pending:
        name = pending.pop()
        if name in document.blocks and name not in found:
            found.add(name)
            pending += [node.type for node in document.blocks[name].graph.nodes.values()]
    return {name: block for name, block in document.blocks.items() if name in found}


def paste(
    document: Document,
    scope: str,
    part: Document,
    offset: Position = (0.0, 0.0),
) -> tuple[Document, list[str]]:
    """Adds a fragment under free ids and names, its frames in front; returns the new ids too.

    A wire that leads to no node of the fragment is left behind.
    """
    document, renamed = merge_blocks(document, part.blocks)
    part = _without_loose_wires(part)
    graph = document.graph(scope)
    taken = set(graph.nodes)
    ids: dict[str, str] = {}
    for key in part.network.nodes:
        ids[key] = free_id(taken, key)
        taken.add(ids[key])
    nodes = [_pasted(node, ids, renamed, offset) for node in part.network.nodes.values()]
    edges = [e._replace(source=ids[e.source], target=ids[e.target]) for e in part.network.edges]
    document = add_nodes(document, scope, nodes, edges)
    return _framed(document, scope, part, offset), list(ids.values())


def _framed(document: Document, scope: str, part: Document, offset: Position) -> Document:
    """The document with the frames of a fragment."""
    pasted = [frame.moved(*offset) for frame in frames(part.network)]
    if not pasted:
        return document
    return with_frames(document, scope, (*frames(document.graph(scope)), *pasted))


def _without_loose_wires(part: Document) -> Document:
    nodes = part.network.nodes
    loose = [e for e in part.network.edges if e.source not in nodes or e.target not in nodes]
    return disconnect(part, NETWORK, loose) if loose else part


def _pasted(
    node: Node, ids: Mapping[str, str], blocks: Mapping[str, str], offset: Position
) -> Node:
    position = node.position
    if position is not None:
        position = (position[0] + offset[0], position[1] + offset[1])
    return replace(
        node,
        id=ids[node.id],
        type=blocks.get(node.type, node.type),
        position=position,
        shared_with=ids.get(node.shared_with) if node.shared_with else None,
    )


def merge_blocks(
    document: Document, blocks: Mapping[str, Block], reserved: Iterable[str] = ()
) -> tuple[Document, dict[str, str]]:
    """Adds blocks; one that means something else than the document's of that name is renamed.

    Two blocks mean the same where they, and all blocks that they call, are equal.  No block that
    is added gets a ``reserved`` name.  Returns the document and the new name of each.
    """
    known = {name: _meaning(document.blocks, name) for name in blocks if name in document.blocks}
    taken = {*document.blocks, *LAYERS, *reserved}
    names: dict[str, str] = {}
    for name in blocks:
        same = name in known and known[name] == _meaning(blocks, name)
        names[name] = name if same else free_id(taken, name)
        taken.add(names[name])
    merged = dict(document.blocks)
    for name, block in blocks.items():
        if names[name] not in merged:
            merged[names[name]] = replace(block, graph=retyped(block.graph, names))
    return replace(document, blocks=merged), names


def _meaning(blocks: Mapping[str, Block], name: str) -> dict[str, Block]:
    """The block with all that it calls."""
    return used_blocks(Document(blocks=blocks), [name])
