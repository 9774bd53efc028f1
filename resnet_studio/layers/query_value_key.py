"""What layers of attention share that project their query, value and key before they look."""

from collections.abc import Sequence
from math import prod
from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Integer,
    Number,
    Seed,
    Switch,
)
from resnet_studio.core.layer import Layer, Refusal, Weight
from resnet_studio.core.policies import mode_of
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.core.starts import refused_start
from resnet_studio.layers.einsum import Projection, quantised_kernel, with_axes
from resnet_studio.layers.kinds import limit_on, penalty_on, start_of


class QueryValueKey(Layer, register=False):
    """What both kinds of attention over several heads have in common.

    Each of query, value and key is projected, and what comes of them projected back.
    """

    category = "Attention"
    everyday = False
    slots = ("query", "value", "key")

    dropout = Argument(
        Number(0, 1, finite=True), 0.0, "Share of the attention scores dropped in training."
    )
    use_bias = Argument(Switch(), True, "Whether the projections have a bias.")
    sliding_window = Argument(
        Integer(minimum=1, optional=True), None, "How far a place looks; everywhere if left out."
    )
    flash_attention = Argument(
        Switch(), None, "Whether to use flash attention, which takes less memory."
    )
    kernel_initializer = start_of("projections")
    bias_initializer = start_of("biases", "zeros")
    kernel_regularizer = penalty_on("projections")
    bias_regularizer = penalty_on("biases")
    kernel_constraint = limit_on("projections")
    bias_constraint = limit_on("biases")
    use_gate = Argument(
        Switch(), False, "Whether a gate scales what is attended to (arXiv:2505.06708)."
    )
    seed = Argument(Anything("integer"), None, "Makes the random numbers repeatable.")

    def check(self) -> None:
        if self.dropout > 0:
            check_seed(self.seed)
            if self.flash_attention:
                text = "flash_attention takes no dropout; set dropout to 0"
                raise Refusal("invalid-argument", text, argument="dropout")
        for name in ("kernel_initializer", "bias_initializer"):
            if getattr(self, name) is None:
                raise Refusal("invalid-argument", f"{name} must be given", argument=name)

    def projections(self, query: Shape, value: Shape, key: Shape) -> list[tuple[Projection, Shape]]:
        """The projections in the order in which they are built, each with its input."""
        raise NotImplementedError

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if len(inputs) < 2:
            raise Refusal("missing-input", "it needs a query and a value; wire slots 0 and 1")
        if len(inputs) > 3:
            text = f"it takes a query, a value and a key, and has {len(inputs)} wires"
            raise Refusal("too-many-inputs", text)

    def check_again(self, built_for: tuple[Shape, ...], inputs: tuple[Shape, ...]) -> None:
        """Keras asks nothing of a further call but what the output's shape asks."""

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        query, value, key = three(inputs)
        made: list[Weight] = []
        for projection, shape in self.projections(query, value, key):
            for weight, taken in projection.weights(shape):
                made += self._kept(weight, taken)
        return tuple(made)

    def _kept(self, weight: Weight, taken: tuple[int, ...]) -> list[Weight]:
        """The weight, under an int8 policy frozen and with a scale for each value that it gives."""
        if mode_of(self.dtype) is None or not weight.name.endswith("_kernel"):
            self._check_projection(weight, taken)
            return [weight]
        return quantised_kernel(weight, taken, self.dtype)

    def _check_projection(self, weight: Weight, taken: tuple[int, ...]) -> None:
        """Refuses a weight that is too large, or that its initializer cannot fill."""
        self._check_start(weight)
        kernel = weight.name.endswith("_kernel")
        name = "kernel_initializer" if kernel else "bias_initializer"
        initializer = getattr(self, name)
        if kernel:
            initializer = with_axes(initializer, taken, len(weight.shape))
        why = refused_start(initializer, weight.shape, self.dtype)
        if why is not None:
            raise Refusal("invalid-argument", f"{name}: {why}", argument=name)

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        """Every projection, the scores of each place with each, and what they weigh.

        Unknown for a further call with tensors of other ranks, which Keras lets pass.
        """
        query, value, key = three(inputs)
        asked, seen = product(query[1:-1]), product(value[1:-1])
        if asked is None or seen is None:
            return None
        try:
            total = asked * self.attended(value) * sum(self.widths())
            for projection, shape in self.projections(query, value, key):
                kernel = projection.weights(shape)[0][0]
                places = seen if projection.name in ("key", "value") else asked
                total += kernel.count * places
        except Refusal:
            return None
        return total

    def attended(self, value: Shape) -> int:
        """How many places each place looks at."""
        return product(value[1:-1]) or 0

    def widths(self) -> tuple[int, int]:
        """Features of all heads together: of queries and keys, and of values."""
        raise NotImplementedError


def three(inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    """Query, value and key; the value where there is no key."""
    return inputs[0], inputs[1], inputs[-1]


def product(sizes: Sequence[Size]) -> int | None:
    """How many places there are; None where a size is open."""
    return None if None in sizes else prod(sizes)  # type: ignore[arg-type]


def check_seed(seed: Any) -> None:
    """Refuses what is no seed, where a layer draws at random."""
    try:
        Seed().parse(seed)
    except ArgumentError as error:
        raise Refusal("invalid-argument", f"seed {error}", argument="seed") from None


def check_alike(value: Shape, key: Shape) -> None:
    """Value and key must have the same places; their features may differ."""
    if value[1:-1] != key[1:-1]:
        raise Refusal(
            "inputs-mismatch",
            f"its value {show(value)} and its key {show(key)} differ in more than the last axis",
            inputs=(value, key),
        )
