"""Attention of several heads, which is called with query, value and key, each an argument.

The key may be left out: then the value serves as key.  Ranks are hardly checked, as in Keras.
"""

from collections.abc import Iterable
from string import ascii_lowercase
from typing import Any

from resnet_studio.core.arguments import (
    Argument,
    ArgumentError,
    Integer,
    Kind,
    Number,
    Switch,
    quoted,
)
from resnet_studio.core.layer import Refusal, Weight
from resnet_studio.core.shapes import Shape, show
from resnet_studio.layers.einsum import Projection
from resnet_studio.layers.query_value_key import QueryValueKey, check_alike, product, three


class FeatureSizes(Kind):
    """A size or a list of sizes, or nothing; Keras looks at them only once it builds."""

    editor = "shape"

    def parse(self, value: Any) -> tuple[int, ...] | None:
        if not value:
            return None
        sizes = (value,) if isinstance(value, int) else value
        if not isinstance(sizes, Iterable) or isinstance(sizes, str):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        sizes = tuple(sizes)
        if not all(isinstance(size, int) and size >= 0 for size in sizes):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
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
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        if not all(isinstance(axis, int) for axis in axes):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(axes)

    def hint(self) -> str:
        return "a whole number, or a list of them, or nothing"


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
        check_alike(*three(inputs)[1:])
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
        query, value, key = three(inputs)
        check_alike(value, key)
        return query[:-1] + self.output_shape if self.output_shape else query

    def attended(self, value: Shape) -> int:
        sizes = [value[axis] for axis in self._axes(len(value) + 1) if 0 < axis < len(value) - 1]
        return product(sizes) or 0

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
        query, value, key = three(inputs)
        if not query or not value:
            raise Refusal("rank-mismatch", "a scalar has no features to attend to")
        if query[-1] != value[-1]:
            raise Refusal(
                "inputs-mismatch",
                f"its query {show(query)} and its value {show(value)} differ in the last axis",
                inputs=(query, value),
            )
        check_alike(value, key)
        return query

    def widths(self) -> tuple[int, int]:
        width = self.num_query_heads * self.head_dim
        return width, width

    def face(self) -> str:
        return f"{self.num_query_heads}/{self.num_key_value_heads} heads, {self.head_dim}"
