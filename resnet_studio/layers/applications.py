"""Layers that models of ``keras.applications`` bring along: they are not in ``keras.layers``.

Keras finds the shapes of their outputs by tracing what they compute, broadcasting included.
"""

from typing import Any

from resnet_studio.core.arguments import Anything, Argument, Integer
from resnet_studio.core.layer import Layer, Refusal, Weight, too_many
from resnet_studio.core.serialized import takes_fractions
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.core.starts import nested_shape, refused_start
from resnet_studio.layers.features import Statistics


class LayerScale(Layer):
    """Touvron et al. 2021 (arXiv:2103.17239), as ConvNeXt has it."""

    category = "Normalisation"
    help = "Scales each channel by a learned number, small at first: for deep residual branches."
    source = "keras.applications.convnext.LayerScale"
    module = "keras.src.applications.convnext"
    everyday = False

    init_values = Argument(Anything("number"), help="What the scale of each channel starts from.")
    projection_dim = Argument(Integer(minimum=0), help="How many channels there are.")

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        super().check_inputs((self._stacked(inputs),) if inputs else ())

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return super().list_weights((self._stacked(inputs),))

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        return self.output_shape(self._stacked(inputs))

    @staticmethod
    def _stacked(inputs: tuple[Shape, ...]) -> Shape:
        """What the multiplication gets: TensorFlow stacks a list of alike tensors to one."""
        if len(inputs) == 1:
            return inputs[0]
        if len(set(map(len, inputs))) > 1:
            raise too_many(inputs)
        sizes = [set(axis) - {None} for axis in zip(*inputs, strict=True)]
        if any(len(known) > 1 for known in sizes):
            raise too_many(inputs)
        return (len(inputs), *(known.pop() if known else None for known in sizes))

    def weights(self, shape: Shape) -> list[Weight]:
        """``gamma`` (projection_dim,)."""
        gamma = Weight("gamma", (self.projection_dim,))
        start = {"class_name": "Constant", "config": {"value": self.init_values}}
        why = refused_start(start, gamma.shape, self.dtype)
        if why is not None:
            raise Refusal("invalid-argument", f"init_values: {why}", argument="init_values")
        return [gamma]

    def output_shape(self, shape: Shape) -> Shape:
        *before, last = shape or (1,)
        if last not in (None, 1, self.projection_dim) and self.projection_dim != 1:
            raise Refusal(
                "invalid-argument",
                f"projection_dim {self.projection_dim} does not fit the {last} channels of "
                f"{show(shape)}",
                argument="projection_dim",
            )
        if self.projection_dim == 1 or (self.projection_dim == 0 and last is None):
            return (*before, last)
        return (*before, self.projection_dim)

    def face(self) -> str:
        return f"{self.projection_dim}"


class CustomScaleLayer(Layer):
    """``inputs[0] + scale * inputs[1]``, as Inception-ResNet v2 adds its branches."""

    category = "Merging"
    help = "Adds a scaled branch to its shortcut."
    source = "keras.applications.inception_resnet_v2.CustomScaleLayer"
    module = "keras.src.applications.inception_resnet_v2"
    everyday = False
    takes_list = True

    scale = Argument(Statistics(), help="What the branch is multiplied by.")

    def check(self) -> None:
        """Keras traces the product, for which TensorFlow wants numbers of one kind."""
        if self.scale is None:
            raise Refusal("invalid-argument", "scale must be a number", argument="scale")
        whole = isinstance(self.scale, int) and self.dtype not in ("bool", "string")
        if not takes_fractions(self.dtype) and not whole:
            text = f"{self.dtype} cannot be multiplied by {self.scale}"
            raise Refusal("invalid-argument", text, argument="dtype")

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if len(inputs) < 2:
            raise Refusal("missing-input", "it needs a shortcut and a branch; wire slots 0 and 1")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[()]:
        return ()

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        """Plain broadcasting, the batch included; Keras reads no third tensor."""
        scaled = self._broadcast(nested_shape(self.scale), inputs[1], inputs)
        return self._broadcast(inputs[0], scaled, inputs)

    def _broadcast(self, first: Shape, second: Shape, inputs: tuple[Shape, ...]) -> Shape:
        rank = max(len(first), len(second))
        pairs = zip(_padded(first, rank), _padded(second, rank), strict=True)
        return tuple(self._together(a, b, inputs) for a, b in pairs)

    @staticmethod
    def _together(a: Size, b: Size, inputs: tuple[Shape, ...]) -> Size:
        if a == 1 or b == 1:
            return b if a == 1 else a
        if a is not None and b is not None and a != b:
            raise Refusal(
                "inputs-mismatch",
                f"{show(inputs[0])} and {show(inputs[1])} cannot be added: {a} is not {b}",
                inputs=inputs,
            )
        return b if a is None else a

    def face(self) -> str:
        return f"× {self.scale}"


def _padded(shape: Shape, rank: int) -> tuple[Any, ...]:
    return (1,) * (rank - len(shape)) + shape
