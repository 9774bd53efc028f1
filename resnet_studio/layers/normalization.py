"""Batch, layer and group normalisation.

Multiply-accumulates are not counted: at inference the scale and shift fold into the
convolution before them.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Integer,
    Kind,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight, too_many
from resnet_studio.core.serialized import takes_fractions
from resnet_studio.core.shapes import Shape, show
from resnet_studio.layers.kinds import limit_on, penalty_on, start_of


class Converted(Kind):
    """A number that Keras passes through ``int`` or ``float``, so that ``"3"`` is 3."""

    def __init__(self, convert: type[int] | type[float]) -> None:
        self.convert = convert
        self.editor = "integer" if convert is int else "number"

    def parse(self, value: Any) -> float:
        try:
            return self.convert(value)
        except (TypeError, ValueError, OverflowError):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}") from None

    def hint(self) -> str:
        return "a whole number" if self.convert is int else "a number"


class Axes(Kind):
    """An axis or a list of them."""

    editor = "integers"

    def parse(self, value: Any) -> int | tuple[Any, ...]:
        if isinstance(value, int):
            return int(value)
        if isinstance(value, list | tuple):
            return tuple(value)
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    def hint(self) -> str:
        return "a whole number, or a list of them"


class ScaleAndShift(Layer, register=False):
    """What the three have in common: a learned scale (gamma) and shift (beta)."""

    category = "Normalisation"

    epsilon = Argument(
        Anything("number"),
        0.001,
        "Small number added to the variance, so that nothing is divided by 0.",
    )
    center = Argument(Switch(), True, "Whether a learned shift (beta) is added.")
    scale = Argument(Switch(), True, "Whether the result is multiplied by a learned scale (gamma).")
    beta_initializer = start_of("shift (beta)", "zeros")
    gamma_initializer = start_of("scale (gamma)", "ones")
    beta_regularizer = penalty_on("shift (beta)")
    gamma_regularizer = penalty_on("scale (gamma)")
    beta_constraint = limit_on("shift (beta)")
    gamma_constraint = limit_on("scale (gamma)")

    def scale_and_shift(self, sizes: tuple[int, ...]) -> list[Weight]:
        """``gamma`` and ``beta``, as far as they are asked for."""
        return [Weight("gamma", sizes)] * self.scale + [Weight("beta", sizes)] * self.center


def _known(shape: Shape, axis: int) -> int:
    """The size of ``axis``, which a weight needs; raises Refusal."""
    size = _size(shape, axis)
    if size is None:
        raise Refusal(
            "unknown-size",
            f"axis {axis} of {show(shape, batch=True)} has no fixed size, "
            "so its weights have none; normalise another axis or fix the size of the input",
            axis=axis,
        )
    return size


def _size(shape: Shape, axis: Any) -> int | None:
    if not isinstance(axis, int):
        raise Refusal("invalid-argument", f"axis must be a whole number, not {quoted(axis)}")
    if not -len(shape) <= axis < len(shape):
        raise Refusal(
            "axis-out-of-range",
            f"axis {axis} does not exist in {show(shape)}, which has {len(shape)} axes "
            "with the batch",
        )
    return shape[axis]


class BatchNormalization(ScaleAndShift):
    """Ioffe and Szegedy 2015 (arXiv:1502.03167): normalises each channel over the batch."""

    help = "Normalises each channel over the batch: faster, steadier training."
    source = "keras.layers.BatchNormalization"

    axis = Argument(Converted(int), -1, "Axis of the channels; the batch is axis 0.")
    momentum = Argument(
        Converted(float),
        0.99,
        "Share of the moving averages that each step keeps; near 1 is slow and steady.",
    )
    epsilon = Argument(
        Converted(float),
        0.001,
        "Small number added to the variance, so that nothing is divided by 0.",
    )
    moving_mean_initializer = start_of("moving mean", "zeros")
    moving_variance_initializer = start_of("moving variance", "ones")
    renorm = Argument(
        Switch(), False, "Batch renormalisation, steadier with small batches (arXiv:1702.03275)."
    )
    renorm_clipping = Argument(
        Anything(), None, "Limits of the renormalisation: a mapping with rmax, rmin and dmax."
    )
    renorm_momentum = Argument(
        Anything("number"), 0.99, "Momentum of the averages that renormalisation keeps."
    )
    synchronized = Argument(
        Switch(), False, "Whether devices that train together share their statistics."
    )

    def check(self) -> None:
        if self.renorm:
            _check_clipping(self.renorm_clipping or {})

    def weights(self, shape: Shape) -> list[Weight]:
        """``gamma`` and ``beta`` are trained, the moving statistics are not; each (channels,)."""
        sizes = (_known(shape, self.axis),)
        names = ["moving_mean", "moving_variance"]
        if self.renorm:
            if self.moving_variance_initializer is None:
                raise Refusal(
                    "invalid-argument", "moving_variance_initializer is missing, which renorm needs"
                )
            # The deviation starts from a square root, which is no whole number.
            if not takes_fractions(self.dtype):
                raise Refusal("invalid-argument", f"renorm needs a float dtype, not {self.dtype}")
            names += ["moving_stddev", "renorm_mean", "renorm_stddev"]
        return self.scale_and_shift(sizes) + [Weight(name, sizes, False) for name in names]

    def built_spec(self, shape: Shape) -> Spec:
        return Spec(rank=len(shape), axes=((self.axis, shape[self.axis]),))

    def output_shape(self, shape: Shape) -> Shape:
        _size(shape, self.axis)
        return shape

    def face(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"


def _check_clipping(clipping: Any) -> None:
    """The constructor's checks of ``renorm_clipping``, made only where renorm is on."""
    if not isinstance(clipping, Mapping) or set(clipping) - {"rmax", "rmin", "dmax"}:
        raise Refusal("invalid-argument", "renorm_clipping takes rmax, rmin and dmax by name")
    rmax, rmin, dmax = (clipping.get(key) for key in ("rmax", "rmin", "dmax"))
    try:
        if rmax is not None and rmin is not None and rmax < rmin:
            raise Refusal("invalid-argument", f"renorm_clipping: rmax {rmax} is below rmin {rmin}")
        if dmax is not None and dmax < 0:
            raise Refusal("invalid-argument", f"renorm_clipping: dmax {dmax} is negative")
    except TypeError:
        raise Refusal("invalid-argument", "renorm_clipping takes numbers") from None


class OverAxes(Layer, register=False):
    """Normalises over one axis or several, and may learn a value for each place on them."""

    category = "Normalisation"
    maps_lists = True

    axis = Argument(Axes(), -1, "Axis or axes to normalise over; the batch is axis 0.")

    def learned(self, sizes: tuple[int, ...]) -> list[Weight]:
        """What is learned, for axes of these sizes."""
        return []

    def weights(self, shape: Shape) -> list[Weight]:
        """What is learned, each of the sizes of the normalised axes."""
        if not self.learned(()):
            return []
        return self.learned(tuple(_known(shape, axis) for axis in self._axes()))

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if len(inputs) == 1:
            return super().list_weights(inputs)
        # Nothing but a weight's size makes Keras refuse a list, and a built layer takes one.
        if self.learned(()) and self.axis != ():
            raise too_many(inputs)
        return tuple(self.learned(()))

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        if len(inputs) == 1:
            return self.output_shape(inputs[0])
        # Keras then takes the list for the shape.
        self.output_shape((0,) * len(inputs))
        return inputs

    def _axes(self) -> tuple[int, ...]:
        if isinstance(self.axis, int):
            return (self.axis,)
        try:
            return tuple(sorted(self.axis))
        except TypeError:
            raise Refusal("invalid-argument", "axis must be a list of whole numbers") from None

    def output_shape(self, shape: Shape) -> Shape:
        for axis in self._axes():
            _size(shape, axis)
        return shape

    def face(self) -> str:
        axes = self.axis if isinstance(self.axis, list | tuple) else (self.axis,)
        return "" if self.axis == -1 else f"axis {', '.join(map(str, axes))}"


class LayerNormalization(OverAxes, ScaleAndShift):
    """Ba, Kiros and Hinton 2016 (arXiv:1607.06450): normalises each sample by itself."""

    help = "Normalises each sample by itself over the given axes, whatever the batch."
    source = "keras.layers.LayerNormalization"

    axis = Argument(Axes(), -1, "Axis or axes to normalise over; the batch is axis 0.")
    rms_scaling = Argument(Switch(), False, "Of older files: scales only.", hidden=True)

    def learned(self, sizes: tuple[int, ...]) -> list[Weight]:
        """``gamma`` and ``beta``, as far as they are asked for."""
        if self.rms_scaling:
            return [Weight("gamma", sizes)]
        return self.scale_and_shift(sizes)


class GroupNormalization(ScaleAndShift):
    """Wu and He 2018 (arXiv:1803.08494): normalises groups of channels of each sample."""

    help = "Normalises groups of channels of each sample: for small batches."
    source = "keras.layers.GroupNormalization"

    groups = Argument(
        Integer(minimum=-1),
        32,
        "Into how many groups the channels are divided; -1 is one per channel.",
    )
    axis = Argument(Integer(), -1, "Axis of the channels; the batch is axis 0.")

    def check(self) -> None:
        if self.groups == 0:
            raise Refusal("invalid-argument", "groups must be at least 1, or -1 for all channels")

    def weights(self, shape: Shape) -> list[Weight]:
        """``gamma`` and ``beta``, each (channels,)."""
        channels = _known(shape, self.axis)
        groups = channels if self.groups == -1 else self.groups
        if channels < groups or groups == 0 or channels % groups:
            raise Refusal(
                "channels-not-divisible",
                f"{channels} channels cannot be split into {groups} equal groups; "
                f"choose a divisor of {channels}",
                channels=channels,
                groups=groups,
            )
        return self.scale_and_shift((channels,))

    def built_spec(self, shape: Shape) -> Spec:
        return Spec(rank=len(shape), axes=((self.axis, shape[self.axis]),))

    def output_shape(self, shape: Shape) -> Shape:
        _size(shape, self.axis)
        return shape

    def face(self) -> str:
        return "one group per channel" if self.groups == -1 else f"{self.groups} groups"
