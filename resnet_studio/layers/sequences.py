"""The layers of feature maps for one axis of steps: signals, time series, texts.

What they have in common with their siblings for images is in the families; what Keras does
otherwise along a single axis is here.
"""

from typing import Any

from resnet_studio.core.arguments import Argument, ArgumentError, Integer, Kind, Sizes, quoted
from resnet_studio.core.layer import Layer, Spec
from resnet_studio.core.shapes import Shape
from resnet_studio.layers import kinds
from resnet_studio.layers.convolution import (
    Convolution,
    DepthwiseConvolution,
    SeparableConvolution,
)
from resnet_studio.layers.pooling import AveragePooling, GlobalPooling, Pooling
from resnet_studio.layers.reshaping import Cropping, Margins, UpSampling, ZeroPadding
from resnet_studio.layers.transposed import TransposedConvolution


class Conv1D(Convolution, rank=1):
    """``keras.layers.Conv1D``, which alone pads so that no step sees a later one."""

    source = "keras.layers.Conv1D"
    aliases = ("Convolution1D",)
    help = "Learns filters that slide along the steps of a sequence and mix all channels."

    padding = Argument(
        kinds.padding("causal"),
        "valid",
        "“same” keeps the length at stride 1, “causal” too without looking ahead, “valid” not.",
    )


class DepthwiseConv1D(DepthwiseConvolution, rank=1):
    """``keras.layers.DepthwiseConv1D``."""

    source = "keras.layers.DepthwiseConv1D"
    help = "Filters every channel of a sequence on its own, without mixing them."


class SeparableConv1D(SeparableConvolution, rank=1):
    """``keras.layers.SeparableConv1D``."""

    source = "keras.layers.SeparableConv1D"
    aliases = ("SeparableConvolution1D",)
    help = "Filters every channel of a sequence on its own, then mixes them step by step."


class Conv1DTranspose(TransposedConvolution, rank=1):
    """``keras.layers.Conv1DTranspose``."""

    source = "keras.layers.Conv1DTranspose"
    aliases = ("Convolution1DTranspose",)
    help = "Learns to lengthen a sequence: a convolution run backwards."


class MaxPooling1D(Pooling, rank=1):
    """``keras.layers.MaxPooling1D``."""

    source = "keras.layers.MaxPooling1D"
    aliases = ("MaxPool1D",)
    help = "Keeps the largest value of each window: a shorter sequence, the same channels."


class AveragePooling1D(AveragePooling, rank=1):
    """``keras.layers.AveragePooling1D``."""

    source = "keras.layers.AveragePooling1D"
    aliases = ("AvgPool1D",)
    help = "Keeps the mean of each window: a shorter sequence, the same channels."


class GlobalAveragePooling1D(GlobalPooling, rank=1):
    """``keras.layers.GlobalAveragePooling1D``."""

    source = "keras.layers.GlobalAveragePooling1D"
    aliases = ("GlobalAvgPool1D",)
    help = "The mean over all steps: a vector with a value per channel."


class GlobalMaxPooling1D(GlobalPooling, rank=1):
    """``keras.layers.GlobalMaxPooling1D``."""

    source = "keras.layers.GlobalMaxPooling1D"
    aliases = ("GlobalMaxPool1D",)
    help = "The largest value over all steps: a vector with a value per channel."


class Ends(Kind):
    """How many steps before and behind: one number for both, or a pair."""

    editor = "sizes"

    def parse(self, value: Any) -> tuple[float, float]:
        before, behind = Sizes(zero=True).parse(value) or (0, 0)
        return before, behind

    def hint(self) -> str:
        return Sizes(zero=True).hint()


class ZeroPadding1D(ZeroPadding, rank=1):
    """``keras.layers.ZeroPadding1D``."""

    source = "keras.layers.ZeroPadding1D"
    help = "Adds steps of zeros before and behind a sequence."

    padding = Argument(Ends(), 1, "Zeros at both ends, or (before, behind).")

    def margins(self) -> Margins:
        return (self.padding,)


class Cropping1D(Cropping, rank=1):
    """``keras.layers.Cropping1D``, which has no ``data_format``."""

    source = "keras.layers.Cropping1D"
    help = "Cuts steps off the beginning and the end of a sequence."

    cropping = Argument(Ends(), 1, "What is cut off both ends, or (before, behind).")
    data_format = "channels_last"

    def margins(self) -> Margins:
        return (self.cropping,)


class Count(Integer):
    """A whole number of at least 1; here Keras takes no boolean for one."""

    def __init__(self) -> None:
        super().__init__(minimum=1)

    def parse(self, value: Any) -> int | None:
        if isinstance(value, bool):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return super().parse(value)


class UpSampling1D(UpSampling, rank=1):
    """``keras.layers.UpSampling1D``, which has no ``data_format``."""

    source = "keras.layers.UpSampling1D"
    help = "Lengthens a sequence by repeating each step."

    size = Argument(Count(), 2, "How many times longer the sequence becomes.")
    data_format = "channels_last"

    def factors(self) -> tuple[float, ...]:
        return (self.size,)


class RepeatVector(Layer):
    """``keras.layers.RepeatVector``."""

    category = "Reshaping"
    source = "keras.layers.RepeatVector"
    help = "Makes a sequence of one vector by repeating it."
    everyday = False
    spec = Spec(rank=2)

    n = Argument(Count(), help="How many times the vector is repeated.")

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], self.n, shape[1])

    def face(self) -> str:
        return f"×{self.n}"
