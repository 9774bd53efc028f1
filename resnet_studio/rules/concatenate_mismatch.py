"""``concatenate-mismatch``: feature maps of different sizes cannot stand side by side."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document
from resnet_studio.core.edits import with_graph
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.isolation import isolate
from resnet_studio.rules.repairs.junction import Junction
from resnet_studio.rules.repairs.padding import pooling
from resnet_studio.rules.repairs.resample import AxisPlan, plan
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence
from resnet_studio.rules.repairs.splice import Part, splice


def propose(site: Site) -> Iterator[Mend]:
    """Every input brought, without parameters, to the size of the smallest or the first."""
    flat = site.flat
    if flat is None or any(s is None or len(s) != 4 for s in flat.input_shapes):
        yield Mend("channels-axis", "Concatenate the channels", site.without_argument("axis"))
        return
    shapes = [shape for shape in flat.input_shapes if shape is not None]
    if site.node.config.get("axis") not in (None, -1, 3, 1):
        yield Mend("channels-axis", "Concatenate the channels", site.without_argument("axis"))
    first = site.node.config.get("axis") in (1, -3)
    axes = (2, 3) if first else (1, 2)
    sizes = [tuple(shape[axis] for axis in axes) for shape in shapes]
    known = [size for size in sizes if None not in size]
    if known:
        smallest = min(known, key=lambda size: size)
        yield from _resized(site, shapes, axes, smallest, "pool", "smallest")
        yield from _resized(site, shapes, axes, sizes[0], "resize", "first")


def _resized(
    site: Site,
    shapes: list[Shape],
    axes: tuple[int, int],
    size: Shape,
    name: str,
    noun: str,
) -> Iterator[Mend]:
    plans = [plan([shape[a] for a in axes], size, (1, 1)) for shape in shapes]
    if any(each is None for each in plans):
        return
    layout = {"data_format": "channels_first"} if axes == (2, 3) else {}
    parts = [pooling(each or [], layout) if _needed(each) else [] for each in plans]
    told = "×".join(map(str, size))
    document, touched = _spliced(site, parts)
    yield Mend(name, f"Bring every input to {told}, the size of the {noun}", document, touched)


def _needed(plans: list[AxisPlan] | None) -> bool:
    return any(each != AxisPlan() for each in plans or ())


def _spliced(site: Site, parts: list[list[Part]]) -> tuple[Document, tuple[str, ...]]:
    junction = Junction(site.diagnostic.analysis, site.diagnostic.node)
    place_ = isolate(site.document, junction.chain, "resized", whole=True)
    graph, touched = place_.document.graph(place_.scope), []
    for wire in graph.into(site.node_id):
        graph, ids = splice(graph, [wire], parts[wire.slot], aside=True)
        touched += ids
    return with_graph(place_.document, place_.scope, graph), tuple(touched)


_IMAGE = place("image", "Input", shape=[57, 56, 3])

declare(
    Rule(
        "concatenate-mismatch",
        "error",
        "The inputs of Concatenate differ in more than the axis along which they are stacked.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("a", "image", 8), place("join", "Concatenate", "image", "a")),),
    invalid=(
        document(
            _IMAGE,
            conv("a", "image", 8, strides=2),
            place("join", "Concatenate", "image", "a"),
        ),
    ),
)
