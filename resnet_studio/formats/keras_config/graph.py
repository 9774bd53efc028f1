"""The document that a Keras model comes to: a node a call, a block a nested model.

A nested model that is called once is a block.  One that is called several times is one set of
weights, which blocks do not share: it is laid open at each place, and the later places call the
layers of the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Block,
    Document,
    Edge,
    Graph,
    Node,
)
from resnet_studio.core.expressions import escaped
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.shapes import show
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_config.arguments import input_arguments, modern
from resnet_studio.formats.keras_config.inbound import Call, Ref
from resnet_studio.formats.keras_config.model import MOST_NODES, RawLayer, RawModel, types_in
from resnet_studio.formats.keras_config.naming import Names, sanitised
from resnet_studio.formats.keras_config.operators import as_layer
from resnet_studio.formats.strict_json import shown

MOST_WIRES = 100_000
_DEEPEST_DETOUR = 100
_SLOT_NAMES = ("query", "value", "key")
"""Keywords of attention layers in the order of the slots of a node."""


class Finding(NamedTuple):
    """What could not be carried over as it is: the block it stands in, the node, a sentence."""

    scope: str
    node: str
    message: str


@dataclass
class _Instance:
    """A model at one place: which node, or which model laid open, each call became.

    ``given`` are the tensors that the call passes in, to be found in ``outer``.
    """

    model: RawModel
    path: tuple[str, ...] = ()
    outer: "_Instance | None" = None
    given: tuple[Ref, ...] = ()
    frozen: bool = False
    places: "dict[tuple[str, int], str | _Instance]" = field(default_factory=dict)


class Importer:
    """What the graphs of one document share: names of blocks, findings, and the limit."""

    def __init__(self, model: RawModel) -> None:
        self.model = model
        self.blocks: dict[str, Block] = {}
        self.findings: list[Finding] = []
        self.origins: dict[tuple[str, str], tuple[str, ...]] = {}
        """For a node by its scope and id, the names in the file that lead to its layer."""
        self.block_names = Names(types_in(model))
        self._nodes = self._wires = 0

    def document(self, training: Mapping[str, Any]) -> Document:
        network = _GraphBuilder(self, NETWORK, self.model).network()
        name = sanitised(self.model.name, "network")
        return Document(name, "", network, self.blocks, training)

    def count(self) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise FormatError(f"the model comes to more than {MOST_NODES:,} calls of layers")

    def count_wires(self, number: int) -> None:
        self._wires += number
        if self._wires > MOST_WIRES:
            raise FormatError(f"the model has more than {MOST_WIRES:,} wires")

    def block(self, layer: RawLayer, frozen: bool) -> str:
        """Adds the block of a nested model; returns its name."""
        assert layer.model is not None
        name = self.block_names.fresh(sanitised(layer.model.name, "block"))
        sizes = _input_sizes(layer.model)
        description = f"A nested model of Keras for {sizes}." if sizes else ""
        builder = _GraphBuilder(self, name, layer.model, frozen)
        self.blocks[name] = Block(builder.block(), description=description)
        return name


class _GraphBuilder:
    """Makes one graph: first a node for each call, then the wires between them."""

    def __init__(
        self, importer: Importer, scope: str, model: RawModel, frozen: bool = False
    ) -> None:
        self.importer, self.scope = importer, scope
        self.names = Names(sanitised(layer.name) for layer in model.layers)
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.calls: list[tuple[str, _Instance, list[Ref]]] = []
        self.shapes: dict[str, dict[int, Any]] = {}
        """The shapes of each node's outputs, as far as those that read them tell."""
        self.owners: dict[int, str] = {}
        """The node that owns each layer, by the layer's identity: names may stand twice."""
        self.root = _Instance(model, frozen=frozen or not model.trainable)

    def network(self) -> Graph:
        self._place_all(self.root)
        self._wire()
        self._lead_out()
        return Graph(self.nodes, tuple(self.edges))

    def block(self) -> Graph:
        """As a network, with ports for what the nested model takes and gives."""
        for ref in self.root.model.inputs:
            self.root.places[ref.layer, 0] = self._port(sanitised(ref.layer), BLOCK_INPUT)
        self._place_all(self.root)
        for ref in self.root.model.outputs:
            self.calls.append((self._port("output", BLOCK_OUTPUT), self.root, [ref]))
        self._wire(outputs=BLOCK_OUTPUT)
        return Graph(self.nodes, tuple(self.edges))

    def _port(self, name: str, type_name: str) -> str:
        key = self.names.own(name) if type_name == BLOCK_INPUT else self.names.fresh(name)
        return self._add(Node(key, type_name))

    def _add(self, node: Node) -> str:
        self.importer.count()
        self.nodes[node.id] = node
        return node.id

    def report(self, node: str, message: str) -> None:
        self.importer.findings.append(Finding(self.scope, node, message))

    # Nodes

    def _place_all(self, instance: _Instance) -> None:
        seen: set[str] = set()
        for layer in instance.model.layers:
            again = layer.name in seen
            seen.add(layer.name)
            for number, call in enumerate(layer.calls or (Call(),)):
                if (layer.name, number) not in instance.places or again:
                    place = self._place(instance, layer, call)
                    instance.places.setdefault((layer.name, number), place)

    def _place(self, instance: _Instance, layer: RawLayer, call: Call | None) -> "str | _Instance":
        if layer.model is None:
            return self._layer(instance, layer, call)
        if len(layer.calls) > 1 or instance is not self.root:
            return self._laid_open(instance, layer, layer.model, call)
        type_name = self.importer.block(layer, instance.frozen)
        key = self._add(Node(self._id(instance, layer), type_name))
        self.importer.origins[self.scope, key] = (layer.name,)
        self._called(key, instance, layer, call)
        return key

    def _laid_open(
        self, outer: _Instance, layer: RawLayer, model: RawModel, call: Call | None
    ) -> _Instance:
        given = tuple(self._slots(layer, call)) if call is not None else ()
        frozen = outer.frozen or not model.trainable
        inner = _Instance(model, (*outer.path, layer.name), outer, given, frozen)
        for slot, ref in enumerate(model.inputs):
            inner.places[ref.layer, 0] = _Instance(_identity(slot), outer=inner)
        self._place_all(inner)
        return inner

    def _layer(self, instance: _Instance, layer: RawLayer, call: Call | None) -> str:
        owner = self.owners.get(id(layer))
        if owner is not None and not layer.is_operator:
            key = self.names.fresh(owner)
            self._add(Node(key, self.nodes[owner].type, shared_with=owner))
        else:
            key = self._id(instance, layer)
            type_name, config = self._arguments(instance, layer, call, key)
            self._add(Node(key, type_name, config))
            self.owners[id(layer)] = key
            self.importer.origins[self.scope, key] = (*instance.path, layer.name)
        self._called(key, instance, layer, call)
        return key

    def _id(self, instance: _Instance, layer: RawLayer) -> str:
        name = sanitised(layer.name)
        if instance.path:
            return self.names.fresh(sanitised("_".join((*instance.path, layer.name))))
        return self.names.own(name)

    def _arguments(
        self, instance: _Instance, layer: RawLayer, call: Call | None, key: str
    ) -> tuple[str, dict[str, Any]]:
        if layer.is_operator:
            type_name, config = _operator(layer, call)
        elif layer.is_input:
            type_name, config = layer.type, input_arguments(layer.config)
        else:
            type_name, config = layer.type, modern(layer.type, layer.config)
        if instance.frozen and type_name in LAYERS and "trainable" in LAYERS[type_name].arguments:
            config["trainable"] = False
        if self.scope == NETWORK and not instance.path and key != layer.name:
            self._keep_name(layer.name, key, config)
        return type_name, config

    def _keep_name(self, name: str, key: str, config: dict[str, Any]) -> None:
        """The name that the file gives, unless Keras 3 or an expression is in its way."""
        if "/" in name or name.startswith("="):
            text = f"the name “{shown(name)}” is none for Keras 3, so it is called “{key}” here"
            self.report(key, text)
        else:
            config["name"] = name

    # Wires

    def _called(self, key: str, instance: _Instance, layer: RawLayer, call: Call | None) -> None:
        if call is None:
            text = "how it is called cannot be read, so nothing is wired to it"
            self.report(key, text)
            return
        settings = {} if layer.is_operator else call.settings
        if layer.model is None and settings.get("training") is False:
            # Keras notes the default of a layer such as Dropout with every call.
            del settings["training"]
        if settings:
            said = ", ".join(f"{shown(k)}={shown(v)}" for k, v in settings.items())
            text = f"it is called with {shown(said)}, which a network here does not hold"
            self.report(key, text)
        self.calls.append((key, instance, list(self._slots(layer, call))))

    @staticmethod
    def _slots(layer: RawLayer, call: Call) -> Iterator[Ref]:
        """The tensors of a call in the order of the node's slots."""
        model, by_name = layer.model, call.by_name
        if model is not None and by_name and set(by_name) == set(model.ports):
            return (by_name[port] for port in model.ports)
        named = [k for k in _SLOT_NAMES if isinstance(call.kwargs.get(k), Ref)]
        if not named:
            return iter(call.tensors)
        rest = {k: v for k, v in call.kwargs.items() if k not in named}
        first = Call(call.args).tensors + [call.kwargs[k] for k in named]
        return iter(first + Call((), rest).tensors)

    def _wire(self, outputs: str = "") -> None:
        for key, instance, tensors in self.calls:
            self.importer.count_wires(len(tensors))
            gives = self.nodes[key].type == outputs
            for slot, ref in enumerate(tensors):
                found = self._source(instance, ref, gives) or (self._missing(ref), 0)
                self.edges.append(Edge(found[0], key, slot, found[1]))
                if ref.shape is not None:
                    self.shapes.setdefault(found[0], {})[found[1]] = ref.shape
        for key, shapes in self.shapes.items():
            # An output that nothing reads has sizes that nobody knows.
            some = [None] * len(next(iter(shapes.values())))
            self._declare(key, [list(shapes.get(k, some)) for k in range(max(shapes) + 1)])

    def _declare(self, key: str, shapes: list[list[Any]]) -> None:
        """What a class that nobody knows, or a function, gives: its readers tell in the file."""
        node = self.nodes.get(key)
        if node is None or node.shared_with is not None:
            return
        if node.type == "Lambda" and node.config.get("output_shape") is None:
            behind = [shape[1:] for shape in shapes]
            told = {"output_shape": behind[0] if len(behind) == 1 else behind}
            self.nodes[key] = replace(node, config={**node.config, **told})
        elif node.type not in (*LAYERS, *self.importer.blocks, BLOCK_INPUT, BLOCK_OUTPUT):
            declared = {"output_shape": shapes[0] if len(shapes) == 1 else shapes}
            self.nodes[key] = replace(node, extra={**node.extra, **declared})

    def _missing(self, ref: Ref) -> str:
        """A name for what is not there; that no node has it is found by the analysis."""
        name = sanitised(ref.layer)
        return f"{name} (call {ref.node})" if name in self.nodes else name

    def _source(
        self, instance: _Instance, ref: Ref, output: bool = False, detours: int = 0
    ) -> tuple[str, int] | None:
        """The node, and which of its outputs, that a tensor comes from."""
        index = instance.model.call_of(ref, output)
        place = instance.places.get((ref.layer, index)) if index is not None else None
        if place is None or detours > _DEEPEST_DETOUR or ref.tensor < 0:
            return None
        if isinstance(place, str):
            return place, ref.tensor
        if place.outer is instance and not place.model.layers:
            slot = place.model.outputs[0].tensor
            if instance.outer is None or slot >= len(instance.given):
                return None
            return self._source(instance.outer, instance.given[slot], False, detours + 1)
        if ref.tensor >= len(place.model.outputs):
            return None
        return self._source(place, place.model.outputs[ref.tensor], True, detours + 1)

    def _lead_out(self) -> None:
        """Outputs of the model that other layers read too need a node that nothing reads."""
        consumed = {edge.source for edge in self.edges}
        ends = set()
        for ref in dict.fromkeys(self.root.model.outputs):
            found = self._source(self.root, ref, output=True)
            if found is None:
                text = f"the output “{shown(ref.layer)}” of the model is not there"
                self.report("", text)
            elif found[0] in consumed:
                key = self.names.fresh(f"{found[0]}_output")
                ends.add(self._add(Node(key, "Activation", {"activation": "linear"})))
                self.edges.append(Edge(found[0], key, 0, found[1]))
                text = f"it is led out through “{key}”, since other layers read it too"
                self.report(found[0], text)
            else:
                ends.add(found[0])
        for key in self.nodes.keys() - consumed - ends if ends else ():
            text = "nothing reads it and the file does not name it as an output; here it is one"
            self.report(key, text)


def _identity(slot: int) -> RawModel:
    """Stands for an input of a model laid open: its one output is the tensor given at ``slot``."""
    return RawModel("", (), (), (Ref("", 0, slot),), ())


def _operator(layer: RawLayer, call: Call | None) -> tuple[str, dict[str, Any]]:
    """A layer that does the same, or an unknown type with all that the file says of it."""
    found = None
    if call is not None:
        found = as_layer(layer.class_name, layer.module, layer.config, call)
    if found is not None:
        return found[0], modern(*found)
    config = {key: value for key, value in layer.config.items() if key != "name"}
    if call is not None:
        arguments = {"args": _constants(call.args), "kwargs": _constants(call.kwargs)}
        config |= {key: value for key, value in arguments.items() if value}
    return layer.type, escaped(config)


def _constants(value: Any) -> Any:
    """The arguments of a call with the word “tensor” where one arrives."""
    if isinstance(value, Ref):
        return "tensor"
    if isinstance(value, Mapping):
        return {key: _constants(item) for key, item in value.items()}
    return [_constants(item) for item in value] if isinstance(value, list | tuple) else value


def _input_sizes(model: RawModel) -> str:
    """``32×32×3 and 16``: what the inputs of a nested model were made for."""
    found = []
    for ref in model.inputs:
        layer = model.by_name.get(ref.layer)
        shape = input_arguments(layer.config).get("shape") if layer is not None else None
        if isinstance(shape, list) and all(s is None or isinstance(s, int) for s in shape):
            found.append(show((None, *shape)))
    return " and ".join(found)


__all__ = ["Finding", "Importer"]
