"""``window-larger-than-input``: a window under valid padding that has nowhere to stand."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """Padding “same”, a window that fits, or the layer left out."""
    layer = site.layer
    if layer is None:
        return
    if "padding" in layer.arguments:
        yield Mend("same-padding", "Padding “same”", site.with_argument("padding", "same"))
    name = "kernel_size" if "kernel_size" in layer.arguments else "pool_size"
    fitting = _fitting(site, getattr(layer, name, None))
    if fitting is not None:
        told = "×".join(map(str, fitting))
        yield Mend("smaller-window", f"A window of {told}", site.with_argument(name, fitting))
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


def _fitting(site: Site, window: Any) -> list[int] | None:
    """The largest window along each axis that the input still holds, dilation included."""
    sizes = site.diagnostic.problem.data.get("sizes")
    dilation = site.diagnostic.problem.data.get("dilation") or (1,) * len(window or ())
    if not sizes or window is None:
        return None
    found = [
        int(k) if size is None else int(min(k, (size - 1) // d + 1))
        for k, size, d in zip(window, sizes, dilation, strict=True)
    ]
    return found if min(found) > 0 else None


declare(
    Rule(
        "window-larger-than-input",
        "error",
        "A window under padding “valid” is larger than the feature map that it slides over.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("image", "Input", shape=[4, 4, 3]),
            place("conv", "Conv2D", "image", filters=8, kernel_size=5, padding="same"),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[4, 9, 3]),
            place("conv", "Conv2D", "image", filters=8, kernel_size=[5, 5]),
        ),
        document(
            place("image", "Input", shape=[1, 1, 3]),
            place("pool", "MaxPooling2D", "image"),
        ),
    ),
)
