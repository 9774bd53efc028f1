"""``opaque-layer``: a layer whose declared output is believed, since nobody here can check it."""

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Node
from resnet_studio.rules.examples import Placed, declare, document, place
from resnet_studio.rules.repairs.site import sentence

_IMAGE = place("image", "Input", shape=[8, 8, 3])
_HOLOGRAM = Node("own", "package>Hologram", {}, extra={"output_shape": [None, 4]})

declare(
    Rule(
        "opaque-layer",
        "warning",
        "A class that is not part of Keras, or the function of a Lambda: its declared output is "
        "believed, and nothing of it is ever run.",
        explain=sentence,
    ),
    valid=(document(_IMAGE, place("flat", "Flatten", "image")),),
    invalid=(
        document(_IMAGE, place("own", "Lambda", "image", function="f", output_shape=[4])),
        document(_IMAGE, Placed(_HOLOGRAM, ("image",))),
    ),
)
