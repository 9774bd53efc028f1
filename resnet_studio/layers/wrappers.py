"""TimeDistributed and Bidirectional: layers that apply another one.

Follows ``keras.src.layers.rnn`` and ``keras.src.layers.core.wrapper``.  A wrapper calls ``build``
and ``compute_output_shape`` of its inner layer and never looks at that layer's ``InputSpec``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from resnet_studio.core.arguments import Argument, ArgumentError, Choice, Kind, quoted
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight, layer_for, too_many
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.layers.inner import InnerLayer
from resnet_studio.layers.recurrent import Recurrent

Result = TypeVar("Result")


def _made(value: Mapping[str, Any]) -> Layer:
    """The layer of a parsed argument, which parsing has found to be sound."""
    found = layer_for(value["class_name"], value["config"])
    assert isinstance(found, Layer)
    return found


def within(layer: Layer, prefix: str, weights: Sequence[Weight]) -> list[Weight]:
    """The weights of an inner layer; one that is frozen keeps its own frozen.

    A wrapper has none but those of what it wraps, which Keras makes before it hears of freezing.
    """
    trained = isinstance(layer, Wrapper) or bool(layer.trainable)
    return [Weight(prefix + w.name, w.shape, w.trainable and trained) for w in weights]


class Wrapper(Layer, register=False):
    """Takes a layer as its first argument."""

    category = "Recurrent"
    everyday = False

    layer = Argument(
        InnerLayer({"class_name": "Dense", "config": {"units": 10}}), help="The layer to apply."
    )

    def check(self) -> None:
        self.inner = _made(self.layer)

    def face(self) -> str:
        said = self.inner.face()
        return f"{self.layer['class_name']} {said}".strip()


class TimeDistributed(Wrapper):
    """The same layer with the same weights at every step of axis 1."""

    source = "keras.layers.TimeDistributed"
    help = "Applies one layer to every step of a sequence, such as each picture of a film."

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        """With three and more tensors Keras takes the second for the steps: some layers pass."""
        super().check_inputs(inputs[:1])
        if self.inner.takes_list or self.inner.slots:
            name = self.layer["class_name"]
            raise _refused("layer", f"{name} takes several tensors, and a step gives it one")
        if len(inputs) == 2 or (len(inputs) > 2 and not self._passes_on):
            raise too_many(inputs)

    @property
    def _passes_on(self) -> bool:
        """Whether the inner layer gives back any shape as it is."""
        cls = type(self.inner)
        return cls.output_shape is Layer.output_shape and cls.weights is Layer.weights

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if len(inputs) > 1:
            return ()
        step = _step(inputs[0])
        weights = unasked(self.inner, step, lambda: self.inner.list_weights((step,)))
        return tuple(within(self.inner, "", weights))

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        if len(inputs) > 1:
            return inputs
        (shape,) = inputs
        step = _step(shape)
        result = unasked(self.inner, step, lambda: self.inner.infer_shapes((step,)))
        if result and isinstance(result[0], tuple):
            raise Refusal(
                "invalid-argument",
                f"{self.layer['class_name']} gives {len(result)} outputs here, "
                "and only one can be strung together over the steps",
                argument="layer",
            )
        if not result:
            raise Refusal("rank-mismatch", "what comes out at a step has no batch")
        return (result[0], shape[1], *result[1:])

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        """Those of the inner layer, at every step."""
        if len(inputs) > 1:
            return 0
        step = _step(inputs[0])
        macs = self.inner.count_macs((step,), (output[0], *output[2:]))
        if macs == 0:
            return 0
        return None if macs is None or inputs[0][1] is None else macs * inputs[0][1]


def unasked(inner: Layer, shape: Shape, work: Callable[[], Result]) -> Result:
    """What ``inner`` comes to without its ``InputSpec``: mostly it fails of itself, not always."""
    try:
        return work()
    except (IndexError, TypeError, ValueError):
        inner.check_inputs((shape,))
        raise


def _step(shape: Shape) -> Shape:
    """What the inner layer gets to see: the input without its steps."""
    if len(shape) < 3:
        raise Refusal(
            "rank-mismatch",
            f"it takes a tensor of at least rank 3 with the batch, and gets {show(shape)} "
            f"of rank {len(shape)}",
        )
    return (shape[0], *shape[2:])


class StartValues(Kind):
    """``weights``: what Keras cuts in two halves and then leaves alone."""

    def parse(self, value: Any) -> Any:
        if value and not isinstance(value, list | tuple | str):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return None

    def hint(self) -> str:
        return "a list of arrays, or nothing"


class Bidirectional(Wrapper):
    """Schuster and Paliwal 1997 (doi:10.1109/78.650093): once forwards, once backwards."""

    source = "keras.layers.Bidirectional"
    help = "Reads a sequence from both ends and brings the two results together."
    spec = Spec(rank=3)

    layer = Argument(
        InnerLayer({"class_name": "LSTM", "config": {"units": 64}}, having="go_backwards"),
        help="The recurrent layer that reads forwards.",
    )
    merge_mode = Argument(
        Choice("concat", "sum", "mul", "ave", optional=True),
        "concat",
        "How the two results become one; nothing leaves them as two outputs.",
    )
    weights: Any = Argument(
        StartValues(), None, "Values to start from; only in Python code.", hidden=True
    )
    backward_layer = Argument(
        InnerLayer(
            {"class_name": "LSTM", "config": {"units": 64, "go_backwards": True}},
            optional=True,
            having="go_backwards",
        ),
        None,
        "The layer that reads backwards; a copy of the first one where left out.",
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(_without_forced(config))

    def check(self) -> None:
        """Both layers must be recurrent, read in different directions and give the same kinds."""
        super().check()
        if not isinstance(self.inner, Recurrent):
            raise _refused("layer", f"{self.layer['class_name']} is no recurrent layer")
        if self.backward_layer is None:
            self.backward = _made(_reversed(self.layer))
        else:
            self.backward = _made(self.backward_layer)
        if not isinstance(self.backward, Recurrent):
            name = self.backward_layer["class_name"]
            raise _refused("backward_layer", f"{name} is no recurrent layer")
        if self.inner.go_backwards == self.backward.go_backwards:
            raise _refused(
                "layer", "both layers read in the same direction; go_backwards must differ"
            )
        for name in ("stateful", "return_sequences", "return_state"):
            if getattr(self.inner, name) != getattr(self.backward, name):
                raise _refused("backward_layer", f"both layers must have the same {name}")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """Those of both layers, each with the direction before its name."""
        layers = {"forward_": self.inner, "backward_": self.backward}
        return tuple(
            weight
            for prefix, layer in layers.items()
            for weight in within(layer, prefix, layer.list_weights(inputs))
        )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        """The forward layer's, twice as wide or two of them, and the states of both directions."""
        forward: Recurrent = self.inner  # type: ignore[assignment]
        if forward.stateful and forward.return_state:
            raise Refusal(
                "invalid-argument",
                "Keras cannot return the states of a layer that is stateful and read from both "
                "ends; set stateful or return_state to false",
                argument="layer",
            )
        (shape,) = inputs
        output = forward.output_shape(shape)
        if self.merge_mode == "concat":
            output = (*output[:-1], 2 * forward.units)
        states = forward.state_shapes(shape) * 2 if forward.return_state else ()
        outputs = (output,) * (2 if self.merge_mode is None else 1) + states
        return outputs if len(outputs) > 1 else output

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        each = [layer.count_macs(inputs, output) for layer in (self.inner, self.backward)]
        return None if None in each else sum(each)  # type: ignore[arg-type]


def _refused(argument: str, text: str) -> Refusal:
    return Refusal("invalid-argument", f"{argument}: {text}", argument=argument)


def _reversed(layer: Mapping[str, Any]) -> dict[str, Any]:
    return {**layer, "config": {**layer["config"], "go_backwards": True}}


def _without_forced(config: Mapping[str, Any]) -> dict[str, Any]:
    """``config`` without what Keras notes down of its own accord.

    It sets ``zero_output_for_mask`` of both layers itself, puts the direction before their
    names, and writes the copy of the forward layer as if somebody had asked for it.
    """
    result = dict(config)
    for key in ("layer", "backward_layer"):
        kind = Bidirectional.arguments[key].kind
        try:
            parsed = kind.parse(config.get(key))
        except ArgumentError:
            return result  # to be told with the other arguments
        if parsed is not None:
            result[key] = _chosen(parsed)
    if _unnamed(result.get("backward_layer")) == _unnamed(_reversed(result["layer"])):
        del result["backward_layer"]
    return result


def _chosen(layer: Mapping[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in layer["config"].items() if k != "zero_output_for_mask"}
    if "name" in kept:
        kept["name"] = kept["name"].removeprefix("forward_")
    return {**layer, "config": kept}


def _unnamed(layer: Mapping[str, Any] | None) -> str:
    """A parsed layer apart from its name, as a text that tells 1 and True apart."""
    config = dict(layer["config"]) if layer is not None else {}
    config.pop("name", None)
    return repr((layer and layer["class_name"], sorted(config.items())))
