"""Concatenate in place of the merge: features side by side, as DenseNet joins them."""

from collections.abc import Iterator
from dataclasses import replace

from resnet_studio.core.document import Graph, Node
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction, Side
from resnet_studio.rules.repairs.padding import pooling
from resnet_studio.rules.repairs.splice import Part, splice

_KEEPS = ("name", "dtype", "trainable")


def concatenate(junction: Junction) -> Iterator[Edited]:
    """The step: every side brought to the branch's height and width, then stacked."""
    resized = {side.slot: _resized(junction, side) for side in junction.sides}
    if None in resized.values() or junction.path != junction.prefix + junction.merge.node.id:
        return
    merge = junction.merge.node
    title = f"Concatenate instead of {merge.type} at “{merge.id}”"
    for place in shortcut.places(junction, "concatenated"):
        graph, touched = place.document.graph(place.scope), [merge.id]
        for wire in graph.into(merge.id):
            graph, ids = splice(graph, [wire], resized.get(wire.slot) or (), aside=True)
            touched += ids
        yield shortcut.finish(place, _stacking(graph, merge, junction), touched, title)


def _resized(junction: Junction, side: Side) -> list[Part] | None:
    """The nodes that ``side`` needs; None where its height and width cannot be reached."""
    shape, target = side.shape, junction.branch.shape
    if len(shape) != len(target) or junction.clashing_batches(side):
        return None
    last = junction.channel_axis
    same = all(
        a == b for i, (a, b) in enumerate(zip(shape, target, strict=True)) if i not in (0, last)
    )
    if same:
        return []
    plans = shortcut.spatial_plan(junction, side) if len(shape) == 4 else None
    return None if plans is None else pooling(plans, shortcut.data_format(junction))


def _stacking(graph: Graph, merge: Node, junction: Junction) -> Graph:
    config = {key: value for key, value in merge.config.items() if key in _KEEPS}
    if shortcut.data_format(junction):
        config["axis"] = 1
    return graph.with_node(replace(merge, type="Concatenate", config=config))
