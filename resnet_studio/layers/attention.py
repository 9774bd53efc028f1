"""Attention without projections: every place of the query looks at every one of the value.

The layers are called with a list: query, value and perhaps a key; else the value serves as key.
"""

from typing import Any

from resnet_studio.core.arguments import (
    Anything,
    Argument,
    Choice,
    Number,
    Switch,
)
from resnet_studio.core.layer import Layer, Refusal, Weight
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.core.starts import refused_start
from resnet_studio.layers.query_value_key import check_seed, product


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
            check_seed(self.seed)

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
        return (product(places) or 0) * ((wide or 0) + (out or 0))

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
