"""``invalid-argument``: a value that the constructor refuses."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.arguments import REQUIRED, Argument, ArgumentError
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import LAYERS
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, nearest, sentence


def propose(site: Site) -> Iterator[Mend]:
    """What was likely meant, else the default."""
    name = site.argument
    cls = LAYERS.get(site.node.type)
    if name is None or cls is None or name not in cls.arguments:
        return
    argument = cls.arguments[name]
    if name in site.node.config:
        for number, value in enumerate(_meant(argument, site.node.config[name]), start=1):
            suffix = "" if number == 1 else f"-{number}"
            yield Mend(f"correct{suffix}", f"{name} {value}", site.with_argument(name, value))
        if argument.default is not REQUIRED:
            title = f"{name} as by default: {argument.default}"
            yield Mend("default", title, site.without_argument(name))


def _meant(argument: Argument, value: Any) -> list[Any]:
    """Values that the argument takes and that are close to the one given."""
    return [guess for guess in _guesses(argument, value) if _accepted(argument, guess)]


def _guesses(argument: Argument, value: Any) -> list[Any]:
    kind = argument.kind
    if isinstance(value, str):
        words = getattr(kind, "choices", None) or getattr(kind, "suggestions", tuple)()
        number = [int(value)] if value.strip().lstrip("-").isdigit() and len(value) < 10 else []
        return number + nearest(value, words, count=2)
    if isinstance(value, float) and value.is_integer():
        return [int(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        bounds = [getattr(kind, "minimum", None), getattr(kind, "maximum", None)]
        return [*([-value] if value < 0 else []), *(b for b in bounds if b is not None)]
    if isinstance(value, list | tuple) and all(isinstance(item, float | int) for item in value):
        return [[int(item) for item in value]]
    return []


def _accepted(argument: Argument, value: Any) -> bool:
    try:
        argument.kind.parse(value)
    except ArgumentError:
        return False
    return True


declare(
    Rule(
        "invalid-argument",
        "error",
        "An argument has a value that the layer's constructor refuses, or lacks one it needs.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(place("image", "Input", shape=[8, 8, 3]), conv("conv", "image", 4)),),
    invalid=(
        document(place("image", "Input", shape=[8, 8, 3]), conv("conv", "image", -4)),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            conv("conv", "image", 4, padding="sane"),
        ),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("drop", "Dropout", "image", rate=7),
        ),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("relu", "Activation", "image", activation="ReLU"),
        ),
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("pool", "MaxPooling2D", "image", padding="SAME"),
        ),
    ),
)
