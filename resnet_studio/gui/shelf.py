"""The shelf: the user's library of blocks, kept across files, beside those that ship."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Signal

from resnet_studio.core.document import Block, Document
from resnet_studio.core.edits import free_id
from resnet_studio.core.fragments import merge_blocks
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.shapes import Shape
from resnet_studio.formats import library, native
from resnet_studio.formats.files import FormatError

BLOCKS_MIME = "application/x-resnet-studio-blocks"
"""A drag of a block that the document may not have: the text of its file."""
_FOLDER = "blocks"


def folder() -> Path:
    """Where the user's blocks lie."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / _FOLDER


class Shelf(QObject):
    """The blocks of the library by name; the user's own stand before those that ship."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shipped: list[library.Entry] | None = None
        self._entries: list[library.Entry] | None = None

    def entries(self) -> list[library.Entry]:
        """Everything in the library, the user's own first, each block under its own name."""
        if self._entries is None:
            self._entries = library.beside(self.shipped(), library.entries(folder()))
        return self._entries

    def shipped(self) -> list[library.Entry]:
        """The blocks that come with the program, read once."""
        if self._shipped is None:
            self._shipped = library.shipped()
        return self._shipped

    def shipped_names(self) -> frozenset[str]:
        """Names that no other block of the library can have."""
        return frozenset(entry.name for entry in self.shipped())

    def free_name(self, document: Document, wanted: str) -> str:
        """A name that neither the library nor the document has."""
        named = (entry.name for entry in self.entries())
        return free_id({*document.blocks, *LAYERS, *named}, wanted)

    def find(self, name: str) -> library.Entry | None:
        return next((entry for entry in self.entries() if entry.name == name), None)

    def save(self, document: Document, name: str, given: tuple[Shape | None, ...] = ()) -> Path:
        """Puts a block on the shelf, or a newer one in the place of the old.

        Raises:
            FormatError: the file cannot be written, or the name is that of a shipped block.
        """
        if name in self.shipped_names():
            raise FormatError(f"“{name}” is the name of a block that comes with the program")
        path = library.save(document, name, folder(), given)
        self._reread()
        return path

    def remove(self, name: str) -> None:
        """Takes a block of the user's from the shelf."""
        entry = self.find(name)
        if entry is not None and not entry.shipped:
            entry.path.unlink(missing_ok=True)
            self._reread()

    def _reread(self) -> None:
        self._entries = None
        self.changed.emit()


def to_mime(data: QMimeData, entry: library.Entry) -> None:
    """Puts a block of the library into a drag."""
    text = native.dumps(Document(entry.name, blocks=entry.blocks))
    data.setData(BLOCKS_MIME, text.encode())


def from_mime(data: QMimeData) -> dict[str, Block]:
    """The blocks that a drag brings along; none where it brings none."""
    if not data.hasFormat(BLOCKS_MIME):
        return {}
    try:
        return dict(native.loads(bytes(data.data(BLOCKS_MIME).data()).decode()).document.blocks)
    except (FormatError, UnicodeDecodeError):
        return {}


def called_otherwise(name: str, there: str) -> str:
    """Why a block of the library has another name in the document."""
    return f"“{name}” of the library is “{there}” here: the network has another “{name}”."


def with_entry(document: Document, entry: library.Entry) -> tuple[Document, str]:
    """The document with a block of the library, and the name that it has there."""
    document, names = merge_blocks(document, entry.blocks)
    return document, names[entry.name]
