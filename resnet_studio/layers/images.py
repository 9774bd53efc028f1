"""Preparing and augmenting images inside the network: resize, crop, flip, turn, zoom, brighten.

Follows ``keras.src.layers.preprocessing.image_preprocessing``.  At inference the random ones
pass images through.  None has weights: the state of a random generator is not one of them.
"""

from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Choice,
    Kind,
    Seed,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, too_many
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.layers.kinds import DataFormat

_FILL_MODES = Choice("reflect", "wrap", "constant", "nearest")
_INTERPOLATIONS = Choice("nearest", "bilinear")


def data_format_argument() -> Argument:
    return Argument(DataFormat(), None, "Whether the channels are the last axis or the first.")


def seed_argument() -> Argument:
    return Argument(Seed(), None, "Makes the random numbers repeatable.")


def fill_mode_argument() -> Argument:
    return Argument(_FILL_MODES, "reflect", "What stands where no image was.")


def fill_value_argument() -> Argument:
    return Argument(Anything("number"), 0.0, "The value that “constant” fills with.")


def interpolation_argument() -> Argument:
    return Argument(_INTERPOLATIONS, "bilinear", "How the values in between are found.")


class Suggested(Choice):
    """A word that Keras' constructor does not check: only the running network minds it."""

    def parse(self, value: Any) -> Any:
        return value


class Range(Kind):
    """The ends of a range, or one number for the range from its negative to itself.

    Parses to the one number where that says it.  ``overlapping``: of two ends Keras only asks
    that their range has something in common with ``low`` to ``high``; ``lenient``: what counts
    as false stands for 0; ``open_below``: ``low`` itself is no longer allowed.
    """

    def __init__(
        self,
        low: float = -1,
        high: float = 1,
        *,
        overlapping: bool = False,
        lenient: bool = False,
        open_below: bool = False,
        optional: bool = False,
    ) -> None:
        self.low, self.high = low, high
        self.overlapping, self.lenient, self.optional = overlapping, lenient, optional
        self.open_below = open_below

    def parse(self, value: Any) -> Any:
        if value is None and self.optional:
            return None
        if self.lenient:
            value = value or 0.0
        try:
            lower, upper = self._ends(value)
        except (TypeError, ValueError):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}") from None
        return upper if lower == self._mirrored(upper) else (lower, upper)

    def _ends(self, value: Any) -> tuple[Any, Any]:
        """Both ends in order; raises TypeError or ValueError."""
        if isinstance(value, list | tuple):
            first, second = value
            self._check(*((first, second) if self.overlapping else (max(value), min(value))))
            lower, upper = sorted(value)
            return lower, upper
        if not isinstance(value, int | float):
            raise TypeError(value)
        self._check(value, value)
        return self._mirrored(abs(value)), abs(value)

    def _mirrored(self, upper: float) -> float:
        return max(-upper, self.low) if self.overlapping else -upper

    def _check(self, below_high: float, above_low: float) -> None:
        # Written as Keras writes it: a comparison with NaN is false, so NaN passes.
        if below_high > self.high or above_low < self.low:
            raise ValueError
        if self.open_below and above_low <= self.low:
            raise ValueError

    def hint(self) -> str:
        least = "above" if self.open_below else "from"
        text = f"a number {least} {self.low:g} to {self.high:g}, or a list of two"
        return text + (" or nothing" if self.optional else "")


class UncheckedPair(Kind):
    """Two values; Keras' constructor takes anything."""

    def parse(self, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    def hint(self) -> str:
        return "a list of two numbers, such as [0, 255]"


class Pair(UncheckedPair):
    """Two values that can be put in order."""

    def parse(self, value: Any) -> tuple[Any, ...]:
        try:
            if isinstance(value, list | tuple) and len(value) == 2:
                return tuple(sorted(value))
        except TypeError:
            pass
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")


class Pixels(Kind):
    """A height or a width; nothing leaves it unknown."""

    editor = "integer"

    def parse(self, value: Any) -> Size:
        if value is not None and not (isinstance(value, int) and value >= 0):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return None if value is None else int(value)

    def hint(self) -> str:
        return "a whole number of at least 0, or nothing"


class LeftOut(Kind):
    """An argument that Keras' base class has and the layer does not take."""

    def parse(self, value: Any) -> None:
        if value is not None:
            raise ArgumentError("is not taken by this layer; leave it out")

    def hint(self) -> str:
        return "nothing"


class ImageLayer(Layer, register=False):
    """Works on images, or on a single one without a batch."""

    category = "Preprocessing"
    everyday = False
    maps_lists = True

    factor: Any = Argument(LeftOut(), None, "Has no effect here.", hidden=True)
    bounding_box_format = Argument(
        Anything(), None, "How boxes around objects are written, where they go along.", hidden=True
    )


class Resized(ImageLayer, register=False):
    """Gives images another height and width."""

    height = Argument(Pixels(), help="Height of the images that come out.")
    width = Argument(Pixels(), help="Width of the images that come out.")
    data_format: Any

    def axes(self, shape: Shape) -> tuple[int, int]:
        """Where height and width stand: in a single image one place earlier than in a batch."""
        first = (1 if len(shape) == 4 else 0) + (self.data_format == "channels_first")
        return first, first + 1

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.axes(shape)
        if not 0 <= height < width < len(shape):
            raise not_images(shape)
        sizes = list(shape)
        sizes[height], sizes[width] = self.height, self.width
        return tuple(sizes)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        if len(inputs) == 1:
            return self.output_shape(inputs[0])
        # Keras then takes the list for the shape, which can only go well by accident.
        by_accident = self.axes((None,) * len(inputs)) == (0, 1) and len(inputs) == 2
        if not by_accident:
            raise too_many(inputs)
        return (self.height, self.width)

    def face(self) -> str:
        return show((None, self.height, self.width))


def not_images(shape: Shape) -> Refusal:
    """What a layer for images says of anything else."""
    return Refusal(
        "rank-mismatch",
        f"it takes images, height×width×channels, and its input is {show(shape)}",
        expected=3,
        found=len(shape) - 1,
    )


class Resizing(Resized):
    """``keras.layers.Resizing``."""

    source = "keras.layers.Resizing"
    help = "Brings images of any size to one height and width."

    interpolation = Argument(
        Suggested("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"),
        "bilinear",
        "How the values in between are found.",
    )
    crop_to_aspect_ratio = Argument(
        Anything("switch"), False, "Keep proportions and cut off what does not fit."
    )
    pad_to_aspect_ratio = Argument(
        Anything("switch"), False, "Keep proportions and fill what is left over."
    )
    fill_mode = Argument(Suggested("constant"), "constant", "How padding is filled.")
    fill_value = fill_value_argument()
    antialias = Argument(Switch(), False, "Smooth images before they are made smaller.")
    data_format = data_format_argument()


class CenterCrop(Resized):
    """``keras.layers.CenterCrop``."""

    source = "keras.layers.CenterCrop"
    help = "Cuts the middle out of images; smaller ones are enlarged first."
    maps_lists = False

    data_format = data_format_argument()

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) not in (3, 4):
            raise not_images(shape)
        return super().output_shape(shape)


class RandomCrop(Resized):
    """``keras.layers.RandomCrop``."""

    source = "keras.layers.RandomCrop"
    help = "Cuts a random part of a fixed size out of images; the middle at inference."

    factor = Argument(
        Range(overlapping=True, lenient=True), None, "Checked, and has no effect.", hidden=True
    )
    seed = seed_argument()
    data_format = data_format_argument()

    def axes(self, shape: Shape) -> tuple[int, int]:
        end = len(shape) - (self.data_format == "channels_last")
        return end - 2, end - 1


class RandomFlip(ImageLayer):
    """``keras.layers.RandomFlip``."""

    source = "keras.layers.RandomFlip"
    help = "Mirrors images at random in training: left to right, top to bottom."

    mode = Argument(
        Suggested("horizontal_and_vertical", "horizontal", "vertical"),
        "horizontal_and_vertical",
        "Which way images are mirrored.",
    )
    seed = seed_argument()
    data_format = data_format_argument()

    def face(self) -> str:
        return "" if self.mode == "horizontal_and_vertical" else str(self.mode)


class RandomRotation(ImageLayer):
    """``keras.layers.RandomRotation``."""

    source = "keras.layers.RandomRotation"
    help = "Turns images by a random angle in training."

    factor = Argument(
        Range(overlapping=True, lenient=True),
        help="Largest angle as a share of a full turn: 0.1 is up to 36° either way.",
    )
    fill_mode = fill_mode_argument()
    interpolation = interpolation_argument()
    seed = seed_argument()
    fill_value = fill_value_argument()
    data_format = data_format_argument()

    def face(self) -> str:
        return range_face(self.factor)


def range_face(ends: Any) -> str:
    """``±0.2``, or both ends of a range that is not even."""
    return "…".join(map(str, ends)) if isinstance(ends, tuple) else f"±{ends}"


class HeightAndWidth(ImageLayer, register=False):
    """Changes height and width by random shares of them."""

    height_factor: Any
    width_factor: Any

    def face(self) -> str:
        factors = (self.height_factor, self.width_factor)
        return ", ".join(range_face(factor) for factor in factors if factor is not None)


class RandomZoom(HeightAndWidth):
    """``keras.layers.RandomZoom``."""

    source = "keras.layers.RandomZoom"
    help = "Zooms into or out of images at random in training."

    height_factor = Argument(
        Range(open_below=True), help="How far: -0.2 to 0.2 is from 20% in to 20% out."
    )
    width_factor = Argument(
        Range(open_below=True, optional=True),
        None,
        "The same for the width; nothing keeps proportions.",
    )
    fill_mode = fill_mode_argument()
    interpolation = interpolation_argument()
    seed = seed_argument()
    fill_value = fill_value_argument()
    data_format = data_format_argument()


class RandomTranslation(HeightAndWidth):
    """``keras.layers.RandomTranslation``."""

    source = "keras.layers.RandomTranslation"
    help = "Moves images up, down and sideways at random in training."

    height_factor = Argument(Range(), help="How far up or down, as a share of the height.")
    width_factor = Argument(Range(), help="How far sideways, as a share of the width.")
    fill_mode = fill_mode_argument()
    interpolation = interpolation_argument()
    seed = seed_argument()
    fill_value = fill_value_argument()
    data_format = data_format_argument()


class RandomContrast(ImageLayer):
    """``keras.layers.RandomContrast``."""

    source = "keras.layers.RandomContrast"
    help = "Strengthens or weakens the contrast of images at random in training."

    factor = Argument(
        Range(0, 1, overlapping=True), help="How much contrast is taken away or added at most."
    )
    value_range = Argument(UncheckedPair(), (0, 255), "Smallest and largest value of a pixel.")
    seed = seed_argument()
    data_format = data_format_argument()

    def face(self) -> str:
        return range_face(self.factor)


class RandomBrightness(ImageLayer):
    """``keras.layers.RandomBrightness``."""

    source = "keras.layers.RandomBrightness"
    help = "Makes images brighter or darker at random in training."

    factor = Argument(
        Range(overlapping=True, lenient=True),
        help="How far at most, as a share of the range of values.",
    )
    value_range = Argument(Pair(), (0, 255), "Smallest and largest value of a pixel.")
    seed = seed_argument()
    data_format = data_format_argument()

    def face(self) -> str:
        return range_face(self.factor)
