"""A 1×1 convolution on the identity link: the projection shortcut of He et al. (2015), option B."""

from collections.abc import Iterator

from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction
from resnet_studio.rules.repairs.resample import resizing, strides
from resnet_studio.rules.repairs.splice import Part

_DENSE_KEEPS = ("use_bias", "kernel_initializer", "kernel_regularizer", "dtype")


def project(junction: Junction) -> Iterator[Edited]:
    """The step: resizing where a stride does not reach, the convolution, its normalisation."""
    rank = len(junction.branch.shape)
    if rank == 4:
        yield from _convolve(junction)
    elif rank in (2, 3) and junction.differing_axes() == [rank - 1]:
        yield from _dense(junction)


def _convolve(junction: Junction) -> Iterator[Edited]:
    plans = shortcut.spatial_plan(junction, junction.identity)
    filters = shortcut.raw_channels(junction)
    if (
        plans is None
        or filters is None
        or shortcut.channels(junction, junction.identity) is None
    ):
        return
    steps = strides(plans)
    config = {"filters": filters, "kernel_size": [1, 1], "strides": steps}
    if steps == [1, 1]:
        del config["strides"]
    layout = shortcut.data_format(junction)
    parts = resizing(plans, layout)
    parts.append(
        Part(
            "shortcut_conv", "Conv2D", {**config, **shortcut.style(junction), **layout}
        )
    )
    parts += _normalisation(junction)
    number = shortcut.channels(junction, junction.branch)
    step = "×".join(map(str, steps if steps[0] != steps[1] else steps[:1]))
    title = (
        f"Projection on the identity link: a 1×1 convolution with {number} filters"
        f"{'' if steps == [1, 1] else f' and strides {step}'} before “{junction.merge.node.id}”"
    )
    yield from shortcut.on_the_link(junction, parts, title, "projection")


def _normalisation(junction: Junction) -> list[Part]:
    config = shortcut.normalised(junction)
    return (
        [] if config is None else [Part("shortcut_norm", "BatchNormalization", config)]
    )


def _dense(junction: Junction) -> Iterator[Edited]:
    units = shortcut.raw_channels(junction)
    if units is None or shortcut.channels(junction, junction.identity) is None:
        return
    style = {k: v for k, v in shortcut.style(junction).items() if k in _DENSE_KEEPS}
    parts = [Part("shortcut_dense", "Dense", {"units": units, **style})]
    number = shortcut.channels(junction, junction.branch)
    title = f"Projection on the identity link: a dense layer with {number} units"
    yield from shortcut.on_the_link(
        junction, parts + _normalisation(junction), title, "projection"
    )
