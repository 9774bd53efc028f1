"""``channels-first-on-cpu``: a layout that TensorFlow convolves only on some processors.

Keras hands a convolution with ``data_format="channels_first"`` to TensorFlow as it is.  Graphics
cards take it, and processors where TensorFlow uses oneDNN; on a plain processor (oneDNN off, or
not built in) the forward pass ends with “only supports NHWC tensor format”.  Pooling and most
other layers are transposed by Keras itself and run everywhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document, Node
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import block, conv, declare, document, place
from resnet_studio.rules.repairs.behind import behind
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "channels-first-on-cpu"
FIRST, LAST = "channels_first", "channels_last"
PLAIN = frozenset({"Conv1D", "Conv2D", "Conv1DTranspose", "Conv2DTranspose"})
"""Layers that fail on a processor without oneDNN; tried out with it switched off."""


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning at each convolution that TensorFlow does not transpose by itself."""
    name = type(layer).__name__
    if name in PLAIN and getattr(layer, "data_format", LAST) == FIRST:
        text = (
            f"Keras builds {name} with the channels first, but on a processor without oneDNN a "
            "forward pass fails: TensorFlow convolves there only with the channels last"
        )
        yield Problem(CODE, text, "warning", {"argument": "data_format"})


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The whole network with the channels last, or this layer between two Permutes."""
    yield Mend("channels-last", "The whole network with the channels last", _turned(site.document))
    shape = site.input_shape
    if shape is not None and site.node.shared_with is None:
        after, names = _permuted(site, len(shape))
        title = f"Only “{site.node_id}” with the channels last, between two Permutes"
        yield Mend("permute", title, after, names)


def _turned(document: Document) -> Document:
    """Every layer and every Input with the channels last, and axis 1 become the last."""
    for scope in document.scopes():
        for node in document.graph(scope).nodes.values():
            config = _turned_config(node)
            if config != node.config:
                document = edits.replace_node(document, scope, replace(node, config=config))
    return document


def _turned_config(node: Node) -> dict[str, Any]:
    config = dict(node.config)
    if str(config.get("data_format")).lower() == FIRST:
        del config["data_format"]
    if config.get("axis") == 1:
        config["axis"] = -1
    for name, batch in (("shape", 0), ("batch_shape", 1)):
        shape = config.get(name)
        if node.type == "Input" and isinstance(shape, list | tuple) and len(shape) - batch >= 2:
            sizes = list(shape)
            config[name] = [*sizes[:batch], *sizes[batch + 1 :], sizes[batch]]
    if node.type == "PReLU" and config.get("shared_axes") == [*range(2, 4)]:
        config["shared_axes"] = [1, 2]
    return config


def _permuted(site: Site, rank: int) -> tuple[Document, tuple[str, ...]]:
    """The layer between a Permute to the channels last and one back."""
    document = site.without_argument("data_format")
    last, first = [*range(2, rank), 1], [rank - 1, *range(1, rank - 1)]
    before = edits.free_id(document.graph(site.scope).nodes, f"{site.node_id}_last")
    wire = document.graph(site.scope).into(site.node_id)[0]
    node = Node(before, "Permute", {"dims": last})
    document = edits.insert_on_edge(document, site.scope, wire, node)
    after = edits.free_id(document.graph(site.scope).nodes, f"{site.node_id}_first")
    document = behind(document, site.scope, site.node_id, Node(after, "Permute", {"dims": first}))
    return document, (before, site.node_id, after)


_IMAGE = place("image", "Input", shape=[3, 8, 8])

declare(
    Rule(
        CODE,
        "warning",
        "A convolution with the channels first fails on processors without oneDNN.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_IMAGE, place("pool", "MaxPooling2D", "image", data_format=FIRST)),
        document(_IMAGE, conv("conv", "image", 4)),
    ),
    invalid=(
        document(
            _IMAGE,
            conv("a", "image", 4, data_format=FIRST),
            place("norm", "BatchNormalization", "a", axis=1),
            place("pool", "AveragePooling2D", "norm", pool_size=2, data_format=FIRST),
        ),
        document(
            place("series", "Input", shape=[2, 9]),
            place("conv", "Conv1D", "series", filters=4, kernel_size=3, data_format=FIRST),
        ),
        document(
            _IMAGE,
            place("group", "body", "image"),
            blocks={"body": block(conv("conv", "x", 3, data_format="CHANNELS_FIRST"))},
        ),
    ),
)
