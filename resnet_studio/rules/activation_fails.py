"""``activation-fails``: an activation by whose name Keras builds what it cannot run.

``glu`` halves the last axis (Dauphin et al. 2017, arXiv:1612.08083), which the build does not
know: an odd axis fails, an even one comes out half as wide as every shape behind it says.
``threshold`` needs two numbers that a name alone does not give.
"""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "activation-fails"
INSTEAD = {"glu": ("silu", "sigmoid"), "threshold": ("relu", "leaky_relu")}
"""Those that fail, and what comes nearest."""
ARGUMENTS = ("activation", "recurrent_activation")


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning at each layer with such an activation."""
    for argument in ARGUMENTS:
        name = getattr(layer, argument, None)
        if isinstance(name, str) and name in INSTEAD:
            yield Problem(CODE, _told(name, outputs[0]), "warning", {"argument": argument})


def _told(name: str, output: Shape) -> str:
    if name == "threshold":
        return (
            "Keras builds the activation “threshold” by its name, but a forward pass fails: it "
            "needs a threshold and a value, which a name does not give"
        )
    return (
        f"Keras builds “glu” as if it kept {show(output)}, but in a forward pass it halves the "
        "last axis, and fails where that is odd"
    )


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """An activation that keeps the shape."""
    argument = site.argument or "activation"
    name = getattr(site.layer, argument, None)
    for other in INSTEAD.get(str(name), ()):
        yield Mend(f"use-{other}", f"Activation {other}", site.with_argument(argument, other))


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "Keras builds this activation, but a forward pass fails or gives another shape.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("a", "image", 4, activation="silu")),),
    invalid=(
        document(_IMAGE, conv("a", "image", 4, activation="glu")),
        document(_IMAGE, place("a", "Activation", "image", activation="glu")),
        document(_IMAGE, place("a", "Activation", "image", activation="threshold")),
    ),
)
