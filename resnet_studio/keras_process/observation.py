"""Walks a real Keras model along the wiring that the analysis expects of it.

Duck-typed, so that it needs no import of Keras: from the model's outputs back through each
tensor's history, in parallel with the expected network, slot by slot.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

from resnet_studio.layers.operators import snake

Json = dict[str, Any]


class Observation:
    """Which call of which real layer stands where the analysis expects a node."""

    def __init__(self, model: Any, expected: Mapping[str, Any]) -> None:
        self.model = model
        self.nodes: list[Json] = expected["nodes"]
        self.found: dict[int, Any] = {}
        """Index of an expected node to the Keras node (one call of a layer)."""
        self.index: dict[int, int] = {}
        """Identity of a Keras node to the index that it was found at."""
        self._walk([(i, k) for i, k in expected["outputs"]])

    def _walk(self, outputs: list[tuple[int, int]]) -> None:
        stack = list(zip(outputs, self.model.outputs, strict=False))
        while stack:
            (i, _), tensor = stack.pop()
            node = _node_of(tensor)
            if i in self.found or id(node) in self.index:
                continue
            self.found[i] = node
            self.index[id(node)] = i
            inputs = [(source, k) for source, k in self.nodes[i]["inputs"]]
            stack += zip(inputs, node.input_tensors, strict=False)

    def layers(self) -> dict[int, Any]:
        """The real layer that each expected node calls."""
        return {i: node.operation for i, node in self.found.items()}

    def report(self) -> Json:
        """What is really there, in the form of the expectation."""
        first: dict[int, int] = {}
        for i in sorted(self.found):
            first.setdefault(id(self.found[i].operation), i)
        rows = [self._row(i, first) if i in self.found else None for i in range(len(self.nodes))]
        return {
            "rows": rows,
            "extra": self._extra(),
            "inputs": [self._place(tensor) for tensor in self.model.inputs],
            "outputs": [self._place(tensor) for tensor in self.model.outputs],
            "params": self.model.count_params(),
            # Not the model's own sum, which counts what a frozen wrapper holds as trained.
            "trainable": sum(row["trainable"] for row in rows if row is not None),
        }

    def _row(self, i: int, first: dict[int, int]) -> Json:
        node = self.found[i]
        layer = node.operation
        owner = first[id(layer)]
        return {
            "type": _type(layer),
            "name": layer.name,
            "inputs": [self._place(tensor) for tensor in node.input_tensors],
            "outputs": [list(tensor.shape) for tensor in node.output_tensors],
            "params": _count(getattr(layer, "weights", ())) if owner == i else 0,
            "trainable": _count(getattr(layer, "trainable_weights", ())) if owner == i else 0,
            "shared_with": owner if owner != i else None,
        }

    def _place(self, tensor: Any) -> list[int | None]:
        return [self.index.get(id(_node_of(tensor))), tensor._keras_history.tensor_index]

    def _extra(self) -> list[str]:
        """Layers of the model that the walk did not meet."""
        met = {id(node.operation) for node in self.found.values()}
        return [layer.name for layer in self.model.layers if id(layer) not in met]


def _type(layer: Any) -> str:
    """The type of a document's node: the class, or the function of ``keras.ops``."""
    name = type(layer).__name__
    if name == "StandIn":
        return str(layer.stands_for)
    if type(layer).__module__.startswith("keras.src.ops."):
        return f"ops.{snake(name)}"
    return "Input" if name == "InputLayer" else name


def _node_of(tensor: Any) -> Any:
    """The call that made a tensor."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _count(weights: Any) -> int:
    return sum(prod(weight.shape) for weight in weights)
