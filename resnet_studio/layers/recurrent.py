"""SimpleRNN, LSTM and GRU: a state carried along the steps of a sequence.

Follows ``keras.src.layers.rnn``.  ``Bidirectional`` and ``TimeDistributed`` call these layers
without their ``InputSpec``, so nothing here leans on the rank of the input.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Integer,
    Kind,
    Seed,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.core.starts import constant_rank, refused_start
from resnet_studio.layers.kinds import ActivationName, limit_on, penalty_on, start_of


class Share(Kind):
    """How much dropout sets to zero; Keras takes what lies outside of 0 to 1 for the nearer."""

    editor = "number"

    def parse(self, value: Any) -> float:
        if not isinstance(value, int | float):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        # In this order NaN comes to 0, as in Keras.
        return min(1.0, max(0.0, value))

    def hint(self) -> str:
        return "a number from 0 to 1"


class Acceleration(Kind):
    """``use_cudnn``: a word or a boolean, compared by value, so that 1 is true."""

    editor = "choice"
    choices = ("auto", True, False)

    def parse(self, value: Any) -> Any:
        if value not in self.choices:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value if value == "auto" else bool(value)

    def hint(self) -> str:
        return "“auto”, true or false"


def _switch(help: str) -> Argument:
    """What counts as true is true; ``Bidirectional`` compares two of them as they are."""
    return Argument(Anything("switch"), False, help)


class Recurrent(Layer, register=False):
    """A cell run along axis 1: the batch and the steps come first, the features last."""

    category = "Recurrent"
    everyday = False
    spec = Spec(rank=3)
    gates: ClassVar[int]
    """How many kernels of (features, units) stand side by side in one."""
    states: ClassVar[int] = 1
    """How many vectors the cell hands on from step to step."""

    units = Argument(Integer(minimum=1), help="Length of the state and of the output.")
    activation = Argument(ActivationName(), "tanh", "Non-linearity of the state.")
    use_bias = Argument(Switch(), True, "Whether each gate gets a learned bias.")
    kernel_initializer = start_of("kernel")
    recurrent_initializer = start_of("recurrent kernel", "orthogonal")
    bias_initializer = start_of("bias", "zeros")
    kernel_regularizer = penalty_on("kernel")
    recurrent_regularizer = penalty_on("recurrent kernel")
    bias_regularizer = penalty_on("bias")
    activity_regularizer = penalty_on("output")
    kernel_constraint = limit_on("kernel")
    recurrent_constraint = limit_on("recurrent kernel")
    bias_constraint = limit_on("bias")
    dropout = Argument(Share(), 0.0, "Share of the inputs set to zero in training.")
    recurrent_dropout = Argument(Share(), 0.0, "Share of the state set to zero in training.")
    seed = Argument(Seed(), None, "Makes the dropout repeatable.")
    return_sequences = _switch("Whether the output of every step comes out, or the last only.")
    return_state = _switch("Whether the last state comes out too, as further outputs.")
    go_backwards = _switch("Whether the steps are read from the last to the first.")
    stateful = _switch("Whether a batch starts from the state in which the one before ended.")
    unroll = _switch("Whether the loop is written out step by step: faster for short sequences.")
    zero_output_for_mask = Argument(
        Anything("switch"), False, "Whether skipped steps come out as zeros.", hidden=True
    )

    def weights(self, shape: Shape) -> Sequence[Weight]:
        """``kernel`` (features, gates·units), ``recurrent_kernel`` and ``bias``."""
        features = _features(shape)
        if self.stateful and shape[0] is None:
            raise Refusal(
                "unknown-size",
                "a stateful layer keeps a state for each sample, so the number of samples in "
                "a batch must be known; fix batch_size at the input",
                axis=0,
            )
        width = self.gates * self.units
        weights = [Weight("kernel", (features, width))]
        weights.append(Weight("recurrent_kernel", (self.units, width)))
        if self.use_bias:
            weights.append(Weight("bias", self.bias_shape()))
        return weights

    def bias_shape(self) -> tuple[int, ...]:
        return (self.gates * self.units,)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        """The output, and with ``return_state`` a tuple of it and the states."""
        (shape,) = inputs
        output = self.output_shape(shape)
        return (output, *self.state_shapes(shape)) if self.return_state else output

    def output_shape(self, shape: Shape) -> Shape:
        _check_rank(shape)
        steps = (shape[1],) if self.return_sequences else ()
        return (shape[0], *steps, self.units)

    def state_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        return ((shape[0], self.units),) * self.states

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        """The kernel and the recurrent kernel once at every step."""
        steps, features = shape[1], (shape[0], *shape[2:])[-1]
        if steps is None or features is None:
            return None
        return steps * self.gates * int(self.units) * (features + int(self.units))

    def face(self) -> str:
        parts = [str(self.units)]
        parts += ["sequence"] if self.return_sequences else []
        parts += ["state"] if self.return_state else []
        return ", ".join(parts + (["backwards"] if self.go_backwards else []))


def _check_rank(shape: Shape) -> None:
    if len(shape) < 2:
        raise Refusal("rank-mismatch", f"it takes a sequence of steps, not {show(shape)}")


def _features(shape: Shape) -> int:
    """What one step holds; without an ``InputSpec`` Keras lets even the batch stand for it."""
    _check_rank(shape)
    step = (shape[0], *shape[2:])
    if step[-1] is None:
        raise Refusal(
            "unknown-size",
            f"the last size of {show(shape)} is not known, so the kernel has no size; "
            "fix the size of the input",
            axis=len(shape) - 1,
        )
    return step[-1]


class SimpleRNN(Recurrent):
    """Elman 1990: ``state = activation(inputs · kernel + state · recurrent_kernel + bias)``."""

    source = "keras.layers.SimpleRNN"
    help = "Reads a sequence step by step and carries a state along: the plainest way."
    gates = 1

    activity_regularizer = Argument(Anything("name"), None, "Has no effect here.", hidden=True)


class Gated(Recurrent, register=False):
    """Lets gates between 0 and 1 decide what the state keeps."""

    recurrent_activation = Argument(ActivationName(), "sigmoid", "Non-linearity of the gates.")
    use_cudnn = Argument(Acceleration(), "auto", "Whether a graphics card's own kernel is used.")
    implementation = Argument(Anything(), 2, "Of older files; changes no result.", hidden=True)


class LSTM(Gated):
    """Hochreiter and Schmidhuber 1997 (doi:10.1162/neco.1997.9.8.1735)."""

    source = "keras.layers.LSTM"
    help = "Reads a sequence step by step and remembers over long stretches."
    gates, states = 4, 2

    unit_forget_bias = Argument(
        Switch(), True, "Whether the bias of the forget gate starts from 1."
    )

    def _check_start(self, weight: Weight) -> None:
        """The bias of the forget gate starts from ones between parts of the others' start."""
        if weight.name != "bias" or not self.unit_forget_bias or weight.too_large:
            super()._check_start(weight)
            return
        if self.bias_initializer is None:
            raise Refusal(
                "invalid-argument",
                "bias_initializer: unit_forget_bias puts ones between its values, and there are "
                "none; choose one such as “zeros”",
                argument="bias_initializer",
            )
        parts = [(self.bias_initializer, (self.units,)), ("ones", (self.units,))]
        parts.append((self.bias_initializer, (2 * self.units,)))
        why = [refused_start(start, shape, self.dtype) for start, shape in parts]
        if any(why) or constant_rank(self.bias_initializer) > 1:
            text = next(filter(None, why), "it fills a matrix, and a bias is a vector")
            raise Refusal(
                "invalid-argument", f"bias_initializer: {text}", argument="bias_initializer"
            )


class GRU(Gated):
    """Cho et al. 2014 (arXiv:1406.1078); ``reset_after`` as Keras' own cuDNN kernels have it."""

    source = "keras.layers.GRU"
    help = "Like LSTM with fewer gates and weights."
    gates = 3

    reset_after = Argument(
        Switch(), True, "Whether the reset gate acts behind the recurrent kernel."
    )

    def bias_shape(self) -> tuple[int, ...]:
        """With ``reset_after`` the inputs and the state have a bias each."""
        width = 3 * self.units
        return (2, width) if self.reset_after else (width,)
