"""``missing-input``: a slot without a wire."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document, Edge, Graph
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

MOST_OFFERED = 3


def propose(site: Site) -> Iterator[Mend]:
    """Closing a gap between slots, else wires from what is likely meant."""
    into = site.graph.into(site.node_id)
    if into and [edge.slot for edge in into] != list(range(len(into))):
        yield Mend("close-gap", "Move the wires to the first slots", _closed(site, into))
    slot = _free_slot(into)
    for number, source in enumerate(_candidates(site)[:MOST_OFFERED], start=1):
        after = edits.connect(site.document, site.scope, source, site.node_id, slot)
        suffix = "" if number == 1 else f"-{number}"
        yield Mend(f"connect{suffix}", f"Wire “{source}” to “{site.node_id}”", after)


def _closed(site: Site, into: list[Edge]) -> Document:
    moved = {edge: edge._replace(slot=slot) for slot, edge in enumerate(into)}
    graph = site.graph
    edges = tuple(moved.get(edge, edge) for edge in graph.edges)
    return edits.with_graph(site.document, site.scope, Graph(graph.nodes, edges, graph.extra))


def _free_slot(into: list[Edge]) -> int:
    taken = {edge.slot for edge in into}
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)


def _candidates(site: Site) -> list[str]:
    """Nodes that may feed this one: first those that feed nobody, the nearest written before."""
    graph, ids = site.graph, list(site.graph.nodes)
    here = ids.index(site.node_id)
    used = {edge.source for edge in graph.edges}
    fed = {edge.source for edge in graph.into(site.node_id)}
    fitting = [
        node_id
        for node_id, node in graph.nodes.items()
        if node_id != site.node_id
        and node_id not in fed
        and node.type != BLOCK_OUTPUT
        and not edits.leads_to(graph, site.node_id, node_id)
    ]

    def rank(node_id: str) -> tuple[bool, bool, int]:
        at = ids.index(node_id)
        return (
            node_id in used and graph.nodes[node_id].type != BLOCK_INPUT,
            at > here,
            abs(here - at),
        )

    return sorted(fitting, key=rank)


declare(
    Rule(
        "missing-input",
        "error",
        "A node has no wire in a slot that needs one.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(place("image", "Input", shape=[8, 8, 3]), conv("conv", "image", 4)),),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("conv", "Conv2D", filters=4, kernel_size=3),
        ),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            conv("conv", "image", 3),
            place("difference", "Subtract", "image"),
        ),
    ),
)
