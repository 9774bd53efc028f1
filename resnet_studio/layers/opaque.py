"""Lambda: a function of the user's own, which is shown but never run here."""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.arguments import Anything, Argument, ArgumentError, Kind, quoted
from resnet_studio.core.layer import Layer, Outcome, Problem, Refusal
from resnet_studio.core.shapes import Shape, show


class OwnFunction(Kind):
    """Code that a file holds as data; whoever exports the network writes it himself."""

    symbol = "unwritten"
    """What the code has in its place."""

    def hint(self) -> str:
        return "a function, which only Python code can hold"


class ShapeBehindBatch(Kind):
    """Sizes without the batch, or a list of such for several outputs."""

    editor = "shape"

    def parse(self, value: Any) -> Any:
        if value is None or self._is_shape(value):
            return None if value is None else tuple(value)
        if isinstance(value, list | tuple) and all(map(self._is_shape, value)):
            return tuple(map(tuple, value))
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    @staticmethod
    def _is_shape(value: Any) -> bool:
        return isinstance(value, list | tuple) and all(
            size is None or (type(size) is int and size >= 0) for size in value
        )

    def hint(self) -> str:
        return "a list of sizes without the batch"


class Lambda(Layer):
    """``keras.layers.Lambda``, whose ``output_shape`` Keras believes."""

    category = "Core"
    help = "A function of your own: its output shape is believed, the function never run here."
    source = "keras.layers.Lambda"
    everyday = False

    function = Argument(OwnFunction(), help="The function; write it into the exported code.")
    output_shape = Argument(
        ShapeBehindBatch(), None, "What it gives, without the batch; cannot be found out here."
    )
    mask = Argument(OwnFunction(), None, "A mask, or a function that makes one.", hidden=True)

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        # What it is given must not hide the arguments that all layers declare.
        self.given = self.__dict__.pop("arguments")

    def non_defaults(self) -> dict[str, Any]:
        told = {key: value for key, value in self.config.items() if key != "arguments"}
        rest = Layer.non_defaults(Lambda(told)) if "arguments" in self.config else None
        if rest is None:
            return super().non_defaults()
        return rest | ({"arguments": self.given} if self.given else {})

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if not inputs:
            raise Refusal("missing-input", "nothing is wired to its input")
        if not inputs[0]:
            raise Refusal("rank-mismatch", "a scalar has no batch")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[()]:
        return ()

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        """The batch of the first input before what is declared."""
        if self.output_shape is None:
            raise Refusal(
                "unknown-size",
                "what its function gives is not known without running it; "
                "write output_shape, without the batch",
                argument="output_shape",
            )
        batch = inputs[0][0]
        if self.output_shape and isinstance(self.output_shape[0], tuple):
            return tuple((batch, *shape) for shape in self.output_shape)
        return (batch, *self.output_shape)

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> None:
        """Nobody knows."""

    def _infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        outcome = super()._infer(inputs)
        if outcome.outputs is None:
            return outcome
        shapes = " and ".join(show(shape) for shape in outcome.outputs)
        text = f"its function is never run here: the output {shapes} that it declares is believed"
        warning = Problem("opaque-layer", text, severity="warning")
        return Outcome(outcome.outputs, 0, 0, None, (*outcome.problems, warning))


# The keyword is “arguments”, which a layer's class has for something else.
_GIVEN = Argument(Anything(), None, "What the function is given besides its input.")
_GIVEN.__set_name__(Lambda, "arguments")
Lambda.arguments = {**Lambda.arguments, "arguments": _GIVEN}
