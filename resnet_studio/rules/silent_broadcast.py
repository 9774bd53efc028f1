"""``silent-broadcast``: Keras stretches a side of a merge, and most likely nobody meant it.

56×56×64 added to 56×56×1 or to 1×1×64 is accepted: the 1 is stretched over the other size.  On a
shortcut that is a mistake that trains, badly.  A gate that *multiplies* is meant: one value a
channel (squeeze and excitation, Hu et al. 2018) or one a position (CBAM, Woo et al. 2018), so
a Multiply in which one side keeps its shape and the others have ones passes without a word.
"""

from collections.abc import Iterator, Sequence

from resnet_studio.core.analysis import analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix, Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs import shortcut
from resnet_studio.rules.repairs.completion import Edited
from resnet_studio.rules.repairs.junction import Junction, Side
from resnet_studio.rules.repairs.splice import Part

CODE = "silent-broadcast"
ELEMENTWISE = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the output of a merge is not the shape of each of its inputs."""
    if type(layer).__name__ not in ELEMENTWISE:
        return
    output = outputs[0][1:]
    shapes = [shape[1:] for shape in inputs]
    if all(shape == output for shape in shapes) or _gated(layer, shapes, output):
        return
    slot = next(slot for slot, shape in enumerate(shapes) if shape != output)
    message = f"{' and '.join(show(shape) for shape in inputs)} come to {show(outputs[0])}"
    yield Problem(CODE, message, "warning", {"slot": slot, "output": outputs[0]})


def _gated(layer: Layer, shapes: Sequence[Shape], output: Shape) -> bool:
    """Whether whole feature maps are multiplied by gates of one value a channel or a position."""
    if type(layer).__name__ != "Multiply" or output not in shapes:
        return False
    return all(shape == output or _is_gate(shape, output) for shape in shapes)


def _is_gate(shape: Shape, output: Shape) -> bool:
    if len(shape) == 1:
        return shape == output[-1:] and shape != (1,)
    return len(shape) == len(output) and all(
        size in (1, whole) for size, whole in zip(shape, output, strict=True)
    )


NODE_CHECKS.append(check)


def explain(diagnostic: Diagnostic) -> str:
    """Which side is stretched along what, and how that is said on purpose."""
    junction = Junction(diagnostic.analysis, diagnostic.node)
    side, output = _stretched(diagnostic, junction)
    told = f"Input {side.slot}, from “{junction.flat.nodes[side.source].path}”"
    sizes = f"{show(side.shape)}, and the result is {show(output)}"
    return (
        f"{told}, is {sizes}: {_how(side.shape, output)}. Keras accepts this, but on a shortcut "
        "it is almost surely not meant; give both sides the same height, width and channels."
    )


def _how(shape: Shape, output: Shape) -> str:
    if len(shape) < len(output):
        return "with fewer axes it is lined up from the last one and repeated along the others"
    pairs = [(a, b) for a, b in zip(shape[1:], output[1:], strict=True) if a != b]
    if any(b is None for _, b in pairs):
        return "a known size meets one that is not known before the network runs"
    if all(a == 1 for a, _ in pairs):
        return "its sizes of 1 are stretched"
    return "a size that is not known is taken to fit"


def _stretched(diagnostic: Diagnostic, junction: Junction) -> tuple[Side, Shape]:
    data = diagnostic.problem.data
    side = next(side for side in junction.sides if side.slot == data["slot"])
    return side, data["output"]


# Repairs


def fixes(diagnostic: Diagnostic) -> Sequence[Fix]:
    """The side brought to the full shape by layers that can be seen."""
    before = diagnostic.analysis
    junction = Junction(before, diagnostic.node)
    side, output = _stretched(diagnostic, junction)
    parts = _parts(junction, side, output)
    if parts is None:
        return ()
    title = f"Bring the input to {show(output)} with {' and '.join(p.type for p in parts)}"
    known = {(d.code, d.node) for d in before.diagnostics} - {(CODE, diagnostic.node)}
    for edited in shortcut.on_the_links(junction, {side.slot: parts}, title, "projection"):
        after = analyse(edited.document, before)
        if not any((d.code, d.node) not in known for d in after.diagnostics):
            return (_fix(diagnostic, edited),)
    return ()


def _fix(diagnostic: Diagnostic, edited: Edited) -> Fix:
    before, after = diagnostic.analysis.totals, analyse(edited.document).totals
    macs = None if None in (before.macs, after.macs) else after.macs - before.macs  # type: ignore[operator]
    params = after.params - before.params
    return Fix("projection", edited.title, edited.document, params, macs, edited.touched)


def _parts(junction: Junction, side: Side, output: Shape) -> list[Part] | None:
    """Axes of 1 for those that are missing, repeated values, and filters for the channels."""
    if len(output) != 4 or None in output[1:] or None in side.shape[1:]:
        return None
    parts: list[Part] = []
    sizes: list[int | None] = list(side.shape[1:])
    if len(sizes) < 3:
        sizes = [*[1] * (3 - len(sizes)), *sizes]
        parts.append(Part("shortcut_axes", "Reshape", {"target_shape": sizes}))
    layout = shortcut.data_format(junction)
    channel = 0 if layout else 2
    axes = [axis for axis in range(3) if axis != channel]
    if any(sizes[axis] != output[axis + 1] for axis in axes):
        factors = [output[a + 1] if sizes[a] == 1 else 1 for a in axes]
        parts.append(Part("shortcut_upsample", "UpSampling2D", {"size": factors, **layout}))
    if sizes[channel] != output[channel + 1]:
        config = {"filters": output[channel + 1], "kernel_size": [1, 1], **layout}
        parts.append(Part("shortcut_conv", "Conv2D", config))
    return parts


_IMAGE = place("image", "Input", shape=[56, 56, 64])

declare(
    Rule(
        CODE,
        "warning",
        "Keras stretches an input of a merge to the size of another; on a shortcut that is "
        "hardly ever meant. Gates that multiply are not reported.",
        explain,
        fixes,
    ),
    valid=(
        document(_IMAGE, conv("conv", "image", 64), place("add", "Add", "image", "conv")),
        document(
            _IMAGE,
            place("squeeze", "GlobalAveragePooling2D", "image", keepdims=True),
            place("excite", "Dense", "squeeze", units=64, activation="sigmoid"),
            place("scale", "Multiply", "image", "excite"),
        ),
        document(
            _IMAGE,
            conv("gate", "image", 1, activation="sigmoid"),
            place("scale", "Multiply", "gate", "image"),
        ),
    ),
    invalid=(
        document(_IMAGE, conv("conv", "image", 1), place("add", "Add", "image", "conv")),
        document(
            _IMAGE,
            place("mean", "GlobalAveragePooling2D", "image", keepdims=True),
            place("add", "Add", "image", "mean"),
        ),
        document(
            _IMAGE,
            place("mean", "GlobalAveragePooling2D", "image"),
            place("add", "Add", "mean", "image"),
        ),
        document(
            place("known", "Input", shape=[56, 1, 64]),
            place("other", "Input", shape=[1, 56, 64]),
            place("product", "Multiply", "known", "other"),
        ),
    ),
)
