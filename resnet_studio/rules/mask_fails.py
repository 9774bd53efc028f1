"""``mask-fails``: a mask of steps at a layer that lays it over something else.

Masking and an Embedding with ``mask_zero`` hand on which steps count, beside the values and with
one axis fewer.  Softmax lays that mask along the last axes of its input, where the channels are;
attention takes it for one axis of steps, whatever their number.  Keras builds all of them.
"""

from collections.abc import Iterator
from itertools import pairwise

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.diagnostics import NETWORK_CHECKS, Rule
from resnet_studio.core.flatten import FlatNode, flatten
from resnet_studio.core.layer import Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.noted import Noted
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "mask-fails"
HANDS_ON = frozenset({
    "Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Dense",
    "Dropout", "ELU", "GaussianDropout", "GaussianNoise", "GroupNormalization", "Identity",
    "LayerNormalization", "LeakyReLU", "Normalization", "PReLU", "ReLU", "Rescaling", "Softmax",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "UnitNormalization",
    "Attention", "AdditiveAttention", "MultiHeadAttention", "GroupedQueryAttention",
})  # fmt: skip
"""Layers that hand on the mask of their first input; tried out with Keras 3.15."""
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
MERGED = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})
"""Merges that give a mask where each of their inputs has one."""
HEADS = "MultiHeadAttention"
COMPARING = frozenset({"Attention", "AdditiveAttention"})
_masking = Noted(lambda node: node.type in ("Masking", "Embedding"))


def check(analysis: Analysis) -> Iterator[tuple[str, Problem]]:
    """A warning at each layer to which a mask comes that it cannot lay over its input."""
    if not _masking.anywhere(analysis.document):
        return
    masked: list[bool] = []
    for flat in flatten(analysis).nodes:
        # Only the first output has a mask: the others are the states of a recurrent layer.
        arriving = [bool(t is not None and t[1] == 0 and masked[t[0]]) for t in flat.inputs]
        masked.append(_masks(flat, arriving))
        shape = flat.input_shapes[0] if flat.input_shapes else None
        if shape is not None and _fails(flat.type, shape, arriving):
            yield flat.path, _problem(flat.type, shape)


NETWORK_CHECKS.append(check)


def _masks(flat: FlatNode, arriving: list[bool]) -> bool:
    """Whether what comes out has a mask."""
    kind = flat.type
    if kind in ("Masking", "Embedding"):
        return kind == "Masking" or bool(flat.config.get("mask_zero"))
    if kind in MERGED:
        return bool(arriving) and all(arriving)
    if kind == "Concatenate":
        return any(arriving)
    handed = kind in HANDS_ON or (kind in RECURRENT and bool(flat.config.get("return_sequences")))
    return handed and any(arriving[:1])


def _fails(kind: str, shape: Shape, arriving: list[bool]) -> bool:
    if kind == "Softmax":
        return any(arriving) and not _lies(shape)
    if len(shape) <= 3:
        return False
    return (kind == HEADS and any(arriving)) or (kind in COMPARING and any(arriving[1:2]))


def _lies(shape: Shape) -> bool:
    """Whether a mask without the last axis can be laid along the last axes all the same."""
    pairs = pairwise(shape)
    return all(mask is not None and mask in (1, size) for mask, size in pairs)


def _problem(kind: str, shape: Shape) -> Problem:
    where = "along its last axes" if kind == "Softmax" else "along a single axis of steps"
    text = (
        f"Keras builds {kind} on {show(shape)} with a mask of its steps, but a forward pass "
        f"fails: it lays the mask {where}, which have other sizes"
    )
    return Problem(CODE, text, "warning")


def propose(site: Site) -> Iterator[Mend]:
    """A softmax that leaves the mask alone, or the network without the layer."""
    if site.node.type == "Softmax" and site.node.config.get("axis", -1) == -1:
        kept = {k: v for k, v in site.node.config.items() if k != "axis"}
        after = site.with_node(type="Activation", config={**kept, "activation": "softmax"})
        yield Mend("activation", "Activation softmax, which leaves the mask alone", after)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_STEPS = place("steps", "Input", shape=[5, 4])
_MASKED = place("masked", "Masking", "steps")
_CLIPS = place("steps", "Input", shape=[5, 3, 4])

declare(
    Rule(
        CODE,
        "warning",
        "A mask of steps comes to a layer that cannot lay it over its input.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_STEPS, _MASKED, place("a", "Activation", "masked", activation="softmax")),
        document(
            _STEPS, _MASKED, place("l", "LSTM", "masked", units=3), place("s", "Softmax", "l")
        ),
        document(_STEPS, _MASKED, place("a", "Attention", "masked", "masked")),
        document(_CLIPS, _MASKED, place("a", "Attention", "masked", "steps")),
    ),
    invalid=(
        document(_STEPS, _MASKED, place("s", "Softmax", "masked")),
        document(
            place("words", "Input", shape=[7], dtype="int32"),
            place("e", "Embedding", "words", input_dim=9, output_dim=4, mask_zero=True),
            place("d", "Dense", "e", units=3),
            place("s", "Softmax", "d"),
        ),
        document(_CLIPS, _MASKED, place("a", "AdditiveAttention", "steps", "masked")),
        document(
            _CLIPS,
            _MASKED,
            place("a", "MultiHeadAttention", "masked", "steps", num_heads=2, key_dim=3),
        ),
    ),
)
