"""EinsumDense: a dense layer whose axes are told by an equation, ``abc,cd->abd``.

Follows ``keras.src.layers.core.einsum_dense``, quirks included: what stands behind an equation
that Keras can read is not looked at.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from resnet_studio.core.arguments import Anything, Argument, ArgumentError, Kind, quoted
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.core.starts import refused_start
from resnet_studio.layers.einsum import quantised_kernel, with_axes
from resnet_studio.layers.kinds import ActivationName, limit_on, penalty_on, start_of
from resnet_studio.layers.lora import alpha_argument, check_lora, rank_argument, with_lora
from resnet_studio.layers.spatial import joined

_FORMS = (
    (re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"), False),
    (re.compile(r"0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)"), True),
    (re.compile(r"([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0"), False),
)
"""How an equation may begin, with 0 for the ellipsis, and whether the axes left out come first."""


class Axes(NamedTuple):
    """The letters of input, kernel and output; ``leading``: the axes left out come first."""

    inputs: str
    kernel: str
    outputs: str
    leading: bool


class Equation(Kind):
    """``inputs,kernel->outputs``, with ``...`` for axes that are only passed on."""

    editor = "name"
    start = "...x,xy->...y"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or letters(value) is None:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def suggestions(self) -> tuple[str, ...]:
        return ("...x,xy->...y", "ab,bc->ac", "abc,cd->abd", "abc,bd->adc")

    def hint(self) -> str:
        return "an equation such as “abc,cd->abd” or “...x,xy->...y”"


def letters(equation: str) -> Axes | None:
    """The letters of an equation as Keras reads it; None where it does not."""
    text = equation.replace("...", "0")
    for form, leading in _FORMS:
        if found := form.match(text):
            return Axes(found[1], found[2], found[3], leading)
    return None


class PartialShape(Kind):
    """The sizes of the output without its batch and what an ellipsis stands for."""

    editor = "integers"
    start = (10,)

    def parse(self, value: Any) -> tuple[Any, ...]:
        if isinstance(value, int):
            return (value,)
        if not isinstance(value, list | tuple | str | Mapping):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(value)

    def hint(self) -> str:
        return "a whole number, or a list of them with nothing for a size that is not known"


class EinsumDense(Layer):
    """``keras.layers.EinsumDense``."""

    category = "Core"
    source = "keras.layers.EinsumDense"
    help = "A dense layer over the axes that an equation names: mixes channels, places or heads."
    everyday = False

    equation = Argument(Equation(), help="Axes of the input, the kernel and the output.")
    output_shape: Any = Argument(
        PartialShape(), help="Sizes of the output without the batch and the axes left out."
    )
    activation = Argument(ActivationName(), None, "Non-linearity applied to the result.")
    bias_axes = Argument(Anything(), None, "Letters of the output along which a bias is learned.")
    kernel_initializer = start_of("kernel")
    bias_initializer = start_of("bias", "zeros")
    kernel_regularizer = penalty_on("kernel")
    bias_regularizer = penalty_on("bias")
    kernel_constraint = limit_on("kernel")
    bias_constraint = limit_on("bias")
    lora_rank = rank_argument()
    lora_alpha = alpha_argument()
    gptq_unpacked_column_size = Argument(
        Anything(), None, "Of quantised files; changes no shape.", hidden=True
    )
    quantization_config = Argument(Anything(), None, "How the kernel is quantised.", hidden=True)

    def check(self) -> None:
        check_lora(self.lora_rank, self.kernel_constraint)
        found = letters(self.equation)
        assert found is not None
        self.axes = found

    def weights(self, shape: Shape) -> list[Weight]:
        """``kernel`` by its letters, and ``bias`` where ``bias_axes`` asks for one."""
        sizes, taken = self._kernel(shape)
        kernel = Weight("kernel", _fixed("kernel", sizes))
        self._check_kernel(kernel, taken)
        weights = quantised_kernel(kernel, taken, self.dtype)
        if self.bias_axes is not None:
            weights.append(Weight("bias", _fixed("bias", self._bias(shape))))
        return with_lora(weights, self.lora_rank, kernel.shape)

    def _check_kernel(self, kernel: Weight, taken: tuple[int, ...]) -> None:
        """Keras tells the initializer the axes along which values flow in."""
        start = with_axes(self.kernel_initializer, taken, len(kernel.shape))
        why = None if kernel.too_large else refused_start(start, kernel.shape, self.dtype)
        if why is not None:
            name = "kernel_initializer"
            raise Refusal("invalid-argument", f"{name}: {why}", argument=name)

    def built_spec(self, shape: Shape) -> Spec:
        return Spec(rank=len(shape))

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        (shape,) = inputs
        self._kernel(shape)
        if self.bias_axes is not None:
            self._bias(shape)
        return _sizes_of_tensor(self._full(shape))

    def _left_out(self, shape: Shape) -> int:
        return len(shape) - len(self.axes.inputs)

    def _full(self, shape: Shape) -> tuple[Any, ...]:
        """The sizes of the output: the batch, what is left out, and the given ones."""
        if not shape:
            raise _unfitting(self.equation, shape)
        surplus = max(0, self._left_out(shape))
        if self.axes.leading:
            between = reversed(shape[1:surplus])
            return (shape[0], *between, *self.output_shape)
        return (shape[0], *self.output_shape, *shape[len(shape) - surplus :])

    def _kernel(self, shape: Shape) -> tuple[list[Any], tuple[int, ...]]:
        """The sizes of the kernel, and its axes along which values flow in."""
        axes, output = self.axes, self._full(shape)
        left = self._left_out(shape) if axes.leading else 0
        try:
            arriving = {
                c: shape[i + left - len(shape) * axes.leading] for i, c in enumerate(axes.inputs)
            }
            leaving = {
                c: output[i + left]
                for i, c in enumerate(axes.outputs)
                if c in axes.kernel + axes.inputs
            }
        except IndexError:
            raise _unfitting(self.equation, shape) from None
        return self._sizes(arriving, leaving)

    def _sizes(
        self, arriving: Mapping[str, Size], leaving: Mapping[str, Any]
    ) -> tuple[list[Any], tuple[int, ...]]:
        axes = self.axes
        for letter, size in arriving.items():
            wanted = leaving.get(letter)
            if wanted is not None and wanted != size:
                text = f"axis “{letter}” arrives with {size} and leaves with {wanted}"
                raise Refusal("invalid-argument", text, argument="output_shape")
        for letter in axes.outputs + axes.kernel:
            known = axes.inputs + (axes.kernel if letter in axes.outputs else "")
            if letter not in known:
                text = f"axis “{letter}” of “{self.equation}” comes from nowhere"
                raise Refusal("invalid-argument", text, argument="equation")
        sizes = [leaving[c] if c in leaving else arriving[c] for c in axes.kernel]
        return sizes, tuple(i for i, c in enumerate(axes.kernel) if c not in leaving)

    def _bias(self, shape: Shape) -> list[Any]:
        outputs, full = self.axes.outputs, self._full(shape)
        left = self._left_out(shape)
        shift = left if self.axes.leading else 0
        wanted = self.bias_axes
        if not isinstance(wanted, str | list | tuple | Mapping) or not wanted:
            raise _no_bias(wanted)
        if not all(isinstance(c, str) and c in outputs for c in wanted):
            raise _no_bias(wanted)
        first = min(outputs.find(c) for c in wanted)
        try:
            sizes = {c: full[i + shift] for i, c in enumerate(outputs)}
        except IndexError:
            raise _unfitting(self.equation, shape) from None
        spanned = [sizes[c] if c in wanted else 1 for c in outputs[first:]]
        return spanned + [1] * (0 if self.axes.leading else left)

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        """Every value of the kernel, at each place of the output that it does not name."""
        sizes, taken = self._kernel(inputs[0])
        total = 1
        for size in (*output[1:], *(sizes[axis] for axis in taken)):
            if size is None:
                return None
            total *= size
        return total

    def face(self) -> str:
        return f"{self.equation}, {joined(self.output_shape)}"


def _fixed(name: str, sizes: Sequence[Any]) -> tuple[int, ...]:
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise Refusal(
            "unknown-size",
            f"its {name} would have the sizes {list(sizes)}, and not all of them are whole "
            "numbers; fix them in output_shape or at the input",
        )
    return tuple(int(size) for size in sizes)


def _sizes_of_tensor(sizes: Sequence[Any]) -> Shape:
    if not all(size is None or (isinstance(size, int) and size >= 0) for size in sizes):
        text = f"the output would have the sizes {list(sizes)}"
        raise Refusal("invalid-argument", text, argument="output_shape")
    return tuple(sizes)


def _unfitting(equation: str, shape: Shape) -> Refusal:
    text = f"“{equation}” with this output_shape cannot take {show(shape, batch=True)}"
    return Refusal("rank-mismatch", text)


def _no_bias(wanted: Any) -> Refusal:
    text = f"bias_axes must be letters of the output, or nothing, not {quoted(wanted)}"
    return Refusal("invalid-argument", text, argument="bias_axes")
