"""Names: Python's, from whatever the user called things, and those of Keras' layers."""

import keyword
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from resnet_studio.core.edits import default_id
from resnet_studio.core.layer import LAYERS, Layer
from resnet_studio.core.names import scope_name

_LONGEST = 40
RESERVED = frozenset(
    {"keras", "layers", "build_model", "model", "range", "float", "x", "shortcut"}
    | {"inputs", "outputs"}
)
"""What the code itself uses; ``x`` and ``shortcut`` are handed out on purpose only."""


class Names:
    """The names of one scope: handed out once each, apart from those of the scopes around."""

    def __init__(self, taken: Iterable[str] | None = None) -> None:
        reserved = RESERVED | set(map(imported, LAYERS.values()))
        self.taken = set(reserved if taken is None else taken)

    def fresh(self, wish: str, fallback: str = "tensor") -> str:
        """An identifier like ``wish`` that is not in use yet."""
        name = base = identifier(wish, fallback)
        number = 2
        while name in self.taken:
            name = f"{base}_{number}"
            number += 1
        self.taken.add(name)
        return name

    def fixed(self, name: str) -> str:
        """``name`` itself, for the few that the code hands out on purpose."""
        self.taken.add(name)
        return name


def imported(cls: type[Layer]) -> str:
    """The name that the code imports for a class that ``keras.layers`` does not have, or ""."""
    return (cls.public_name or cls.__name__) if cls.module != Layer.module else ""


def identifier(text: str, fallback: str) -> str:
    """An ASCII identifier that reads like ``text`` and is no keyword."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"\W+", "_", plain, flags=re.ASCII)
    name = re.sub(r"__+", "_", name).strip("_")[:_LONGEST].rstrip("_")
    if not name:
        return fallback
    if name[0].isdigit():
        name = f"{fallback}_{name}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        name += "_"
    return name


def keras_base_name(type_name: str) -> str:
    """What Keras calls an unnamed layer, before it counts: ``max_pooling2d``.

    As ``keras.src.utils.naming.to_snake_case``.
    """
    if type_name == "Input":
        return "input_layer"
    name = re.sub(r"\W+", "", type_name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def looks_automatic(name: str) -> bool:
    """Whether Keras, or a new node, could have been given ``name`` without anyone's choice."""
    base = re.sub(r"_\d+$", "", name)
    return base in _automatic(frozenset(LAYERS))


@cache
def _automatic(types: frozenset[str]) -> frozenset[str]:
    """The bases of all automatic names of these layers."""
    return frozenset(make(name) for name in types for make in (keras_base_name, default_id))


class LayerNames:
    """Names for the layers of one model: unique, those that the user chose first."""

    def __init__(self, chosen: Iterable[str]) -> None:
        self._taken = set(chosen)

    def fresh(self, wish: str, fallback: str) -> str:
        name = base = scope_name(wish, fallback)
        number = 1
        while name in self._taken:
            name = f"{base}_{number}"
            number += 1
        self._taken.add(name)
        return name
