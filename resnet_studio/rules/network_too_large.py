"""``network-too-large``: repeats that multiply beyond what can be unrolled."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import block, conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """Fewer rounds of the outermost loop."""
    repeat = site.node.repeat
    if isinstance(repeat, int) and repeat > 10:
        fewer = repeat // 10
        yield Mend("fewer-repeats", f"Repeat it {fewer} times", site.with_node(repeat=fewer))
    if repeat != 1:
        yield Mend("repeat-once", "Repeat it once", site.with_node(repeat=1))


_IMAGE = place("image", "Input", shape=[8, 8, 3])
_TEN = block(place("relu", "ReLU", "x", repeat=10_000))

declare(
    Rule(
        "network-too-large",
        "error",
        "Unrolled, the network has more layers than can be worked with; the repeats multiply.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("conv", "image", 3), place("relu", "ReLU", "conv", repeat=9)),),
    invalid=(document(_IMAGE, place("many", "many", "image", repeat=30), blocks={"many": _TEN}),),
)
