"""``adaptive-pooling-fails``: an adaptive pooling that builds on anything and runs on maps alone.

Keras' build puts the wanted sizes between the batch and the channels of whatever comes in.  The
forward pass lays windows over as many spatial axes as the layer has: some of ceil(n / wanted)
rows and, needed or not, some of one more.  These do not fit where a single row is wanted, or given,
which TensorFlow refuses in predict and fit (called by itself, such a layer may end its process).
"""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "adaptive-pooling-fails"
KEPT = ("name", "data_format", "dtype", "trainable")
"""Arguments that the global pooling of the same values takes over."""


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where no window can be laid over the input."""
    name = type(layer).__name__
    if not name.startswith("Adaptive"):
        return
    for shape in inputs:
        if why := _why(layer, shape):
            text = f"Keras builds {name} on {show(shape)}, but a forward pass fails: {why}"
            yield Problem(CODE, text, "warning")
            return


def _why(layer: Any, shape: Shape) -> str:
    sizes = shape[2:] if layer.data_format == "channels_first" else shape[1:-1]
    if len(sizes) != layer.rank:
        return f"it pools {layer.rank} axes beside the channels, and there are {len(sizes)}"
    if None in layer.output_size:
        return "every size of its output must be known"
    if 1 in (*sizes, *layer.output_size):
        return "it also lays windows of one row more, which do not fit where a size is 1"
    return ""


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """Sizes of one where they are open, or the network without it."""
    size = site.node.config.get("output_size")
    if isinstance(size, list | tuple) and None in size:
        after = site.with_argument("output_size", [2 if each is None else each for each in size])
        yield Mend("whole-sizes", "Set what is open to 2", after)
    wanted = getattr(site.layer, "output_size", ())
    if wanted and all(each == 1 for each in wanted):
        kind = site.node.type.replace("Adaptive", "Global")
        kept = {key: site.node.config[key] for key in KEPT if key in site.node.config}
        after = site.with_node(type=kind, config={"keepdims": True, **kept})
        yield Mend("global-pooling", f"{kind}, which gives the same", after)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_IMAGE = place("i", "Input", shape=[8, 8, 3])
_POOL = "AdaptiveAveragePooling2D"

declare(
    Rule(
        CODE,
        "warning",
        "An adaptive pooling is given other axes than it pools, leaves a size open, or pools to 1.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_IMAGE, place("p", _POOL, "i", output_size=3)),
        document(_IMAGE, place("p", _POOL, "i", output_size=[9, 2])),
    ),
    invalid=(
        document(place("i", "Input", shape=[12]), place("p", _POOL, "i", output_size=3)),
        document(_IMAGE, place("p", "AdaptiveMaxPooling1D", "i", output_size=3)),
        document(_IMAGE, place("p", _POOL, "i", output_size=[None, 2])),
        document(_IMAGE, place("p", _POOL, "i", output_size=1)),
        document(place("i", "Input", shape=[8, 1, 3]), place("p", _POOL, "i", output_size=3)),
    ),
)
