"""``invalid-repeat``: a repeat count that is none, or a node that cannot be chained."""

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> list[Mend]:
    """The node once."""
    return [Mend("repeat-once", "Repeat it once", site.with_node(repeat=1))]


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "invalid-repeat",
        "error",
        "Only a node with one input and one output can be repeated, a whole number of times.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("relu", "ReLU", "image", repeat=2)),),
    invalid=(
        document(_IMAGE, place("relu", "ReLU", "image", repeat=-1)),
        document(_IMAGE, conv("a", "image", 3), place("add", "Add", "image", "a", repeat=2)),
    ),
)
