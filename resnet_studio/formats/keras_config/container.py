"""The configuration inside a file of Keras, as text: nothing is extracted, nothing executed.

A ``.keras`` file is a zip archive of which only ``config.json`` is read, an ``.h5`` file is HDF5
of which only the root attribute ``model_config`` is read, anything else has to be JSON.  What a
file is tells its first bytes, not its suffix.
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

from resnet_studio.formats import files
from resnet_studio.formats.files import FormatError

LARGEST_CONFIG = 8 * 2**20
"""Bytes of a configuration; that of NASNetLarge, a thousand layers, has one."""
_LARGEST_DIRECTORY = 4 * 2**20
"""Bytes read at once to find out what an archive holds."""
_MEMBER = "config.json"
_ATTRIBUTE = b"model_config"
_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OverflowError, RuntimeError,
    ValueError,
)  # fmt: skip


def config_text(path: Path) -> str:
    """The JSON text of a model; raises FormatError and OSError."""
    with path.open("rb") as file:
        start = file.read(len(_HDF5))
    if start.startswith(_ZIP):
        return files.decode(_from_archive(path))
    if start == _HDF5:
        return files.decode(_from_hdf5(path))
    with path.open("rb") as file:
        data = file.read(LARGEST_CONFIG + 1)
    _check_size(len(data))
    return files.decode(data)


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


def _from_archive(path: Path) -> bytes:
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
            info = _member(archive)
            with archive.open(info) as member:
                data = member.read(LARGEST_CONFIG + 1)
    except FormatError:
        raise
    except _BROKEN_ARCHIVE:
        text = "the archive is damaged, so its config.json cannot be read; take it from a copy"
        raise FormatError(text) from None
    _check_size(len(data))
    return data


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


def _from_hdf5(path: Path) -> bytes:
    try:
        import h5py
    except ImportError:
        raise FormatError("it is HDF5, for which h5py has to be installed") from None
    try:
        with h5py.File(path, "r") as file:
            return _attribute(h5py, file)
    except (OSError, KeyError, RuntimeError, TypeError, ValueError, MemoryError):
        text = "the HDF5 file is damaged or its model_config is no text; take it from a copy"
        raise FormatError(text) from None


def _attribute(h5py: Any, file: Any) -> bytes:
    """The bytes of the root attribute, whose type and size are looked at before it is read.

    Groups, datasets and links, external ones among them, are never followed.
    """
    if not h5py.h5a.exists(file.id, _ATTRIBUTE):
        raise FormatError(
            "the file holds no model_config, so it has weights only; save the whole model"
        )
    attribute = h5py.h5a.open(file.id, _ATTRIBUTE)
    kind = attribute.get_type()
    scalar = attribute.get_space().get_simple_extent_type() == h5py.h5s.SCALAR
    if not scalar or not isinstance(kind, h5py.h5t.TypeStringID):
        raise FormatError("its model_config is not a text, so it is no model saved by Keras")
    if not kind.is_variable_str():
        _check_size(kind.get_size())
    value = file.attrs["model_config"]
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    _check_size(len(value))
    return bytes(value)


__all__ = ["LARGEST_CONFIG", "config_text"]
