"""The source document's own answer: a convolutional block between the groups.

``conv_block(n_filters)``, two 3×3 convolutions with strides 2, stands before the fork, so that
identity link and branch start from the same, already doubled, feature maps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.edits import free_id, leads_to, with_graph
from resnet_studio.core.expressions import ExpressionError, resolve
from resnet_studio.core.paths import join_path, split_path
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import CODE, Edited
from resnet_studio.rules.repairs.isolation import isolate, reuse_equal
from resnet_studio.rules.repairs.junction import Junction
from resnet_studio.rules.repairs.matching import match_branch
from resnet_studio.rules.repairs.splice import Part, splice

_PLAIN = {
    "Conv2D", "BatchNormalization", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU",
    "MaxPooling2D", "AveragePooling2D", "Dropout", "SpatialDropout2D",
}  # fmt: skip


class Gap(NamedTuple):
    """Where the block goes: behind ``fork``, on the way to ``target``, in the graph of both."""

    chain: list[tuple[str, int | None]]
    fork: str
    target: str
    inside: str
    """The rest of the merge's path, below ``target``."""


def conv_block(junction: Junction) -> Iterator[Edited]:
    """The step with the source document's strides."""
    yield from _insert(junction, 2)


def conv_block_stride_1(junction: Junction) -> Iterator[Edited]:
    """The step for maps that are too small to be reduced further."""
    yield from _insert(junction, 1)


def _insert(junction: Junction, strides: int) -> Iterator[Edited]:
    gap = _gap(junction)
    filters = shortcut.channels(junction, junction.branch)
    if gap is None or filters is None or len(junction.branch.shape) != 4:
        return
    place = isolate(junction.analysis.document, gap.chain, "widened")
    graph = place.document.graph(place.scope)
    wires = _onward(graph, gap)
    if not wires or len({wire.output for wire in wires}) > 1:
        return
    document, parts = _parts(place.document, junction, gap, strides)
    graph, ids = splice(graph, wires, parts)
    document = with_graph(document, place.scope, graph)
    touched = (*place.calls, *(place.prefix + name for name in ids))
    where = "the fork" if gap.target == junction.merge.node.id else f"“{gap.target}”"
    size = "" if strides == 2 else ", strides 1"
    title = f"Convolutional block ({filters} filters{size}) before {where}"
    edited = Edited(reuse_equal(document, place.clones), title, touched)
    yield from _settled(junction, edited, place.prefix + gap.inside)


def _gap(junction: Junction) -> Gap | None:
    """The lowest graph that holds both the fork and the merge, or calls that hold them."""
    if junction.fork is None:
        return None
    document = junction.analysis.document
    merge = split_path(junction.path, document)
    fork = split_path(junction.flat.nodes[junction.fork].path, document)
    depth = 0
    while depth < min(len(merge), len(fork)) - 1 and merge[depth] == fork[depth]:
        depth += 1
    target, copy = merge[depth]
    source, _ = fork[depth]
    if source == target or copy not in (None, 1):
        return None
    return Gap(merge[:depth], source, target, join_path(merge[depth:]))


def _onward(graph: Graph, gap: Gap) -> list[Edge]:
    """The wires out of the fork that lead to the merge."""
    return [
        wire
        for wire in graph.out_of(gap.fork)
        if wire.target == gap.target
        or (wire.target in graph.nodes and leads_to(graph, wire.target, gap.target))
    ]


def _settled(junction: Junction, edited: Edited, path: str) -> Iterator[Edited]:
    """A branch that itself takes strides leaves them to the new block."""
    analysis = analyse(edited.document, junction.analysis)
    if not any(d.code == CODE and d.node == path for d in analysis.diagnostics):
        yield edited
        return
    for eased in match_branch(Junction(analysis, path)):
        after = analyse(eased.document, analysis)
        if not any(d.code == CODE and d.node == path for d in after.diagnostics):
            title = f"{edited.title}, strides left to it"
            yield Edited(eased.document, title, (*edited.touched, *eased.touched))


# What is put in


def _parts(
    document: Document, junction: Junction, gap: Gap, strides: int
) -> tuple[Document, list[Part]]:
    """A call where the document thinks in blocks, else the two convolutions themselves."""
    layout = shortcut.data_format(junction)
    found = find_block(document, layout) if strides == 2 else None
    if found is None and gap.target == junction.merge.node.id:
        convs = _convolutions(shortcut.raw_channels(junction), strides, layout)
        return document, [
            Part(f"between_{n}", "Conv2D", c) for n, c in zip("ab", convs, strict=True)
        ]
    if found is None:
        wanted = "conv_block" if strides == 2 else "conv_block_stride_1"
        block = notebook_block(strides, layout)
        same = [name for name, other in document.blocks.items() if other == block]
        name = same[0] if same else free_id(document.blocks, wanted)
        document = replace(document, blocks={**document.blocks, name: block})
        found = name, "n_filters"
    name, parameter = found
    return document, [Part(name, name, {parameter: _argument(junction, gap)})]


def _argument(junction: Junction, gap: Gap) -> Any:
    """The filters as the call behind the gap is given them, an expression included."""
    filters = shortcut.channels(junction, junction.branch)
    if gap.target == junction.merge.node.id:
        return shortcut.raw_channels(junction)
    steps = split_path(junction.path, junction.analysis.document)
    found = junction.analysis.at(join_path(steps[: len(gap.chain) + 1]))
    if found is not None:
        graph, node, _ = found
        for raw in node.config.values():
            try:
                if isinstance(raw, str) and resolve(raw, graph.parameters) == filters:
                    return raw
            except ExpressionError:
                continue
    return filters


def _convolutions(filters: Any, strides: int, layout: Mapping[str, Any]) -> list[dict[str, Any]]:
    config = {
        "filters": filters,
        "kernel_size": [3, 3],
        "strides": [strides, strides],
        "padding": "same",
        "activation": "relu",
        **layout,
    }
    if strides == 1:
        del config["strides"]
    return [config, dict(config)]


def notebook_block(strides: int = 2, layout: Mapping[str, Any] | None = None) -> Block:
    """``conv_block(n_filters, x)`` as the source document writes it."""
    first, second = _convolutions("=n_filters", strides, layout or {})
    nodes = (
        Node("x", BLOCK_INPUT, position=(0.0, 0.0)),
        Node("conv_a", "Conv2D", first, position=(0.0, 120.0)),
        Node("conv_b", "Conv2D", second, position=(0.0, 240.0)),
        Node("y", BLOCK_OUTPUT, position=(0.0, 360.0)),
    )
    edges = (Edge("x", "conv_a"), Edge("conv_a", "conv_b"), Edge("conv_b", "y"))
    text = "Two 3×3 convolutions without pooling, to stand between groups of residual blocks."
    return Block(Graph({node.id: node for node in nodes}, edges), {"n_filters": 64}, text)


def find_block(document: Document, layout: Mapping[str, Any]) -> tuple[str, str] | None:
    """A block of the document that does the same, and its parameter for the filters."""
    for name, block in document.blocks.items():
        parameter = _reduces(block, layout)
        if parameter is not None:
            return name, parameter
    return None


def _reduces(block: Block, layout: Mapping[str, Any]) -> str | None:
    """The parameter that sets the filters of a chain of convolutions with strides."""
    inner = [n for n in block.graph.nodes.values() if n.type not in (BLOCK_INPUT, BLOCK_OUTPUT)]
    convs = [node for node in inner if node.type == "Conv2D"]
    if len(block.inputs()) != 1 or len(block.outputs()) != 1 or not convs:
        return None
    if len(block.graph.edges) != len(inner) + 1 or any(node.type not in _PLAIN for node in inner):
        return None
    strided = any(node.config.get("strides") in (2, [2, 2], (2, 2)) for node in convs)
    formats = {node.config.get("data_format", "channels_last") for node in convs}
    if not strided or formats != {layout.get("data_format", "channels_last")}:
        return None
    raws = {node.config.get("filters") for node in convs}
    raw = str(raws.pop()) if len(raws) == 1 else ""
    return raw[1:].strip() if raw[:1] == "=" and raw[1:].strip() in block.parameters else None
