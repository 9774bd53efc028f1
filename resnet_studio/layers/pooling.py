"""Pooling layers: the largest or the mean value of a window, or of a whole feature map."""

from typing import Any

from resnet_studio.core.arguments import Argument, Sizes, Switch
from resnet_studio.core.shapes import Shape
from resnet_studio.layers import kinds
from resnet_studio.layers.spatial import Spatial, data_format_argument, face, factor, joined, slide


class Pooling(Spatial):
    """Slides a window without weights; follows ``keras.src.layers.pooling.base_pooling``."""

    category = "Pooling"

    pool_size = Argument(Sizes(), 2, "Size of the window.")
    strides = Argument(
        Sizes(optional=True), None, "Step of the window; the window's size where left out."
    )
    padding = Argument(
        kinds.padding(any_case=False),
        "valid",
        "“same” pads the border, “valid” drops what is left over.",
    )
    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        sizes, window, strides = self.spatial(shape), self.pool_size, self._strides()
        if len(sizes) != len(window):
            sizes, window, strides = _spread(sizes, window, strides)
        return self.with_spatial(shape, slide(sizes, window, strides, self.padding))

    def _strides(self) -> tuple[float, ...]:
        strides: tuple[float, ...] = self.strides or self.pool_size
        return strides

    def non_defaults(self) -> dict[str, Any]:
        """Strides of the window's size are what Keras takes where they are left out."""
        found = super().non_defaults()
        if found.get("strides") == self.pool_size:
            del found["strides"]
        return found

    def face(self) -> str:
        return face(joined(self.pool_size), factor(self._strides(), "/"))


def _spread(
    sizes: Shape, window: tuple[float, ...], strides: tuple[float, ...]
) -> tuple[Shape, tuple[float, ...], tuple[float, ...]]:
    """One size for all axes of the window, or one window for all sizes, as NumPy has it.

    Only a wrapper lets a pooling layer see another rank; raises ValueError where neither is one.
    """
    if len(window) == 1:
        return sizes, window * len(sizes), strides * len(sizes)
    (size,) = sizes
    # Keras computes with -1 for a size that is not known, and remembers the first axis alone.
    others = (-1 if size is None else size,) * (len(window) - 1)
    return (size, *others), window, strides


class MaxPooling2D(Pooling, rank=2):
    """``keras.layers.MaxPooling2D``."""

    source = "keras.layers.MaxPooling2D"
    aliases = ("MaxPool2D",)
    help = "Keeps the largest value of each window: smaller maps, the same channels."


class AveragePooling(Pooling):
    """Pooling whose window Keras has no default for."""

    pool_size = Argument(Sizes(), help="Size of the window.")


class AveragePooling2D(AveragePooling, rank=2):
    """``keras.layers.AveragePooling2D``."""

    source = "keras.layers.AveragePooling2D"
    aliases = ("AvgPool2D",)
    help = "Keeps the mean of each window: smaller maps, the same channels."


class GlobalPooling(Spatial):
    """Reduces every feature map to one value, of whatever size it is."""

    category = "Pooling"

    data_format = data_format_argument()
    keepdims = Argument(Switch(), False, "Keep the spatial axes, each of size 1.")

    def output_shape(self, shape: Shape) -> Shape:
        if self.keepdims:
            return self.with_spatial(shape, (1,) * len(shape[2:]))
        return (shape[0], self.channels(shape))

    def face(self) -> str:
        return joined((1,) * self.rank) if self.keepdims else ""


class GlobalAveragePooling2D(GlobalPooling, rank=2):
    """``keras.layers.GlobalAveragePooling2D``."""

    source = "keras.layers.GlobalAveragePooling2D"
    aliases = ("GlobalAvgPool2D",)
    help = "The mean of each feature map: a vector with a value per channel, ready for Dense."


class GlobalMaxPooling2D(GlobalPooling, rank=2):
    """``keras.layers.GlobalMaxPooling2D``."""

    source = "keras.layers.GlobalMaxPooling2D"
    aliases = ("GlobalMaxPool2D",)
    help = "The largest value of each feature map: a vector with a value per channel."
