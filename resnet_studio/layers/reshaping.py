"""Layers without weights that move, add or drop values: flatten, reshape, pad, crop, enlarge."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from resnet_studio.core.arguments import (
    Argument,
    ArgumentError,
    Choice,
    Kind,
    PerAxis,
    Sizes,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, Spec
from resnet_studio.core.shapes import Shape, elements, show
from resnet_studio.layers.spatial import (
    Spatial,
    data_format_argument,
    face,
    factor,
    joined,
    whole_sizes,
)

Margins = tuple[tuple[float, float], ...]
"""For each spatial axis what is added or dropped before and behind."""


def listed(value: Any) -> tuple[Any, ...]:
    """``tuple(value)`` as Keras' constructors call it: words and mappings have elements too."""
    if not isinstance(value, Sequence | Mapping):
        raise ArgumentError(f"must be a list, not {quoted(value)}")
    return tuple(value)


class TargetShape(Kind):
    """Sizes without the batch; Keras takes what is no whole number for an unknown size."""

    editor = "shape"

    def parse(self, value: Any) -> Shape:
        sizes = tuple(int(size) if isinstance(size, int) else None for size in listed(value))
        known = [size for size in sizes if size is not None]
        if any(size < -1 for size in known) or known.count(-1) > 1:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return sizes

    def hint(self) -> str:
        return "a list of sizes of at least 0, of which one may be -1 (as large as is needed)"


class AxisOrder(Kind):
    """Every axis behind the batch once, counted from 1."""

    editor = "sizes"

    def parse(self, value: Any) -> tuple[int, ...]:
        axes = listed(value)
        whole = all(isinstance(axis, int) for axis in axes)
        if not whole or sorted(axes) != list(range(1, len(axes) + 1)):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(int(axis) for axis in axes)

    def hint(self) -> str:
        return "a list of the axes 1, 2, 3 … in their new order, each once"


def pairs(margin: int, rank: int) -> Margins:
    """The same margin on every side."""
    return ((margin, margin),) * rank


class MarginSizes(PerAxis):
    """One number for all sides, one for each axis, or a pair for each axis.

    ``negative``: Keras leaves a single number unchecked (``ZeroPadding2D``).
    """

    editor = "margins"

    def __init__(self, negative: bool = False) -> None:
        self.negative = negative

    def parse(self, value: Any) -> Margins | int:
        """Pairs; a negative number stays one, since Keras takes it in no other form."""
        if isinstance(value, int) and (self.negative or value >= 0):
            return pairs(int(value), self.rank) if value >= 0 else int(value)
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != self.rank:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(self._pair(side) for side in value)

    def _pair(self, value: Any) -> tuple[float, float]:
        try:
            before, behind = Sizes(zero=True).parse(value) or (0, 0)
        except ArgumentError:
            raise ArgumentError(f"must be {self.hint()}, with {quoted(value)} it is not") from None
        return before, behind

    def hint(self) -> str:
        return (
            f"a whole number of at least 0, or a list of {self.rank} such numbers or pairs of them"
        )


class Interpolation(Choice):
    """Keras' constructor takes any word in any case, and only the running network refuses it."""

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value.lower()


class Flatten(Layer):
    """``keras.layers.Flatten``."""

    category = "Reshaping"
    source = "keras.layers.Flatten"
    help = "Lays all values of the feature maps in one row, ready for Dense."
    spec = Spec(least_rank=1)

    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], elements(shape[1:]))


class Reshape(Layer):
    """``keras.layers.Reshape``; the sizes are those of ``keras.src.ops.operation_utils``."""

    category = "Reshaping"
    source = "keras.layers.Reshape"
    help = "Gives the same values another form."
    spec = Spec(least_rank=1)

    target_shape = Argument(
        TargetShape(), help="The new sizes without the batch; one may be -1, as large as needed."
    )

    def output_shape(self, shape: Shape) -> Shape:
        target: Shape = self.target_shape
        count = elements(shape[1:])
        if count is None or None in target:
            # Keras checks nothing then, not even the sizes that are known.
            return (shape[0], *(None if size == -1 else size for size in target))
        rest = prod(size for size in target if size is not None and size != -1)
        if -1 in target:
            if rest == 0 or count % rest:
                raise self._mismatch(shape, count, f"cannot be divided by {rest}")
            return (shape[0], *(count // rest if size == -1 else size for size in target))
        if count != rest:
            raise self._mismatch(shape, count, f"are not the {rest} of the target")
        return (shape[0], *target)

    def _mismatch(self, shape: Shape, count: int, why: str) -> Refusal:
        target = joined(self.target_shape)
        return Refusal(
            "reshape-mismatch",
            f"{show(shape)} cannot become {target or 'a scalar'}: its {count} values {why}; "
            "choose sizes whose product is the same",
            count=count,
        )

    def face(self) -> str:
        return joined(self.target_shape)


class Permute(Layer):
    """``keras.layers.Permute``."""

    category = "Reshaping"
    source = "keras.layers.Permute"
    help = "Swaps axes, for example channels last to channels first."

    dims = Argument(
        AxisOrder(), help="The axes in their new order; 1 is the first behind the batch."
    )

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        super().check_inputs(inputs)
        if len(inputs[0]) != len(self.dims) + 1:
            raise Refusal(
                "rank-mismatch",
                f"dims orders {len(self.dims)} axes, and the input {show(inputs[0])} has "
                f"{len(inputs[0]) - 1}; name every axis behind the batch once",
                expected=len(self.dims),
                found=len(inputs[0]) - 1,
            )

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *(shape[axis] for axis in self.dims))

    def face(self) -> str:
        return ", ".join(map(str, self.dims))


def margins_face(margins: Margins) -> str:
    """``1`` for all sides, ``1, 2`` for rows and columns, or all pairs: ``(0, 1), (0, 1)``."""
    if all(before == behind for before, behind in margins):
        sizes = [before for before, _ in margins]
        return ", ".join(map(str, sizes if len(set(sizes)) > 1 else sizes[:1]))
    return ", ".join(f"({before}, {behind})" for before, behind in margins)


class Margined(Spatial):
    """Adds or drops a margin around the feature maps."""

    category = "Reshaping"

    def margins(self) -> Margins:
        """What is added or dropped before and behind, for each spatial axis."""
        raise NotImplementedError

    def face(self) -> str:
        return margins_face(self.margins())


class ZeroPadding(Margined):
    """Adds zeros around the feature maps."""

    padding = Argument(
        MarginSizes(negative=True),
        1,
        "Zeros on every side, per axis, or (before, behind) per axis.",
    )
    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        sizes: list[float | None] = list(shape)
        # Counted from the first spatial axis on, whatever the rank: wrappers ask for any.
        first = 2 if self.data_format == "channels_first" else 1
        for axis, (before, behind) in enumerate(self.margins(), start=first):
            size = sizes[axis]
            sizes[axis] = None if size is None else size + before + behind
        return (shape[0], *whole_sizes(sizes[1:]))

    def margins(self) -> Margins:
        margins: Margins | int = self.padding
        return pairs(margins, self.rank) if isinstance(margins, int) else margins


class ZeroPadding2D(ZeroPadding, rank=2):
    """``keras.layers.ZeroPadding2D``."""

    source = "keras.layers.ZeroPadding2D"
    help = "Adds rows and columns of zeros around each feature map."


class Cropping(Margined):
    """Cuts values off the border of the feature maps."""

    cropping = Argument(
        MarginSizes(), 0, "What is cut off every side, per axis, or (before, behind) per axis."
    )
    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        shape = self.leading(shape)
        sizes = self.spatial(shape)
        cut = [before + behind for before, behind in self.margins()]
        pairs = list(zip(sizes, cut, strict=True))
        if any(size is not None and drop >= size for size, drop in pairs):
            raise Refusal(
                "cropping-larger-than-input",
                f"cutting {joined(cut)} off {joined(sizes)} leaves nothing; crop less",
                cut=tuple(cut),
                sizes=sizes,
            )
        return self.with_spatial(
            shape, [None if size is None else size - drop for size, drop in pairs]
        )

    def margins(self) -> Margins:
        margins: Margins = self.cropping
        return margins


class Cropping2D(Cropping, rank=2):
    """``keras.layers.Cropping2D``."""

    source = "keras.layers.Cropping2D"
    help = "Cuts rows and columns off the border of each feature map."


class UpSampling(Spatial):
    """Enlarges the feature maps by whole factors, without weights."""

    category = "Reshaping"

    size = Argument(Sizes(), 2, "How many times larger each axis becomes.")
    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        shape = self.leading(shape)
        axes: Iterable[tuple[int | None, float]]
        axes = zip(self.spatial(shape), self.factors(), strict=True)
        return self.with_spatial(
            shape, [None if size is None else size * times for size, times in axes]
        )

    def factors(self) -> tuple[float, ...]:
        """How many times larger each spatial axis becomes."""
        sizes: tuple[float, ...] = self.size
        return sizes

    def face(self) -> str:
        return factor(self.factors(), "×")


class UpSampling2D(UpSampling, rank=2):
    """``keras.layers.UpSampling2D``."""

    source = "keras.layers.UpSampling2D"
    help = "Enlarges each feature map by repeating or interpolating its values."

    interpolation = Argument(
        Interpolation("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
        "nearest",
        "How the values in between are found.",
    )

    def face(self) -> str:
        return face(super().face(), "" if self.interpolation == "nearest" else self.interpolation)
