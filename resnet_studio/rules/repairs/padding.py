"""Pooling and zero-padded channels on the identity link: option A of He et al. (2015).

Free of parameters and made of Keras' own layers: pooling with a window of one value takes the
stride; ``ZeroPadding2D`` pads only height and width, so the channels are permuted there and
back.
"""

from collections.abc import Iterator
from typing import Any

from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction
from resnet_studio.rules.repairs.resample import AxisPlan, halves, resizing, strides
from resnet_studio.rules.repairs.splice import Part


def pool_and_pad(junction: Junction) -> Iterator[Edited]:
    """The step: height and width by pooling, channels by zeros (or by cropping)."""
    if len(junction.branch.shape) != 4:
        return
    plans = shortcut.spatial_plan(junction, junction.identity)
    have = shortcut.channels(junction, junction.identity)
    want = shortcut.channels(junction, junction.branch)
    if plans is None or have is None or want is None:
        return
    layout = shortcut.data_format(junction)
    parts = [*pooling(plans, layout), *_channels(have, want, bool(layout))]
    yield from shortcut.on_the_link(
        junction, parts, _title(plans, have, want), "padded"
    )


def pooling(plans: list[AxisPlan], layout: dict[str, Any]) -> list[Part]:
    """Resizing without parameters, strides included."""
    parts = resizing(plans, layout)
    steps = strides(plans)
    if steps != [1, 1]:
        config = {"pool_size": [1, 1], "strides": steps, **layout}
        parts.append(Part("shortcut_pool", "MaxPooling2D", config))
    return parts


def _channels(have: int, want: int, first: bool) -> list[Part]:
    if have == want:
        return []
    key, layer, name = (
        ("padding", "ZeroPadding2D", "shortcut_channels")
        if want > have
        else ("cropping", "Cropping2D", "shortcut_channels")
    )
    amount = halves(abs(want - have))
    if first:
        # Read as channels last, height and width are axes 1 and 2: the channels and the rows.
        config = {key: [amount, [0, 0]], "data_format": "channels_last"}
        return [Part(name, layer, config)]
    swap = {"dims": [1, 3, 2]}
    return [
        Part("shortcut_swap", "Permute", swap),
        Part(name, layer, {key: [[0, 0], amount]}),
        Part("shortcut_swap_back", "Permute", swap),
    ]


def _title(plans: list[AxisPlan], have: int, want: int) -> str:
    verbs = []
    if strides(plans) != [1, 1]:
        verbs.append("pooling")
    if any(axis.crop for axis in plans):
        verbs.append("cropping")
    if any(axis.repeat > 1 for axis in plans):
        verbs.append("upsampling")
    if any(axis.pad for axis in plans):
        verbs.append("padded borders")
    if want > have:
        verbs.append(f"zero-padded channels ({have} to {want})")
    if want < have:
        verbs.append(f"cropped channels ({have} to {want})")
    what = (
        " and ".join(filter(None, [", ".join(verbs[:-1]), verbs[-1]]))
        if verbs
        else "nothing"
    )
    return f"{what[0].upper()}{what[1:]} on the identity link, without parameters"
