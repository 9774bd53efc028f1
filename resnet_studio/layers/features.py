"""Normalization: shifts and scales features by statistics of the data, which are not trained."""

from collections.abc import Iterable
from math import prod
from typing import Any

from resnet_studio.core.arguments import Argument, ArgumentError, Kind, Switch, quoted
from resnet_studio.core.layer import Layer, Refusal, Weight, too_many
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.starts import nested_shape, refused_start, spreads


class KeptAxes(Kind):
    """An axis or a list of them; nothing stands for none.  Their range only the input tells.

    A list of one means the same as the axis itself, which is what it parses to.
    """

    editor = "integers"

    def parse(self, value: Any) -> int | tuple[int, ...]:
        if value is None:
            return ()
        if isinstance(value, int):
            return int(value)
        if not isinstance(value, Iterable):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        axes = tuple(value)
        if not all(isinstance(axis, int) for axis in axes):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return int(axes[0]) if len(axes) == 1 else tuple(map(int, axes))

    def hint(self) -> str:
        return "a whole number, or a list of them, or nothing"


class Statistics(Kind):
    """A number, or a nested list of them of equal lengths, or nothing."""

    editor = "json"

    def parse(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            sizes = nested_shape(value)
        except TypeError:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}") from None
        if not spreads(value, sizes):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def hint(self) -> str:
        return "a number, or a list of them, or nothing"


class Normalization(Layer):
    """``keras.layers.Normalization``; unlike batch normalisation it learns nothing in training."""

    category = "Normalisation"
    help = "Shifts and scales features by the mean and variance of the data."
    source = "keras.layers.Normalization"
    everyday = False
    maps_lists = True

    axis = Argument(KeptAxes(), -1, "Axes with a mean and variance for each place; 0 is the batch.")
    mean = Argument(Statistics(), None, "Mean to subtract; else found by adapt().")
    variance = Argument(Statistics(), None, "Variance to divide by; else found by adapt().")
    invert = Argument(Switch(), False, "Whether normalised values are turned back instead.")

    def check(self) -> None:
        if (self.mean is None) != (self.variance is None):
            missing = "mean" if self.mean is None else "variance"
            raise Refusal("invalid-argument", f"{missing} is missing: give both or neither")
        self.axes: tuple[int, ...] = (self.axis,) if isinstance(self.axis, int) else self.axis
        if self.mean is None:
            return
        sizes = nested_shape(self.mean)
        if sizes != nested_shape(self.variance):
            raise Refusal("invalid-argument", "mean and variance differ in their sizes")
        if len(sizes) > len(self.axes):
            raise Refusal(
                "invalid-argument",
                f"mean has {len(sizes)} axes, and axis names {len(self.axes)} only",
                argument="mean",
            )

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if len(inputs) > 1:
            raise too_many(inputs)
        return super().list_weights(inputs)

    def weights(self, shape: Shape) -> list[Weight]:
        """``mean`` and ``variance`` of the kept axes and how many samples they come from."""
        axes = self._axes(shape)
        kept = tuple(self._size(shape, axis) for axis in axes)
        # Keras spreads them over the input: an axis named twice leaves them in no shape to.
        once = prod(self._size(shape, axis) for axis in set(axes))
        if self.mean is not None:
            self._check_given(shape, axes)
            return []
        if prod(kept) != once:
            raise Refusal("invalid-argument", f"axis {list(self.axes)} names an axis twice")
        made = [Weight("mean", kept, False), Weight("variance", kept, False)]
        why = refused_start("ones", kept, self.dtype)
        if why is not None:
            raise Refusal("invalid-argument", f"its variance: {why}", argument="dtype")
        return [*made, Weight("count", (), False)]

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        """The kept axes, counted from the first, in order; raises Refusal."""
        for axis in self.axes:
            if not -len(shape) <= axis < len(shape):
                raise Refusal(
                    "axis-out-of-range",
                    f"axis {axis} does not exist in {show(shape)}, which has {len(shape)} axes "
                    "with the batch",
                )
        return tuple(sorted(axis % len(shape) for axis in self.axes))

    @staticmethod
    def _size(shape: Shape, axis: int) -> int:
        size = shape[axis]
        if size is None:
            raise Refusal(
                "unknown-size",
                f"axis {axis} of {show(shape, batch=True)} has no fixed size, so its statistics "
                "have none; normalise another axis or fix the size of the input",
                axis=axis,
            )
        return size

    def _check_given(self, shape: Shape, axes: tuple[int, ...]) -> None:
        """Refuses a mean that cannot be spread over the kept axes, from the last one on."""
        if self.dtype == "string":
            raise Refusal("invalid-argument", "there is no mean of strings", argument="dtype")
        sizes = nested_shape(self.mean)
        placed = dict(zip(reversed(axes), reversed(sizes), strict=False))
        fits = all(size in (1, shape[axis]) for axis, size in placed.items())
        if not fits or prod(placed.values()) != prod(sizes):
            raise Refusal(
                "invalid-argument",
                f"mean of the sizes {show(sizes, batch=True)} does not fit the axes "
                f"{list(self.axes)} of {show(shape)}",
                argument="mean",
            )

    def face(self) -> str:
        return "" if self.axis == -1 else f"axis {', '.join(map(str, self.axes))}"
