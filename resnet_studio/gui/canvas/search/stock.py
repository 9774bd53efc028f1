"""Blocks that search offers although the document has none of their name: the library's."""

from functools import cache

from resnet_studio.core.document import Document
from resnet_studio.core.fragments import merge_blocks
from resnet_studio.formats import library
from resnet_studio.gui.shelf import folder


@cache
def _shipped() -> tuple[library.Entry, ...]:
    """Read once: they come with the program."""
    return tuple(library.shipped())


class Stock:
    """A document with the library's blocks beside its own, to try them before one is chosen."""

    def __init__(self, document: Document) -> None:
        every = library.beside(_shipped(), library.entries(folder()))
        self._entries = {e.name: e for e in every if e.name not in document.blocks}
        self.document = document
        for entry in self._entries.values():
            # What it calls must not stand there under the name of another of the library.
            others = self._entries.keys() - {entry.name}
            self.document, _names = merge_blocks(self.document, entry.blocks, others)
        self.hidden = self.document.blocks.keys() - document.blocks.keys() - self._entries.keys()
        """Blocks that others of the library call: nobody asks for them by name."""

    def with_block(self, document: Document, type_name: str) -> Document:
        """The document with a block of the library and all that it calls, where it is one."""
        entry = self._entries.get(type_name)
        if entry is None or type_name in document.blocks:
            return document
        return merge_blocks(document, entry.blocks)[0]
