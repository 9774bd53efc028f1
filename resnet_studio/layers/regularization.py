"""Layers that make training harder on purpose; at inference they pass their input through.

They have no parameters: the state of their random generator is a variable, but Keras does
not count it among the weights.
"""

from collections.abc import Iterable
from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Kind,
    Number,
    Seed,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, Spec
from resnet_studio.layers.kinds import DataFormat


class NoiseShape(Kind):
    """Sizes of at least 1, where nothing stands for the size of the input."""

    editor = "shape"

    def parse(self, value: Any) -> tuple[int | None, ...] | None:
        if value is None:
            return None
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        sizes = tuple(value)
        for size in sizes:
            if size is not None and not (isinstance(size, int) and size > 0):
                raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return sizes

    def hint(self) -> str:
        return "a list of sizes of at least 1, or nothing"


class Noise(Layer, register=False):
    """Draws random numbers, of a strength between 0 and 1."""

    category = "Regularisation"
    maps_lists = True

    seed = Argument(Anything("integer"), None, "Makes the random numbers repeatable.")

    def check(self) -> None:
        # With nothing to draw, Keras makes no generator and looks at no seed.
        if self.strength() > 0:
            try:
                Seed().parse(self.seed)
            except ArgumentError as error:
                raise Refusal("invalid-argument", f"seed {error}") from None

    def strength(self) -> float:
        """What scales the noise: the rate or the standard deviation."""
        raise NotImplementedError

    def face(self) -> str:
        return f"{self.strength():g}"


class RateOfDropout(Noise, register=False):
    """A share of the values that is dropped in training."""

    rate = Argument(Number(0, 1, finite=True), help="Share of the values that is dropped, 0 to 1.")

    def strength(self) -> float:
        return float(self.rate)


class Dropout(RateOfDropout):
    """Srivastava et al. 2014: sets random values to zero in training and scales up the rest."""

    help = "Drops random values in training, so that no unit is relied upon alone."
    source = "keras.layers.Dropout"

    noise_shape = Argument(
        NoiseShape(), None, "Shape of the mask; along a size of 1, values are dropped all together."
    )


class SpatialDropout(RateOfDropout, register=False):
    """Tompson et al. 2014 (arXiv:1411.4280): drops whole feature maps."""

    maps_lists = False

    # The constructor takes none of these, which breaks configurations of older files.
    trainable = True
    autocast = activity_regularizer = input_shape = input_dim = None


class SpatialDropout2D(SpatialDropout):
    """``keras.layers.SpatialDropout2D``."""

    help = "Drops whole feature maps in training."
    source = "keras.layers.SpatialDropout2D"
    spec = Spec(rank=4)

    data_format = Argument(
        DataFormat(), None, "Whether the channels are the last axis of the input or the first."
    )


class GaussianNoise(Noise):
    """Adds noise around zero in training."""

    help = "Adds random noise in training: a kind of data augmentation."
    source = "keras.layers.GaussianNoise"

    stddev = Argument(Number(0, 1, finite=True), help="Standard deviation of the noise, 0 to 1.")

    def strength(self) -> float:
        return float(self.stddev)

    def face(self) -> str:
        return f"σ {self.stddev:g}"
