"""Reading and replacing files as wholes."""

import codecs
import contextlib
import os
import re
import stat
import tempfile
from pathlib import Path

LARGEST_FILE = 64 * 2**20
"""Bytes that a network's file may have; ResNet-152 unrolled has about a ten-thousandth."""

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5", ".json")
"""What opens as a model of Keras (``keras_config``, which is imported only for one)."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class FormatError(ValueError):
    """A file that cannot be opened at all: one sentence that names the place and the mend."""

    def __init__(self, message: str, line: int | None = None, file: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.file = message, line, file

    def __str__(self) -> str:
        """``tiny.rsnet:3: a comma is missing …``, as editors and compilers write a place."""
        place = [str(part) for part in (self.file, self.line) if part is not None]
        return f"{':'.join(place)}: {self.message}" if place else self.message


def why(error: OSError) -> str:
    """What the system says of a failure, to end a sentence: ``permission denied``."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, without a byte order mark; raises FormatError and OSError."""
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // 2**20
        raise FormatError(f"the file is larger than {limit} MB; no network needs that much")
    return decode(data)


def decode(data: bytes) -> str:
    """``data`` as text; raises FormatError where it is not UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FormatError("the text is encoded as UTF-16; save it as UTF-8", 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"the byte 0x{data[error.start]:02x} here is not UTF-8 text; save the file as UTF-8",
            line,
        ) from None


def encode(text: str) -> bytes:
    """``text`` as UTF-8; halves of a surrogate pair, which UTF-8 has not, as JSON escapes."""
    return escape_surrogates(text).encode()


def escape_surrogates(text: str) -> str:
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def replace_file(path: Path, content: str | bytes) -> None:
    """Writes ``path`` as a whole or, on any failure, leaves it as it was.

    A link is followed, permissions are kept, and a device such as ``/dev/stdout`` is written
    to in place.  Raises OSError.
    """
    data = encode(content) if isinstance(content, str) else content
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    path = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:64]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
