"""Random nested models of the real Keras, saved in every form, opened, compared call by call."""

import warnings
from pathlib import Path
from typing import Any

import keras
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.flatten import flatten
from resnet_studio.formats import keras_config
from resnet_studio.formats.keras_config.weights import places
from tests.formats.random_models import random_model
from tests.seeds import dice

Call = tuple[Any, ...]
"""The layer's name and class, the calls that its inputs come from, and the shape it gives."""

OPERATOR = ("", "operator")
"""A layer may stand for it; both have no name of their own."""

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*HDF5 file.*legacy:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*inputs.*as a dict:UserWarning"),
]


class RealCalls:
    """Every call of a layer that a model's outputs come from, those in nested models too."""

    def __init__(self, model: Any) -> None:
        self.params: dict[str, int] = {}
        self._numbers: dict[Call, int] = {}
        self.outputs = [self._number(tensor, {}, {}) for tensor in model.outputs]

    def _number(self, tensor: Any, given: dict[int, int], known: dict[int, int]) -> int:
        """A number for what a tensor comes from; ``given`` are those of a nested model's inputs."""
        if id(tensor) in given:
            return given[id(tensor)]
        if id(tensor) not in known:
            known[id(tensor)] = self._call(tensor, given, known)
        return known[id(tensor)]

    def _call(self, tensor: Any, given: dict[int, int], known: dict[int, int]) -> int:
        history = tensor._keras_history
        operation = history.operation
        node = operation._inbound_nodes[history.node_index]
        inputs = [self._number(each, given, known) for each in node.input_tensors]
        if isinstance(operation, keras.Model):
            inner = getattr(operation, "_functional", None) or operation
            passed = dict(zip(map(id, inner.inputs), inputs, strict=True))
            # Keras computes every output of a nested model, also those that nothing reads.
            every = [self._number(output, passed, {}) for output in inner.outputs]
            return every[history.tensor_index]
        return self._numbered(operation, inputs, tensor)

    def _numbered(self, operation: Any, inputs: list[int], tensor: Any) -> int:
        layer = isinstance(operation, keras.layers.Layer)
        kind = type(operation).__name__
        kind = "Input" if kind == "InputLayer" else kind
        if layer:
            self.params[operation.name] = operation.count_params()
        who = (operation.name, kind) if layer else OPERATOR
        call = (*who, tuple(inputs), tuple(tensor.shape))
        return self._numbers.setdefault(call, len(self._numbers))

    def found(self) -> set[str]:
        return _spelled(self._numbers)


def _spelled(numbers: dict[Call, int]) -> set[str]:
    """Each call with all that it comes from, as a text that two networks can be compared by."""
    texts: list[str] = []
    for name, kind, inputs, shape in numbers:
        digest = hash((name, kind, tuple(texts[i] for i in inputs), shape))
        texts.append(f"{name} {kind} {shape} {digest:x}")
    return set(texts)


def document_calls(imported: keras_config.Imported) -> tuple[set[str], dict[str, int]]:
    """The same of an opened document: every call, and the parameters of each layer."""
    lie = places(imported.model, imported.origins, imported.document)
    nodes = flatten(analyse(imported.document)).nodes
    numbers: dict[Call, int] = {}
    number_of, params = [], {}
    for i, node in enumerate(nodes):
        owner = nodes[node.shared_with if node.shared_with is not None else i]
        name = lie[owner.path].names[-1] if owner.path in lie else ""
        inputs = tuple(number_of[tensor[0]] for tensor in node.inputs if tensor is not None)
        call = (*((name, node.type) if name else OPERATOR), inputs, node.output)
        number_of.append(numbers.setdefault(call, len(numbers)))
        if name:
            params[name] = params.get(name, 0) + node.outcome.params
    return _spelled(numbers), params


def compare(seed: int, folder: Path) -> None:
    model = random_model(seed)
    real = RealCalls(model)
    with warnings.catch_warnings(action="ignore"):
        model.save(folder / "m.keras")
        model.save(folder / "m.h5")
    (folder / "m.json").write_text(model.to_json(), encoding="utf-8")
    for name in ("m.keras", "m.h5", "m.json"):
        imported = keras_config.load(folder / name)
        analysis = analyse(imported.document)
        assert analysis.ok, [d.message for d in analysis.diagnostics]
        calls, params = document_calls(imported)
        assert calls == real.found(), f"seed {seed}, {name}"
        assert params == real.params, f"seed {seed}, {name}"
        assert analysis.totals.params == model.count_params()


@pytest.mark.parametrize("seed", range(6))
def test_a_random_model_opens_as_it_is(seed, tmp_path):
    compare(seed, tmp_path)


def test_a_model_of_a_fresh_seed_opens_as_it_is(tmp_path):
    compare(dice().randrange(1, 10**9), tmp_path)


@pytest.mark.slow
def test_many_random_models_open_as_they_are(tmp_path):
    rng = dice(always=True)
    for _ in range(200):
        compare(rng.randrange(1, 10**9), tmp_path)
