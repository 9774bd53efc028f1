"""Which family a node belongs to: its colour (a token of the theme) and its icon share a name."""

from collections.abc import Container

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT
from resnet_studio.core.layer import LAYERS

FAMILIES = (
    "input",
    "convolution",
    "pooling",
    "merging",
    "normalization",
    "activation",
    "regularization",
    "reshaping",
    "recurrent",
    "attention",
    "operators",
    "preprocessing",
    "core",
)
"""The families of layers, in the order in which the palette shows them."""

_TITLES = {
    "input": "Input",
    "core": "Core",
    "normalization": "Normalisation",
    "regularization": "Regularisation",
}
_OF_CATEGORY = {"normalisation": "normalization", "regularisation": "regularization"}


def family(type_name: str, blocks: Container[str] = ()) -> str:
    """The family of a node's type; ``core`` for a type that nobody knows."""
    if type_name in blocks:
        return "block"
    if type_name in ("Input", BLOCK_INPUT):
        return "input"
    if type_name == BLOCK_OUTPUT:
        return "output"
    layer = LAYERS.get(type_name)
    category = layer.category.lower() if layer is not None else "core"
    name = _OF_CATEGORY.get(category, category)
    return name if name in FAMILIES else "core"


def title(name: str) -> str:
    """The heading of a family."""
    return _TITLES.get(name, name.capitalize())
