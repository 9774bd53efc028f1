"""``broken-share``: a node that calls the layer of another, which has none of its own."""

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def own_layer(site: Site) -> list[Mend]:
    """The node with a layer of its own, made from its own arguments."""
    return [Mend("own-layer", "Give it a layer of its own", site.with_node(shared_with=None))]


declare(
    Rule(
        "broken-share",
        "error",
        "A node shares the layer of a node that is not there or that shares one itself.",
        explain=sentence,
        fixes=mending(own_layer),
    ),
    valid=(
        document(
            place("image", "Input", shape=[8, 8, 3]),
            conv("conv", "image", 3),
            place("again", "Conv2D", "conv", shared_with="conv", filters=3, kernel_size=3),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("again", "Conv2D", "image", shared_with="gone", filters=3, kernel_size=3),
        ),
    ),
)
