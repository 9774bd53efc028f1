"""The shelf: the user's library of blocks, kept across files, beside those that ship."""

import os
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import (
    QFile,
    QFileSystemWatcher,
    QMimeData,
    QObject,
    QStandardPaths,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication

from resnet_studio.core.document import Block, Document
from resnet_studio.core.edits import free_id
from resnet_studio.core.fragments import merge_blocks, used_blocks
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.shapes import Shape
from resnet_studio.formats import library, native
from resnet_studio.formats.files import FormatError, replace_file, why

BLOCKS_MIME = "application/x-resnet-studio-blocks"
"""A drag of a block that the document may not have: the text of its file."""
_FOLDER = "blocks"


def folder() -> Path:
    """Where the user's blocks lie."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / _FOLDER


class Kept(NamedTuple):
    """A file of the library as it was, to be put back."""

    name: str
    path: Path
    content: bytes


_Stamp = frozenset[tuple[str, int, int, int]]
"""What tells a folder from itself at another time: its files, when they were written …"""


def _stamp() -> _Stamp:
    found = set()
    for path in folder().glob(f"*{native.SUFFIX}"):
        try:
            about = path.stat()
        except OSError:
            continue  # gone in the meantime
        found.add((path.name, about.st_mtime_ns, about.st_size, about.st_ino))
    return frozenset(found)


class Shelf(QObject):
    """The blocks of the library by name; the user's own stand before those that ship.

    Other windows write to the same folder: it is watched, and no block is given that is older
    than its file.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shipped: list[library.Entry] | None = None
        self._entries: list[library.Entry] | None = None
        self._unread: list[FormatError] = []
        self._stamp: _Stamp = frozenset()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._look())
        # Folders of the network tell nothing: there it is looked when the window is used again.
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._look)

    def entries(self) -> list[library.Entry]:
        """Everything in the library, the user's own first, each block under its own name."""
        return self._look()

    def unread(self) -> list[FormatError]:
        """Why files of the library cannot be read; they are left as they are."""
        self._look()
        return self._unread

    def _look(self, _state: object = None) -> list[library.Entry]:
        """Reads the folder again where it is not as it was."""
        self._watch()
        stamp = _stamp()
        if self._entries is None or stamp != self._stamp:
            if self._entries is not None:
                # Not at once: whoever asks may be in the middle of the list of the entries.
                QTimer.singleShot(0, self, self.changed.emit)
            self._stamp, self._unread = stamp, []
            own = library.entries(folder(), unread=self._unread)
            self._entries = library.beside(self.shipped(), own)
        return self._entries

    def _watch(self) -> None:
        """Watches the folder, or as long as there is none the place where it would come."""
        place = folder()
        while not os.path.isdir(place) and place != place.parent:
            place = place.parent
        watched = self._watcher.directories()
        if watched != [str(place)]:
            if watched:
                self._watcher.removePaths(watched)
            self._watcher.addPath(str(place))

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
        path = library.save(document, name, self._file(name), given)
        self._look()
        return path

    def _file(self, name: str) -> Path:
        """The file of a block that is there, else one that is not taken by another block."""
        entry = self.find(name)
        if entry is not None:
            return entry.path
        # Disks of other systems do not tell “Mine” from “mine”.
        taken = {path.stem.casefold() for path in folder().glob(f"*{native.SUFFIX}")}
        return folder() / f"{free_id(taken, library.stem_of(name))}{native.SUFFIX}"

    def remove(self, entry: library.Entry) -> Kept:
        """Takes a block of the user's from the shelf, to the trash of the desktop if it has one.

        Raises:
            FormatError: its file cannot be removed.
        """
        try:
            kept = Kept(entry.name, entry.path, entry.path.read_bytes())
            if not QFile(str(entry.path)).moveToTrash():
                entry.path.unlink()
        except OSError as error:
            raise FormatError(f"“{entry.path.name}” cannot be removed: {why(error)}") from None
        self._look()
        return kept

    def put_back(self, file: Kept) -> None:
        """Brings a block back that was taken out.

        Raises:
            FormatError: another has its place by now, or the file cannot be written.
        """
        if file.path.exists() or self.find(file.name) is not None:
            raise FormatError(f"the library has another “{file.name}” by now")
        try:
            replace_file(file.path, file.content)
        except OSError as error:
            raise FormatError(f"“{file.path.name}” cannot be written: {why(error)}") from None
        self._look()


def same(entry: library.Entry, document: Document) -> bool:
    """Whether the document's block of that name, with all it calls, is the one of the library."""
    used = Document(blocks=used_blocks(document, [entry.name]))
    # As files have it: a pair may be a tuple here.
    return dict(native.loads(native.dumps(used)).document.blocks) == dict(entry.blocks)


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
