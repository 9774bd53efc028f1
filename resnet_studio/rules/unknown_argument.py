"""``unknown-argument``: a keyword that the constructor, or the block, does not have."""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Diagnostic, Rule
from resnet_studio.core.document import Document
from resnet_studio.core.layer import LAYERS
from resnet_studio.rules.examples import conv, declare, document, place, residual_block
from resnet_studio.rules.repairs.site import Mend, Site, mending, nearest, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The argument most like it, else the node without it."""
    name = site.argument
    if name is None:
        yield from _older(site)
        return
    free = [each for each in _known(site) if each not in site.node.config]
    for wanted in nearest(name, free, count=1):
        yield Mend("rename-argument", f"Call it {wanted}", _renamed(site, name, wanted))
    yield Mend("remove-argument", f"Remove {name}", site.without_argument(name))


def explain(diagnostic: Diagnostic) -> str:
    """The argument most like it instead of the list of all."""
    site = Site(diagnostic)
    alike = nearest(site.argument or "", _known(site), count=1)
    if not alike:
        return sentence(diagnostic)
    block = site.node.type in site.document.blocks
    noun, name = ("parameter", f"“{site.node.type}”") if block else ("argument", site.node.type)
    text = f"{name} has no {noun} “{site.argument}”"
    return f"{text}; perhaps “{alike[0]}” is meant."


def _older(site: Site) -> Iterator[Mend]:
    """``input_dim`` and ``input_shape`` have no effect but exclude each other."""
    config: dict[str, Any] = {
        key: value
        for key, value in site.node.config.items()
        if key not in ("input_dim", "input_shape")
    }
    yield Mend(
        "remove-argument",
        "Remove input_dim and input_shape",
        site.with_node(config=config),
    )


def _known(site: Site) -> list[str]:
    if site.node.type in site.document.blocks:
        return list(site.document.blocks[site.node.type].parameters)
    cls = LAYERS.get(site.node.type)
    return [key for key, argument in cls.arguments.items() if not argument.hidden] if cls else []


def _renamed(site: Site, old: str, new: str) -> Document:
    config = {(new if key == old else key): value for key, value in site.node.config.items()}
    return site.with_node(config=config)


declare(
    Rule(
        "unknown-argument",
        "error",
        "An argument that the layer's constructor does not take, or a parameter that the block "
        "does not have.",
        explain=explain,
        fixes=mending(propose),
    ),
    valid=(document(place("image", "Input", shape=[8, 8, 3]), conv("conv", "image", 4)),),
    invalid=(
        document(place("image", "Input", shape=[8, 8, 3]), conv("conv", "image", 4, stride=2)),
        document(
            place("image", "Input", shape=[8, 8, 64]),
            place("group", "residual_block", "image", filters=64),
            blocks={"residual_block": residual_block()},
        ),
    ),
)
