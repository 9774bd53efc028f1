"""``empty-map``: a tensor without a single value.

Keras builds on a size of 0.  What comes of it in a forward pass depends on the layer: a
GlobalMaxPooling2D fails, and ``predict`` of a Dense layer on no values makes TensorFlow end its
whole process.
"""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "empty-map"


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where a size of 0 first appears."""
    if any(0 in shape[1:] for shape in inputs):
        return
    for shape in outputs:
        if 0 in shape[1:]:
            text = (
                f"Keras builds {show(shape)}, in which there is not a single value; layers behind "
                "it fail in a forward pass, and TensorFlow may end its process"
            )
            yield Problem(CODE, text, "warning")
            return


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """A size of 1 where it is written, the default of what made it 0, or the layer left out."""
    for name, value in site.node.config.items():
        if _has_zero(value):
            title = f"{name} with 1 instead of 0"
            yield Mend(f"one-{name}", title, site.with_argument(name, _ones(value)))
            if site.node.type != "Input":
                yield Mend(f"default-{name}", f"{name} as by default", site.without_argument(name))
    if site.node.type != "Input":
        yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


def _has_zero(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_zero, value))
    return isinstance(value, int) and value == 0


def _ones(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_ones(each) for each in value]
    return 1 if _has_zero(value) else value


declare(
    Rule(
        CODE,
        "warning",
        "A size of 0: a tensor without values, on which a forward pass mostly fails.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(place("i", "Input", shape=[1]), place("d", "Dense", "i", units=3)),),
    invalid=(
        document(place("i", "Input", shape=[0]), place("d", "Dense", "i", units=3)),
        document(place("i", "Input", shape=[4, 0]), place("f", "GlobalMaxPooling1D", "i")),
    ),
)
