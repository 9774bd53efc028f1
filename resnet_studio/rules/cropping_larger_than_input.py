"""``cropping-larger-than-input``: a crop that leaves nothing."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """As much as leaves one value, else no cropping."""
    data = site.diagnostic.problem.data
    cropping = getattr(site.layer, "cropping", None)
    fitting = _fitting(cropping, data.get("cut"), data.get("sizes"))
    if fitting is not None:
        told = ", ".join("+".join(map(str, pair)) for pair in fitting)
        yield Mend("crop-less", f"Crop {told}", site.with_argument("cropping", fitting))
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


def _fitting(cropping: Any, cut: Any, sizes: Any) -> list[list[int]] | None:
    """Each pair lowered, its far side first, until a value is left."""
    if not isinstance(cropping, tuple) or cut is None or sizes is None:
        return None
    found = []
    for (before, after), size in zip(cropping, sizes, strict=True):
        spare = before + after if size is None else size - 1
        kept = min(before, spare)
        found.append([kept, min(after, spare - kept)])
    return found if min(min(pair) for pair in found) >= 0 else None


_IMAGE = place("image", "Input", shape=[4, 9, 3])

declare(
    Rule(
        "cropping-larger-than-input",
        "error",
        "More is cropped than the feature map has.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("crop", "Cropping2D", "image", cropping=1)),),
    invalid=(document(_IMAGE, place("crop", "Cropping2D", "image", cropping=2)),),
)
