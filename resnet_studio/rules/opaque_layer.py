"""``opaque-layer``: a layer whose declared output is believed, since nobody here can check it."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Node
from resnet_studio.rules.examples import Placed, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """Only without the layer is everything checked."""
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_IMAGE = place("image", "Input", shape=[8, 8, 3])
_HOLOGRAM = Node("own", "package>Hologram", {}, extra={"output_shape": [None, 4]})

declare(
    Rule(
        "opaque-layer",
        "warning",
        "A class that is not part of Keras, or the function of a Lambda: its declared output is "
        "believed, and nothing of it is ever run.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("flat", "Flatten", "image")),),
    invalid=(
        document(_IMAGE, place("own", "Lambda", "image", function="f", output_shape=[4])),
        document(_IMAGE, Placed(_HOLOGRAM, ("image",))),
    ),
)
