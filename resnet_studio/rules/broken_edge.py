"""``broken-edge``: a wire with an end that is not there, or two wires in one slot."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document, Edge, Graph
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The network without the wires that lead nowhere; else without one of those at fault."""
    graph = site.graph
    loose = [e for e in graph.edges if e.source not in graph.nodes or e.target not in graph.nodes]
    here = [edge for edge in loose if site.node_id in (edge.source, edge.target)]
    if site.node_id == next(iter(graph.nodes)):
        here += [e for e in loose if e.source not in graph.nodes and e.target not in graph.nodes]
    if here:
        yield Mend("remove-wire", f"Remove {_told(here)}", _without(site, here))
    into = [edge for edge in graph.into(site.node_id) if edge not in loose]
    slots = [edge.slot for edge in into]
    doubled = [edge for edge in into if slots.count(edge.slot) > 1]
    for number, edge in enumerate(doubled, start=1):
        suffix = "" if number == 1 else f"-{number}"
        yield Mend(f"remove-doubled{suffix}", f"Remove {_told([edge])}", _without(site, [edge]))
    for edge in into:
        if edge.output and not doubled:
            whole = tuple(e._replace(output=0) if e == edge else e for e in graph.edges)
            title = f"Take the first output of “{edge.source}”"
            yield Mend("first-output", title, _with(site, whole))
            yield Mend("remove-wire", f"Remove {_told([edge])}", _without(site, [edge]))


def _told(edges: list[Edge]) -> str:
    wires = " and ".join(f"“{edge.source}” to “{edge.target}”" for edge in edges[:3])
    return f"the wire{'s' if len(edges) > 1 else ''} from {wires}"


def _without(site: Site, edges: list[Edge]) -> Document:
    """Without these wires; of two equal ones one stays."""
    twins = [edge for edge in edges if site.graph.edges.count(edge) > 1]
    after = edits.disconnect(site.document, site.scope, edges)
    return after if not twins else _with(site, (*after.graph(site.scope).edges, *twins))


def _with(site: Site, edges: tuple[Edge, ...]) -> Document:
    graph = Graph(site.graph.nodes, edges, site.graph.extra)
    return edits.with_graph(site.document, site.scope, graph)


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "broken-edge",
        "error",
        "A wire begins or ends at a node or an output that is not there, or shares its slot.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("conv", "image", 4)),),
    invalid=(
        document(
            _IMAGE,
            conv("conv", "image", 3),
            place("add", "Add", "image", "conv", "gone"),
        ),
        document(_IMAGE, conv("conv", "image:1", 3)),
    ),
)
