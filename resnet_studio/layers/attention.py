"""Attention: every place of a sequence looks at every other.

``MultiHeadAttention`` and ``GroupedQueryAttention`` are called with query, value and key, each
an argument of its own; ``Attention`` and ``AdditiveAttention`` with the list of them.  The key
may be left out: then the value serves as key.  Ranks are hardly checked, as in Keras.
"""

from collections.abc import Iterable, Sequence
from math import prod
from string import ascii_lowercase
from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    ArgumentError,
    Choice,
    Integer,
    Kind,
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


class FeatureSizes(Kind):
    """A size or a list of sizes, or nothing; Keras looks at them only once it builds."""

    editor = "shape"

    def parse(self, value: Any) -> tuple[int, ...] | None:
        if not value:
            return None
        sizes = (value,) if isinstance(value, int) else value
        if not isinstance(sizes, Iterable) or isinstance(sizes, str):
            raise ArgumentError(f"must be {self.hint()}, not {value!r}")
        sizes = tuple(sizes)
        if not all(isinstance(size, int) and size >= 0 for size in sizes):
            raise ArgumentError(f"must be {self.hint()}, not {value!r}")
        return sizes

    def hint(self) -> str:
        return "a whole number, or a list of them, or nothing"


class AttendedAxes(Kind):
    """An axis or a list of them, or nothing for all between the batch and the features."""

    editor = "integers"

    def parse(self, value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        axes = (value,) if isinstance(value, int) else value
        if not isinstance(axes, list | tuple):
            if not isinstance(axes, float) and not axes:
                return ()
            raise ArgumentError(f"must be {self.hint()}, not {value!r}")
        if not all(isinstance(axis, int) for axis in axes):
            raise ArgumentError(f"must be {self.hint()}, not {value!r}")
        return tuple(axes)

    def hint(self) -> str:
        return "a whole number, or a list of them, or nothing"


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
            _check_seed(self.seed)
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
        query, value, key = _three(inputs)
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
        query, value, key = _three(inputs)
        asked, seen = _product(query[1:-1]), _product(value[1:-1])
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
        return _product(value[1:-1]) or 0

    def widths(self) -> tuple[int, int]:
        """Features of all heads together: of queries and keys, and of values."""
        raise NotImplementedError


def _three(inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    return inputs[0], inputs[1], inputs[-1]


def _product(sizes: Sequence[Size]) -> int | None:
    return None if None in sizes else prod(sizes)  # type: ignore[arg-type]


def _check_seed(seed: Any) -> None:
    try:
        Seed().parse(seed)
    except ArgumentError as error:
        raise Refusal("invalid-argument", f"seed {error}", argument="seed") from None


def _check_alike(value: Shape, key: Shape) -> None:
    """Value and key must have the same places; their features may differ."""
    if value[1:-1] != key[1:-1]:
        raise Refusal(
            "inputs-mismatch",
            f"its value {show(value)} and its key {show(key)} differ in more than the last axis",
            inputs=(value, key),
        )


class MultiHeadAttention(QueryValueKey):
    """Vaswani et al. 2017 (arXiv:1706.03762)."""

    help = "Lets every place look at every other, in several ways at once."
    source = "keras.layers.MultiHeadAttention"

    num_heads = Argument(Integer(minimum=1), help="In how many ways places look at each other.")
    key_dim = Argument(Integer(minimum=1), help="Features of queries and keys in each head.")
    value_dim = Argument(
        Integer(minimum=1, optional=True), None, "Features of values in each head; else key_dim."
    )
    dropout = Argument(
        Number(0, 1, finite=True), 0.0, "Share of the attention scores dropped in training."
    )
    use_bias = Argument(Switch(), True, "Whether the projections have a bias.")
    output_shape = Argument(
        FeatureSizes(), None, "Sizes behind the places; those of the query if left out."
    )
    attention_axes = Argument(
        AttendedAxes(), None, "Axes whose places look at each other; all of them if left out."
    )

    def check(self) -> None:
        super().check()
        self.value_size: int = self.value_dim or self.key_dim
        if self.value_dim == self.key_dim:
            # What get_config writes where nobody has set it.
            self.__dict__["value_dim"] = None

    def projections(self, query: Shape, value: Shape, key: Shape) -> list[tuple[Projection, Shape]]:
        keys, values = self.key_dim, self.value_size
        made = [
            (self._inward("query", query, keys), query),
            (self._inward("key", key, keys), key),
        ]
        if self.use_gate:
            made.append((self._inward("gate", query, values), query))
        made.append((self._inward("value", value, values), value))
        between = (*made[0][0].full_sizes(query)[:-1], values)
        return [*made, (self._outward(query), between)]

    def _inward(self, name: str, shape: Shape, width: int) -> Projection:
        """``abc,cde->abde``: the last axis becomes heads and their features."""
        if not shape:
            raise Refusal("rank-mismatch", f"its {name} has no axis to project")
        free, bound = ascii_lowercase[: len(shape) - 1], ascii_lowercase[len(shape) - 1]
        made = ascii_lowercase[len(shape) : len(shape) + 2]
        sizes = (None,) * (len(shape) - 2) + (self.num_heads, width)
        bias = made if self.use_bias else ""
        return Projection(name, free + bound, bound + made, free + made, bias, sizes)

    def _outward(self, query: Shape) -> Projection:
        """``abcd,cde->abe``: heads and features become what comes out."""
        sizes = self.output_shape or (query[-1],)
        free, bound = (
            ascii_lowercase[: len(query) - 1],
            ascii_lowercase[len(query) - 1 : len(query) + 1],
        )
        made = ascii_lowercase[len(query) + 1 : len(query) + 1 + len(sizes)]
        known = (None,) * (len(query) - 2) + tuple(sizes)
        bias = made if self.use_bias else ""
        return Projection("output", free + bound, bound + made, free + made, bias, known)

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        _check_alike(*_three(inputs)[1:])
        weights = super().list_weights(inputs)
        self._axes(len(inputs[1]) + 1)
        return weights

    def _axes(self, rank: int) -> tuple[int, ...]:
        """The axes attended to in a value of ``rank`` with its heads; raises Refusal."""
        if self.attention_axes is None:
            return tuple(range(1, rank - 2))
        axes = tuple(axis if axis >= 0 else rank - 1 + axis for axis in self.attention_axes)
        if any(not -rank <= axis < rank for axis in axes):
            text = f"attention_axes {list(self.attention_axes)} are no axes of its value"
            raise Refusal("axis-out-of-range", text, argument="attention_axes")
        return axes

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        query, value, key = _three(inputs)
        _check_alike(value, key)
        return query[:-1] + self.output_shape if self.output_shape else query

    def attended(self, value: Shape) -> int:
        sizes = [value[axis] for axis in self._axes(len(value) + 1) if 0 < axis < len(value) - 1]
        return _product(sizes) or 0

    def widths(self) -> tuple[int, int]:
        return self.num_heads * self.key_dim, self.num_heads * self.value_size

    def face(self) -> str:
        heads = "1 head" if self.num_heads == 1 else f"{self.num_heads} heads"
        return f"{heads}, {self.key_dim}"


class GroupedQueryAttention(QueryValueKey):
    """Ainslie et al. 2023 (arXiv:2305.13245): groups of queries share a key and a value."""

    help = "Attention whose heads share keys and values in groups, which takes less memory."
    source = "keras.layers.GroupQueryAttention"
    aliases = ("GroupQueryAttention",)
    public_name = "GroupQueryAttention"

    head_dim = Argument(Integer(minimum=1), help="Features of each head.")
    num_query_heads = Argument(Integer(minimum=0), help="Heads of the query.")
    num_key_value_heads = Argument(
        Integer(minimum=1), help="Heads of key and value; the query's are a multiple of them."
    )

    def check(self) -> None:
        super().check()
        if self.num_query_heads % self.num_key_value_heads:
            raise Refusal(
                "invalid-argument",
                f"num_query_heads {self.num_query_heads} is no multiple of "
                f"num_key_value_heads {self.num_key_value_heads}",
                argument="num_key_value_heads",
            )

    def projections(self, query: Shape, value: Shape, key: Shape) -> list[tuple[Projection, Shape]]:
        heads, width = self.num_query_heads, self.head_dim
        made = [
            (self._inward("query", "bqm,muh->bquh", heads), query),
            (self._inward("key", "bkm,mvh->bkvh", self.num_key_value_heads), key),
        ]
        if self.use_gate:
            made.append((self._inward("gate", "bqm,muh->bquh", heads), query))
        made.append((self._inward("value", "bkm,mvh->bkvh", self.num_key_value_heads), value))
        bias = "m" if self.use_bias else ""
        out = Projection("output", "bquh", "uhm", "bqm", bias, (None, query[-1]))
        return [*made, (out, (None, None, heads, width))]

    def _inward(self, name: str, equation: str, heads: int) -> Projection:
        inputs, _, rest = equation.partition(",")
        kernel, _, outputs = rest.partition("->")
        bias = outputs[-2:] if self.use_bias else ""
        return Projection(name, inputs, kernel, outputs, bias, (None, heads, self.head_dim))

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if not all(inputs):
            raise Refusal("rank-mismatch", "a scalar has no features to attend to")
        return super().list_weights(inputs)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        query, value, key = _three(inputs)
        if not query or not value:
            raise Refusal("rank-mismatch", "a scalar has no features to attend to")
        if query[-1] != value[-1]:
            raise Refusal(
                "inputs-mismatch",
                f"its query {show(query)} and its value {show(value)} differ in the last axis",
                inputs=(query, value),
            )
        _check_alike(value, key)
        return query

    def widths(self) -> tuple[int, int]:
        width = self.num_query_heads * self.head_dim
        return width, width

    def face(self) -> str:
        return f"{self.num_query_heads}/{self.num_key_value_heads} heads, {self.head_dim}"


class Attention(Layer):
    """Luong et al. 2015 (arXiv:1508.04025): the scores are dot products."""

    category = "Attention"
    help = "Weighs the values by how well their keys fit the query: a dot product."
    source = "keras.layers.Attention"
    everyday = False
    takes_list = True

    use_scale = Argument(Switch(), False, "Whether the scores have a learned scale.")
    score_mode = Argument(Choice("dot", "concat"), "dot", "How scores are found.")
    dropout = Argument(Number(), 0.0, "Share of the attention scores dropped in training.")
    seed = Argument(Anything("integer"), None, "Makes the random numbers repeatable.")

    def check(self) -> None:
        if self.dropout > 0:
            _check_seed(self.seed)

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        if len(inputs) not in (2, 3):
            code = "missing-input" if len(inputs) < 2 else "too-many-inputs"
            raise Refusal(code, f"it takes a query, a value and perhaps a key, not {len(inputs)}")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        made = [Weight("scale", ())] * self.use_scale
        made += [Weight("concat_score_weight", ())] * (self.score_mode == "concat")
        for weight in made:
            self._check_filled("ones", weight)
        return tuple(made)

    def _check_filled(self, initializer: str, weight: Weight) -> None:
        self._check_start(weight)
        why = refused_start(initializer, weight.shape, self.dtype)
        if why is not None:
            raise Refusal("invalid-argument", f"its {weight.name}: {why}", argument="dtype")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape:
        query, value = inputs[:2]
        if not value:
            raise Refusal("rank-mismatch", "its value is a scalar, which has no features")
        return (*query[:-1], value[-1])

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        """A score for each place of the query with each of the value, and what they weigh."""
        query, value = inputs[:2]
        sizes = (*query[1:-1], *value[-2:-1], (query[-1:] or (0,))[0], value[-1])
        if None in sizes:
            return None
        *places, wide, out = sizes
        return (_product(places) or 0) * ((wide or 0) + (out or 0))

    def face(self) -> str:
        return "" if self.score_mode == "dot" else self.score_mode


class AdditiveAttention(Attention):
    """Bahdanau et al. 2014 (arXiv:1409.0473): the scores are sums."""

    help = "Weighs the values by how well their keys fit the query: a learned sum."
    source = "keras.layers.AdditiveAttention"

    score_mode: Any = "additive"
    use_scale = Argument(Switch(), True, "Whether the scores have a learned scale.")
    dropout = Argument(Number(), 0.0, "Share of the attention scores dropped in training.")
    seed = Argument(Anything("integer"), None, "Makes the random numbers repeatable.")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        if not inputs[0]:
            raise Refusal("rank-mismatch", "its query is a scalar, which has no features")
        size = inputs[0][-1]
        if not self.use_scale:
            return ()
        if size is None:
            text = f"the last axis of its query {show(inputs[0])} must have a fixed size"
            raise Refusal("unknown-size", text)
        scale = Weight("scale", (size,))
        self._check_filled("glorot_uniform", scale)
        return (scale,)

    def face(self) -> str:
        return ""
