"""``.json``: the model as Keras 3 serialises it, for ``keras.models.model_from_json``.

Follows ``keras.src.models.functional`` (``get_config``, ``functional_from_config``) and
``keras.src.saving.serialization_lib``.  Layers carry the arguments of the document only; Keras
fills in its defaults.
"""

import json
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.flatten import FlatNetwork, FlatNode, Tensor, flatten
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.core.names import scope_name
from resnet_studio.formats import Style, Writer
from resnet_studio.formats.files import escape_surrogates
from resnet_studio.formats.keras_code.naming import LayerNames, keras_base_name
from resnet_studio.formats.keras_code.operations import is_operation
from resnet_studio.formats.keras_code.training import training_arguments
from resnet_studio.formats.keras_code.unrolled import owner_config, results
from resnet_studio.layers.inner import serialised
from resnet_studio.layers.operators import Operator
from resnet_studio.layers.rearranging import items

_INPUT_ARGUMENTS = ("dtype", "sparse", "ragged", "optional")


def write(analysis: Analysis, _style: Style = "blocks") -> str:
    """The text of a Functional model; Keras' format has no blocks, so both styles are the same."""
    model = _Model(flatten(analysis)).serialised(analysis)
    return escape_surrogates(json.dumps(model, ensure_ascii=False, indent=1)) + "\n"


class _Model:
    """The layers of a network by their names, and which call of which layer makes a tensor."""

    def __init__(self, network: FlatNetwork) -> None:
        self.network = network
        chosen = {str(n.config["name"]) for n in network.nodes if n.config.get("name") is not None}
        self._names = LayerNames(chosen)
        self.layers: dict[int, dict[str, Any]] = {}
        """By the index of the node that owns the layer, in topological order."""
        self.calls: list[tuple[str, int]] = []
        """For each node, its layer's name and which call of that layer it is."""
        for i, node in enumerate(network.nodes):
            self._add(i, node)

    def serialised(self, analysis: Analysis) -> dict[str, Any]:
        inputs = [(i, 0) for i, node in enumerate(self.network.nodes) if node.type == "Input"]
        config = {
            "name": scope_name(analysis.document.name, "model"),
            "trainable": True,
            "layers": list(self.layers.values()),
            "input_layers": self._ends(inputs),
            "output_layers": self._ends(results(self.network)),
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": config,
            "registered_name": "Functional",
            "build_config": {"input_shape": None},
            "compile_config": training_arguments(analysis),
        }

    def _ends(self, tensors: list[Tensor]) -> list[Any]:
        """One input or output stands by itself, as Keras writes a model called with a tensor."""
        found = [self._history(tensor) for tensor in tensors]
        return found[0] if len(found) == 1 else found

    def _add(self, i: int, node: FlatNode) -> None:
        owner = i if node.shared_with is None else node.shared_with
        if owner == i:
            self.layers[i] = self._layer(node)
        layer = self.layers[owner]
        self.calls.append((layer["name"], len(layer["inbound_nodes"])))
        if node.type == "Input":
            return
        tensors = [self._tensor(tensor) for tensor in node.inputs if tensor is not None]
        if is_operation(node.type):
            layer["inbound_nodes"].append(_operation_call(node, tensors))
        else:
            layer["inbound_nodes"].append(_call(LAYERS.get(node.type, Layer), tensors))

    def _layer(self, node: FlatNode) -> dict[str, Any]:
        config = dict(owner_config(self.network, node))
        name = config.pop("name", None)
        if name is None:
            name = self._names.fresh(node.path.replace("#", "_"), keras_base_name(node.type))
        if node.type == "Input":
            config = {k: config[k] for k in _INPUT_ARGUMENTS if config.get(k) is not None}
            config = {"batch_shape": node.output, **config}
        cls = LAYERS.get(node.type)
        if cls is None:
            return _unknown(node.type, config, name)
        if issubclass(cls, Operator):
            return _operation(cls, config, name)
        return {
            "module": cls.module,
            "class_name": "InputLayer" if node.type == "Input" else cls.public_name or node.type,
            "config": {"name": name, **serialised(node.type, config)},
            "registered_name": None,
            "name": name,
            "inbound_nodes": [],
        }

    def _tensor(self, tensor: Tensor) -> dict[str, Any]:
        node = self.network.nodes[tensor[0]]
        shape = node.outcome.outputs[tensor[1]] if node.outcome.outputs else None
        dtype = node.config.get("dtype") if node.type == "Input" else None
        return {
            "class_name": "__keras_tensor__",
            "config": {
                "shape": shape,
                "dtype": dtype or "float32",
                "keras_history": self._history(tensor),
            },
        }

    def _history(self, tensor: Tensor) -> list[Any]:
        """The layer's name, which call of it, and which of that call's outputs."""
        return [*self.calls[tensor[0]], tensor[1]]


def _unknown(type_name: str, config: dict[str, Any], name: Any) -> dict[str, Any]:
    """A class of the user's own, which Keras finds among its ``custom_objects``."""
    package, mark, class_name = type_name.rpartition(">")
    module, _, last = type_name.rpartition(".")
    return {
        "module": package if mark else module,
        "class_name": class_name if mark else last,
        "config": {"name": name, **config},
        "registered_name": type_name if mark else last,
        "name": name,
        "inbound_nodes": [],
    }


def _operation(cls: type[Operator], config: dict[str, Any], name: Any) -> dict[str, Any]:
    """An operator, whose numbers and keys stand with its call."""
    settings = {k: v for k, v in config.items() if k not in (*cls.slots, "key", "constant_values")}
    return {
        "module": f"keras.src.ops.{cls.home}",
        "class_name": cls.keras_class,
        "config": {"name": name, **settings},
        "registered_name": cls.keras_class,
        "name": name,
        "inbound_nodes": [],
    }


def _operation_call(node: FlatNode, tensors: list[dict[str, Any]]) -> dict[str, Any]:
    layer = layer_for(node.type, node.config)
    assert isinstance(layer, Operator)
    args = layer.operands(tensors)
    if node.type == "ops.get_item":
        args.append([_bracketed(item) for item in items(layer.__dict__["key"])])
    named = {k: node.config[k] for k in ("constant_values",) if k in node.config}
    return {"args": args, "kwargs": named}


def _bracketed(item: Any) -> Any:
    """An index as Keras serialises it."""
    if item == "...":
        return {"class_name": "__ellipsis__", "config": {}}
    if not isinstance(item, slice):
        return item
    ends = {"start": item.start, "stop": item.stop, "step": item.step}
    return {"class_name": "__slice__", "config": ends}


def _call(cls: type[Layer], tensors: list[dict[str, Any]]) -> dict[str, Any]:
    """How the layer is called: with a tensor, a list, or a query, a value and a key."""
    if cls.slots:
        named = dict(zip(cls.slots[2:], tensors[2:], strict=False))
        return {"args": tensors[:2], "kwargs": named}
    several = cls.takes_list or len(tensors) > 1
    return {"args": [tensors] if several else tensors, "kwargs": {}}


WRITERS = (Writer(".json", "Keras model, JSON", write),)
