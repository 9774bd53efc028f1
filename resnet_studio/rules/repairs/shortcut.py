"""Edits of the merge and of the wire of its identity link."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.edits import with_graph
from resnet_studio.core.shapes import Size
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.isolation import Place, isolate, reuse_equal, scope_of
from resnet_studio.rules.repairs.junction import Junction, Side, flat_network, strides_of
from resnet_studio.rules.repairs.resample import AxisPlan, plan
from resnet_studio.rules.repairs.splice import Part, splice


def places(junction: Junction, suffix: str) -> Iterator[Place]:
    """The merge's graph made private: to its own copy, then to all copies of its loops."""
    document, chain = junction.analysis.document, junction.chain
    yield isolate(document, chain, suffix)
    if any(copy is not None for _, copy in chain):
        yield isolate(document, chain, suffix, whole=True)


def finish(place: Place, graph: Graph, touched: Sequence[str], title: str) -> Edited:
    """The document with the graph of ``place`` edited; paths of ``touched`` are completed."""
    document = with_graph(place.document, place.scope, graph)
    document = reuse_equal(document, place.clones)
    paths = (*place.calls, *(place.prefix + name for name in touched))
    return Edited(document, title, tuple(dict.fromkeys(paths)))


Parts = Mapping[int, Sequence[Part]]
"""New nodes for the wire into each slot of a merge."""


def for_each_misfit(
    junction: Junction, make: Callable[[Side], Sequence[Part] | None]
) -> Parts | None:
    """The nodes that each unfitting side needs; None where one of them cannot be made to fit."""
    made = {side.slot: make(side) for side in junction.misfits}
    return None if None in made.values() else made  # type: ignore[return-value]


def on_the_links(
    junction: Junction, parts: Parts | None, title: str, suffix: str
) -> Iterator[Edited]:
    """Puts nodes into the wires of the identity link and of further sides that do not fit."""
    merge = junction.merge.node.id
    if parts is None or not any(parts.values()) or junction.path != junction.prefix + merge:
        return
    for place in places(junction, suffix):
        yield finish(place, *_wired(place, merge, parts), title)
    everywhere = _in_place(junction)
    if everywhere is not None:
        graph, touched = _wired(everywhere, merge, parts)
        edited = finish(everywhere, graph, touched, f"{title} in every “{everywhere.scope}”")
        if _needed(edited.document, graph.nodes[merge], parts):
            yield edited


def _wired(place: Place, merge: str, parts: Parts) -> tuple[Graph, list[str]]:
    """The graph with the new nodes in the wires of ``merge``, and their ids."""
    graph, touched = place.document.graph(place.scope), []
    for wire in graph.into(merge):
        graph, ids = splice(graph, [wire], parts.get(wire.slot, ()), aside=True)
        touched += ids
    return graph, touched


def _in_place(junction: Junction) -> Place | None:
    """The block itself, where none of its merges works: whoever calls it needs the repair."""
    drawn = junction.merge.node
    if not junction.chain or any(n.node is drawn and n.output for n in junction.flat.nodes):
        return None
    document = junction.analysis.document
    scope = scope_of(document, junction.chain)
    return Place(document, scope, junction.prefix)


def _needed(document: Document, merge: Node, parts: Parts) -> bool:
    """Whether at every copy of the merge what enters the new nodes would not have fitted."""
    nodes = flat_network(analyse(document)).nodes
    for node in (each for each in nodes if each.node is merge):
        for slot, made in parts.items():
            tensor = node.inputs[slot]
            for _ in made:
                tensor = nodes[tensor[0]].inputs[0] if tensor is not None else None
            if tensor is None or nodes[tensor[0]].output == node.output:
                return False
    return True


def without_link(junction: Junction) -> Iterator[Edited]:
    """The merge made to pass its branch on: what the network would be, had it worked.

    Not offered to anyone; the costs of the repairs are told beside it.
    """
    merge = junction.merge.node
    for place in places(junction, "passed"):
        graph = place.document.graph(place.scope)
        kept = [wire for wire in graph.into(merge.id) if wire.slot == junction.branch.slot]
        edges = [wire for wire in graph.edges if wire.target != merge.id]
        edges += [Edge(wire.source, merge.id, 0, wire.output) for wire in kept]
        passing = replace(merge, type="Activation", config={"activation": "linear"})
        nodes = {**graph.nodes, merge.id: passing}
        yield Edited(_put(place, Graph(nodes, tuple(edges), graph.extra)), "")


def _put(place: Place, graph: Graph) -> Document:
    return with_graph(place.document, place.scope, graph)


# What the link has to become


def wanted_shape(junction: Junction, side: Side) -> tuple[Size, ...]:
    """The branch's shape; but a gate of one value a channel keeps scaling a whole map."""
    wanted = list(junction.branch.shape)
    if junction.merge.type == "Multiply" and len(side.shape) == len(wanted):
        for axis in junction.spatial_axes:
            if 1 in (wanted[axis], side.shape[axis]):
                wanted[axis] = side.shape[axis]
    return tuple(wanted)


def spatial_plan(junction: Junction, side: Side) -> list[AxisPlan] | None:
    """How the height and width of ``side`` become the branch's; None where they cannot."""
    wanted = wanted_shape(junction, side)
    if len(side.shape) != 4 or len(wanted) != 4 or junction.clashing_batches(side):
        return None
    axes = junction.spatial_axes
    hints = [junction.stride(junction.branch, axis) for axis in axes]
    return plan([side.shape[a] for a in axes], [wanted[a] for a in axes], hints)


def data_format(junction: Junction) -> dict[str, Any]:
    """The argument that layers around this merge need: none where channels are last."""
    first = len(junction.branch.shape) == 4 and junction.channel_axis == 1
    return {"data_format": "channels_first"} if first else {}


def channels(junction: Junction, side: Side) -> Size:
    """How many channels a side has; None where that is unknown or it has no such axis."""
    axis = junction.channel_axis
    return side.shape[axis] if axis < len(side.shape) else None


# What the branch is like


_CONVOLUTIONS = (
    "Conv2D",
    "SeparableConv2D",
    "DepthwiseConv2D",
    "Conv2DTranspose",
    "Dense",
)
_STYLE = (
    "use_bias",
    "kernel_initializer",
    "kernel_regularizer",
    "dtype",
    "data_format",
)


def setter_index(junction: Junction, side: Side) -> int | None:
    """The layer of a trail that gives the side its channels, by its index."""
    for i in reversed(side.trail):
        if argument_of_channels(junction.flat.nodes[i].type):
            return i
    return None


def argument_of_channels(type_name: str) -> str | None:
    """``filters`` or ``units``, where a layer has one."""
    if type_name in ("Conv2D", "SeparableConv2D", "Conv2DTranspose"):
        return "filters"
    return "units" if type_name == "Dense" else None


def raw_channels(junction: Junction) -> Size | str:
    """The branch's channels as its layer has them: an expression stays one in its own block."""
    index = setter_index(junction, junction.branch)
    wanted = channels(junction, junction.branch)
    if index is None or not junction.local(index):
        return wanted
    flat = junction.flat.nodes[index]
    name = argument_of_channels(flat.type) or ""
    raw = flat.node.config.get(name)
    return raw if isinstance(raw, str) and flat.config.get(name) == wanted else wanted


def raw_strides(junction: Junction, steps: list[int]) -> list[int] | str:
    """Strides as the one layer of the branch has them that takes some, an expression included."""
    found = set()
    for i in junction.branch.trail:
        flat = junction.flat.nodes[i]
        raw = flat.node.config.get("strides", 1)
        if isinstance(raw, str) and junction.local(i):
            same = {tuple(strides_of(junction.layer(i))), tuple(steps)}
            found.add(raw if len(same) == 1 else "")
        elif raw not in (1, [1, 1], (1, 1)):
            found.add("")
    return found.pop() or steps if len(found) == 1 else steps


def style(junction: Junction) -> Mapping[str, Any]:
    """What a new convolution takes over from the last one of the branch."""
    for i in reversed(junction.branch.trail):
        flat = junction.flat.nodes[i]
        if flat.type in _CONVOLUTIONS:
            config = flat.node.config if junction.local(i) else flat.config
            return {key: config[key] for key in _STYLE if key in config}
    return data_format(junction)


def normalised(junction: Junction) -> Mapping[str, Any] | None:
    """The arguments of the branch's batch normalisation; None where it has none.

    ``gamma_initializer`` stays behind: zeros there are meant to mute a branch, not the link.
    """
    for i in reversed(junction.branch.trail):
        flat = junction.flat.nodes[i]
        if flat.type == "BatchNormalization":
            config = flat.node.config if junction.local(i) else flat.config
            kept = ("axis", "momentum", "epsilon", "dtype")
            return {key: config[key] for key in kept if key in config}
    return None
