"""What the analysis says of the unrolled network, as JSON for the worker to hold Keras to."""

from math import prod
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.flatten import flatten

BYTES = 4
"""Of one float32, the usual precision; estimates of memory need no more."""


def expectation(analysis: Analysis) -> dict[str, Any]:
    """The layers in topological order with their wiring, shapes and counts.

    ``shared_with`` and the first number of each input are indices into ``nodes``; ``outputs``
    are the tensors that the model returns.
    """
    network = flatten(analysis)
    nodes: list[dict[str, Any]] = [
        {
            "path": node.path,
            "type": node.type,
            "inputs": [list(tensor) for tensor in node.inputs if tensor is not None],
            "outputs": [list(shape) for shape in node.outcome.outputs or ()],
            "params": node.outcome.params,
            "trainable": node.outcome.trainable,
            "shared_with": node.shared_with,
        }
        for node in network.nodes
    ]
    returned = [[i, k] for i in network.outputs for k in range(len(nodes[i]["outputs"]))]
    totals = analysis.totals
    return {
        "nodes": nodes,
        "outputs": returned,
        "params": totals.params,
        "trainable": totals.trainable_params,
        "macs": totals.macs,
        "weight_bytes": totals.params * BYTES,
        "forward_bytes": _forward_bytes(nodes) + totals.params * BYTES,
    }


def _forward_bytes(nodes: list[dict[str, Any]]) -> int:
    """Feature maps of one sample: Keras keeps all of them until a call is over.

    An unknown size counts as 64, which the worker feeds in its place; a batch as 1.
    """
    shapes = [shape for node in nodes for shape in node["outputs"]]
    return sum(
        BYTES * prod([*(s or 1 for s in shape[:1]), *(64 if s is None else s for s in shape[1:])])
        for shape in shapes
    )
