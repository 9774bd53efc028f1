"""The shelf: the user's library of blocks, kept across files, beside those that ship."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Signal

from resnet_studio.core.document import Block, Document
from resnet_studio.core.fragments import merge_blocks
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
        """Everything in the library; a block of the user's hides a shipped one of its name."""
        if self._shipped is None:
            self._shipped = library.shipped()
        if self._entries is None:
            own = list(library.entries(folder()))
            names = {entry.name for entry in own}
            self._entries = own + [entry for entry in self._shipped if entry.name not in names]
        return self._entries

    def find(self, name: str) -> library.Entry | None:
        return next((entry for entry in self.entries() if entry.name == name), None)

    def save(self, document: Document, name: str, given: tuple[Shape | None, ...] = ()) -> Path:
        """Puts a block on the shelf, or a newer one in the place of the old.

        Raises:
            FormatError: the file cannot be written.
        """
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


def with_entry(document: Document, entry: library.Entry) -> tuple[Document, str]:
    """The document with a block of the library, and the name that it has there."""
    document, names = merge_blocks(document, entry.blocks)
    return document, names[entry.name]
