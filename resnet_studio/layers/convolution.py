"""Convolutions: learned windows that slide over the feature maps.

Shapes and weights follow ``keras.src.layers.convolutional.base_conv``, ``base_depthwise_conv``
and ``base_separable_conv``; the transposed convolution is in ``transposed``.
"""

from collections.abc import Sequence
from typing import Any

from resnet_studio.core.arguments import Argument, Integer, Sizes, Switch
from resnet_studio.core.layer import Refusal, Spec, Weight
from resnet_studio.core.shapes import Shape, Size, elements
from resnet_studio.layers import kinds
from resnet_studio.layers.kinds import ActivationName, limit_on, penalty_on, start_of
from resnet_studio.layers.lora import alpha_argument, check_lora, rank_argument, with_lora
from resnet_studio.layers.spatial import Spatial, data_format_argument, face, factor, joined, slide


def filters_argument() -> Argument:
    return Argument(Integer(minimum=1), help="Number of feature maps that come out.")


class Kernelled(Spatial):
    """A sliding window of weights with a bias and an activation behind it.

    Subclasses say which ``kernels`` it has and how many channels come out.
    """

    category = "Convolution"
    stride_sign = "/"

    filters: Any
    kernel_size = Argument(Sizes(whole=True), help="Size of the window.")
    strides = Argument(Sizes(), 1, "Step of the window; 2 halves height and width.")
    padding = Argument(
        kinds.padding(),
        "valid",
        "“same” pads the border with zeros so that stride 1 keeps the size; “valid” pads nothing.",
    )
    data_format = data_format_argument()
    dilation_rate = Argument(
        Sizes(), 1, "Distance between the values a window sees; 2 skips every second."
    )
    activation = Argument(
        ActivationName(), None, "Non-linearity applied to the result, such as relu."
    )
    use_bias = Argument(
        Switch(),
        True,
        "Whether each map gets a learned bias; of no use before batch normalisation.",
    )
    bias_initializer = start_of("bias", "zeros")
    bias_regularizer = penalty_on("bias")
    bias_constraint = limit_on("bias")

    def kernels(self, channels: int) -> list[Weight]:
        """The weights of the window for an input of ``channels``."""
        raise NotImplementedError

    def output_channels(self, shape: Shape) -> int:
        """How many feature maps come out."""
        number: int = self.filters
        return number

    def weights(self, shape: Shape) -> Sequence[Weight]:
        channels = self.known_channels(shape)
        weights = self.kernels(channels)
        if self.use_bias:
            weights.append(Weight("bias", (self.output_channels(shape),)))
        return weights

    def built_spec(self, shape: Shape) -> Spec:
        axis = 1 if self.data_format == "channels_first" else -1
        return self.spec._replace(axes=((axis, shape[axis]),))

    def output_shape(self, shape: Shape) -> Shape:
        sizes = slide(
            self.spatial(shape), self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return self.with_spatial(shape, sizes, self.output_channels(shape))

    def face(self) -> str:
        return face(
            joined(self.kernel_size),
            self.maps_face(),
            factor(self.strides, self.stride_sign),
            factor(self.dilation_rate, "dilation "),
            self.activation or "",
        )

    def maps_face(self) -> str:
        """What the face says of the feature maps that come out."""
        return str(self.filters)


def refuse_dilated_strides(strides: Sequence[float], dilation: Sequence[float]) -> None:
    """Keras' constructors take strides or dilation, be it along different axes."""
    if max(strides) > 1 and max(dilation) > 1:
        raise Refusal(
            "invalid-argument",
            f"strides {joined(strides)} and dilation_rate {joined(dilation)} cannot be combined; "
            "set one of them to 1",
            argument="dilation_rate",
        )


class Convolution(Kernelled):
    """Every filter sees all channels of its group."""

    order = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups",
        "activation", "use_bias", "kernel_initializer",
    )  # fmt: skip

    filters = filters_argument()
    groups = Argument(
        Integer(minimum=1),
        1,
        "Into how many groups the channels are divided, each filtered on its own.",
    )
    kernel_initializer = start_of("kernel")
    kernel_regularizer = penalty_on("kernel")
    kernel_constraint = limit_on("kernel")
    lora_rank = rank_argument()
    lora_alpha = alpha_argument()

    def check(self) -> None:
        if self.filters % self.groups:
            raise Refusal(
                "channels-not-divisible",
                f"{self.filters} filters cannot be divided into {self.groups} groups; "
                f"use a multiple of {self.groups}, or groups that divide {self.filters}",
                argument="groups",
            )
        refuse_dilated_strides(self.strides, self.dilation_rate)
        check_lora(self.lora_rank, self.kernel_constraint)

    def kernels(self, channels: int) -> list[Weight]:
        if channels % self.groups:
            raise Refusal(
                "channels-not-divisible",
                f"the {channels} channels of the input cannot be divided into {self.groups} "
                f"groups; use a number of groups that divides {channels}",
                channels=channels,
                argument="groups",
            )
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        return [Weight("kernel", shape)]

    def weights(self, shape: Shape) -> Sequence[Weight]:
        return with_lora(super().weights(shape), self.lora_rank)

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        channels = self.channels(shape)
        depth = None if channels is None else channels // self.groups
        return elements((*self.spatial(output), *self.kernel_size, depth, self.filters))

    def face(self) -> str:
        return face(super().face(), f"{self.groups} groups" if self.groups > 1 else "")


class Conv2D(Convolution, rank=2):
    """``keras.layers.Conv2D``."""

    source = "keras.layers.Conv2D"
    aliases = ("Convolution2D",)
    help = "Learns filters that slide over height and width and mix all channels."


class DepthwiseConvolution(Kernelled):
    """A window of its own for every channel; channels are not mixed."""

    order = (
        "kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate",
        "activation", "use_bias", "depthwise_initializer",
    )  # fmt: skip

    depth_multiplier = Argument(
        Integer(minimum=1), 1, "How many feature maps come out for each channel."
    )
    depthwise_initializer = start_of("depthwise kernel")
    depthwise_regularizer = penalty_on("depthwise kernel")
    depthwise_constraint = limit_on("depthwise kernel")

    def output_channels(self, shape: Shape) -> int:
        number: int = self.known_channels(shape) * self.depth_multiplier
        return number

    def kernels(self, channels: int) -> list[Weight]:
        return [Weight("kernel", (*self.kernel_size, channels, self.depth_multiplier))]

    def _check_start(self, weight: Weight) -> None:
        # The one variable that Keras does not name after its initializer.
        super()._check_start(
            weight._replace(name="depthwise_kernel") if weight.name == "kernel" else weight
        )

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        return elements((*self.spatial(output), *self.kernel_size, self.channels(output)))

    def maps_face(self) -> str:
        return f"×{self.depth_multiplier} maps" if self.depth_multiplier > 1 else ""


class DepthwiseConv2D(DepthwiseConvolution, rank=2):
    """``keras.layers.DepthwiseConv2D``."""

    source = "keras.layers.DepthwiseConv2D"
    help = "Filters every channel on its own: few weights, no mixing of channels."


class SeparableConvolution(Kernelled):
    """A depthwise convolution and a 1×1 convolution that mixes what comes out of it."""

    order = (
        "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate",
        "depth_multiplier", "activation", "use_bias", "depthwise_initializer",
        "pointwise_initializer",
    )  # fmt: skip

    filters = filters_argument()
    depth_multiplier = Argument(
        Integer(minimum=1), 1, "How many maps the depthwise step makes of each channel."
    )
    depthwise_initializer = start_of("depthwise kernel")
    pointwise_initializer = start_of("pointwise kernel")
    depthwise_regularizer = penalty_on("depthwise kernel")
    pointwise_regularizer = penalty_on("pointwise kernel")
    depthwise_constraint = limit_on("depthwise kernel")
    pointwise_constraint = limit_on("pointwise kernel")

    def kernels(self, channels: int) -> list[Weight]:
        between = channels * self.depth_multiplier
        return [
            Weight("depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier)),
            Weight("pointwise_kernel", (*(1,) * self.rank, between, self.filters)),
        ]

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        # At each position every weight of both kernels is used once.
        channels = self.channels(shape)
        if channels is None:
            return None
        per_position = sum(kernel.count for kernel in self.kernels(channels))
        return elements((*self.spatial(output), per_position))


class SeparableConv2D(SeparableConvolution, rank=2):
    """``keras.layers.SeparableConv2D``."""

    source = "keras.layers.SeparableConv2D"
    aliases = ("SeparableConvolution2D",)
    help = "Filters every channel on its own, then mixes them with a 1×1 convolution."
