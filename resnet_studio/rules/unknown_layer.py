"""``unknown-layer``: a type that is neither a layer nor a block of the document."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Diagnostic, Rule
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT
from resnet_studio.core.layer import LAYERS
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, nearest, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The types most like it, else the network without the node."""
    for name in _alike(site):
        yield Mend(f"use-{name}", f"Use {name}", site.with_node(type=name))
    yield Mend("remove-node", f"Remove “{site.node_id}”", site.bypassed())


def _alike(site: Site) -> list[str]:
    return nearest(site.node.type, [*site.document.blocks, *LAYERS])


def explain(diagnostic: Diagnostic) -> str:
    site = Site(diagnostic)
    if site.node.type in (BLOCK_INPUT, BLOCK_OUTPUT) or not (alike := _alike(site)):
        return sentence(diagnostic)
    words = " or ".join(f"“{name}”" for name in alike)
    return f"{sentence(diagnostic)[:-1]}; perhaps {words} is meant."


declare(
    Rule(
        "unknown-layer",
        "error",
        "The node's type is neither a layer that is known here nor a block of the document.",
        explain,
        mending(propose),
    ),
    valid=(document(place("image", "Input", shape=[8, 8, 3])),),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("conv", "Conv2d", "image", filters=4, kernel_size=3),
        ),
        document(place("image", "Input", shape=[8, 8, 3]), place("odd", "Hologram", "image")),
    ),
)
