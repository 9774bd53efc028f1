"""The templates that ship with the program: whole networks that open, teach and can be built on."""

from pathlib import Path

from resnet_studio import assets
from resnet_studio.formats import native

FIRST = "resnet34-notebook"
"""The template that the window opens with."""


def names() -> list[str]:
    """Every template's name, those of the source document first: simple before composed."""
    found = {path.stem for path in assets.path("templates").glob(f"*{native.SUFFIX}")}
    ordered = [name for name in _ORDER if name in found]
    return ordered + sorted(found.difference(ordered))


_ORDER = (
    "residual-block",
    "conv-block",
    "doubling-mismatch",
    "resnet34-notebook",
    "vgg16",
    "resnet18",
    "resnet34",
    "resnet50",
)


def path(name: str) -> Path:
    """The file of a template; raises KeyError where there is none of that name."""
    if name not in names():
        raise KeyError(name)
    return assets.path("templates", name + native.SUFFIX)
