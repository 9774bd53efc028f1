"""Normalisation to a length of one, or to a mean square of one: no statistics over the batch."""

from resnet_studio.core.arguments import Anything, Argument, quoted
from resnet_studio.core.layer import Refusal, Weight
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.starts import refused_start
from resnet_studio.layers.normalization import OverAxes


class UnitNormalization(OverAxes):
    """``keras.layers.UnitNormalization``."""

    source = "keras.layers.UnitNormalization"
    help = "Scales each vector to a length of one."
    everyday = False

    def output_shape(self, shape: Shape) -> Shape:
        # Keras compares the axes with the rank and nothing more, so that fractions pass.
        for axis in self.axis if isinstance(self.axis, tuple) else (self.axis,):
            if not isinstance(axis, int | float):
                raise Refusal(
                    "invalid-argument", f"axis must be a whole number, not {quoted(axis)}"
                )
            if axis >= len(shape) or axis < -len(shape):
                raise Refusal("axis-out-of-range", f"axis {axis} does not exist in {show(shape)}")
        return shape


class RMSNormalization(OverAxes):
    """Zhang and Sennrich 2019 (arXiv:1910.07467): like LayerNormalization without the mean."""

    source = "keras.layers.RMSNormalization"
    help = "Divides each sample by its root mean square and learns a scale."
    everyday = False

    epsilon = Argument(
        Anything("number"), 1e-6, "Small number added, so that nothing is divided by 0."
    )

    def learned(self, sizes: tuple[int, ...]) -> list[Weight]:
        """``scale``, which always starts from ones."""
        if (why := refused_start("ones", sizes, self.dtype)) is not None:
            raise Refusal("invalid-argument", f"scale: {why}")
        return [Weight("scale", sizes)]
