"""Blocks that search offers although the document has none of their name: those that ship."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from resnet_studio.core import fragments
from resnet_studio.core.document import Block, Document
from resnet_studio.formats import native, templates

_SHELVES = ("conv-block", "resnet34")
"""Templates whose blocks are offered; of two of one name, the first."""


@cache
def shipped() -> Mapping[str, Block]:
    """The source document's residual_block and conv_block, and the stages of the paper."""
    found: dict[str, Block] = {}
    for name in _SHELVES:
        blocks = native.load(templates.path(name)).document.blocks
        found |= {key: block for key, block in blocks.items() if key not in found}
    return found


def stocked(document: Document) -> Document:
    """The document with the shipped blocks beside its own; those of its names stay its own."""
    return replace(document, blocks={**shipped(), **document.blocks})


def with_block(document: Document, type_name: str) -> Document:
    """The document with a shipped block and all that it calls, where it is one."""
    if type_name in document.blocks or type_name not in shipped():
        return document
    full = stocked(document)
    used = fragments.used_blocks(full, [type_name])
    return replace(document, blocks={**document.blocks, **used})
