"""A Keras that only takes notes: runs exported code without TensorFlow and shows what it built.

Its objects have the few attributes by which ``keras_process.observation`` walks a real model.
"""

import ast
import types
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.flatten import flatten
from resnet_studio.core.layer import LAYERS, layer_for
from resnet_studio.formats.keras_code.constructors import positional
from resnet_studio.keras_process.expectation import expectation
from resnet_studio.keras_process.observation import Observation

KNOWN_CALLS = {"range", "float", "build_model"}


class Tensor:
    def __init__(self, node: "Node", index: int = 0) -> None:
        self.shape = ()
        self._keras_history = types.SimpleNamespace(
            operation=node.operation,
            node_index=node.operation._inbound_nodes.index(node),
            tensor_index=index,
        )


class Node:
    def __init__(self, operation: Any, inputs: list[Tensor]) -> None:
        self.operation, self.input_tensors = operation, inputs
        operation._inbound_nodes.append(self)
        self.output_tensors = [Tensor(self)]


class NotedLayer:
    """Any layer: what it was made with, and each of its calls."""

    weights: tuple[()] = ()
    trainable_weights: tuple[()] = ()

    def __init__(self, type_name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        names = positional(type_name)
        assert len(args) <= len(names)
        given = dict(zip(names, args, strict=False))
        assert not given.keys() & kwargs.keys()
        self.config = {key: _as_data(value) for key, value in (given | kwargs).items()}
        self.type_name = type_name
        self.name = self.config.pop("name", None)
        self._inbound_nodes: list[Node] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        inputs = []
        for value in (*args, *kwargs.values()):
            inputs += value if isinstance(value, list) else [value]
        assert all(isinstance(tensor, Tensor) for tensor in inputs)
        return Node(self, inputs).output_tensors[0]


def _as_data(value: Any) -> Any:
    """A layer given to a wrapper as the file format has it."""
    if not isinstance(value, NotedLayer):
        return value
    name = {} if value.name is None else {"name": value.name}
    return {"class_name": value.type_name, "config": value.config | name}


def _layer_class(type_name: str) -> type[NotedLayer]:
    def made(self: NotedLayer, *args: Any, **kwargs: Any) -> None:
        NotedLayer.__init__(self, type_name, args, kwargs)

    return type(type_name, (NotedLayer,), {"__init__": made})


class _Layers:
    def __init__(self) -> None:
        self.classes = {name: _layer_class(name) for name in LAYERS}

    def __getattr__(self, name: str) -> Any:
        return self.classes[name]


class _Serialised:
    """``keras.regularizers`` and its like: a constructor becomes the mapping that it stands for."""

    def __init__(self, first: dict[str, str]) -> None:
        self.first = first

    def __getattr__(self, name: str) -> Any:
        def make(*args: Any, **kwargs: Any) -> dict[str, Any]:
            given = {self.first[name]: args[0]} if args else {}
            return {"class_name": name, "config": given | kwargs}

        return make


class _Model:
    def __init__(self, inputs: Any, outputs: Any, name: str | None = None) -> None:
        self.inputs = inputs if isinstance(inputs, list) else [inputs]
        self.outputs = outputs if isinstance(outputs, list) else [outputs]
        self.name = name
        self.layers: list[NotedLayer] = []
        self.trainable_weights: tuple[()] = ()

    def count_params(self) -> int:
        return 0


def _keras() -> types.SimpleNamespace:
    layers = _Layers()

    def make_input(**kwargs: Any) -> Tensor:
        return Node(layers.Input(**kwargs), []).output_tensors[0]

    return types.SimpleNamespace(
        layers=layers,
        Input=make_input,
        Model=_Model,
        regularizers=_Serialised({"L2": "l2", "L1": "l1"}),
        initializers=_Serialised({"Constant": "value"}),
    )


def run(code: str) -> _Model:
    """The model that ``code`` describes, after a look that it does nothing else."""
    tree = ast.parse(code)
    look(tree)
    body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    keras = _keras()
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers, "__name__": "exported"}
    names["sys"] = types.SimpleNamespace(setrecursionlimit=lambda limit: None)
    exec(compile(ast.Module(body, []), "<exported>", "exec"), names)
    model = names["build_model"]()
    assert isinstance(model, _Model)
    return model


def look(tree: ast.Module) -> None:
    """Asserts that the code only calls Keras, its own functions and its own variables."""
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    kinds = (ast.Expr, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.If)
    assert all(isinstance(statement, kinds) for statement in tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert ast.unparse(node) in ("import keras", "from keras import layers", "import sys")
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assert node.id not in functions | KNOWN_CALLS | {"keras", "layers"}
        if isinstance(node, ast.Attribute):
            root = node
            while isinstance(root, ast.Attribute):
                root = root.value  # type: ignore[assignment]
            assert isinstance(root, ast.Name)
            assert root.id in ("keras", "layers", "model", "sys")


def differences(code: str, analysis: Analysis) -> list[str]:
    """Where what ``code`` builds is not the network: types, wires, arguments, sharing."""
    model = run(code)
    expected = expectation(analysis)
    observation = Observation(model, expected)
    observed = observation.report()
    found = []
    rows = zip(flatten(analysis).nodes, expected["nodes"], observed["rows"], strict=True)
    for i, (node, wanted, real) in enumerate(rows):
        if real is None:
            found.append(f"{node.path} is missing")
            continue
        found += [
            f"{node.path}: {key} is {real[key]}, not {wanted[key]}"
            for key in ("type", "inputs", "shared_with")
            if real[key] != wanted[key]
        ]
        if node.shared_with is None:
            found += _arguments(node, observation.found[i].operation)
    if observed["outputs"] != expected["outputs"]:
        found.append(f"outputs are {observed['outputs']}, not {expected['outputs']}")
    inputs = [[i, 0] for i, node in enumerate(expected["nodes"]) if node["type"] == "Input"]
    if observed["inputs"] != inputs:
        found.append(f"inputs are {observed['inputs']}, not {inputs}")
    layers = {id(node.operation): node.operation for node in observation.found.values()}
    names = [layer.name for layer in layers.values() if layer.name is not None]
    found += [f"the name {name!r} is used twice" for name in names if names.count(name) > 1]
    return found


def _arguments(node: Any, layer: NotedLayer) -> list[str]:
    wanted = layer_for(node.type, node.config).non_defaults()  # type: ignore[union-attr]
    real = layer_for(node.type, layer.config).non_defaults()  # type: ignore[union-attr]
    if repr(wanted) != repr(real):
        return [f"{node.path}: arguments are {real}, not {wanted}"]
    name = node.config.get("name")
    if name is not None and layer.name != name:
        return [f"{node.path}: its name is {layer.name!r}, not {name!r}"]
    return []
