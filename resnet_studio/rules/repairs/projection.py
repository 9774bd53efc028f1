"""A 1×1 convolution on the identity link: the projection shortcut of He et al. (2015), option B."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.shapes import Size
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction, Side
from resnet_studio.rules.repairs.resample import resizing, strides
from resnet_studio.rules.repairs.splice import Part

_DENSE_KEEPS = ("use_bias", "kernel_initializer", "kernel_regularizer", "dtype")


def project(junction: Junction) -> Iterator[Edited]:
    """The step: resizing where a stride does not reach, the convolution, its normalisation."""
    if len(junction.branch.shape) == 4:
        parts = shortcut.for_each_misfit(junction, lambda side: _convolution(junction, side))
        what = f"1×1, {_number(junction)} filters{_strided(junction)}"
    else:
        parts = shortcut.for_each_misfit(junction, lambda side: _dense(junction, side))
        what = f"Dense, {_number(junction)} units"
    kind = "Projection" if parts is None or len(parts) == 1 else "Projections"
    title = f"{kind} ({what}) before “{junction.merge.node.id}”"
    yield from shortcut.on_the_links(junction, parts, title, "projection")


def _number(junction: Junction) -> Size:
    return shortcut.channels(junction, junction.branch)


def _strided(junction: Junction) -> str:
    """The strides of the first convolution, in words."""
    plans = shortcut.spatial_plan(junction, junction.identity)
    steps = strides(plans) if plans is not None else [1]
    if set(steps) == {1}:
        return ""
    return f", strides {steps[0] if len(set(steps)) == 1 else '×'.join(map(str, steps))}"


def _convolution(junction: Junction, side: Side) -> list[Part] | None:
    plans = shortcut.spatial_plan(junction, side)
    filters = shortcut.raw_channels(junction)
    if plans is None or filters is None or shortcut.channels(junction, side) is None:
        return None
    steps = strides(plans)
    config: dict[str, Any] = {"filters": filters, "kernel_size": [1, 1]}
    raw = shortcut.raw_strides(junction, steps)
    if raw != [1, 1]:
        config["strides"] = raw
    layout = shortcut.data_format(junction)
    style = shortcut.style(junction)
    convolution = Part("shortcut_conv", "Conv2D", {**config, **style, **layout})
    return [*resizing(plans, layout), convolution, *_normalisation(junction)]


def _normalisation(junction: Junction) -> list[Part]:
    config = shortcut.normalised(junction)
    return [] if config is None else [Part("shortcut_norm", "BatchNormalization", config)]


def _dense(junction: Junction, side: Side) -> list[Part] | None:
    """For vectors and sequences that differ in their last size only."""
    units = shortcut.raw_channels(junction)
    if len(side.shape) != len(junction.branch.shape) or side.shape[-1] is None or units is None:
        return None
    if side.shape[1:-1] != junction.branch.shape[1:-1] or len(side.shape) < 2:
        return None
    if junction.clashing_batches(side):
        return None
    style = {k: v for k, v in shortcut.style(junction).items() if k in _DENSE_KEEPS}
    dense = Part("shortcut_dense", "Dense", {"units": units, **style})
    return [dense, *_normalisation(junction)]
