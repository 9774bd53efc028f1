"""``too-many-inputs``: more wires than the node has slots."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """A merge before the node, or only as many wires as it takes."""
    into = site.graph.into(site.node_id)
    limit = edits.slots(site.document, site.node.type)
    if limit == 1:
        for merge in ("Add", "Concatenate"):
            after, name = _merged(site, merge)
            yield Mend(f"insert-{merge.lower()}", f"Insert {merge} before it", after, (name,))
    # Of the layers that take a list only Subtract refuses some: it takes two.
    keep = 2 if limit is None else limit
    title = (
        f"Keep only the first {'wire' if keep == 1 else f'{keep} wires'}"
        if keep
        else "Remove its wires"
    )
    after = edits.disconnect(site.document, site.scope, into[keep:])
    yield Mend("keep-first", title, after)


def _merged(site: Site, merge: str) -> tuple[Document, str]:
    graph = site.graph
    name = edits.free_id(graph.nodes, edits.default_id(merge))
    nodes: dict[str, Node] = {}
    for key, node in graph.nodes.items():
        if key == site.node_id:
            nodes[name] = Node(name, merge, position=_above(node))
        nodes[key] = node
    edges = [e._replace(target=name) if e.target == site.node_id else e for e in graph.edges]
    edges.append(Edge(name, site.node_id))
    after = Graph(nodes, tuple(edges), graph.extra)
    return edits.with_graph(site.document, site.scope, after), name


def _above(node: Node) -> edits.Position | None:
    return None if node.position is None else (node.position[0], node.position[1] - 60.0)


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "too-many-inputs",
        "error",
        "More wires end at a node than it takes tensors.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("a", "image", 3), place("add", "Add", "image", "a")),),
    invalid=(
        document(
            _IMAGE,
            conv("a", "image", 3),
            place("b", "Conv2D", "image", "a", filters=4, kernel_size=3),
        ),
        document(
            _IMAGE,
            conv("a", "image", 3),
            place("less", "Subtract", "image", "a", "image"),
        ),
    ),
)
