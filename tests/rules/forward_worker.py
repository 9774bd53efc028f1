"""Really runs networks under Keras: started as a process of its own, which TensorFlow may abort.

Speaks the protocol of ``resnet_studio.keras_process``: a JSON object a line, each way.  A network
comes as the file format has it (nodes and edges, without blocks); each layer is called on what
really came out of those before it, so that every node that fails by itself is known.
"""

import json
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

Json = dict[str, Any]
LISTS = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"}
"""Layers that are called with a list, of one tensor too."""
SPREAD = {"MultiHeadAttention", "GroupedQueryAttention"}
"""Layers that are called with each tensor as an argument of its own."""


OTHER_NAMES = {"GroupedQueryAttention": "GroupQueryAttention"}


class Network:
    """A network built symbolically, and then called on zeros layer by layer."""

    def __init__(self, nodes: list[Json], edges: list[list[Any]]) -> None:
        self.nodes = {node["id"]: node for node in nodes}
        self.feeds = {
            key: [s for _, s in sorted((slot, s) for s, t, slot in edges if t == key)]
            for key in self.nodes
        }
        self.order = self._ordered()
        self.made: Json = {}
        self.symbols: Json = {}
        for key in self.order:
            self.symbols[key] = self._symbol(key)
        consumed = {
            source.partition(":")[0] for sources in self.feeds.values() for source in sources
        }
        inputs = [self.symbols[key] for key in self._inputs()]
        self.model = keras.Model(inputs, [self.symbols[k] for k in self.nodes if k not in consumed])

    def _ordered(self) -> list[str]:
        waiting, order = dict(self.feeds), []
        while waiting:
            ready = next(
                key for key, sources in waiting.items()
                if not any(source.partition(":")[0] in waiting for source in sources)
            )  # fmt: skip
            del waiting[ready]
            order.append(ready)
        return order

    def _inputs(self) -> list[str]:
        return [key for key, node in self.nodes.items() if node["type"] == "Input"]

    def _owner(self, key: str) -> str:
        return self.nodes[key].get("shared_with") or key

    def _symbol(self, key: str) -> Any:
        owner = self.nodes[self._owner(key)]
        config = {"name": owner["id"]} | owner.get("config", {})
        if owner["type"] == "Input":
            return keras.Input(**config)
        if owner["id"] not in self.made:
            self.made[owner["id"]] = _made(owner["type"], config)
        return self._call(key, self.symbols)

    def _call(self, key: str, values: Json) -> Any:
        layer, kind = self.made[self._owner(key)], self.nodes[self._owner(key)]["type"]
        inputs = [_pick(values, source) for source in self.feeds[key]]
        if kind in SPREAD:
            return layer(*inputs)
        return layer(inputs if kind in LISTS or len(inputs) > 1 else inputs[0])

    def run(self, sizes: list[int], answer: Json) -> list[Any]:
        """Calls every layer; an unknown size on axis i is ``sizes[i]``.  The samples fed."""
        values: Json = {key: _zeros(self.symbols[key], sizes) for key in self._inputs()}
        for key in self.order:
            if key in values or any(_pick(values, s) is None for s in self.feeds[key]):
                continue
            try:
                result = self._call(key, values)
                _hold(result, self.symbols[key])
                answer["dtypes"][key] = [str(tensor.dtype.name) for tensor in _listed(result)]
                values[key] = result
            except Exception as error:  # noqa: BLE001 - TensorFlow fails with any type
                answer["failed"][key] = _sentence(error)
        return [values[key] for key in self._inputs()]


def run(
    nodes: list[Json],
    edges: list[list[Any]],
    sizes: list[int],
    whole: bool = True,
    fit: bool = False,
) -> Json:
    """What comes of zeros.

    ``dtypes`` are those that really came, ``failed`` holds the error of each node that cannot be
    called, or whose result has not the shape that was promised; ``predict`` and ``fit`` tell why
    the whole model fails although no node does.
    """
    keras.utils.clear_session(free_memory=False)
    answer: Json = {"refused": "", "failed": {}, "dtypes": {}, "predict": "", "fit": ""}
    try:
        network = Network(nodes, edges)
    except Exception as error:  # noqa: BLE001 - Keras refuses with any type
        return answer | {"refused": _sentence(error)}
    samples = network.run(sizes, answer)
    if whole and not answer["failed"]:
        answer["predict"] = _told(lambda: network.model.predict_on_batch(samples))
        if fit and not answer["predict"]:
            answer["fit"] = _told(lambda: _fitted(network.model, samples))
    return answer


def _made(kind: str, config: Json) -> Any:
    """The layer; what a wrapper applies stands in its config as data."""
    inner = {
        name: _made(value["class_name"], value.get("config", {}))
        for name, value in config.items()
        if name in ("layer", "backward_layer") and value
    }
    return getattr(keras.layers, OTHER_NAMES.get(kind, kind))(**{**config, **inner})


def _pick(values: Json, source: str) -> Any:
    key, _, output = source.partition(":")
    result = values.get(key)
    return result[int(output or 0)] if isinstance(result, list | tuple) else result


def _listed(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]


def _zeros(tensor: Any, sizes: list[int]) -> Any:
    shape = [sizes[min(i, len(sizes) - 1)] if s is None else s for i, s in enumerate(tensor.shape)]
    return keras.ops.zeros(shape, tensor.dtype)


def _hold(result: Any, promised: Any) -> None:
    """Raises where the shape that came is not the shape that the build promised."""
    for real, wanted in zip(_listed(result), _listed(promised), strict=True):
        sizes = list(zip(real.shape, wanted.shape, strict=False))
        if len(real.shape) != len(wanted.shape) or any(w not in (None, r) for r, w in sizes):
            raise ValueError(f"gives {tuple(real.shape)}, where {wanted.shape} was promised")


def _fitted(model: Any, samples: list[Any]) -> None:
    model.compile("sgd", "mse")
    model.train_on_batch(samples, model.predict_on_batch(samples))


def _told(act: Callable[[], Any]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - TensorFlow fails with any type
        return _sentence(error)
    return ""


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def main() -> None:
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        result = run(**request["params"])
        answers.write(json.dumps({"id": request["id"], "result": result}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
