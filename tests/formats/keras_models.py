"""What the real Keras says of a model's nodes, to compare an imported document with."""

import os
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.flatten import flatten

Facts = dict[str, tuple[list[Any], int, int]]
"""For each layer by its path: the shapes of all its calls, parameters, trainable ones."""


def real_facts(model: Any, prefix: str = "") -> Facts:
    """The facts of a model; a nested model stands under its name, its inputs are no layers."""
    graph = getattr(model, "_functional", model)
    every = [node for depth in graph._nodes_by_depth.values() for node in depth]
    facts: Facts = {}
    for operation in graph.operations:
        nodes = [node for node in every if node.operation is operation]
        name = prefix + operation.name
        if isinstance(operation, keras.Model):
            facts |= real_facts(operation, f"{name}/")
        if isinstance(operation, keras.Model) or (prefix and _is_input(operation)):
            continue
        weights = getattr(operation, "weights", [])
        trainable = getattr(operation, "trainable_weights", [])
        shapes = [tuple(t.shape) for node in nodes for t in node.output_tensors]
        facts[name] = (sorted(shapes, key=str), _count(weights), _count(trainable))
    return facts


def _is_input(operation: Any) -> bool:
    return isinstance(operation, keras.layers.InputLayer)


def _count(weights: Any) -> int:
    total = 0
    for weight in weights:
        size = 1
        for axis in weight.shape:
            size *= axis
        total += size
    return total


def document_facts(document: Document) -> Facts:
    """The same of a document, by the path of the node that owns each layer."""
    network = flatten(analyse(document))
    facts: Facts = {}
    for node in network.nodes:
        owner = node if node.shared_with is None else network.nodes[node.shared_with]
        shapes, params, trainable = facts.get(owner.path, ([], 0, 0))
        shapes = sorted([*shapes, *(node.outcome.outputs or ["unknown"])], key=str)
        outcome = node.outcome
        facts[owner.path] = (shapes, params + outcome.params, trainable + outcome.trainable)
    return facts


def wires(document: Document) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in document.network.edges}


def application(name: str) -> Any:
    """A model of ``keras.applications`` whose weights take no memory."""
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None)
