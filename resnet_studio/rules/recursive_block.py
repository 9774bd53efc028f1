"""``recursive-block``: a block that contains itself would never end."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import block, conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """Without the calls that lead back into the block; else without this call of it."""
    inner = _calls_back(site.document, site.node.type)
    if inner:
        document = site.document
        for scope, node_id in inner:
            document = edits.remove_nodes(document, scope, [node_id], bridge=True)
        told = ", ".join(f"“{node_id}” in “{scope}”" for scope, node_id in inner)
        yield Mend("remove-inner-call", f"Remove {told}", document)
    yield Mend("remove-call", f"Remove “{site.node_id}”", site.bypassed())


def _calls_back(document: Document, block_name: str) -> list[tuple[str, str]]:
    """The calls inside blocks from which ``block_name`` is reached again, and that name it."""
    import networkx as nx

    uses: nx.DiGraph[str] = nx.DiGraph()
    uses.add_node(block_name)
    for name, each in document.blocks.items():
        uses.add_edges_from(
            (name, node.type) for node in each.graph.nodes.values() if node.type in document.blocks
        )
    ring = next(c for c in nx.strongly_connected_components(uses) if block_name in c)
    return [
        (scope, node.id)
        for scope in ring
        if scope in document.blocks
        for node in document.blocks[scope].graph.nodes.values()
        if node.type == block_name
    ]


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "recursive-block",
        "error",
        "A block contains a call of itself, directly or through others.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            _IMAGE,
            place("outer", "outer", "image"),
            blocks={
                "inner": block(conv("conv", "x", 4)),
                "outer": block(place("inside", "inner", "x")),
            },
        ),
    ),
    invalid=(
        document(
            _IMAGE,
            place("outer", "outer", "image"),
            blocks={"outer": block(conv("conv", "x", 3), place("again", "outer", "conv"))},
        ),
    ),
)
