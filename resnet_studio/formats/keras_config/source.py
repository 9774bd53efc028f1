"""The file that a document came from, remembered so that its weights can be found again."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from resnet_studio.core.document import Document

_PIECES = 256
_PIECE = 2**16
"""Bytes of each of the pieces that a fingerprint is taken of."""


@dataclass(frozen=True)
class Source:
    """A file of weights that a document came from, as the document remembers it."""

    file: Path
    fingerprint: str

    @classmethod
    def of(cls, document: Document) -> "Source | None":
        """None where the document came from no file, or what it says of it cannot be read."""
        file, mark = document.source.get("file"), document.source.get("fingerprint")
        if not isinstance(file, str) or not isinstance(mark, str) or "\0" in file:
            return None
        return cls(Path(file), mark)

    def found(self, beside: Path | None = None) -> Path | None:
        """The file where it was, or of its name in the folder ``beside``; None if in neither."""
        places = [self.file, *([beside / self.file.name] if beside is not None else [])]
        return next((path for path in places if path.is_file()), None)

    def unchanged(self, path: Path) -> bool:
        try:
            return fingerprint(path) == self.fingerprint
        except OSError:
            return False


def remember(document: Document, path: Path) -> Document:
    """The document with a note of the file whose weights are its own; raises OSError."""
    path = path.resolve()
    return replace(document, source={"file": str(path), "fingerprint": fingerprint(path)})


def fingerprint(path: Path) -> str:
    """Tells a file from what it is after training: of its size and pieces all over it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        mark = hashlib.sha256(str(size).encode())
        step = max(_PIECE, -(-size // _PIECES))
        for start in [*range(0, size, step), max(0, size - _PIECE)]:
            file.seek(start)
            mark.update(file.read(_PIECE))
    return mark.hexdigest()


__all__ = ["Source", "fingerprint", "remember"]
