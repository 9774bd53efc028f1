"""The unrolled network as steps: one layer a step, each named by its path."""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.document import Node
from resnet_studio.core.expressions import escaped
from resnet_studio.core.flatten import FlatNetwork, FlatNode
from resnet_studio.formats.keras_code.blocks import chosen_name
from resnet_studio.formats.keras_code.naming import LayerNames, keras_base_name
from resnet_studio.formats.keras_code.operations import called, is_operation
from resnet_studio.formats.keras_code.steps import Scope, Step


def unrolled(network: FlatNetwork) -> Scope:
    """Every layer by itself; expressions are worked out, loops and blocks are gone."""
    names = LayerNames(_chosen(network), (node.type for node in network.nodes))
    makers = {node.shared_with for node in network.nodes if node.shared_with is not None}
    steps = []
    for i, node in enumerate(network.nodes):
        inputs = tuple(tensor for tensor in node.inputs if tensor is not None)
        outputs = len(node.outcome.outputs or ((),))
        wishes = (node.path, *(f"{node.path}_{k}" for k in range(1, outputs)))
        maker = node.shared_with if node.shared_with is not None else (i if i in makers else None)
        if is_operation(node.type):
            maker = None  # A function has nothing to share.
        callee, brackets = _made(network, node, names)
        applied = brackets if inputs else None
        steps.append(Step(node.path, node.type, inputs, wishes, callee, applied, "", maker))
    return Scope(steps, results(network))


def results(network: FlatNetwork) -> list[tuple[int, int]]:
    """The tensors that the model returns: all those of the nodes that nothing consumes."""
    return [
        (i, output)
        for i in network.outputs
        for output in range(len(network.nodes[i].outcome.outputs or ((),)))
    ]


def _made(network: FlatNetwork, node: FlatNode, names: LayerNames) -> Any:
    """What is called and its brackets; a layer that is called again is made elsewhere."""
    # Every expression is worked out, so a text that still looks like one is none.
    config = names.kept(escaped(owner_config(network, node)))
    name = None
    if node.shared_with is None and config.get("name") is None and not is_operation(node.type):
        name = names.fresh(node.path.replace("#", "_"), keras_base_name(node.type))
    return called(owner_node(network, node), config, {}, name)


def owner_config(network: FlatNetwork, node: FlatNode) -> Mapping[str, Any]:
    """The arguments of the layer that is called here; a shared one has those of its owner."""
    return _owner(network, node).config


def owner_node(network: FlatNetwork, node: FlatNode) -> Node:
    """The node that declares the layer that is called here."""
    return _owner(network, node).node


def _owner(network: FlatNetwork, node: FlatNode) -> FlatNode:
    if node.node.shared_with is None:
        return node
    prefix = node.path.removesuffix(node.node.id)
    return network.nodes[network.index[prefix + node.node.shared_with]]


def _chosen(network: FlatNetwork) -> set[str]:
    return {name for node in network.nodes if (name := chosen_name(node.config)) is not None}
