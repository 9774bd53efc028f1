"""``shared-mismatch``: a shared layer called with what its weights do not fit."""

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.broken_share import own_layer
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import mending, sentence

declare(
    Rule(
        "shared-mismatch",
        "error",
        "A shared layer is called again with an input that does not fit the weights it was "
        "built with.",
        explain=sentence,
        fixes=mending(own_layer),
    ),
    valid=(
        document(
            place("left", "Input", shape=[8, 8, 3]),
            place("right", "Input", shape=[9, 9, 3]),
            conv("conv", "left", 3),
            place("again", "Conv2D", "right", shared_with="conv", filters=3, kernel_size=3),
        ),
    ),
    invalid=(
        document(
            place("left", "Input", shape=[8, 8, 3]),
            place("right", "Input", shape=[8, 8, 4]),
            conv("conv", "left", 3),
            place("again", "Conv2D", "right", shared_with="conv", filters=3, kernel_size=3),
        ),
    ),
)
