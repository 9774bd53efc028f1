"""``shortcut-mismatch``: identity link and branch of a merge are matrices of different sizes.

Told as the source document tells it: the identity link would add the input matrix (X) to the
output matrix (2X), which cannot be broadcast for the add operation.
"""

from collections.abc import Sequence

from resnet_studio.core.diagnostics import Diagnostic, Fix, Rule
from resnet_studio.core.flatten import FlatNode
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import (
    block,
    conv,
    declare,
    document,
    place,
    residual_block,
)
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import CODE, Step, carry_through, offer
from resnet_studio.rules.repairs.concatenation import concatenate
from resnet_studio.rules.repairs.conv_block import conv_block, conv_block_stride_1
from resnet_studio.rules.repairs.junction import Change, Junction, Side, strides_of, window_of
from resnet_studio.rules.repairs.matching import match_branch, match_link
from resnet_studio.rules.repairs.padding import pool_and_pad
from resnet_studio.rules.repairs.projection import project
from resnet_studio.rules.repairs.site import sentence

STEPS: tuple[tuple[str, Step], ...] = (
    ("conv-block", conv_block),
    ("conv-block-stride-1", conv_block_stride_1),
    ("projection", project),
    ("pool-and-pad", pool_and_pad),
    ("match-branch", match_branch),
    ("match-link", match_link),
    ("concatenate", concatenate),
)
"""The repairs by rank: the source document's own first."""
SMALLEST_MAP = 4
"""Height or width below which a convolutional block that halves twice leaves nothing."""


def fixes(diagnostic: Diagnostic) -> Sequence[Fix]:
    """Every repair that leaves the network valid."""
    junction = Junction(diagnostic.analysis, diagnostic.node)
    base = carry_through(diagnostic.analysis, diagnostic.node, shortcut.without_link)
    found = offer(diagnostic, STEPS, base)
    if _reducible(junction) and any(fix.id == "conv-block" for fix in found):
        return [fix for fix in found if fix.id != "conv-block-stride-1"]
    return found


def _reducible(junction: Junction) -> bool:
    sizes = [junction.branch.shape[axis] for axis in junction.spatial_axes]
    return all(size is None or size >= SMALLEST_MAP for size in sizes)


# The message


def explain(diagnostic: Diagnostic) -> str:
    """Both sides, their fork, the axes that differ with the layers behind it, and the mend."""
    junction = Junction(diagnostic.analysis, diagnostic.node)
    same_rank = len(junction.identity.shape) == len(junction.branch.shape)
    if same_rank and not junction.differing_axes():
        # Two sides that each fit the branch, or batches: the bare finding says it.
        return sentence(diagnostic)
    verb = junction.merge.type.lower()
    x, y = _letters(junction)
    sides = (
        f"The identity link {_link(junction)} brings {show(junction.identity.shape)} ({x}), "
        f"the block's branch {_branch(junction)} brings {show(junction.branch.shape)} ({y}): "
        f"matrices of different sizes cannot be broadcast for the {verb} operation."
    )
    return " ".join([sides, *_reasons(junction), _mend(junction)])


def _letters(junction: Junction) -> tuple[str, str]:
    """X and 2X, as the document calls a side and one of twice its channels."""
    if len(junction.identity.shape) == len(junction.branch.shape):
        a = shortcut.channels(junction, junction.identity)
        b = shortcut.channels(junction, junction.branch)
        if a and b and a != b:
            if b % a == 0:
                return "X", f"{b // a}X"
            if a % b == 0:
                return f"{a // b}X", "X"
    return "X", "Y"


def _named(junction: Junction, index: int) -> str:
    return f"“{junction.flat.nodes[index].path}”"


def _link(junction: Junction) -> str:
    if junction.fork is None:
        return f"from {_named(junction, junction.identity.source)}"
    fork = _named(junction, junction.fork)
    if not junction.identity.trail:
        return f"from {fork}, where the paths fork,"
    return f"from {fork}, where the paths fork, through {_through(junction, junction.identity)}"


def _branch(junction: Junction) -> str:
    side = junction.branch
    if junction.fork is None or not side.trail:
        return f"from {_named(junction, side.source)}"
    return f"through {_through(junction, side)}"


def _through(junction: Junction, side: Side) -> str:
    """The layers of a trail, without the path that they share with the merge."""
    names = [junction.flat.nodes[i].path for i in side.trail]
    short = [f"“{name.removeprefix(junction.prefix)}”" for name in names]
    if len(short) > 4:
        return f"{short[0]}, {short[1]} … {short[-1]}"
    return " and ".join(filter(None, [", ".join(short[:-1]), short[-1]]))


def _reasons(junction: Junction) -> list[str]:
    if len(junction.identity.shape) != len(junction.branch.shape):
        return [_ranks(junction.identity.shape, junction.branch.shape)]
    axes = junction.differing_axes()
    reasons = []
    spatial = [axis for axis in axes if axis in junction.spatial_axes]
    if spatial:
        reasons.append(_reason(junction, spatial, _spatial_noun(junction, spatial)))
    if junction.channel_axis in axes:
        reasons.append(_reason(junction, [junction.channel_axis], "channels"))
    return reasons


def _ranks(first: Shape, second: Shape) -> str:
    return (
        f"They have {len(first) - 1} and {len(second) - 1} axes beside the batch, "
        "which line up from the last one."
    )


def _spatial_noun(junction: Junction, axes: list[int]) -> str:
    if len(junction.branch.shape) != 4:
        return "sizes on axis " + " and ".join(map(str, axes))
    names = dict(zip(junction.spatial_axes, ("height", "width"), strict=True))
    return " and ".join(names[axis] for axis in axes)


def _reason(junction: Junction, axes: list[int], noun: str) -> str:
    identity, branch = junction.identity, junction.branch
    a = "×".join(_size(identity.shape[axis]) for axis in axes)
    b = "×".join(_size(branch.shape[axis]) for axis in axes)
    told: list[str] = []
    for side in (branch, identity):
        by_layer = zip(*(junction.changes(side, axis) for axis in axes), strict=False)
        told += [_told(junction, list(changes)) for changes in by_layer]
    why = ": " + "; ".join(told[:4]) if told else ""
    verb = "differ" if " and " in noun or noun == "channels" else "differs"
    return f"The {noun} {verb} ({a} and {b}){why}."


def _size(size: int | None) -> str:
    return "?" if size is None else str(size)


def _told(junction: Junction, changes: list[Change]) -> str:
    """One layer's part in it: ``“conv_a” halves 56×56 to 28×28 with strides 2``."""
    node = changes[0].node
    name = f"“{node.path.removeprefix(junction.prefix)}”"
    before = "×".join(_size(change.before) for change in changes)
    after = "×".join(_size(change.after) for change in changes)
    if changes[0].axis == junction.channel_axis:
        return f"{name} makes {after} channels out of {before}"
    return f"{name} {_shrinking(junction, node, before, after)}"


def _shrinking(junction: Junction, node: FlatNode, before: str, after: str) -> str:
    layer = junction.layer(junction.flat.index[node.path])
    steps = strides_of(layer)
    if node.type in _CUTS:
        return f"{_CUTS[node.type]} {before} to {after}"
    grows = node.type.endswith("Transpose")
    if steps and max(steps) > 1:
        told = str(steps[0]) if len(set(steps)) == 1 else "×".join(map(str, steps))
        verb = "enlarges" if grows else "halves" if set(steps) == {2} else "reduces"
        return f"{verb} {before} to {after} with strides {told}"
    if getattr(layer, "padding", None) == "valid":
        size = "×".join(map(str, window_of(layer)))
        verb = "enlarges" if grows else "shrinks"
        return f"{verb} {before} to {after}: a {size} window under valid padding"
    return f"turns {before} into {after}"


_CUTS = {"Cropping2D": "crops", "ZeroPadding2D": "pads", "UpSampling2D": "enlarges"}


def _mend(junction: Junction) -> str:
    if junction.clashing_batches(junction.identity):
        return "Give both inputs the same batch size."
    if len(junction.identity.shape) != 4 or len(junction.branch.shape) != 4:
        return "Bring both to the same shape."
    if junction.fork is None:
        return "A projection on the identity link (a 1×1 convolution) solves it."
    return (
        "A convolutional block between the groups, or a projection on the identity link, solves it."
    )


declare(
    Rule(
        CODE,
        "error",
        "The inputs of an element-wise merge cannot be broadcast together: most often an identity "
        "link (X) beside a branch that doubled the filters (2X) or took strides.",
        explain,
        fixes,
    ),
    valid=(
        document(
            place("image", "Input", shape=[56, 56, 64]),
            place("group1", "residual_block", "image", n_filters=64, repeat=2),
            place("group2", "residual_block", "group1", n_filters=64, repeat=3),
            blocks={"residual_block": residual_block()},
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[56, 56, 64]),
            place("group1", "residual_block", "image", n_filters=64, repeat=2),
            place("group2", "residual_block", "group1", n_filters=128, repeat=3),
            blocks={"residual_block": residual_block()},
        ),
        document(
            place("image", "Input", shape=[57, 55, 64]),
            conv("conv_a", "image", 128, strides=[2, 2]),
            conv("conv_b", "conv_a", 128),
            place("add", "Add", "image", "conv_b"),
        ),
        document(
            place("image", "Input", shape=[56, 56, 64]),
            place("block", "strided", "image"),
            blocks={
                "strided": block(
                    conv("conv_a", "x", 64, strides=[2, 2]),
                    place("add", "Add", "x", "conv_a"),
                )
            },
        ),
    ),
)
