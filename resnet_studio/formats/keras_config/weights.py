"""Where in a model's file the weights of each layer lie: named here, read by the Keras process.

A ``.keras`` archive keeps them in ``model.weights.h5``, a group a layer named by its class and
a number; HDF5 files of Keras keep a group for each layer of the model itself, in which the
layers of nested models are told apart by the names of their variables.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from resnet_studio.core.document import NETWORK, Document
from resnet_studio.formats.keras_code.naming import keras_base_name
from resnet_studio.formats.keras_config.model import RawModel

Names = tuple[str, ...]
"""The names that lead from a model to a layer, through the models nested in it."""


class Place(NamedTuple):
    """The layer's names in the model, and its group in the weights of an archive."""

    names: Names
    group: str


def places(
    model: RawModel, origins: Mapping[tuple[str, str], Names], document: Document
) -> dict[str, Place]:
    """For the path of each layer of a document just imported, where its weights lie."""
    groups = dict(_groups(model))
    return {
        path: Place(names, groups[names])
        for path, names in _originals(document, origins)
        if names in groups
    }


def _originals(
    document: Document, origins: Mapping[tuple[str, str], Names]
) -> Iterator[tuple[str, Names]]:
    pending: list[tuple[str, str, Names]] = [(NETWORK, "", ())]
    while pending:
        scope, prefix, names = pending.pop()
        for node in document.graph(scope).nodes.values():
            own = origins.get((scope, node.id))
            if own is None:
                continue
            if node.type in document.blocks:
                pending.append((node.type, f"{prefix}{node.id}/", names + own))
            else:
                yield prefix + node.id, names + own


def _groups(model: RawModel, names: Names = (), above: str = "") -> Iterator[tuple[Names, str]]:
    """Follows ``_save_container_state`` of ``keras.src.saving.saving_lib``."""
    counts: dict[str, int] = {}
    for layer in model.layers:
        # Operators are no layers of the model, nor is the input of a chain.
        if layer.is_operator or (model.sequential and layer.is_input):
            continue
        name = keras_base_name(layer.class_name)
        number = counts[name] = counts.get(name, -1) + 1
        group = f"{above}layers/{name}" + (f"_{number}" if number else "")
        yield (*names, layer.name), group
        if layer.model is not None:
            yield from _groups(layer.model, (*names, layer.name), f"{group}/")


__all__ = ["Names", "Place", "places"]
