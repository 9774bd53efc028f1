"""What the layers over feature maps share: their spatial axes and where the channels stand.

A family (``Convolution``) derives from ``Spatial`` without a rank and registers nothing;
``class Conv2D(Convolution, rank=2)`` is a layer, and its siblings differ in the rank alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from resnet_studio.core.arguments import Argument
from resnet_studio.core.layer import Layer, Refusal, Spec
from resnet_studio.core.shapes import Shape, Size, show, window
from resnet_studio.layers.kinds import DataFormat

_AXES = ("depth", "height", "width")


def data_format_argument() -> Argument:
    """Declared by each family where Keras' constructor has it."""
    return Argument(
        DataFormat(), None, "Whether the channels are the last axis of the input or the first."
    )


class Spatial(Layer, register=False):
    """A layer over ``rank`` spatial axes and one axis of channels."""

    rank: ClassVar[int] = 2
    order: ClassVar[tuple[str, ...]] = ()
    """Arguments that Keras' constructor has before the inherited ones."""
    data_format: Any

    def __init_subclass__(cls, rank: int | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(register=rank is not None, **kwargs)
        cls.rank = rank or cls.rank
        cls.everyday = cls.rank == 2
        cls.spec = Spec(rank=cls.rank + 2)
        found = cls.arguments
        cls.arguments = {
            name: found[name].on_axes(cls.rank) for name in dict.fromkeys((*cls.order, *found))
        }

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if len(inputs) == 1:
            self.require_rank(inputs[0])
        super().check_inputs(inputs)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        try:
            return super().infer_shapes(inputs)
        except OverflowError:
            raise Refusal(
                "invalid-argument", "its sizes are beyond what Keras computes with; reduce them"
            ) from None

    def require_rank(self, shape: Shape) -> None:
        """Refuses an input with too few or too many axes, in the words of feature maps."""
        if len(shape) == self.spec.rank:
            return
        axes = ["steps"] if self.rank == 1 else list(_AXES[-self.rank :])
        first = self.data_format == "channels_first"
        axes.insert(0 if first else self.rank, "channels")
        raise Refusal(
            "rank-mismatch",
            f"it takes {'×'.join(axes)}, and its input is {show(shape)}; "
            "move it to where the feature maps are, or give them that form with Reshape",
            expected=self.rank + 1,
            found=len(shape) - 1,
        )

    def channels(self, shape: Shape) -> Size:
        return shape[1] if self.data_format == "channels_first" else shape[-1]

    def known_channels(self, shape: Shape) -> int:
        """The number of channels, which the sizes of the weights depend on."""
        channels = self.channels(shape)
        if channels is None:
            raise Refusal(
                "unknown-size",
                f"the input {show(shape)} has an unknown number of channels, and the weights "
                "need to know it; give the Input a fixed number of channels",
            )
        return channels

    def spatial(self, shape: Shape) -> Shape:
        return shape[2:] if self.data_format == "channels_first" else shape[1:-1]

    def leading(self, shape: Shape) -> Shape:
        """As many axes as the layer knows of; those behind are lost inside a wrapper."""
        return shape[: self.rank + 2]

    def with_spatial(
        self, shape: Shape, sizes: Sequence[float | None], channels: Size = None
    ) -> Shape:
        """``shape`` with other spatial sizes, and other channels where they are given."""
        depth = self.channels(shape) if channels is None else channels
        whole = tuple(whole_sizes(sizes))
        if self.data_format == "channels_first":
            return (shape[0], depth, *whole)
        return (shape[0], *whole, depth)


def whole_sizes(sizes: Sequence[float | None]) -> Iterable[Size]:
    """The sizes of a tensor; refuses fractions and negative sizes, as Keras' tensors do."""
    for size in sizes:
        if size is not None and not isinstance(size, int):
            raise Refusal(
                "invalid-argument",
                f"with fractions among its arguments the output would be {joined(sizes)}; "
                "use whole numbers",
            )
        if size is not None and size < 0:
            raise Refusal(
                "negative-size", f"the output would be {joined(sizes)}; no size can be negative"
            )
        yield size


def slide(
    sizes: Shape,
    kernel: Sequence[float],
    strides: Sequence[float],
    padding: str,
    dilation: Sequence[float] | None = None,
) -> Shape:
    """Spatial sizes after a window has slid over ``sizes``; refuses one that does not fit."""
    dilation = dilation or (1,) * len(kernel)
    out = tuple(
        window(size, k, s, padding, d)
        for size, k, s, d in zip(sizes, kernel, strides, dilation, strict=True)
    )
    if padding == "valid" and any(size is not None and size <= 0 for size in out):
        raise Refusal(
            "window-larger-than-input",
            f"the {_reach(kernel, dilation)} does not fit into {joined(sizes)} under padding "
            "“valid”; use padding “same” or a smaller window",
            window=tuple(kernel),
            dilation=tuple(dilation),
            sizes=sizes,
        )
    return out


def _reach(kernel: Sequence[float], dilation: Sequence[float]) -> str:
    text = f"{joined(kernel)} window"
    if any(d != 1 for d in dilation):
        spread = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
        text += f", dilated to {joined(spread)},"
    return text


def joined(sizes: Sequence[float | None]) -> str:
    """``(3, 3)`` as people write it: ``3×3``."""
    return "×".join("?" if size is None else f"{size}" for size in sizes)


def factor(sizes: Sequence[float], sign: str) -> str:
    """Strides or magnification for a node's face: ``/2``, ``/2×1``; nothing where all are 1."""
    if all(size == 1 for size in sizes):
        return ""
    return sign + (f"{sizes[0]}" if len(set(sizes)) == 1 else joined(sizes))


def face(*parts: str) -> str:
    """The parts of a node's face that say something, in a row."""
    return ", ".join(part for part in parts if part)
