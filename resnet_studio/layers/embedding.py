"""Embedding: a table with a learned vector for each word, or for whatever else has a number."""

from resnet_studio.core.arguments import Anything, Argument, Switch
from resnet_studio.core.layer import Layer, Weight
from resnet_studio.core.shapes import Shape
from resnet_studio.layers.images import LeftOut
from resnet_studio.layers.kinds import limit_on, penalty_on, start_of
from resnet_studio.layers.lora import alpha_argument, check_lora, rank_argument, with_lora
from resnet_studio.layers.quantised import quantised
from resnet_studio.layers.sequences import Count


class Embedding(Layer):
    """``keras.layers.Embedding``."""

    category = "Core"
    source = "keras.layers.Embedding"
    help = "Looks up a learned vector for each whole number, such as a word's place in a list."
    everyday = False

    input_dim = Argument(Count(), help="How many different numbers there are, 0 included.")
    output_dim = Argument(Count(), help="Length of the vectors.")
    embeddings_initializer = start_of("table", "uniform")
    embeddings_regularizer = penalty_on("table")
    embeddings_constraint = limit_on("table")
    mask_zero = Argument(Switch(), False, "Whether 0 stands for a step to be skipped.")
    weights = Argument(LeftOut(), None, "Values to start from; only in Python code.", hidden=True)
    lora_rank = rank_argument()
    lora_alpha = alpha_argument()
    quantization_config = Argument(Anything(), None, "How the table is quantised.", hidden=True)
    input_length = Argument(Anything(), None, "Of older files; has no effect.", hidden=True)

    def check(self) -> None:
        check_lora(self.lora_rank, self.embeddings_constraint, "embeddings")

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """``embeddings`` (input_dim, output_dim); the name ``weights`` is an argument's here."""
        table = Weight("embeddings", (self.input_dim, self.output_dim))
        weights = quantised(table, self, along=1)
        for weight in weights:
            self._check_start(weight)
        return tuple(with_lora(weights, self.lora_rank, table.shape))

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape, self.output_dim)

    def face(self) -> str:
        return f"{self.input_dim} → {self.output_dim}"
