"""What folding must keep: unrolled, the network is the one that it was, layer by layer."""

from typing import Any

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document
from resnet_studio.core.flatten import FlatNetwork, FlatNode, flatten
from resnet_studio.core.fold import original_name
from resnet_studio.core.layer import Layer, layer_for

Facts = dict[str, tuple[Any, ...]]


def same_network(before: Document, after: Document) -> None:
    """Fails unless both unroll to the same layers, wires, shapes and counts, under old names."""
    first, then = analyse(before), analyse(after)
    assert facts(then, after) == facts(first, before)
    assert ends(then, after) == ends(first, before)
    assert then.totals == first.totals
    assert {d.code for d in then.diagnostics} == {d.code for d in first.diagnostics}


def facts(analysis: Analysis, document: Document) -> Facts:
    """By the name that a layer had when it was folded: all that there is to know of it."""
    network = flatten(analysis)
    names = [original_name(document, node.path) for node in network.nodes]
    assert len(set(names)) == len(names)
    return {name: _facts(network, names, i) for i, name in enumerate(names)}


def _facts(network: FlatNetwork, names: list[str], i: int) -> tuple[Any, ...]:
    node = network.nodes[i]
    return (
        node.type,
        arguments(node),
        [None if tensor is None else (names[tensor[0]], tensor[1]) for tensor in node.inputs],
        node.outcome.outputs,
        node.outcome.params,
        node.outcome.trainable,
        node.outcome.macs,
        None if node.shared_with is None else names[node.shared_with],
    )


def arguments(node: FlatNode) -> str:
    """The layer's arguments, defaults left out, as text: NaN is equal to itself there."""
    layer = layer_for(node.type, node.config)
    return repr(layer.non_defaults() if isinstance(layer, Layer) else node.config)


def ends(analysis: Analysis, document: Document) -> tuple[list[str], list[str]]:
    """The names of the inputs and of the outputs, in the order in which the model has them."""
    network = flatten(analysis)
    names = [original_name(document, node.path) for node in network.nodes]
    inputs = [name for name, node in zip(names, network.nodes, strict=True) if node.type == "Input"]
    return inputs, [names[i] for i in network.outputs]
