"""Adaptive pooling: windows that fit themselves to the size that is wanted.

Follows ``keras.src.layers.pooling.base_adaptive_pooling``.  Keras looks at no rank: it takes the
batch and the channels of whatever comes in and puts the wanted sizes between them.
"""

from typing import Any, ClassVar

from resnet_studio.core.arguments import Argument, ArgumentError, Choice, PerAxis, quoted
from resnet_studio.core.layer import Layer, Refusal
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.layers.kinds import DATA_FORMATS
from resnet_studio.layers.spatial import joined


class OutputSizes(PerAxis):
    """A size for each spatial axis, or one for all; nothing in a list leaves a size open."""

    editor = "sizes"

    def parse(self, value: Any) -> tuple[Size, ...]:
        sizes = (value,) * self.rank if isinstance(value, int) else value
        if not isinstance(sizes, list | tuple) or len(sizes) != self.rank:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        if not all(size is None or (isinstance(size, int) and size >= 0) for size in sizes):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(size if size is None else int(size) for size in sizes)

    def hint(self) -> str:
        each = "a list of one" if self.rank == 1 else f"a list of {self.rank} of them"
        return f"a whole number of at least 0, or {each}"


class ExactFormat(Choice):
    """Where the channels stand, by the exact word; what counts as false is Keras' default."""

    def __init__(self) -> None:
        super().__init__(*DATA_FORMATS)

    def parse(self, value: Any) -> str | None:
        return super().parse(value or "channels_last")


class AdaptivePooling(Layer, register=False):
    """Divides each spatial axis into as many windows as the output has places."""

    category = "Pooling"
    everyday = False
    rank: ClassVar[int] = 2

    output_size = Argument(OutputSizes(), help="Size of the map that comes out.")
    data_format = Argument(
        ExactFormat(), None, "Whether the channels are the last axis of the input or the first."
    )

    def __init_subclass__(cls, rank: int | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(register=rank is not None, **kwargs)
        cls.rank = rank or cls.rank
        cls.arguments = {key: each.on_axes(cls.rank) for key, each in cls.arguments.items()}

    def output_shape(self, shape: Shape) -> Shape:
        first = self.data_format == "channels_first"
        if len(shape) < 1 + first:
            text = f"{show(shape, batch=True)} has no axis of channels"
            raise Refusal("rank-mismatch", text)
        if first:
            return (shape[0], shape[1], *self.output_size)
        return (shape[0], *self.output_size, shape[-1])

    def face(self) -> str:
        return joined(self.output_size)


class AdaptiveAveragePooling1D(AdaptivePooling, rank=1):
    """``keras.layers.AdaptiveAveragePooling1D``."""

    source = "keras.layers.AdaptiveAveragePooling1D"
    help = "Means over as many parts of a sequence as are wanted, of whatever length it is."


class AdaptiveAveragePooling2D(AdaptivePooling, rank=2):
    """``keras.layers.AdaptiveAveragePooling2D``."""

    source = "keras.layers.AdaptiveAveragePooling2D"
    help = "Means over windows that make a map of the wanted size, of whatever size it is."


class AdaptiveAveragePooling3D(AdaptivePooling, rank=3):
    """``keras.layers.AdaptiveAveragePooling3D``."""

    source = "keras.layers.AdaptiveAveragePooling3D"
    help = "Means over windows that make a volume of the wanted size."


class AdaptiveMaxPooling1D(AdaptivePooling, rank=1):
    """``keras.layers.AdaptiveMaxPooling1D``."""

    source = "keras.layers.AdaptiveMaxPooling1D"
    help = "Largest values of as many parts of a sequence as are wanted."


class AdaptiveMaxPooling2D(AdaptivePooling, rank=2):
    """``keras.layers.AdaptiveMaxPooling2D``."""

    source = "keras.layers.AdaptiveMaxPooling2D"
    help = "Largest values of windows that make a map of the wanted size."


class AdaptiveMaxPooling3D(AdaptivePooling, rank=3):
    """``keras.layers.AdaptiveMaxPooling3D``."""

    source = "keras.layers.AdaptiveMaxPooling3D"
    help = "Largest values of windows that make a volume of the wanted size."
