"""The transposed convolution: the way back from small feature maps to large ones."""

from typing import Any

from resnet_studio.core.arguments import Argument, Choice, Sizes
from resnet_studio.core.layer import Refusal, Weight
from resnet_studio.core.shapes import Shape, Size, elements, transposed_window
from resnet_studio.layers.convolution import (
    Kernelled,
    filters_argument,
    refuse_dilated_strides,
)
from resnet_studio.layers.kinds import limit_on, penalty_on, start_of
from resnet_studio.layers.spatial import joined


class UncheckedPadding(Choice):
    """``valid`` or ``same``; Keras' constructor lets a list pass, which only a known size fails."""

    def __init__(self) -> None:
        super().__init__("valid", "same", any_case=True)

    def parse(self, value: Any) -> Any:
        return tuple(value) if isinstance(value, list | tuple) else super().parse(value)


class TransposedConvolution(Kernelled):
    """Follows ``keras.src.layers.convolutional.base_conv_transpose``.

    Sizes are those of ``keras.src.backend.common.backend_utils``, where a size of 0 may come out.
    """

    order = (
        "filters", "kernel_size", "strides", "padding", "output_padding", "data_format",
        "dilation_rate", "activation", "use_bias", "kernel_initializer",
    )  # fmt: skip
    stride_sign = "×"

    filters = filters_argument()
    strides = Argument(Sizes(), 1, "How far the window moves in the output; 2 doubles the size.")
    padding = Argument(
        UncheckedPadding(),
        "valid",
        "“same” makes the size strides times as large; “valid” adds what the window overlaps.",
    )
    output_padding = Argument(
        Sizes(zero=True, optional=True),
        None,
        "Rows and columns added at the end, to choose among the sizes that the stride allows.",
    )
    kernel_initializer = start_of("kernel")
    kernel_regularizer = penalty_on("kernel")
    kernel_constraint = limit_on("kernel")

    def check(self) -> None:
        extra = self.output_padding
        if extra and any(e >= s for e, s in zip(extra, self.strides, strict=True)):
            raise Refusal(
                "invalid-argument",
                f"output_padding {joined(extra)} must be smaller than strides "
                f"{joined(self.strides)} along every axis",
                argument="output_padding",
            )
        refuse_dilated_strides(self.strides, self.dilation_rate)

    def kernels(self, channels: int) -> list[Weight]:
        return [Weight("kernel", (*self.kernel_size, self.filters, channels))]

    def output_shape(self, shape: Shape) -> Shape:
        spatial = self.spatial(shape)
        if not isinstance(self.padding, str) and any(size is not None for size in spatial):
            raise Refusal(
                "invalid-argument", "padding must be “valid” or “same”", argument="padding"
            )
        extra = self.output_padding or (None,) * self.rank
        windows = zip(self.kernel_size, self.strides, extra, self.dilation_rate, strict=True)
        # A wrapper may leave less axes than the kernel has.
        axes = zip(spatial, list(windows)[: len(spatial)], strict=True)
        sizes = [transposed_window(n, k, s, self.padding, e, d) for n, (k, s, e, d) in axes]
        return self.with_spatial(shape, sizes, self.filters)

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        # Every value of the input is multiplied with the whole window of every filter.
        channels = self.channels(shape)
        return elements((*self.spatial(shape), *self.kernel_size, channels, self.filters))


class Conv2DTranspose(TransposedConvolution, rank=2):
    """``keras.layers.Conv2DTranspose``."""

    source = "keras.layers.Conv2DTranspose"
    aliases = ("Convolution2DTranspose",)
    help = "Learns to enlarge feature maps: a convolution run backwards."
