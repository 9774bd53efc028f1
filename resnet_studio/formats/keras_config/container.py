"""The configuration inside a file of Keras, as text: nothing is extracted, nothing executed.

A ``.keras`` file is a zip archive of which only ``config.json`` is read, an ``.h5`` file is HDF5
of which only one attribute is read, in a process of its own (``hdf5_reader``), anything else has
to be JSON.  What a file is tells its first bytes, not its suffix.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from resnet_studio.formats import files
from resnet_studio.formats.files import FormatError

LARGEST_CONFIG = 8 * 2**20
"""Bytes of a configuration; that of NASNetLarge, a thousand layers, has one."""
_LARGEST_DIRECTORY = 4 * 2**20
"""Bytes read at once to find out what an archive holds."""
_MEMBER = "config.json"
WEIGHTS = "model.weights.h5"
"""The member of an archive that holds the weights."""
_MOST_MEMORY = 2**30
_MOST_SECONDS = 10
"""What the reader of an HDF5 file may take; a sound file takes a tenth of a second."""
_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OverflowError, RuntimeError,
    ValueError,
)  # fmt: skip


class Configuration(NamedTuple):
    """The JSON text of a model, and whether the file holds weights beside it."""

    text: str
    weights: bool = False


def _is_archive(path: Path) -> bool:
    """Whether the file is a zip archive, by its first bytes; raises OSError."""
    return _start(path).startswith(_ZIP)


def configuration(path: Path) -> Configuration:
    """What the file says of its model; raises FormatError and OSError."""
    if _is_archive(path):
        return _from_archive(path)
    if _start(path) == _HDF5:
        return _from_hdf5(path)
    with path.open("rb") as file:
        data = file.read(LARGEST_CONFIG + 1)
    _check_size(len(data))
    return Configuration(files.decode(data))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_HDF5))


def _check_size(size: int) -> None:
    if size > LARGEST_CONFIG:
        limit = LARGEST_CONFIG // 2**20
        raise FormatError(f"the configuration is larger than {limit} MB; no network needs that")


# .keras


class _Bounded(io.FileIO):
    """A file that gives no more at once than any sound archive asks for."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = _LARGEST_DIRECTORY + 1
        if size > _LARGEST_DIRECTORY + 1:
            raise FormatError("the archive holds far more members than a model has")
        return super().read(size) or b""


def _from_archive(path: Path) -> Configuration:
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
            info = _member(archive)
            with archive.open(info) as member:
                data = member.read(LARGEST_CONFIG + 1)
            weights = WEIGHTS in archive.namelist()
    except FormatError:
        raise
    except _BROKEN_ARCHIVE:
        text = "the archive is damaged, so its config.json cannot be read; take it from a copy"
        raise FormatError(text) from None
    _check_size(len(data))
    return Configuration(files.decode(data), weights)


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one ``config.json``, once its entry makes sense."""
    found = [info for info in archive.infolist() if info.filename == _MEMBER]
    if not found:
        raise FormatError("the archive holds no config.json, so it is no model saved by Keras")
    if len(found) > 1:
        raise FormatError(f"the archive holds config.json {len(found)} times; remove all but one")
    info = found[0]
    if info.flag_bits & 1:
        raise FormatError("its config.json is encrypted; save the model without a password")
    if info.compress_type not in _METHODS:
        raise FormatError("its config.json is packed in a way that Keras never uses")
    _check_size(info.file_size)
    return info


# .h5


def _from_hdf5(path: Path) -> Configuration:
    limits = map(str, (LARGEST_CONFIG, _MOST_MEMORY, _MOST_SECONDS))
    command = [*_reader(), str(path.absolute()), *limits]
    # Where a machine has many cores, numpy's library would reserve memory for each.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "HDF5_USE_FILE_LOCKING": "FALSE"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FormatError(
            f"the HDF5 file keeps its reader busy for more than {_MOST_SECONDS} seconds, as no "
            "model does; take it from a copy"
        ) from None
    line, _, data = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise FormatError("the HDF5 file is damaged: reading it fails; take it from a copy")
    head = json.loads(line)
    if "fault" in head:
        raise FormatError(head["fault"])
    return Configuration(files.decode(data), bool(head["weights"]))


def _reader() -> list[str]:
    """The reader with this Python, or with the frozen program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--hdf5-reader"]
    # Not as a module: the packages around it would take longer to import than the file to read.
    return [sys.executable, "-P", str(Path(__file__).with_name("hdf5_reader.py"))]


__all__ = ["LARGEST_CONFIG", "WEIGHTS", "Configuration", "configuration"]
