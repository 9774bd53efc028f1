"""``channels-not-divisible``: groups that do not go evenly into the channels."""

from collections.abc import Iterator
from math import gcd

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import LAYERS
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The nearest multiples for the filters, the nearest divisor for the groups."""
    config = site.flat.config if site.flat is not None else site.node.config
    groups, filters = config.get("groups", _default(site)), config.get("filters")
    channels = site.diagnostic.problem.data.get("channels")
    if not isinstance(groups, int) or groups < 1:
        groups = 1
    if isinstance(filters, int) and filters % groups:
        above = -(-filters // groups) * groups
        for name, value in (("more-filters", above), ("fewer-filters", above - groups)):
            if value > 0:
                yield Mend(name, f"{value} filters", site.with_argument("filters", value))
    whole = gcd(*(n for n in (filters, channels, _channels(site)) if isinstance(n, int) and n > 0))
    if whole:
        fitting = min(
            (d for d in range(1, whole + 1) if whole % d == 0),
            key=lambda d: abs(d - groups),
        )
        title = f"{fitting} group{'' if fitting == 1 else 's'}"
        yield Mend("groups", title, site.with_argument("groups", fitting))


def _default(site: Site) -> object:
    cls = LAYERS.get(site.node.type)
    return cls.arguments["groups"].default if cls and "groups" in cls.arguments else 1


def _channels(site: Site) -> int | None:
    shape = site.input_shape
    if shape is None or site.flat is None:
        return None
    first = site.flat.config.get("data_format") == "channels_first"
    return shape[1] if first else shape[-1]


declare(
    Rule(
        "channels-not-divisible",
        "error",
        "Groups share the channels out evenly, and these do not divide them.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("image", "Input", shape=[8, 8, 6]),
            place("conv", "Conv2D", "image", filters=8, kernel_size=1, groups=2),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 6]),
            place("conv", "Conv2D", "image", filters=8, kernel_size=1, groups=3),
        ),
        document(
            place("image", "Input", shape=[8, 8, 6]),
            place("conv", "Conv2D", "image", filters=8, kernel_size=1, groups=4),
        ),
        document(
            place("image", "Input", shape=[8, 8, 6]),
            place("norm", "GroupNormalization", "image", groups=4),
        ),
    ),
)
