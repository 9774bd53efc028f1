"""``axis-fails``: an axis that Keras only looks for when the network runs."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "axis-fails"
ANY, LAST = frozenset({"Softmax", "UnitNormalization", "Concatenate"}), "RMSNormalization"


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the axis is none, or none that the layer scales rightly."""
    name = type(layer).__name__
    if name not in ANY and name != LAST:
        return
    axes = _listed(layer.axis)  # type: ignore[attr-defined]
    why = _why(name, axes, inputs[0])
    if why:
        text = f"Keras builds {name} along axis {_told(axes)}, but a forward pass {why}"
        yield Problem(CODE, text, "warning", {"argument": "axis"})


NODE_CHECKS.append(check)


def _listed(axis: Any) -> list[Any]:
    return list(axis) if isinstance(axis, list | tuple) else [axis]


def _told(axes: list[Any]) -> str:
    return ", ".join(f"{axis!r:.20}" for axis in axes) or "none"


def _why(name: str, axes: list[Any], shape: Shape) -> str:
    rank = len(shape)
    if not all(isinstance(axis, int) for axis in axes):
        return "fails: an axis is a whole number"
    if not all(-rank <= axis < rank for axis in axes):
        return f"fails: {show(shape, batch=True)} has the axes 0 to {rank - 1}"
    places = [axis % rank for axis in axes]
    if len(set(places)) < len(places):
        return "fails: it names one axis twice"
    trailing = list(range(rank - len(places), rank))
    if name == LAST and places != trailing and any(shape[axis] != 1 for axis in places):
        return "fails or scales the wrong values: its learned scale is laid along the last axes"
    return ""


def propose(site: Site) -> Iterator[Mend]:
    """The last axis."""
    yield Mend("default-axis", "The last axis, the channels", site.without_argument("axis"))


_IMAGE = place("image", "Input", shape=[8, 6, 3])

declare(
    Rule(
        CODE,
        "warning",
        "Keras builds a layer along an axis with which a forward pass fails.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_IMAGE, place("s", "Softmax", "image", axis=[1, 2])),
        document(_IMAGE, place("n", "RMSNormalization", "image", axis=[2, 3])),
    ),
    invalid=(
        document(_IMAGE, place("s", "Softmax", "image", axis=4)),
        document(_IMAGE, place("s", "Softmax", "image", axis=1.5)),
        document(_IMAGE, place("n", "RMSNormalization", "image", axis=1)),
        document(_IMAGE, place("n", "UnitNormalization", "image", axis=[1, 1])),
    ),
)
