"""What the real Keras says of a layer or a graph: the authority that the engine is held to.

``layer`` asks of one call, ``graph`` of a network as the file format has it (nodes and edges,
without blocks).  Inside ``keras.StatelessScope`` no weights are filled, which is far cheaper
and gives the same shapes and counts; what depends on filling them (initializers, dtypes) is
asked plainly.
"""

import importlib
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from math import prod
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras.src.backend.common import global_state

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import LAYERS

keras.config.disable_traceback_filtering()

MERGES = {
    "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
    "Attention", "AdditiveAttention", "CustomScaleLayer",
}  # fmt: skip
QUERY_VALUE_KEY = {"MultiHeadAttention", "GroupedQueryAttention"}
"""Called with their tensors one by one."""
FILLED = ("initializer", "dtype", "seed", "lora_rank", "stateful", "init_values")
"""Arguments whose verdict depends on filling the weights."""

INNER = ("layer", "backward_layer")
"""Arguments that hold another layer."""

MEMORY = 2**40
"""Values in one weight that no machine holds: what a scope without weights cannot find out."""

Shape = tuple[int | None, ...]


@dataclass
class Answer:
    """Keras' verdict on one call of a layer."""

    accepted: bool
    outputs: tuple[Shape, ...] = ()
    params: int = 0
    trainable: int = 0
    error: str = ""

    @property
    def facts(self) -> tuple[Any, ...]:
        """What the engine must agree on."""
        return (self.accepted, self.outputs, self.params, self.trainable)


@dataclass
class Verdict:
    """Keras' verdict on a graph; ``refused`` holds each node that fails by itself."""

    shapes: dict[str, tuple[Shape, ...]] = field(default_factory=dict)
    params: dict[str, int] = field(default_factory=dict)
    trainable: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    model_error: str = ""

    @property
    def accepted(self) -> bool:
        return not self.refused and not self.model_error


@contextmanager
def stateless() -> Iterator[None]:
    """No weights are filled inside; none are left over to be filled afterwards."""
    with keras.StatelessScope(initialize_variables=False):
        try:
            yield
        finally:
            global_state.set_global_attribute("uninitialized_variables", [])


@contextmanager
def quiet() -> Iterator[None]:
    """Keras only warns of old arguments; where tests make warnings errors that would refuse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def needs_weights(config: Mapping[str, Any]) -> bool:
    """Whether the weights must be filled; never those that would fill the machine first."""
    rows = config.get("input_dim") if "output_dim" in config else None
    huge = isinstance(rows, int) and rows > 2**32
    inner = [config[k].get("config") for k in INNER if isinstance(config.get(k), Mapping)]
    return not huge and (
        any(part in key for key in config for part in FILLED)
        or any(needs_weights(value) for value in inner if isinstance(value, Mapping))
    )


def make(type_name: str, config: Mapping[str, Any]) -> Any:
    """The layer; what a wrapper applies stands in its config as data."""
    inner = {key: made_inside(config[key]) for key in INNER if config.get(key)}
    return symbol(type_name)(**{**config, **inner})


def made_inside(value: Any) -> Any:
    """A layer as Keras writes it, or in the short form: a class and the arguments it is given."""
    config = value.get("config") if isinstance(value, Mapping) else None
    if not isinstance(config, Mapping) or "module" in value or "registered_name" in value:
        return keras.layers.deserialize(value)
    found = getattr(keras.layers, value["class_name"])
    if not (isinstance(found, type) and issubclass(found, keras.Layer)):
        raise TypeError(f"{found} is not a class of layers")
    return make(value["class_name"], config)


def symbol(type_name: str) -> Any:
    """The class of Keras; a few are in no public module, or under another name."""
    if type_name == "Input":
        return keras.Input
    cls = LAYERS.get(type_name)
    module = importlib.import_module(cls.module if cls is not None else "keras.layers")
    return getattr(module, (cls.public_name if cls is not None else "") or type_name)


def layer(
    type_name: str, config: Mapping[str, Any], inputs: Sequence[Shape], dtype: str = "float32"
) -> Answer:
    """Constructs the layer and calls it on tensors of these shapes."""
    with quiet(), nullcontext() if needs_weights(config) else stateless():
        return _layer(type_name, config, inputs, dtype)


def again(
    type_name: str,
    config: Mapping[str, Any],
    first: Sequence[Shape],
    second: Sequence[Shape],
) -> Answer:
    """The second call of one layer that the first call has built."""
    with quiet(), stateless():
        made = make(type_name, config)
        call(made, type_name, [keras.Input(batch_shape=shape) for shape in first])
        try:
            tensors = [keras.Input(batch_shape=shape) for shape in second]
            return Answer(True, _shapes(call(made, type_name, tensors)))
        except Exception as error:  # noqa: BLE001 - Keras refuses with any type
            return Answer(False, error=f"{type(error).__name__}: {error}")


def _layer(
    type_name: str, config: Mapping[str, Any], inputs: Sequence[Shape], dtype: str
) -> Answer:
    try:
        if type_name == "Input":
            return Answer(True, (keras.Input(**config).shape,))
        made = make(type_name, config)
        tensors = [keras.Input(batch_shape=shape, dtype=dtype) for shape in inputs]
        result = call(made, type_name, tensors)
        _refuse_what_does_not_fit(made)
    except Exception as error:  # noqa: BLE001 - Keras refuses with any type
        return Answer(False, error=f"{type(error).__name__}: {error}")
    return Answer(True, _shapes(result), *_counts(made))


def call(made: Any, type_name: str, tensors: list[Any]) -> Any:
    """The call that the file format means: a list for merges and for several inputs."""
    if type_name in QUERY_VALUE_KEY:
        if len(tensors) > 3:
            raise TypeError("there is no slot but for query, value and key")
        return made(*tensors[:2], **dict(zip(("key",), tensors[2:], strict=False)))
    return made(tensors[0] if len(tensors) == 1 and type_name not in MERGES else tensors)


def _refuse_what_does_not_fit(made: Any) -> None:
    """Plain Keras fails on such weights with ResourceExhaustedError, ten seconds later."""
    if any(prod(weight.shape) > MEMORY for weight in made.weights):
        raise MemoryError("OOM when allocating tensor")


def _shapes(result: Any) -> tuple[Shape, ...]:
    tensors = result if isinstance(result, list | tuple) else [result]
    return tuple(tuple(tensor.shape) for tensor in tensors)


def _counts(made: Any) -> tuple[int, int]:
    return (
        sum(prod(weight.shape) for weight in made.weights),
        sum(prod(weight.shape) for weight in made.trainable_weights),
    )


def graph(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Sequence[Any]]) -> Verdict:
    """Builds the network node by node in topological order, then ``keras.Model``.

    A node with ``shared_with`` calls the other node's layer again.
    """
    filled = any(needs_weights(node.get("config", {})) for node in nodes)
    with quiet(), nullcontext() if filled else stateless():
        return _graph(nodes, edges)


def _graph(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Sequence[Any]]) -> Verdict:
    verdict = Verdict()
    tensors: dict[str, Any] = {}
    made: dict[str, Any] = {}
    by_id = {node["id"]: node for node in nodes}
    failed: set[str] = set()
    for written in _ordered(nodes, edges):
        node = written
        if owner := node.get("shared_with"):
            # Whichever place comes first makes the layer, as its owner describes it.
            node = {**by_id[owner], "id": node["id"], "shared_with": owner}
        if (node.get("shared_with") or node["id"]) in failed:
            continue  # no layer stands where one was shared
        feeds = sorted((slot, source) for source, target, slot in edges if target == node["id"])
        inputs = [_pick(tensors, source) for _, source in feeds]
        if any(tensor is None for tensor in inputs):
            continue
        try:
            tensors[node["id"]] = _node(node, inputs, made, verdict)
        except Exception as error:  # noqa: BLE001 - Keras refuses with any type
            verdict.refused[node["id"]] = f"{type(error).__name__}: {error}"
            failed.add(node.get("shared_with") or node["id"])
    if not verdict.refused:
        _model(nodes, edges, tensors, verdict)
    return verdict


def _pick(tensors: Mapping[str, Any], source: str) -> Any:
    key, _, output = source.partition(":")
    result = tensors.get(key)
    return result[int(output or 0)] if isinstance(result, list | tuple) else result


def _node(
    node: Mapping[str, Any], inputs: list[Any], made: dict[str, Any], verdict: Verdict
) -> Any:
    """The tensors behind a node; a shared layer's weights count where it is called first."""
    key, owner = node["id"], node.get("shared_with") or node["id"]
    config = {"name": key} | dict(node.get("config", {}))
    counts = (0, 0)
    if node["type"] == "Input":
        result = keras.Input(**config)
    elif owner in made:
        result = call(made[owner], node["type"], inputs)
    else:
        made[owner] = make(node["type"], config)
        result = call(made[owner], node["type"], inputs)
        _refuse_what_does_not_fit(made[owner])
        counts = _counts(made[owner])
    verdict.shapes[key] = _shapes(result)
    verdict.params[key], verdict.trainable[key] = counts
    return result


def _model(nodes: Any, edges: Any, tensors: Mapping[str, Any], verdict: Verdict) -> None:
    consumed = {source.partition(":")[0] for source, _, _ in edges}
    try:
        keras.Model(
            [tensors[node["id"]] for node in nodes if node["type"] == "Input"],
            [tensors[node["id"]] for node in nodes if node["id"] not in consumed],
        )
    except Exception as error:  # noqa: BLE001 - Keras refuses with any type
        verdict.model_error = f"{type(error).__name__}: {error}"


def _ordered(nodes: Any, edges: Any) -> list[Any]:
    """Among the nodes that are ready, the one written first."""
    waiting = {n["id"]: {s.partition(":")[0] for s, t, _ in edges if t == n["id"]} for n in nodes}
    by_id, order = {node["id"]: node for node in nodes}, []
    while waiting:
        ready = next((key for key, sources in waiting.items() if not sources), None)
        if ready is None:
            raise ValueError("the graph has a cycle")
        del waiting[ready]
        order.append(by_id[ready])
        for sources in waiting.values():
            sources.discard(ready)
    return order
