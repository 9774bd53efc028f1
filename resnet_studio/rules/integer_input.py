"""``integer-input``: whole numbers, truth values or texts where TensorFlow computes in fractions.

Keras builds every layer on an Input of any dtype and casts only fractions to a layer's own
precision, so that pictures given as ``uint8`` pass unchanged into the first convolution, which
TensorFlow does not have for them.  What each layer takes and makes of them was tried out, layer
by layer, with TensorFlow 2.21.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Rule
from resnet_studio.core.document import Edge, Node
from resnet_studio.core.flatten import FlatNode, flatten
from resnet_studio.core.layer import LAYERS, Problem
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.noted import Noted
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "integer-input"
FLOAT, TEXT = "float32", "string"
FRACTIONS = frozenset({"float16", "float32", "float64", "bfloat16", "half", "float", "double"})
WIDE = frozenset({"int32", "int64", "uint32", "uint64"})
UNSIGNED = frozenset({"uint16", "uint32", "uint64"})

ONLY_FRACTIONS = frozenset({
    "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
    "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
    "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "MaxPooling3D",
    "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling3D",
    "Softmax", "ELU", "PReLU", "UnitNormalization", "RandomContrast", "Attention",
})  # fmt: skip
"""Layers that take nothing else."""

MAKES_FRACTIONS = frozenset({
    "Dense", "EinsumDense", "Embedding", "LSTM", "GRU", "SimpleRNN", "Rescaling", "Normalization",
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "AdditiveAttention",
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "LeakyReLU",
    "CenterCrop", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
    "MultiHeadAttention", "GroupedQueryAttention", "LayerScale", "CustomScaleLayer", "Average",
    "Lambda", "TimeDistributed", "Bidirectional",
})  # fmt: skip
"""Layers that give fractions whatever comes, or of which nothing else is known."""

NO_TRUTH = frozenset({
    "ReLU", "LeakyReLU", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum",
    "MaxPooling1D", "MaxPooling2D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "Resizing",
    "RandomBrightness", "AdditiveAttention",
})  # fmt: skip
"""Layers that do not take truth values."""

NO_UNSIGNED = frozenset({
    "MaxPooling1D", "MaxPooling2D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "Resizing",
})  # fmt: skip
"""Layers that do not take unsigned numbers of more than a byte."""

TEXTS = frozenset({
    "Identity", "Reshape", "Flatten", "Permute", "RepeatVector", "Concatenate", "Dropout",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise",
    "GaussianDropout", "AlphaDropout", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
    "Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D", "UpSampling3D",
})  # fmt: skip
"""Layers that pass texts on."""

ACTIVATION_KEEPS = frozenset({"relu", "relu6", "linear"})
ACTIVATION_MAKES = frozenset({"tanh", "exponential", "leaky_relu"})
"""Activations of whole numbers that keep them, and that give fractions; the others fail."""


def check(analysis: Analysis) -> Iterator[tuple[str, Problem]]:
    """A warning at the layers that are given what they cannot compute with."""
    if not _other.anywhere(analysis.document):
        return
    made: list[str] = []
    for flat in flatten(analysis).nodes:
        arriving = [made[tensor[0]] for tensor in flat.inputs if tensor is not None]
        wrong = next((dtype for dtype in arriving if not _takes(flat, dtype)), None)
        made.append(FLOAT if wrong is not None else _gives(flat, arriving))
        if wrong in FRACTIONS:
            yield flat.path, _no_text(flat.type)
        elif wrong is not None:
            yield flat.path, _problem(flat.type, wrong)


NETWORK_CHECKS.append(check)


def _begins_other(node: Node) -> bool:
    """Whether something else than fractions could begin at a node."""
    if "dtype" not in node.config:
        return False
    dtype = _given(node.config)
    return dtype not in FRACTIONS and (dtype == TEXT or node.type == "Input")


_other = Noted(_begins_other)


def _given(config: Mapping[str, Any]) -> str:
    dtype = config.get("dtype")
    return dtype if isinstance(dtype, str) else FLOAT


def _takes(flat: FlatNode, dtype: str) -> bool:
    """Whether TensorFlow runs this layer on tensors of ``dtype``."""
    if dtype in FRACTIONS:
        # Keras casts fractions, and nothing else, to the dtype of the layer.
        return flat.type == "Input" or _given(flat.config) != TEXT or not _casts(flat.config)
    kind, config = flat.type, flat.config
    if dtype == TEXT:
        return kind in TEXTS or (kind == "Add" and not config.get("activation"))
    if kind in ONLY_FRACTIONS or (dtype == "bool" and kind in NO_TRUTH):
        return False
    blended = (
        kind.startswith("UpSampling2D") and config.get("interpolation", "nearest") != "nearest"
    )
    if kind in NO_UNSIGNED or blended:
        return dtype not in UNSIGNED - {"uint16"} and not (blended and dtype == "bool")
    return kind != "Activation" or _activates(config.get("activation"), dtype)


def _casts(config: Mapping[str, Any]) -> bool:
    return bool(config.get("autocast", True))


def _activates(activation: Any, dtype: str) -> bool:
    if activation is None or activation == "linear":
        return True
    if activation in ACTIVATION_KEEPS or activation == "leaky_relu":
        return dtype != "bool"
    return activation in ACTIVATION_MAKES


def _gives(flat: FlatNode, arriving: list[str]) -> str:
    """The dtype that really comes out; of fractions only that they are."""
    kind = flat.type
    if kind == "Input":
        return _given(flat.config)
    makes = kind == "Activation" and flat.config.get("activation") in ACTIVATION_MAKES
    if makes or kind in MAKES_FRACTIONS or not arriving or any(d in FRACTIONS for d in arriving):
        return FLOAT
    if len(set(arriving)) == 1:
        return "int32" if kind == "Masking" and arriving[0] == "bool" else arriving[0]
    # Of different whole numbers the widest; no layer tells the wide ones apart.
    return next((d for d in arriving if d in WIDE), next(d for d in arriving if d != "bool"))


def _problem(kind: str, dtype: str) -> Problem:
    what = {"bool": "truth values", "string": "texts"}.get(dtype, f"whole numbers ({dtype})")
    text = (
        f"Keras builds this {kind}, but a forward pass fails: it is given {what}, with which "
        "TensorFlow cannot compute here; turn them into fractions before"
    )
    return Problem(CODE, text, "warning", {"dtype": dtype})


def _no_text(kind: str) -> Problem:
    text = (
        f"Keras builds this {kind}, but a forward pass fails: its dtype is “{TEXT}”, and "
        "TensorFlow cannot make texts of the fractions that it is given"
    )
    return Problem(CODE, text, "warning", {"argument": "dtype", "dtype": TEXT})


def propose(site: Site) -> Iterator[Mend]:
    """A layer before it that makes fractions of them, or an Input that gives fractions."""
    if "Rescaling" in LAYERS and site.diagnostic.problem.data["dtype"] != TEXT:
        scale, told = (
            (1 / 255, "1/255") if "8" in site.diagnostic.problem.data["dtype"] else (1, "1")
        )
        after, name = _rescaled(site, scale)
        yield Mend("insert-rescaling", f"Insert Rescaling by {told} before it", after, (name,))
    if site.argument is not None:
        yield Mend("own-dtype", "dtype as by default", site.without_argument(site.argument))
        return
    after = site.document
    ids = []
    for node in site.document.network.nodes.values():
        if node.type == "Input" and _given(node.config) not in FRACTIONS:
            after = edits.clear_argument(after, "", node.id, "dtype")
            ids.append(node.id)
    if ids:
        told = " and ".join(f"“{name}”" for name in ids[:3])
        yield Mend("float-input", f"{told} of float32", after, tuple(ids))


def _rescaled(site: Site, scale: float) -> tuple[Any, str]:
    """A Rescaling in the first wire; further wires of a merge are cast by TensorFlow itself."""
    wire: Edge = site.graph.into(site.node_id)[0]
    name = edits.free_id(site.graph.nodes, "rescaling")
    node = Node(name, "Rescaling", {"scale": scale})
    return edits.insert_on_edge(site.document, site.scope, wire, node), name


_PIXELS = place("image", "Input", shape=[8, 8, 3], dtype="uint8")

declare(
    Rule(
        CODE,
        "warning",
        "A layer is given whole numbers, truth values or texts, with which TensorFlow cannot "
        "compute in it.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            _PIXELS,
            place("scaled", "Rescaling", "image", scale=1 / 255),
            conv("conv", "scaled", 4),
        ),
        document(
            place("words", "Input", shape=[12], dtype="int32"),
            place("vectors", "Embedding", "words", input_dim=100, output_dim=4),
            place("mean", "AveragePooling1D", "vectors", pool_size=2),
        ),
        document(_PIXELS, place("flat", "Flatten", "image"), place("d", "Dense", "flat", units=3)),
    ),
    invalid=(
        document(_PIXELS, conv("conv", "image", 4)),
        document(
            place("mask", "Input", shape=[8, 8, 3], dtype="bool"),
            place("flipped", "Permute", "mask", dims=[2, 1, 3]),
            place("sum", "Add", "mask", "flipped"),
        ),
        document(
            place("counts", "Input", shape=[6], dtype="int32"),
            place("shares", "Softmax", "counts"),
        ),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("row", "Reshape", "image", target_shape=[-1], dtype="string"),
        ),
        document(_PIXELS, place("p", "AdaptiveAveragePooling2D", "image", output_size=2)),
    ),
)
