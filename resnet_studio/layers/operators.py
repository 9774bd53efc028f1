"""The operators that ``x + y``, ``x * 2`` or ``keras.ops.mean(x)`` leave in a model.

A type ``ops.mean`` is the function ``keras.ops.mean``, called with its tensors and, by keyword,
the node's config; a number may stand in the place of one tensor.  They have no weights, no name
and no precision of their own.  Shapes follow ``keras.src.ops.operation_utils``: other than the
merging layers, operators broadcast the batch too and take a known size over an unknown one.
"""

from collections.abc import Sequence
from math import prod
from typing import Any, ClassVar

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Integer,
    Kind,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal
from resnet_studio.core.shapes import Shape, Size, show


class Operand(Kind):
    """A number in the place of a tensor, or nothing where a tensor arrives."""

    editor = "number"

    def parse(self, value: Any) -> float | None:
        if value is not None and not isinstance(value, int | float):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def hint(self) -> str:
        return "a number, or nothing where a tensor arrives"


class OneAxis(Integer):
    """An axis; Keras takes no boolean that anyone would mean."""

    def __init__(self, optional: bool = False) -> None:
        super().__init__(optional=optional)


class SomeAxes(Kind):
    """An axis or a list of them, or nothing."""

    editor = "integers"

    def parse(self, value: Any) -> int | tuple[int, ...] | None:
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, list | tuple) and all(isinstance(axis, int) for axis in value):
            return tuple(value)
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    def hint(self) -> str:
        return "a whole number, or a list of them, or nothing"


class Operator(Layer, register=False):
    """A function of ``keras.ops``; ``slots`` names its tensors, in the order of the call."""

    category = "Operators"
    everyday = False
    module = "keras.ops"
    slots: ClassVar[tuple[str, ...]] = ("x",)
    home: ClassVar[str] = "numpy"
    """The module of ``keras.src.ops`` that serialised models name."""
    keras_class: ClassVar[str] = ""
    """The class there."""

    # A function takes none of what all layers take.
    trainable = True
    dtype = autocast = activity_regularizer = input_shape = input_dim = None

    @property
    def wired(self) -> tuple[str, ...]:
        """The operands that are tensors; numbers stand for the others."""
        return tuple(slot for slot in self.slots if self.__dict__.get(slot) is None)

    def check(self) -> None:
        if self.slots and not self.wired:
            raise Refusal("invalid-argument", "a tensor must arrive for one of its numbers")

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if self.takes_list:
            super().check_inputs(inputs)
        elif len(inputs) < len(self.wired):
            wanted = self.wired[len(inputs)]
            text = f"no tensor arrives for {wanted} in slot {len(inputs)}"
            raise Refusal("missing-input", text)
        elif len(inputs) > len(self.wired):
            text = f"it takes {len(self.wired)} tensors and has {len(inputs)}"
            raise Refusal("too-many-inputs", text)

    def check_again(self, built_for: tuple[Shape, ...], inputs: tuple[Shape, ...]) -> None:
        """Nothing is built, so nothing is asked."""

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[()]:
        return ()

    def operands(self, tensors: Sequence[Any]) -> list[Any]:
        """Tensors and numbers as the call has them; ``tensors`` are of any form."""
        if self.takes_list:
            return [list(tensors)]
        rest = iter(tensors)
        return [next(rest) if slot in self.wired else self.__dict__[slot] for slot in self.slots]

    def face(self) -> str:
        told = [f"{value}" for key, value in self.non_defaults().items() if key in self.slots]
        return ", ".join(told)


OPERATORS: dict[tuple[str, str], str] = {}
"""The type for each class of ``keras.src.ops``, by its module and name."""


def snake(name: str) -> str:
    """``TrueDivide`` as ``true_divide``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def operator(name: str, *bases: type[Operator], home: str = "numpy", **attributes: Any) -> None:
    """Declares the operator whose class in ``keras.src.ops`` is ``name``."""
    function = snake(name)
    attributes |= {
        "home": home,
        "keras_class": name,
        "public_name": function,
        "source": f"keras.ops.{function}",
        "help": f"The function keras.ops.{function}.",
        "__module__": __name__,
    }
    type(f"ops.{function}", bases, attributes)
    OPERATORS[f"keras.src.ops.{home}", name] = f"ops.{function}"


def broadcast(first: Shape, second: Shape) -> Shape:
    """Sizes aligned from the last; raises Refusal where they are different and none is 1."""
    rank = max(len(first), len(second))
    pairs = zip(_led(first, rank), _led(second, rank), strict=True)
    return tuple(_together(a, b, first, second) for a, b in pairs)


def _led(shape: Shape, rank: int) -> Shape:
    return (1,) * (rank - len(shape)) + shape


def _together(a: Size, b: Size, first: Shape, second: Shape) -> Size:
    if a == 1 or (a is None and b != 1):
        return b
    if a is not None and b not in (1, None, a):
        shapes = f"{show(first, batch=True)} and {show(second, batch=True)}"
        raise Refusal("inputs-mismatch", f"{shapes} cannot be broadcast: {a} is not {b}")
    return a


def place(axis: int, rank: int) -> int:
    """The axis counted from the first; raises Refusal where there is none."""
    if not -rank <= axis < rank:
        raise Refusal("axis-out-of-range", f"axis {axis} does not exist among {rank} axes")
    return axis % rank


def without(shape: Shape, axes: Sequence[int]) -> Shape:
    """The sizes but those of ``axes``; one named twice takes the next with it, as in Keras."""
    sizes = list(shape)
    for axis in sorted(axes, reverse=True):
        if axis >= len(sizes):
            raise Refusal("invalid-argument", f"axis {axis} is named twice", argument="axis")
        del sizes[axis]
    return tuple(sizes)


class Elementwise(Operator, register=False):
    """Value by value: the shape stays."""


class AlongAxis(Elementwise, register=False):
    """Along an axis, of which Keras only asks that it is there."""

    axis = Argument(SomeAxes(), -1, "Axis along which it works.")

    def output_shape(self, shape: Shape) -> Shape:
        axes = (self.axis,) if isinstance(self.axis, int) else self.axis or ()
        for axis in axes:
            place(axis, len(shape))
        return shape


class Pairwise(Operator, register=False):
    """Two tensors value by value, or a tensor and a number."""

    slots = ("x1", "x2")
    x1 = Argument(Operand(), None, "A number in the place of the first tensor.")
    x2 = Argument(Operand(), None, "A number in the place of the second tensor.")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        return inputs[0] if len(inputs) == 1 else broadcast(*inputs)


class Reduction(Operator, register=False):
    """Axes come down to one value each, and vanish or stay with size 1."""

    axis = Argument(SomeAxes(), None, "Axis or axes to reduce; all of them if left out.")
    keepdims = Argument(Switch(), False, "Whether the axes stay, with size 1.")

    def output_shape(self, shape: Shape) -> Shape:
        if self.axis is None:
            return (1,) * len(shape) if self.keepdims else ()
        axes = (self.axis,) if isinstance(self.axis, int) else self.axis
        gone = [place(axis, len(shape)) for axis in axes]
        if self.keepdims:
            return tuple(1 if axis in gone else size for axis, size in enumerate(shape))
        return without(shape, gone)

    def face(self) -> str:
        return "all axes" if self.axis is None else f"axis {self.axis}"


for _name in (
    "Absolute", "Abs", "Arccos", "Arccosh", "Arcsin", "Arcsinh", "Arctan", "Arctanh", "Cbrt",
    "Ceil", "Conj", "Conjugate", "Copy", "Cos", "Cosh", "Exp", "Exp2", "Expm1", "Floor",
    "Isfinite", "Isinf", "Isnan", "Log", "Log10", "Log1p", "Log2", "LogicalNot", "Negative",
    "Reciprocal", "Sign", "Sin", "Sinh", "Sqrt", "Square", "Tan", "Tanh", "Trunc",
):  # fmt: skip
    operator(_name, Elementwise)
for _name in ("Erf", "Erfinv", "Rsqrt"):
    operator(_name, Elementwise, home="math")
for _name in (
    "HardSigmoid", "HardSilu", "LogSigmoid", "Relu", "Relu6", "Selu", "Sigmoid", "Silu",
    "Softplus", "Softsign", "TanhShrink",
):  # fmt: skip
    operator(_name, Elementwise, home="nn")

_NUMBER = Anything("number")
operator("Round", Elementwise, decimals=Argument(Integer(), 0, "Digits that are kept."))
operator(
    "Clip",
    Elementwise,
    x_min=Argument(Operand(), help="The least value that is left."),
    x_max=Argument(Operand(), help="The greatest value that is left."),
)
operator("OnesLike", Elementwise, dtype=Argument(Anything(), None, "Precision of the ones."))
operator("ZerosLike", Elementwise, dtype=Argument(Anything(), None, "Precision of the zeros."))
operator("Cast", Elementwise, home="core", dtype=Argument(Anything(), help="The new precision."))
operator("StopGradient", Elementwise, home="core", slots=("variable",))
operator("LeakyRelu", Elementwise, home="nn",
         negative_slope=Argument(_NUMBER, 0.2, "Slope below zero."))  # fmt: skip
operator("Elu", Elementwise, home="nn", alpha=Argument(_NUMBER, 1.0, "Depth below zero."))
operator("Celu", Elementwise, home="nn", alpha=Argument(_NUMBER, 1.0, "Depth below zero."))
operator("Gelu", Elementwise, home="nn",
         approximate=Argument(Switch(), True, "Whether to compute it roughly."))  # fmt: skip
operator("Softmax", AlongAxis, home="nn")
operator("LogSoftmax", AlongAxis, home="nn")

for _name in (
    "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "FloorDivide", "Mod", "Power",
    "Maximum", "Minimum", "Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual",
    "LogicalAnd", "LogicalOr", "LogicalXor", "Arctan2", "Logaddexp", "DivideNoNan",
):  # fmt: skip
    operator(_name, Pairwise)

_INITIAL = Argument(Operand(), None, "What the comparison or product starts from.")
for _name in ("Mean", "Sum", "Std", "Var", "Any", "All", "Median"):
    operator(_name, Reduction)
for _name in ("Max", "Min"):
    operator(_name, Reduction, initial=_INITIAL)
for _name in ("Argmax", "Argmin"):
    operator(_name, Reduction, axis=Argument(OneAxis(True), None, "Axis along which to look."))
operator("Prod", Reduction, dtype=Argument(Anything(), None, "Precision of the product."))
operator("Logsumexp", Reduction, home="math")


class Where(Operator, register=False):
    """Values of one tensor or of another."""

    slots = ("condition", "x1", "x2")
    x1 = Argument(Operand(), None, "A number in the place of the first tensor.")
    x2 = Argument(Operand(), None, "A number in the place of the second tensor.")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        for other in inputs[1:]:
            shape = broadcast(shape, other)
        return shape


operator("Where", Where)


class Product(Operator, register=False):
    """The matrix product over the last two axes."""

    slots = ("x1", "x2")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        first, second = inputs
        if not first or not second:
            raise Refusal("rank-mismatch", "a scalar is no matrix")
        left = (1, *first) if len(first) == 1 else first
        right = (*second, 1) if len(second) == 1 else second
        if left[-1] is not None and right[-2] is not None and left[-1] != right[-2]:
            raise Refusal(
                "inputs-mismatch",
                f"{show(first)} and {show(second)} cannot be multiplied: "
                f"{left[-1]} is not {right[-2]}",
            )
        rows = () if len(first) == 1 else (left[-2],)
        columns = () if len(second) == 1 else (right[-1],)
        return broadcast(left[:-2], right[:-2]) + rows + columns

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        sizes = (*output[1:], inputs[0][-1])
        return None if None in sizes else prod(size or 0 for size in sizes)


operator("Matmul", Product)
