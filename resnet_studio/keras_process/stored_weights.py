"""Weights of a model's file handed to the layers of another: arrays alone, nothing is executed.

Part of the worker.  An archive of Keras holds a group of arrays for each layer and for each part
of a layer; those of the layers wanted are copied, array by array, into a file of weights that
the new model has just written, and the model reads that.  A file of HDF5 names its arrays as the
variables were named.  An array is read only where its shape is the one wanted, so no file can
have more memory taken than the new model itself needs; links out of the file, external and
virtual arrays are refused.
"""

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

MEMBER = "model.weights.h5"
ROOT = "model_weights"
_MOST_EXPANSION = 20
"""How many times an archive's size its weights may unpack to; they hardly shrink at all."""
_FIELDS = (OSError, KeyError, RuntimeError, TypeError, ValueError, UnicodeDecodeError)
"""What h5py raises for a damaged file."""

_KERAS1 = ("W", "b", "gamma", "beta", "running_mean", "running_std", "alphas")
"""What Keras 1 put behind a layer's name and an underscore to name its variables."""

Json = dict[str, Any]


class UnreadableWeightsError(ValueError):
    """The file's weights cannot be read; a sentence."""


def carry_over(model: Any, layers: dict[int, Any], file: Path, wanted: Sequence[Json]) -> list[int]:
    """Fills layers of ``model`` from ``file``; the nodes whose layers were filled, each wholly.

    ``layers`` are the model's by node; each of ``wanted`` tells a node, the names that lead to
    its layer in the file's model, and its group in an archive.
    """
    try:
        if zipfile.is_zipfile(file):
            return _from_archive(model, layers, file, wanted)
        with h5py.File(file, "r") as stored:
            root = _group(stored, ROOT)
            return [w["node"] for w in wanted if _fill(layers[w["node"]], root, w["names"])]
    except (*_FIELDS, zipfile.BadZipFile) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise UnreadableWeightsError(reason) from None


# Archives


def _from_archive(
    model: Any, layers: dict[int, Any], file: Path, wanted: Sequence[Json]
) -> list[int]:
    own = Path("carried.weights.h5")
    model.save_weights(own, overwrite=True)
    with _unpacked(file) as packed, h5py.File(packed, "r") as stored, h5py.File(own, "r+") as new:
        groups = {group["vars"].attrs["name"]: group for group in new["layers"].values()}
        carried = [
            each["node"]
            for each in wanted
            if _copied(_layer_group(stored, each), groups[layers[each["node"]].name])
        ]
    if carried:
        model.load_weights(own)
    own.unlink()
    return carried


@contextmanager
def _unpacked(file: Path) -> Iterator[Path]:
    """The weights of an archive as a file of their own, in the worker's temporary folder."""
    target = Path("stored.weights.h5")
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo(MEMBER)
        if info.file_size > _MOST_EXPANSION * file.stat().st_size:
            raise ValueError("its weights unpack to far more than the file's size")
        with archive.open(info) as member, target.open("wb") as copy:
            shutil.copyfileobj(member, copy, 2**20)
    try:
        yield target
    finally:
        target.unlink()


def _layer_group(stored: Any, wanted: Json) -> Any:
    """The group of a layer; None where the file has none that is this layer's.

    Keras notes the layer's name, from 3.6 on; before 2.13 it called all lists of layers otherwise.
    """
    path = wanted["group"]
    for written in (path, path.replace("layers", "_layer_checkpoint_dependencies")):
        try:
            group = _group(stored, written)
        except KeyError:
            continue
        noted = _group(group, "vars").attrs.get("name") if "vars" in group else None
        return group if noted in (None, wanted["names"][-1]) else None
    return None


def _copied(stored: Any, new: Any) -> bool:
    """Copies every array of a layer, or none where one is missing or of another shape."""
    if stored is None:
        return False
    pairs = []
    for path, target in _arrays(new):
        try:
            source = _array(stored, path)
        except KeyError:
            return False
        if source.shape != target.shape or not _alike(source, target):
            return False
        pairs.append((source, target))
    for source, target in pairs:
        target[...] = source[...]
    return bool(pairs)


def _arrays(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The arrays in a group that hold weights: the state of random generators is none."""
    for name, item in group.items():
        if isinstance(item, h5py.Dataset):
            yield (*above, name), item
        elif name != "seed_generator":
            yield from _arrays(item, (*above, name))


def _alike(source: Any, target: Any) -> bool:
    floats = source.dtype.kind == "f" and target.dtype.kind == "f"
    return bool(floats or source.dtype == target.dtype)


# HDF5 files


def _fill(layer: Any, root: Any, names: Sequence[str]) -> bool:
    """Assigns the variables of a layer, or none where the file's are others."""
    variables = [*layer.trainable_weights, *layer.non_trainable_weights]
    try:
        group = _group(root, names[0])
    except KeyError:
        return False
    found = [_array(group, name.split("/")) for name in _variables_of(_written(group), names)]
    if not found or [tuple(v.shape) for v in variables] != [array.shape for array in found]:
        return False
    for variable, array in zip(variables, found, strict=True):
        variable.assign(array[...])
    return True


def _written(group: Any) -> list[str]:
    """The names of the variables in a group, in the order in which the layer has them."""
    attributes = group.attrs
    if "weight_names" in attributes:
        found = list(attributes["weight_names"])
    else:
        found, part = [], 0
        while f"weight_names{part}" in attributes:
            found += list(attributes[f"weight_names{part}"])
            part += 1
    return [name.decode() if isinstance(name, bytes) else str(name) for name in found]


def _variables_of(written: list[str], names: Sequence[str]) -> list[str]:
    """Those of one layer: all of the group, unless it is that of a nested model.

    Its variables are named by their layer, some generations put the models around it in front;
    Keras 1 named them ``d1_W``.
    """
    if len(names) == 1:
        return written
    for start in range(len(names)):
        prefix = "/".join(names[start:]) + "/"
        if found := [name for name in written if name.startswith(prefix)]:
            return found
    return [name for name in written if name.removeprefix(f"{names[-1]}_") in _KERAS1]


# Both


def _group(parent: Any, path: str) -> Any:
    found = _followed(parent, path.split("/"))
    if not isinstance(found, h5py.Group):
        raise KeyError(path)
    return found


def _array(parent: Any, path: Sequence[str]) -> Any:
    """An array of numbers that lies in the file itself; KeyError where there is none."""
    found = _followed(parent, path)
    if (
        not isinstance(found, h5py.Dataset)
        or found.external
        or found.is_virtual
        or found.dtype.kind not in "fiubV"
    ):
        raise KeyError("/".join(path))
    return found


def _followed(parent: Any, path: Sequence[str]) -> Any:
    """What a path leads to by way of hard links alone: others may lead to other files.

    Some versions of Keras wrote the names of attributes with an underscore in front.
    """
    for step in path:
        name = next((name for name in (step, f"_{step}", step.lstrip("_")) if name in parent), step)
        if not isinstance(parent, h5py.Group) or not isinstance(
            parent.get(name, getlink=True), h5py.HardLink
        ):
            raise KeyError(step)
        parent = parent[name]
    return parent
