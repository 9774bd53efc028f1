"""``unequal-strides-on-cpu``: a depthwise window of different steps along height and width.

TensorFlow's own kernel takes one step for both axes (“only supports equal length strides in the
row and column dimensions”); only where it uses oneDNN may they differ.
"""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Node
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.behind import behind
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "unequal-strides-on-cpu"
DEPTHWISE = frozenset({"DepthwiseConv2D", "SeparableConv2D"})


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where height and width are stepped through differently."""
    name = type(layer).__name__
    if name in DEPTHWISE and len(set(strides := layer.strides)) > 1:  # type: ignore[attr-defined]
        told = "×".join(map(str, strides))
        text = (
            f"Keras builds {name} with strides {told}, but on a processor without oneDNN a "
            "forward pass fails: TensorFlow takes only equal strides there"
        )
        yield Problem(CODE, text, "warning", {"argument": "strides"})


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The steps taken by a pooling of one value behind it, which leaves every shape as it is."""
    layer, node = site.layer, site.node
    if layer is None:
        return
    strides = list(layer.strides)  # type: ignore[attr-defined]
    if node.shared_with is None:
        name = edits.free_id(site.graph.nodes, f"{site.node_id}_step")
        config = {"pool_size": [1, 1], "strides": strides}
        if (layout := node.config.get("data_format")) is not None:
            config["data_format"] = layout
        pool = Node(name, "MaxPooling2D", config)
        document = site.without_argument("strides")
        after = behind(document, site.scope, site.node_id, pool)
        title = "Strides 1, and a pooling of one value behind it that takes the steps"
        yield Mend("step-behind", title, after, (site.node_id, name))
    for step in sorted(set(strides), reverse=True):
        after = site.with_argument("strides", step)
        yield Mend(f"strides-{step}", f"Strides {step}×{step}", after)


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "A depthwise convolution of unequal strides fails on processors without oneDNN.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_IMAGE, place("d", "DepthwiseConv2D", "image", kernel_size=3, strides=2)),
        document(_IMAGE, place("c", "Conv2D", "image", filters=4, kernel_size=3, strides=[2, 1])),
    ),
    invalid=(
        document(
            _IMAGE,
            place("d", "DepthwiseConv2D", "image", kernel_size=3, strides=[2, 1]),
            place("flat", "Flatten", "d"),
        ),
        document(
            _IMAGE,
            place("s", "SeparableConv2D", "image", filters=4, kernel_size=3, strides=[1, 2]),
        ),
    ),
)
