"""``argument-fails``: a value that Keras' constructor takes unlooked at and TensorFlow does not.

Most constructors check sizes and little else: a word for a number, an interpolation that does
not exist, half a row of padding are first noticed when the network runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resnet_studio.core.arguments import REQUIRED, Anything, Argument, Choice
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape, Size, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "argument-fails"
LARGEST = 2**31
"""Steps and windows are 32-bit numbers in TensorFlow."""
STEPS = frozenset({"kernel_size", "pool_size", "strides", "dilation_rate", "size", "cropping"})
WHOLE = frozenset({"cropping", "padding", "size"})
"""Arguments in which even 1.0 is not taken for 1."""
VECTORS = frozenset({"scale", "offset"})
USUAL = {"height": 224, "width": 224, "scale": 1.0, "cropping": 1, "size": 2}


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning at each argument, among those given, with which a forward pass fails."""
    for name in layer.config:
        argument = layer.arguments.get(name)
        if argument is None or name not in layer.__dict__:
            continue
        why = _why(layer, name, argument, layer.__dict__[name], inputs)
        why = why or _penalty(layer, name, inputs, outputs)
        if why:
            text = (
                f"Keras builds {name} {layer.config[name]!r:.40}, but a forward pass fails: {why}"
            )
            yield Problem(CODE, text, "warning", {"argument": name})


NODE_CHECKS.append(check)


def _why(layer: Layer, name: str, argument: Argument, value: Any, inputs: tuple[Shape, ...]) -> str:
    """What TensorFlow asks of the value where it is not so."""
    kind = argument.kind
    if value is None and argument.default is None:
        return ""
    if type(layer).__name__ == "Rescaling" and name in VECTORS:
        return _fits(value, inputs[0])
    if name == "lora_alpha" and not layer.__dict__.get("lora_rank"):
        return ""
    if isinstance(kind, Anything) and kind.editor == "number":
        return "" if _number(value) else "it must be a number"
    if isinstance(kind, Choice) and kind.choices:
        known = value in kind.choices or (kind.optional and value is None)
        return "" if known else f"it must be {kind.hint()}"
    if name in ("height", "width") and "height" in layer.arguments:
        whole = isinstance(value, int) and value > 0
        return "" if whole else "it must be a whole number above 0"
    if name == "value_range":
        return "" if _is_range(value) else "it must be two numbers such as [0, 255]"
    if name in STEPS or (name == "padding" and not isinstance(value, str)):
        return _steps(name, list(_leaves(value)))
    return ""


def _penalty(layer: Layer, name: str, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> str:
    """The orthogonal penalty compares the rows of a matrix; on anything else training fails."""
    value = layer.__dict__[name]
    called = value.get("class_name") if isinstance(value, Mapping) else value
    if name == "activity_regularizer" and str(called).lower() == "regularizer":
        return "it is only what all regularizers come from, and no penalty itself"
    if not name.endswith("_regularizer") or "orthogonal" not in str(called).lower():
        return ""
    shapes: list[Shape] = list(outputs)
    if name != "activity_regularizer":
        wanted = name.removesuffix("_regularizer")
        held = layer.list_weights(inputs)
        shapes = [w.shape for w in held if w.name.removesuffix("_kernel") == wanted]
    return "" if all(len(shape) == 2 for shape in shapes) else "it takes only tensors of rank 2"


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_range(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_number, value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _steps(name: str, sizes: Iterable[Any]) -> str:
    for size in sizes:
        if isinstance(size, float) and (name in WHOLE or not size.is_integer()):
            return "it must be whole numbers"
        if isinstance(size, int | float) and not abs(size) < LARGEST:
            return "it is too large for TensorFlow"
    return ""


def _fits(value: Any, shape: Shape) -> str:
    """Whether a number or a vector can be multiplied with the input and leaves its shape."""
    if _number(value):
        return ""
    sizes = _nested(value)
    if sizes is None:
        return "it must be a number, or a list of one for each channel"
    tail = shape[len(shape) - len(sizes) :] if len(sizes) <= len(shape) else ()
    if len(tail) == len(sizes) and all(
        size in (1, whole) for size, whole in zip(sizes, tail, strict=True)
    ):
        return ""
    return f"its values do not go evenly over {show(shape)}"


def _nested(value: Any) -> list[Size] | None:
    """The sizes of a list of numbers, or of lists of numbers of one length."""
    if _number(value):
        return []
    if not isinstance(value, list | tuple):
        return None
    inside = [_nested(each) for each in value]
    if any(each is None or each != inside[0] for each in inside):
        return None
    return [len(value), *(inside[0] or [])] if inside else [0]


def propose(site: Site) -> Iterator[Mend]:
    """Keras' own default, or a usual value where there is none."""
    name, layer = site.argument, site.layer
    if name is None or layer is None:
        return
    default = layer.arguments[name].default
    if default is REQUIRED:
        value = USUAL.get(name, 1)
        yield Mend("usual", f"{name} {value}", site.with_argument(name, value))
    else:
        yield Mend("default", f"{name} as by default", site.without_argument(name))
        if name in USUAL:
            value = USUAL[name]
            yield Mend("usual", f"{name} {value}", site.with_argument(name, value))


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "Keras takes the value of an argument unlooked at, and a forward pass fails with it.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            _IMAGE,
            place("r", "Rescaling", "image", scale=[0.1, 0.2, 0.3], offset=-1),
            place("elu", "ELU", "r", alpha=0.5),
            place("size", "Resizing", "elu", height=4, width=4, interpolation="nearest"),
        ),
    ),
    invalid=(
        document(_IMAGE, place("r", "Rescaling", "image", scale=[0.1, 0.2])),
        document(_IMAGE, place("r", "Rescaling", "image", scale=2, offset="1")),
        document(_IMAGE, place("elu", "ELU", "image", alpha=[1, 2])),
        document(
            _IMAGE, place("id", "Identity", "image", activity_regularizer="OrthogonalRegularizer")
        ),
        document(
            _IMAGE,
            place("size", "Resizing", "image", height=4, width=4, interpolation="cubic"),
        ),
        document(_IMAGE, place("pool", "MaxPooling2D", "image", pool_size=[0.5, 0.5])),
        document(_IMAGE, place("light", "RandomContrast", "image", factor=0.1, value_range=[1])),
    ),
)
