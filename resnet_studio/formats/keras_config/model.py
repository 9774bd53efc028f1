"""Models as Keras' configurations have them, both generations in one form.

Nothing here knows what a layer does; classes are names.  Follows ``functional_from_config`` and
``Sequential.from_config``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT
from resnet_studio.core.layer import ALIASES, LAYERS
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_config import older
from resnet_studio.formats.keras_config.inbound import Call, Ref, ends, read_call
from resnet_studio.formats.keras_config.operators import is_operator, operator_name
from resnet_studio.formats.strict_json import shown
from resnet_studio.layers.operators import OPERATORS

MOST_NODES = 20_000
"""Calls of layers that a file may come to; NASNetLarge has about a thousand."""
INPUT_LAYER = "InputLayer"
_OURS = (BLOCK_INPUT, BLOCK_OUTPUT, "Input")
"""Types that mean something else in a document than a class of that name would."""


@dataclass(frozen=True)
class RawLayer:
    """A layer, or a nested model, with its calls; None stands for a call that is unreadable."""

    name: str
    class_name: str
    module: str
    type: str
    config: Mapping[str, Any]
    calls: tuple[Call | None, ...]
    model: "RawModel | None" = None

    @property
    def is_input(self) -> bool:
        return self.type == "Input"

    @property
    def is_operator(self) -> bool:
        return is_operator(self.class_name, self.module)


@dataclass(frozen=True)
class RawModel:
    """A graph of layers; ``ports`` are the names by which a call may pass its inputs."""

    name: str
    layers: tuple[RawLayer, ...]
    inputs: tuple[Ref, ...]
    outputs: tuple[Ref, ...]
    ports: tuple[str, ...]
    sequential: bool = False
    trainable: bool = True

    @cached_property
    def by_name(self) -> Mapping[str, RawLayer]:
        found: dict[str, RawLayer] = {}
        for layer in self.layers:
            found.setdefault(layer.name, layer)
        return found

    @cached_property
    def legacy(self) -> bool:
        """Whether the calls are written as Keras 2 does."""
        return any(call is not None and call.legacy for la in self.layers for call in la.calls)

    def call_of(self, ref: Ref, output: bool = False) -> int | None:
        """Which call of its layer a tensor comes from, counted from 0; None where there is none.

        A nested model has a call of its own before those of this graph.  Keras 2 counts it
        always, Keras 3 only in ``output_layers`` and only for Functional models.
        """
        layer = self.by_name.get(ref.layer)
        if layer is None:
            return None
        calls = max(1, len(layer.calls))
        nested = layer.model is not None
        functional = layer.model is not None and not layer.model.sequential
        first = int(nested and (self.legacy or (output and functional)))
        for index in (ref.node - first, ref.node - int(nested) * (1 - first)):
            if 0 <= index < calls:
                return index
        return None


def read_model(raw: Any) -> RawModel:
    """The model that a parsed configuration describes; raises FormatError."""
    if not isinstance(raw, Mapping) or "class_name" not in raw or "config" not in raw:
        raise FormatError("this is no model of Keras: it lacks “class_name” and “config”")
    model = _model(raw)
    if model is None:
        raise FormatError(
            f"the model is of the class “{shown(raw['class_name'])}”, whose file holds no graph "
            "of layers; build it as a Functional or Sequential model and save that"
        )
    return model


def _model(raw: Mapping[str, Any]) -> RawModel | None:
    config = raw["config"]
    if isinstance(config, list):
        return _sequential({"layers": config}, raw) if raw["class_name"] == "Sequential" else None
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        return None
    if "input_layers" in config and "output_layers" in config:
        return _functional(config)
    return _sequential(config, raw) if raw["class_name"] == "Sequential" else None


def _functional(config: Mapping[str, Any]) -> RawModel:
    inputs, raw = ends(config["input_layers"]), config["input_layers"]
    ports = sorted(raw) if isinstance(raw, Mapping) else [ref.layer for ref in inputs]
    return RawModel(
        _name(config, "model"),
        tuple(_layers(config["layers"])),
        tuple(inputs),
        tuple(ends(config["output_layers"])),
        tuple(map(str, ports)),
        trainable=config.get("trainable") is not False,
    )


def _sequential(config: Mapping[str, Any], raw: Mapping[str, Any]) -> RawModel:
    """The chain, each layer called with what the one before gives."""
    name = _name(config, _name(raw, "sequential"))
    layers = list(_layers(config["layers"]))
    if not layers or not layers[0].is_input:
        layers.insert(0, _first_input(config, layers, name))
    chain = [layers[0]]
    for layer in layers[1:]:
        before = Ref(chain[-1].name)
        chain.append(_called(layer, Call((before,))))
    first, last = Ref(chain[0].name), Ref(chain[-1].name)
    return RawModel(name, tuple(chain), (first,), (last,), (first.layer,), sequential=True)


def _first_input(config: Mapping[str, Any], layers: list[RawLayer], name: str) -> RawLayer:
    """The input of a chain that names none: its size stands with the model or its first layer."""
    shape = config.get("build_input_shape")
    if shape is None and layers:
        shape = layers[0].config.get("batch_input_shape")
    taken, own = {layer.name for layer in layers}, f"{name}_input"
    while own in taken:
        own += "_"
    return RawLayer(own, INPUT_LAYER, "", "Input", {"batch_shape": shape}, ())


def _called(layer: RawLayer, call: Call) -> RawLayer:
    return RawLayer(
        layer.name, layer.class_name, layer.module, layer.type, layer.config, (call,), layer.model
    )


def _layers(entries: list[Any]) -> Iterator[RawLayer]:
    if len(entries) > MOST_NODES:
        raise FormatError(f"the model has more than {MOST_NODES:,} layers")
    for index, raw in enumerate(entries):
        if not isinstance(raw, Mapping) or not isinstance(raw.get("class_name"), str):
            raise FormatError(f"layer {index} of the configuration is no layer; it has no class")
        yield _layer(raw)


def _layer(raw: Mapping[str, Any]) -> RawLayer:
    class_name, config = raw["class_name"], raw.get("config")
    model = _model({"class_name": class_name, "config": config, "name": raw.get("name")})
    config = config if isinstance(config, Mapping) else {}
    module = _module(raw, class_name, config)
    modern_name, modern_config = older.converted(class_name, config)
    calls = raw.get("inbound_nodes")
    return RawLayer(
        _name(raw, _name(config, class_name.lower())),
        class_name,
        module,
        _type(modern_name, module, raw.get("registered_name"), modern_config),
        modern_config,
        tuple(map(read_call, calls if isinstance(calls, list) else [])),
        model,
    )


def _module(raw: Mapping[str, Any], class_name: str, config: Mapping[str, Any]) -> str:
    """Where the class comes from.

    HDF5 files of Keras 3 do not tell, so there an operator is known by what it lacks: every
    layer writes whether it is trainable.
    """
    module, calls = raw.get("module"), raw.get("inbound_nodes")
    if isinstance(module, str):
        return module
    of_keras3 = isinstance(calls, list) and any(isinstance(call, Mapping) for call in calls)
    if not of_keras3 or "trainable" in config:
        return ""
    return next((home for home, name in OPERATORS if name == class_name), "")


def _name(raw: Mapping[str, Any], default: str) -> str:
    name = raw.get("name")
    return name if isinstance(name, str) and name else default


def _type(class_name: str, module: str, registered: Any, config: Mapping[str, Any]) -> str:
    """The type of the node.  A class that is not of Keras never passes for one that is."""
    if class_name == INPUT_LAYER and _of_keras(module):
        return "Input"
    if is_operator(class_name, module):
        return shown(operator_name(class_name, module, config))
    if _of_keras(module):
        known = ALIASES.get(class_name, class_name)
        return f"keras.{known}" if known in _OURS else shown(known) or "?"
    name = registered if isinstance(registered, str) else ""
    # Names of the project's registry have no “>”, those of Keras' registry of classes do.
    return shown(name if ">" in name else f"{module}.{class_name}")


def _of_keras(module: str) -> bool:
    """Keras 2 names no modules."""
    return module == "" or module.partition(".")[0] in ("keras", "tf_keras", "tensorflow")


def types_in(model: RawModel) -> set[str]:
    """Every type of node in a model and in those nested in it, and the registry's own."""
    found = set(LAYERS) | set(ALIASES) | set(_OURS)
    pending = [model]
    while pending:
        for layer in pending.pop().layers:
            found.add(layer.type)
            if layer.model is not None:
                pending.append(layer.model)
    return found


__all__ = ["MOST_NODES", "RawLayer", "RawModel", "read_model", "types_in"]
