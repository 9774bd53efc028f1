"""``list-fails``: several tensors for a layer that runs on one.

Given a list, Keras builds such a layer for each tensor in it; when it runs, TensorFlow stacks
the tensors on top of each other, or fails.
"""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import mending, sentence
from resnet_studio.rules.too_many_inputs import propose

CODE = "list-fails"
PASSES = frozenset({
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Identity",
})  # fmt: skip
"""Layers that hand a list on as it is; the others were tried out, and none runs."""


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where Keras maps a layer over a list that TensorFlow does not."""
    name = type(layer).__name__
    if len(inputs) > 1 and layer.maps_lists and not layer.takes_list and name not in PASSES:
        text = (
            f"Keras builds {name} on each of {len(inputs)} tensors, but a forward pass stacks "
            "them or fails; give each a layer of its own, or merge them before"
        )
        yield Problem(CODE, text, "warning")


NODE_CHECKS.append(check)

_IMAGE = place("image", "Input", shape=[8, 8, 3])
_OTHER = place("other", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "Several tensors for a layer that Keras builds on each of them and that runs on one.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, _OTHER, place("same", "Identity", "image", "other")),),
    invalid=(
        document(_IMAGE, _OTHER, place("relu", "ReLU", "image", "other")),
        document(_IMAGE, _OTHER, place("flip", "RandomFlip", "image", "other")),
    ),
)
