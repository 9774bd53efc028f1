"""Dot: the sums of products of two tensors along an axis of each."""

from typing import Any

from resnet_studio.core.arguments import Anything, Argument, ArgumentError, Kind, quoted
from resnet_studio.core.layer import Layer, Refusal
from resnet_studio.core.shapes import Shape, Size, elements, show


class TwoAxes(Kind):
    """An axis of both tensors, or an axis of each."""

    editor = "integers"

    def parse(self, value: Any) -> int | tuple[int, int]:
        if isinstance(value, int):
            return int(value)
        if isinstance(value, list | tuple) and len(value) == 2:
            first, second = value
            if isinstance(first, int) and isinstance(second, int):
                return (int(first), int(second))
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    def hint(self) -> str:
        return "a whole number, or a list of two"


class Dot(Layer):
    """``keras.layers.Dot``."""

    category = "Merging"
    help = "Multiplies two tensors and sums along an axis: how alike they are."
    source = "keras.layers.Dot"
    everyday = False
    takes_list = True

    axes = Argument(TwoAxes(), help="Axis to sum along, or one for each tensor; the batch is 0.")
    normalize = Argument(
        Anything("switch"), False, "Whether lengths are made 1 first: cosine similarity."
    )

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[()]:
        first, second = self._sizes(inputs)
        if first != second:
            shapes = " and ".join(show(shape) for shape in inputs)
            raise Refusal(
                "inputs-mismatch",
                f"{shapes} differ along the axes {self._axes(inputs)} that it sums along: "
                f"{show((first,), batch=True)} and {show((second,), batch=True)}",
                inputs=inputs,
            )
        return ()

    def _axes(self, inputs: tuple[Shape, ...]) -> tuple[int, int]:
        if len(inputs) != 2:
            code = "missing-input" if len(inputs) < 2 else "too-many-inputs"
            raise Refusal(code, f"it takes two tensors and has {len(inputs)}")
        if not isinstance(self.axes, int):
            return self.axes  # type: ignore[no-any-return]
        if self.axes >= 0:
            return self.axes, self.axes
        if not all(inputs):
            raise Refusal("rank-mismatch", "a scalar has no axis to sum along")
        return self.axes % len(inputs[0]), self.axes % len(inputs[1])

    def _sizes(self, inputs: tuple[Shape, ...]) -> tuple[Size, Size]:
        """The sizes that are summed along; raises Refusal where there is no such axis."""
        axes = self._axes(inputs)
        for axis, shape in zip(axes, inputs, strict=True):
            if not -len(shape) <= axis < len(shape):
                text = f"axis {axis} does not exist in {show(shape)}"
                raise Refusal("axis-out-of-range", text)
        return inputs[0][axes[0]], inputs[1][axes[1]]

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        self._sizes(inputs)
        kept = [list(shape) for shape in inputs]
        for shape, axis in zip(kept, self._axes(inputs), strict=True):
            del shape[axis]
        if not kept[1]:
            raise Refusal("rank-mismatch", "its second tensor has no axis besides the batch")
        output = kept[0] + kept[1][1:]
        return (*output, 1) if len(output) == 1 else tuple(output)

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        summed, results = self._sizes(inputs)[0], elements(output[1:])
        return None if summed is None or results is None else summed * results

    def face(self) -> str:
        axes = (self.axes,) if isinstance(self.axes, int) else self.axes
        return f"axis {', '.join(map(str, axes))}"
