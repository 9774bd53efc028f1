"""``negative-size``: arguments under which an output would have fewer than no values."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The sign turned where it was the cause; else the layer left out."""
    padding = site.node.config.get("padding")
    if isinstance(padding, int) and padding < 0:
        yield Mend("positive", f"padding {-padding}", site.with_argument("padding", -padding))
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_IMAGE = place("image", "Input", shape=[4, 4, 3])

declare(
    Rule(
        "negative-size",
        "error",
        "The output would have a negative size.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("pad", "ZeroPadding2D", "image", padding=3)),),
    invalid=(document(_IMAGE, place("pad", "ZeroPadding2D", "image", padding=-3)),),
)
