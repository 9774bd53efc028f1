"""``not-an-image``: a layer for images on what is no image.

Keras' layers that resize, crop, flip and turn take a batch of images, or a single image; the
build asks for neither.
"""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "not-an-image"
FOR_IMAGES = frozenset({
    "Resizing", "CenterCrop", "RandomCrop", "RandomFlip", "RandomRotation", "RandomZoom",
    "RandomTranslation", "RandomContrast", "RandomBrightness",
})  # fmt: skip


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where neither an image nor a batch of images arrives."""
    name = type(layer).__name__
    if name not in FOR_IMAGES:
        return
    for shape in inputs:
        if len(shape) not in (3, 4):
            text = (
                f"Keras builds {name} on {show(shape)}, but a forward pass fails: it works on "
                "images, height×width×channels"
            )
            yield Problem(CODE, text, "warning")
            return


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The network without it."""
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


declare(
    Rule(
        CODE,
        "warning",
        "A layer for images is given something else, and a forward pass fails.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(place("i", "Input", shape=[8, 8, 3]), place("f", "RandomFlip", "i")),),
    invalid=(
        document(place("i", "Input", shape=[12]), place("f", "RandomFlip", "i")),
        document(place("i", "Input", shape=[12]), place("c", "RandomContrast", "i", factor=0.1)),
    ),
)
