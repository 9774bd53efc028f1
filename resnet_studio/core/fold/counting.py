"""How many blocks of a paper a folded network comes to."""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.expressions import resolve
from resnet_studio.core.fold.liking import Liking


def repeated_blocks(document: Document) -> int:
    """The residual blocks, dense layers … of the unrolled network; else the calls that it makes.

    ResNet50 has 16, in four stages.
    """
    units = Liking(document).units
    innermost = {
        name
        for name in units
        if not any(node.type in units for node in document.graph(name).nodes.values())
    }
    return _calls(document, NETWORK, innermost or set(document.blocks), {})


def _calls(document: Document, scope: str, counted: set[str], given: Mapping[str, Any]) -> int:
    found = 0
    for node in document.graph(scope).nodes.values():
        block = document.blocks.get(node.type)
        if block is None:
            continue
        if node.type in counted:
            inside = 1
        else:
            arguments = {**block.parameters, **resolve(dict(node.config), given)}
            inside = _calls(document, node.type, counted, arguments)
        found += inside * int(resolve(node.repeat, given))
    return found
