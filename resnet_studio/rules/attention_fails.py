"""``attention-fails``: a query and a value that attention cannot compare.

The layers promise a shape and ask nothing of the value before they run: both must have as many
axes, and agree along those that are not attended to.  Attention and AdditiveAttention also compare
the channels as they are.
"""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Graph
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "attention-fails"
GROUPED = "GroupedQueryAttention"
COMPARING = ("Attention", "AdditiveAttention")
"""Layers that compare query and key as they are; two axes they take for samples and channels."""


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where query and value have not the axes that attention needs."""
    name = type(layer).__name__
    if name not in ("MultiHeadAttention", GROUPED, *COMPARING) or len(inputs) < 2:
        return
    query, value = inputs[:2]
    if name in COMPARING:
        summed = name == "AdditiveAttention" or layer.score_mode == "concat"  # type: ignore[attr-defined]
        why = _compared(query, value, inputs[-1], summed)
    elif name == GROUPED:
        steps = all(len(shape) == 3 for shape in inputs)
        why = "" if steps else "it attends along a single axis of steps"
    else:
        why = _why(query, value, layer.attention_axes)  # type: ignore[attr-defined]
    if why:
        text = (
            f"Keras builds the attention of {show(query)} to {show(value)}, but a forward pass "
            f"fails: {why}"
        )
        yield Problem(CODE, text, "warning")


NODE_CHECKS.append(check)


def _why(query: Shape, value: Shape, attended: tuple[int, ...] | None) -> str:
    rank = len(query)
    if rank < 3:
        return "the query has no axis to attend along"
    if len(value) != rank:
        return "query and value must have as many axes"
    if not attended:
        return ""
    axes = {axis if axis >= 0 else rank - 1 + axis for axis in attended}
    for axis in set(range(1, rank - 1)) - axes:
        if None not in (query[axis], value[axis]) and query[axis] != value[axis]:
            return f"they differ along axis {axis}, which is not attended to"
    return ""


def _compared(query: Shape, value: Shape, key: Shape, summed: bool) -> str:
    """Scores by a product need channels that are equal, those by a sum also take a single one."""
    if not len(query) == len(value) == len(key):
        return "query and value must have as many axes"
    for axis in range(1, len(query) - 2):
        if None not in (query[axis], value[axis]) and value[axis] not in (1, query[axis]):
            return f"they differ along axis {axis}, which is not attended to"
    widths = {query[-1], key[-1]} - ({1, None} if summed else {None})
    return "they have not as many channels" if len(widths) > 1 else ""


def propose(site: Site) -> Iterator[Mend]:
    """The query attends to itself; or the network without the attention."""
    graph = site.graph
    wires = graph.into(site.node_id)
    query = next((wire for wire in wires if wire.slot == 0), None)
    if query is not None:
        edges = [
            wire._replace(source=query.source, output=query.output) if wire in wires else wire
            for wire in graph.edges
        ]
        after = Graph(graph.nodes, tuple(edges), graph.extra)
        changed = edits.with_graph(site.document, site.scope, after)
        yield Mend("self-attention", f"Let “{query.source}” attend to itself", changed)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


declare(
    Rule(
        CODE,
        "warning",
        "A query and a value that attention cannot compare when the network runs.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("query", "Input", shape=[6, 4]),
            place("value", "Input", shape=[5, 4]),
            place("attention", "MultiHeadAttention", "query", "value", num_heads=2, key_dim=3),
        ),
    ),
    invalid=(
        document(
            place("maps", "Input", shape=[7, 6, 5]),
            place(
                "attention",
                "GroupedQueryAttention",
                "maps",
                "maps",
                head_dim=3,
                num_query_heads=4,
                num_key_value_heads=2,
            ),
        ),
        document(
            place("query", "Input", shape=[6, 4]),
            place("value", "Input", shape=[5, 3, 4]),
            place("attention", "MultiHeadAttention", "query", "value", num_heads=2, key_dim=3),
        ),
        document(
            place("query", "Input", shape=[6, 4]),
            place("value", "Input", shape=[5, 7]),
            place("attention", "AdditiveAttention", "query", "value"),
        ),
    ),
)
