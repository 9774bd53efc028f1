"""Input and Dense: where a network starts, and the layer that most of them end with."""

from collections.abc import Iterable
from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Integer,
    Kind,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight
from resnet_studio.core.serialized import INPUT_DTYPES
from resnet_studio.core.shapes import Shape, Size, elements, show
from resnet_studio.layers.kinds import ActivationName, limit_on, penalty_on, start_of
from resnet_studio.layers.lora import alpha_argument, check_lora, rank_argument, with_lora
from resnet_studio.layers.quantised import quantised


def _size(value: Any) -> Size:
    """One size of an input shape, as ``standardize_shape`` takes it."""
    if value is None:
        return None
    if not isinstance(value, int) or value < 0:
        raise ArgumentError(
            f"must hold whole numbers of at least 0, or nothing, not {quoted(value)}"
        )
    return int(value)


class InputShape(Kind):
    """Sizes of at least 0, where nothing stands for one that is not known."""

    editor = "shape"

    def parse(self, value: Any) -> Shape | None:
        if value is None:
            return None
        if not isinstance(value, Iterable):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(_size(size) for size in value)

    def hint(self) -> str:
        return "a list of sizes, such as [224, 224, 3]"


class BatchSize(Kind):
    """A fixed number of samples, or nothing."""

    editor = "integer"

    def parse(self, value: Any) -> Size:
        return _size(value)

    def hint(self) -> str:
        return "a whole number of at least 0, or nothing"


class InputDType(Kind):
    """What the data are made of; unlike a layer's dtype, no mixed policy."""

    editor = "choice"
    choices = INPUT_DTYPES

    def parse(self, value: Any) -> str:
        if value is None:
            return "float32"
        if not isinstance(value, str) or value not in INPUT_DTYPES:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def hint(self) -> str:
        return "a dtype such as “float32” or “uint8”, or nothing"


class Nothing(Kind):
    """An argument that only Python code can give a value."""

    def parse(self, value: Any) -> None:
        if value is not None:
            raise ArgumentError("takes a tensor, which a file cannot hold; leave it out")

    def hint(self) -> str:
        return "nothing"


class Input(Layer):
    """Where data enter the network."""

    category = "Core"
    help = "Where data enter: the size of one sample, without the batch."
    source = "keras.Input"

    # keras.Input is a function and takes none of what layers take.
    trainable = True
    autocast = activity_regularizer = input_shape = input_dim = None

    shape = Argument(InputShape(), None, "Size of one sample: height, width, channels.")
    batch_size = Argument(BatchSize(), None, "Number of samples in a batch, if it is fixed.")
    dtype = Argument(
        InputDType(), None, "What the values are, such as float32, or uint8 for raw pixels."
    )
    sparse = Argument(Switch(), False, "Whether the tensor is sparse.", hidden=True)
    ragged = Argument(Switch(), False, "Whether the rows differ in length.", hidden=True)
    batch_shape = Argument(InputShape(), None, "The size with the batch, instead of shape.")
    tensor = Argument(Nothing(), None, "A tensor to wrap; only in Python code.", hidden=True)
    optional = Argument(
        Anything("switch"), False, "Whether the model may be called without this input."
    )

    def check(self) -> None:
        if self.batch_shape is not None and not (self.shape is None and self.batch_size is None):
            other = "shape" if self.shape is not None else "batch_size"
            raise Refusal("invalid-argument", f"it takes either {other} or batch_shape, not both")
        if self.shape is None and self.batch_shape is None:
            raise Refusal("invalid-argument", "shape is missing: the size of one sample")
        if self.sparse and self.ragged:
            raise Refusal("invalid-argument", "a tensor cannot be both sparse and ragged")

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if inputs:
            raise Refusal("too-many-inputs", "an Input takes no wire; remove it")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.batch_shape is not None:
            return tuple(self.batch_shape)
        return (self.batch_size, *self.shape)

    def face(self) -> str:
        return show(self.infer_shapes(()))


class Dense(Layer):
    """``activation(inputs · kernel + bias)`` over the last axis."""

    category = "Core"
    help = "Connects every input value to every unit: the classifier at the end."
    source = "keras.layers.Dense"
    spec = Spec(least_rank=2)

    units = Argument(Integer(minimum=1), help="Number of outputs, such as the number of classes.")
    activation = Argument(
        ActivationName(), None, "Non-linearity applied to the result, such as softmax for classes."
    )
    use_bias = Argument(Switch(), True, "Whether each unit gets a learned bias.")
    kernel_initializer = start_of("kernel")
    bias_initializer = start_of("bias", "zeros")
    kernel_regularizer = penalty_on("kernel")
    bias_regularizer = penalty_on("bias")
    activity_regularizer = penalty_on("output")
    kernel_constraint = limit_on("kernel")
    bias_constraint = limit_on("bias")
    lora_rank = rank_argument()
    lora_alpha = alpha_argument()
    quantization_config = Argument(Anything(), None, "How the kernel is quantised.", hidden=True)

    def check(self) -> None:
        check_lora(self.lora_rank, self.kernel_constraint)

    def weights(self, shape: Shape) -> list[Weight]:
        """``kernel`` (in, units) and ``bias`` (units,); with LoRA the kernel is frozen."""
        size = shape[-1]
        if size is None:
            raise Refusal(
                "unknown-size",
                f"the last size of {show(shape)} is not known, so the kernel has no size; "
                "fix the size of the input",
                axis=len(shape) - 1,
            )
        kernel = Weight("kernel", (size, self.units))
        weights = quantised(kernel, self, along=0)
        if self.use_bias:
            weights.append(Weight("bias", (self.units,)))
        return with_lora(weights, self.lora_rank, kernel.shape)

    def built_spec(self, shape: Shape) -> Spec:
        return Spec(least_rank=2, axes=((-1, shape[-1]),))

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        """Input size × units, at every position of the other axes."""
        values = elements(shape[1:])
        return None if values is None else values * int(self.units)

    def face(self) -> str:
        return ", ".join(filter(None, [str(self.units), self.activation]))
