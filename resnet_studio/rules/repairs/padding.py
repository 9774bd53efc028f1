"""Pooling and zero-padded channels on the identity link: option A of He et al. (2015).

Free of parameters and made of Keras' own layers: pooling with a window of one value takes the
stride; ``ZeroPadding2D`` pads only height and width, so the channels are permuted there and
back.
"""

from collections.abc import Iterator
from typing import Any

from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction, Side
from resnet_studio.rules.repairs.resample import AxisPlan, halves, resizing, strides
from resnet_studio.rules.repairs.splice import Part


def pool_and_pad(junction: Junction) -> Iterator[Edited]:
    """The step: height and width by pooling, channels by zeros (or by cropping)."""
    if len(junction.branch.shape) != 4:
        return
    parts = shortcut.for_each_misfit(junction, lambda side: _fitted(junction, side))
    yield from shortcut.on_the_links(junction, parts, _title(junction, parts), "padded")


def _fitted(junction: Junction, side: Side) -> list[Part] | None:
    plans = shortcut.spatial_plan(junction, side)
    have, want = (shortcut.channels(junction, each) for each in (side, junction.branch))
    if plans is None or have is None or want is None:
        return None
    layout = shortcut.data_format(junction)
    return [*pooling(plans, layout), *_channels(have, want, bool(layout))]


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
    name = "shortcut_channels"
    key, layer = ("padding", "ZeroPadding2D") if want > have else ("cropping", "Cropping2D")
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


_VERBS = {
    "shortcut_pool": "pooling",
    "shortcut_crop": "cropping",
    "shortcut_upsample": "upsampling",
    "shortcut_pad": "padded borders",
}


def _title(junction: Junction, parts: shortcut.Parts | None) -> str:
    names = [part.id for side in (parts or {}).values() for part in side]
    told = [verb for name, verb in _VERBS.items() if name in names]
    have, want = (
        shortcut.channels(junction, side) or 0 for side in (junction.identity, junction.branch)
    )
    if have != want:
        told.append(f"{'zero-padded' if want > have else 'cropped'} channels ({have} to {want})")
    what = " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))
    return f"{what[:1].upper()}{what[1:]} on the identity link"
