"""``cycle``: wires that run in a circle, so that no node of it can be computed first."""

from collections.abc import Iterator, Sequence

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Edge
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

MOST_OFFERED = 3


def propose(site: Site) -> Iterator[Mend]:
    """Each wire without which the circle is open, those that run backwards first."""
    offered = 0
    for edge in _suspects(site):
        after = edits.disconnect(site.document, site.scope, [edge])
        if _still_round(after.graph(site.scope).structure.problems, site.node_id):
            continue
        offered += 1
        if offered > MOST_OFFERED:
            return
        suffix = "" if offered == 1 else f"-{offered}"
        title = f"Remove the wire from “{edge.source}” to “{edge.target}”"
        yield Mend(f"remove-wire{suffix}", title, after, (edge.target,))


def _still_round(problems: Sequence[tuple[str, str, str]], node_id: str) -> bool:
    return any(code == "cycle" and node == node_id for code, node, _ in problems)


def _suspects(site: Site) -> list[Edge]:
    """The wires between members of the circle; whoever draws downwards closes it upwards."""
    import networkx as nx

    digraph = site.graph.structure.digraph
    members = next(c for c in nx.strongly_connected_components(digraph) if site.node_id in c)
    index = site.graph.structure.index
    edges = [e for e in site.graph.edges if e.source in members and e.target in members]
    # A merge can spare a wire; a node of one input is left with none.
    several = {e.target for e in edges if len(site.graph.into(e.target)) > 1}
    return sorted(
        edges,
        key=lambda e: (index[e.target] > index[e.source], e.target not in several),
    )


declare(
    Rule(
        "cycle",
        "error",
        "The wires run in a circle: a network is computed from its inputs to its outputs.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("image", "Input", shape=[8, 8, 4]),
            conv("conv", "image", 4),
            place("add", "Add", "image", "conv"),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 4]),
            place("add", "Add", "image", "conv_b"),
            conv("conv_a", "add", 4),
            conv("conv_b", "conv_a", 4),
        ),
    ),
)
