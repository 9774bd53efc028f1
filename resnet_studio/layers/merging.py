"""Layers that bring several tensors together: the join of an identity link and its branch.

Shapes follow ``keras.src.layers.merging``, whose broadcasting depends on the order of the
inputs where sizes are unknown.  None of them counts multiply-accumulates.
"""

from collections.abc import Sequence
from typing import Any

from resnet_studio.core.arguments import Argument, Number
from resnet_studio.core.layer import Layer, Refusal
from resnet_studio.core.shapes import BroadcastError, Shape, Size, broadcast_pair, show


class Merge(Layer, register=False):
    """Element by element over tensors that can be broadcast together."""

    category = "Merging"
    takes_list = True

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        super().check_inputs(inputs)
        for shape in inputs:
            if not shape:
                raise Refusal("rank-mismatch", "a scalar without a batch cannot be merged")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[()]:
        self.check_build(inputs)
        return ()

    def check_build(self, inputs: tuple[Shape, ...]) -> None:
        """Refuses what only the first call of a shared layer refuses: different batch sizes."""
        if len(_batches(inputs)) > 1:
            raise Refusal(
                "shortcut-mismatch",
                f"{_names(inputs)} have different batch sizes; give every Input the same",
                inputs=inputs,
                axis=0,
            )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        result = inputs[0][1:]
        for slot, shape in enumerate(inputs[1:], start=1):
            try:
                result = broadcast_pair(result, shape[1:])
            except BroadcastError as error:
                raise self._mismatch(inputs, slot, result, error) from None
        batches = _batches(inputs)
        return (batches.pop() if len(batches) == 1 else None, *result)

    def _mismatch(
        self, inputs: tuple[Shape, ...], slot: int, before: Shape, error: BroadcastError
    ) -> Refusal:
        """Names the shape that cannot join and what stands before it; axes count the batch."""
        axis = (error.axis or 0) + 1
        first = show((None, *before))
        earlier = "" if slot == 1 else f" (what inputs 0 to {slot - 1} come to)"
        return Refusal(
            "shortcut-mismatch",
            f"{first}{earlier} and {show(inputs[slot])} cannot be broadcast for "
            f"{type(self).__name__}: they differ on axis {axis}; "
            "bring them to the same height, width and channels",
            inputs=inputs,
            slot=slot,
            axis=axis,
        )


def _batches(inputs: Sequence[Shape]) -> set[Size]:
    return {shape[0] for shape in inputs} - {None}


def _names(inputs: Sequence[Shape]) -> str:
    return " and ".join(show(shape, batch=True) for shape in inputs)


class Add(Merge):
    """The sum: how a residual block joins its identity link and its branch."""

    help = "Adds tensors of one shape: the end of a residual block."
    source = "keras.layers.Add"


class Subtract(Merge):
    """The first minus the second."""

    help = "Subtracts the second tensor from the first."
    source = "keras.layers.Subtract"

    def check_build(self, inputs: tuple[Shape, ...]) -> None:
        if len(inputs) != 2:
            code = "missing-input" if len(inputs) < 2 else "too-many-inputs"
            raise Refusal(code, f"it subtracts one tensor from another and has {len(inputs)}")
        super().check_build(inputs)


class Multiply(Merge):
    """The product: how a squeeze-and-excitation gate scales its channels."""

    help = "Multiplies tensors element by element, such as a gate and its features."
    source = "keras.layers.Multiply"


class Average(Merge):
    """The mean."""

    help = "Averages tensors element by element."
    source = "keras.layers.Average"


class Maximum(Merge):
    """The greatest."""

    help = "Takes the greatest of the tensors, element by element."
    source = "keras.layers.Maximum"


class Minimum(Merge):
    """The least."""

    help = "Takes the least of the tensors, element by element."
    source = "keras.layers.Minimum"


class StackingAxis(Number):
    """A whole number; Keras minds a fraction only once it uses it to index a shape."""

    editor = "integer"

    def parse(self, value: Any) -> float | None:
        return int(value) if isinstance(value, int) else super().parse(value)

    def hint(self) -> str:
        return "a whole number"


class Concatenate(Merge):
    """Side by side along one axis; the other sizes must agree."""

    help = "Stacks tensors along one axis, by default their channels, as DenseNet does."
    source = "keras.layers.Concatenate"

    axis = Argument(StackingAxis(), -1, "Axis along which to stack; the batch is axis 0.")

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        """Ranks are asked by ``build``: a further call meets scalars only on its way."""
        if not inputs or not inputs[0]:
            super().check_inputs(inputs)

    def check_build(self, inputs: tuple[Shape, ...]) -> None:
        """Compares all inputs without the axis; unknown sizes agree with any."""
        super().check_inputs(inputs)
        rests = [self._without_axis(shape) for shape in inputs]
        if len({len(rest) for rest in rests}) > 1:
            raise self._differs(inputs, "ranks")
        for axis, sizes in enumerate(zip(*rests, strict=True)):
            if len(set(sizes) - {None}) > 1:
                raise self._differs(inputs, f"sizes on axis {self._true_axis(axis, inputs[0])}")

    def _without_axis(self, shape: Shape) -> Shape:
        # An axis beyond the end is only found out when a second input is added on.
        if not len(shape) > self.axis:
            return shape
        self._size(shape)
        return tuple(size for axis, size in enumerate(shape) if axis != self.axis % len(shape))

    def _true_axis(self, axis: int, shape: Shape) -> int:
        return axis if axis < self.axis % len(shape) else axis + 1

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        output = list(inputs[0])
        for shape in inputs[1:]:
            total = self._size(tuple(output))
            size = None if total is None else self._size(shape)
            output[self.axis] = None if total is None or size is None else total + size
            if output[self.axis] is None:
                break
        return tuple(output)

    def _size(self, shape: Shape) -> Size:
        if not isinstance(self.axis, int):
            raise Refusal("invalid-argument", f"axis must be a whole number, not {self.axis}")
        if not -len(shape) <= self.axis < len(shape):
            raise self._out_of_range(shape)
        size: Size = shape[self.axis]
        return size

    def _out_of_range(self, shape: Shape) -> Refusal:
        return Refusal(
            "axis-out-of-range",
            f"axis {self.axis} does not exist in {show(shape)}, which has {len(shape)} "
            "axes with the batch",
        )

    def _differs(self, inputs: tuple[Shape, ...], what: str) -> Refusal:
        shapes = " and ".join(show(shape) for shape in inputs)
        return Refusal(
            "concatenate-mismatch",
            f"{shapes} differ in their {what}: only axis {self.axis}, along which they are "
            "concatenated, may differ",
            inputs=inputs,
            axis=self.axis,
        )

    def face(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"
