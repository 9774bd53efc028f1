"""The configuration in an HDF5 file, read in a process of its own: a script, not to be imported.

HDF5 is a large library in C, and a file can be made to crash it or to have it take any amount of
memory.  Here that costs a process that nobody misses.  Of the file only the root attribute
``model_config`` is read, whose type and size are looked at first; groups, datasets and links,
external ones among them, are never followed.

Usage: ``hdf5_reader.py FILE MOST_BYTES MOST_MEMORY SECONDS``.  On standard output stands one line
of JSON, ``{"weights": …}`` or ``{"fault": "a sentence"}``, and behind it the bytes of the text.
"""

import contextlib
import json
import sys

ATTRIBUTE = b"model_config"
WEIGHTS = b"model_weights"


class _Fault(Exception):
    """What keeps the file from being read, as a sentence."""


def main(path: str, most_bytes: int, most_memory: int, seconds: int) -> None:
    _limit(most_memory, seconds)
    head: dict[str, object] = {}
    data = b""
    try:
        data, head["weights"] = _read(path, most_bytes)
    except _Fault as fault:
        head["fault"] = str(fault)
    except ImportError:
        head["fault"] = "it is HDF5, for which h5py has to be installed"
    except (OSError, KeyError, RuntimeError, TypeError, ValueError, MemoryError):
        head["fault"] = (
            "the HDF5 file is damaged or its model_config is no text; take it from a copy"
        )
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)


def _limit(most_memory: int, seconds: int) -> None:
    """Asks the system to end this process rather than let it take more."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))


def _read(path: str, most_bytes: int) -> tuple[bytes, bool]:
    import h5py

    with h5py.File(path, "r") as file:
        if not h5py.h5a.exists(file.id, ATTRIBUTE):
            raise _Fault(
                "the file holds no model_config, so it has weights only; save the whole model"
            )
        attribute = h5py.h5a.open(file.id, ATTRIBUTE)
        kind = attribute.get_type()
        scalar = attribute.get_space().get_simple_extent_type() == h5py.h5s.SCALAR
        if not scalar or not isinstance(kind, h5py.h5t.TypeStringID):
            raise _Fault("its model_config is not a text, so it is no model saved by Keras")
        if not kind.is_variable_str():
            _check_size(kind.get_size(), most_bytes)
        value = file.attrs["model_config"]
        if isinstance(value, str):
            value = value.encode("utf-8", "surrogatepass")
        _check_size(len(value), most_bytes)
        return bytes(value), file.id.links.exists(WEIGHTS)


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise _Fault(f"the configuration is larger than {most // 2**20} MB; no network needs that")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
