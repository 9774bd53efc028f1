"""Tensors that Keras' Functional model loses: further outputs of a layer that is called again.

When ``keras.Model`` runs through its graph it takes the number of a layer's outputs from its
first call.  A later call that gives more, because it was given a list, loses the rest, and a
model whose outputs hang on them is refused (``keras.src.ops.function.Function``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resnet_studio.core.outcomes import Problem

if TYPE_CHECKING:
    from resnet_studio.core.analysis import Analysis
    from resnet_studio.core.flatten import FlatNetwork, Tensor

CODE = "not-connected"


def unconnected(analysis: "Analysis") -> Iterator[tuple[str, Problem]]:
    """A finding at each call of a shared layer that costs the model one of its outputs."""
    if not _shares(analysis):
        return
    from resnet_studio.core.flatten import flatten

    network = flatten(analysis)
    if not any(_outputs_beyond_the_first_call(network, i) for i in range(len(network.nodes))):
        return
    lost = _lost(network)
    outputs = set(network.outputs)
    blamed = {call for tensor, call in lost.items() if tensor[0] in outputs}
    for i in sorted(blamed):
        yield network.nodes[i].path, _problem(network, i)


def _shares(analysis: "Analysis") -> bool:
    """Whether any layer is called at several places: most networks are done here."""
    document = analysis.document
    return any(document.graph(scope).structure.sharing for scope in document.scopes())


def _outputs_beyond_the_first_call(network: "FlatNetwork", i: int) -> range:
    """The outputs of node ``i`` that its layer did not have when it was called first."""
    node = network.nodes[i]
    count = len(node.outcome.outputs or ())
    if node.shared_with is None:
        return range(0)
    return range(len(network.nodes[node.shared_with].outcome.outputs or ()), count)


def _lost(network: "FlatNetwork") -> dict["Tensor", int]:
    """Every tensor that Keras does not come to, with the call that is to blame for it."""
    lost: dict[Tensor, int] = {}
    for i, node in enumerate(network.nodes):
        behind = [lost[tensor] for tensor in node.inputs if tensor in lost]
        if behind:
            lost |= {(i, output): behind[0] for output in range(len(node.outcome.outputs or ()))}
        else:
            lost |= {(i, output): i for output in _outputs_beyond_the_first_call(network, i)}
    return lost


def _problem(network: "FlatNetwork", i: int) -> Problem:
    node = network.nodes[i]
    assert node.shared_with is not None
    first = network.nodes[node.shared_with]
    count = len(first.outcome.outputs or ())
    given = f"{count} output" if count == 1 else f"{count} outputs"
    text = (
        f"it calls the layer of “{first.path}” with a list and gives "
        f"{len(node.outcome.outputs or ())} outputs; that layer gave {given} when it was called "
        "first, and Keras does not connect the others to the model"
    )
    return Problem(CODE, text)
