"""Operators that rearrange: reshape, transpose, cut, join.  See ``operators``."""

import re
from math import prod
from typing import Any

from resnet_studio.core.arguments import Anything, Argument, ArgumentError, Integer, Kind, quoted
from resnet_studio.core.layer import Refusal
from resnet_studio.core.shapes import Shape, Size, elements, show
from resnet_studio.layers.operators import Operand, Operator, SomeAxes, operator, place, without


class NewShape(Kind):
    """Sizes with the batch, of which one may be -1: what is left over."""

    editor = "shape"

    def parse(self, value: Any) -> tuple[int | None, ...]:
        sizes = (value,) if isinstance(value, int) else value
        fits = isinstance(sizes, list | tuple) and all(
            size is None or (isinstance(size, int) and size >= -1) for size in sizes
        )
        if not fits or list(sizes).count(-1) > 1:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(sizes)

    def hint(self) -> str:
        return "a list of sizes with the batch, of which one may be -1"


class Reshape(Operator, register=False):
    newshape = Argument(NewShape(), help="Sizes of the output, the batch too; one may be -1.")

    def output_shape(self, shape: Shape) -> Shape:
        wanted: tuple[Size, ...] = self.newshape
        size = elements(shape)
        if size is None or None in wanted:
            return tuple(None if each == -1 else each for each in wanted)
        known = prod(each for each in wanted if each is not None and each != -1)
        if -1 not in wanted:
            if known != size:
                raise self._unfitting(shape)
            return wanted
        if known == 0 or size % known:
            raise self._unfitting(shape)
        return tuple(size // known if each == -1 else each for each in wanted)

    def _unfitting(self, shape: Shape) -> Refusal:
        text = f"{show(shape, batch=True)} has not as many values as {list(self.newshape)}"
        return Refusal("reshape-mismatch", text)

    def face(self) -> str:
        return show(self.newshape, batch=True)


class Transpose(Operator, register=False):
    axes = Argument(SomeAxes(), None, "The axes in their new order; backwards if left out.")

    def output_shape(self, shape: Shape) -> Shape:
        if self.axes is None:
            return shape[::-1]
        axes = (self.axes,) if isinstance(self.axes, int) else self.axes
        order = [place(axis, len(shape)) for axis in axes]
        if isinstance(self.axes, int) or sorted(order) != list(range(len(shape))):
            text = f"axes {self.axes} are not all axes of {show(shape)} once"
            raise Refusal("rank-mismatch", text)
        return tuple(shape[axis] for axis in order)


class ExpandDims(Operator, register=False):
    axis = Argument(SomeAxes(), help="Where the new axis of size 1 stands.")

    def output_shape(self, shape: Shape) -> Shape:
        wanted = (len(shape),) if self.axis is None else self.axis
        wanted = (wanted,) if isinstance(wanted, int) else wanted
        rank = len(shape) + len(wanted)
        new = {place(axis, rank) for axis in wanted}
        if len(new) != len(wanted):
            raise Refusal("invalid-argument", "an axis is named twice", argument="axis")
        sizes = iter(shape)
        return tuple(1 if axis in new else next(sizes) for axis in range(rank))


class Squeeze(Operator, register=False):
    axis = Argument(SomeAxes(), None, "Axes of size 1 to drop; all such axes if left out.")

    def output_shape(self, shape: Shape) -> Shape:
        if self.axis is None:
            return tuple(size for size in shape if size != 1)
        axes = (self.axis,) if isinstance(self.axis, int) else self.axis
        gone = [place(axis, len(shape)) for axis in axes]
        for axis in gone:
            if shape[axis] != 1:
                text = f"axis {axis} of {show(shape)} has the size {shape[axis]}, not 1"
                raise Refusal("reshape-mismatch", text)
        return without(shape, gone)


class Swapaxes(Operator, register=False):
    axis1 = Argument(Integer(), help="The one axis.")
    axis2 = Argument(Integer(), help="The other axis.")

    def output_shape(self, shape: Shape) -> Shape:
        first, second = place(self.axis1, len(shape)), place(self.axis2, len(shape))
        sizes = list(shape)
        sizes[first], sizes[second] = sizes[second], sizes[first]
        return tuple(sizes)


class Joining(Operator, register=False):
    """Takes a list, whose tensors agree but along one axis."""

    slots = ()
    takes_list = True
    axis = Argument(Integer(), 0, "Axis along which they are joined.")

    def agree(self, inputs: tuple[Shape, ...], apart: int | None) -> None:
        """Refuses tensors that differ in an axis but ``apart``; unknown sizes agree."""
        for shape in inputs[1:]:
            pairs = zip(shape, inputs[0], strict=False)
            differ = any(
                axis != apart and None not in (a, b) and a != b for axis, (a, b) in enumerate(pairs)
            )
            if differ or len(shape) != len(inputs[0]):
                text = f"{show(inputs[0])} and {show(shape)} cannot be joined"
                raise Refusal("concatenate-mismatch", text, inputs=inputs)


class Concatenate(Joining, register=False):
    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        axis = place(self.axis, len(inputs[0]))
        self.agree(inputs, axis)
        sizes = [shape[axis] for shape in inputs]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        return (*inputs[0][:axis], total, *inputs[0][axis + 1 :])


class Stack(Joining, register=False):
    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        axis = place(self.axis, len(inputs[0]) + 1)
        self.agree(inputs, None)
        return (*inputs[0][:axis], len(inputs), *inputs[0][axis:])


_INDEX = re.compile(r"-?\d{1,18}")
_SLICE = re.compile(r"(-?\d{1,18})?:(-?\d{1,18})?(?::(-?\d{1,18})?)?")
Item = int | slice | str | None
"""What stands in square brackets; the text “...” for an ellipsis."""


def items(key: str) -> tuple[Item, ...]:
    """``":, 0, ..., 1:3"`` taken apart; raises ArgumentError."""
    return tuple(_item(part.strip()) for part in key.split(","))


def _item(text: str) -> Item:
    if text == "...":
        return text
    if text == "None":
        return None
    if _INDEX.fullmatch(text):
        return int(text)
    if match := _SLICE.fullmatch(text):
        return slice(*(int(part) if part else None for part in match.groups()))
    raise ArgumentError(f"must be {Key().hint()}, not “{text}”")


def written(item: Item) -> str:
    """An item as it stands in the brackets."""
    if not isinstance(item, slice):
        return str(item)
    ends = [item.start, item.stop] + [item.step] * (item.step is not None)
    return ":".join("" if end is None else str(end) for end in ends)


class Key(Kind):
    """What stands in the square brackets, as text; never evaluated."""

    editor = "name"

    def parse(self, value: Any) -> str:
        if isinstance(value, int):
            return str(int(value))
        if not isinstance(value, str):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return ", ".join(map(written, items(value)))

    def hint(self) -> str:
        return "indices, slices, “...” and “None”, as in “:, 0, 1:3”"


class GetItem(Operator, register=False):
    key = Argument(Key(), help="What stands in the square brackets, the batch first: “:, 0”.")

    def check(self) -> None:
        if self.key.split(", ").count("...") > 1:
            raise Refusal("invalid-argument", "“...” stands twice", argument="key")
        if any(isinstance(item, slice) and item.step == 0 for item in items(self.key)):
            raise Refusal("invalid-argument", "a slice has the step 0", argument="key")

    def output_shape(self, shape: Shape) -> Shape:
        wanted = list(items(self.key))
        if "..." not in wanted:
            wanted.append("...")
        consumed = sum(1 for item in wanted if item is not None and item != "...")
        if consumed > len(shape):
            text = f"{show(shape)} has fewer axes than [{self.key}] has indices"
            raise Refusal("axis-out-of-range", text)
        made: list[Size] = []
        rest = list(shape)
        for item in wanted:
            if item is None:
                made.append(1)
            elif item == "...":
                made += [rest.pop(0) for _ in range(len(shape) - consumed)]
            elif isinstance(item, slice):
                size = rest.pop(0)
                made.append(None if size is None else len(range(*item.indices(size))))
            else:
                self._index(int(item), rest.pop(0), shape)
        return tuple(made)

    def _index(self, index: int, size: Size, shape: Shape) -> None:
        if size is not None and not -size <= index < size:
            text = f"[{self.key}] asks {show(shape)} for place {index} of {size}"
            raise Refusal("axis-out-of-range", text)

    def face(self) -> str:
        return f"[{self.key}]"


class Widths(Kind):
    """How much is added before and after: a number, a pair, or a pair for each axis."""

    editor = "json"

    def parse(self, value: Any) -> tuple[tuple[int, int], ...]:
        pairs = value
        if isinstance(value, int):
            pairs = [[value, value]]
        elif isinstance(value, list | tuple) and all(isinstance(each, int) for each in value):
            pairs = [value]
        if not isinstance(pairs, list | tuple) or not all(map(self._fits, pairs)):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple((int(before), int(after)) for before, after in pairs)

    @staticmethod
    def _fits(pair: Any) -> bool:
        return (
            isinstance(pair, list | tuple)
            and len(pair) == 2
            and all(isinstance(each, int) and each >= 0 for each in pair)
        )

    def hint(self) -> str:
        return "a list with two whole numbers for each axis, the batch first"


class Pad(Operator, register=False):
    pad_width = Argument(Widths(), help="What is added before and after along each axis.")
    mode = Argument(Anything("name"), "constant", "What stands there.")
    constant_values = Argument(Operand(), None, "The value of “constant”; 0 if left out.")

    def output_shape(self, shape: Shape) -> Shape:
        widths = self.pad_width * len(shape) if len(self.pad_width) == 1 else self.pad_width
        if len(widths) != len(shape):
            text = f"pad_width names {len(widths)} axes, and {show(shape)} has {len(shape)}"
            raise Refusal("rank-mismatch", text)
        pairs = zip(shape, widths, strict=True)
        return tuple(None if size is None else size + sum(added) for size, added in pairs)


operator("Reshape", Reshape)
operator("Transpose", Transpose)
operator("ExpandDims", ExpandDims)
operator("Squeeze", Squeeze)
operator("Swapaxes", Swapaxes)
operator("Concatenate", Concatenate)
operator("Stack", Stack)
operator("GetItem", GetItem)
operator("Pad", Pad)
