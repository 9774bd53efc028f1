"""``not-connected``: a shared layer that gives more outputs than when it was called first."""

from resnet_studio.core.connection import CODE
from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.broken_share import own_layer
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import mending, sentence

_LEFT = place("left", "Input", shape=[8, 8, 3])
_RIGHT = place("right", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "error",
        "A shared layer is given a list and gives more outputs than when it was called first, "
        "and Keras does not connect the others to the model.",
        explain=sentence,
        fixes=mending(own_layer),
    ),
    valid=(
        document(
            _LEFT,
            place("a", "Identity", "left"),
            place("b", "Identity", "left", shared_with="a"),
        ),
        document(
            _LEFT,
            _RIGHT,
            place("a", "Identity", "left"),
            place("b", "Identity", "a", "right", shared_with="a"),
            place("c", "Identity", "b"),
        ),
    ),
    invalid=(
        document(
            _LEFT,
            _RIGHT,
            place("a", "Identity", "left"),
            place("b", "Identity", "a", "right", shared_with="a"),
        ),
    ),
)
