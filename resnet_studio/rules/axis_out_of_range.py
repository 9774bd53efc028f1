"""``axis-out-of-range``: an axis that the tensor does not have."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The last axis, where channels stand."""
    for name in ("axis", "shared_axes"):
        if name in site.node.config:
            title = f"{name} as by default" if name != "axis" else "The last axis, the channels"
            yield Mend("default-axis", title, site.without_argument(name))


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "axis-out-of-range",
        "error",
        "An axis is named that the input does not have; the batch is axis 0, the channels are "
        "the last, -1.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("norm", "BatchNormalization", "image", axis=3)),),
    invalid=(
        document(_IMAGE, place("norm", "BatchNormalization", "image", axis=4)),
        document(_IMAGE, place("join", "Concatenate", "image", "image", axis=7)),
    ),
)
