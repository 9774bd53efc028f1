"""Names: Python's, from whatever the user called things, and those of Keras' layers."""

import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from resnet_studio.core.edits import default_id
from resnet_studio.core.layer import LAYERS, Layer
from resnet_studio.core.names import scope_name

_LONGEST = 40
RESERVED = frozenset(
    {"keras", "layers", "build_model", "model", "range", "float", "x", "shortcut"}
    | {"inputs", "outputs", "StandIn", "unwritten"}
)
"""What the code itself uses; ``x`` and ``shortcut`` are handed out on purpose only."""


class Names:
    """The names of one scope: handed out once each, apart from those of the scopes around."""

    def __init__(self, taken: Iterable[str] | None = None) -> None:
        reserved = RESERVED | set(map(imported, LAYERS.values()))
        self.taken = set(reserved if taken is None else taken)
        self._numbers: dict[str, int] = {}
        """The number to be tried next for a name: those below are taken and stay so."""

    def fresh(self, wish: str, fallback: str = "tensor") -> str:
        """An identifier like ``wish`` that is not in use yet."""
        name = base = identifier(wish, fallback)
        while name in self.taken:
            number = self._numbers.get(base, 2)
            name, self._numbers[base] = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name

    def fixed(self, name: str) -> str:
        """``name`` itself, for the few that the code hands out on purpose."""
        self.taken.add(name)
        return name


def imported(cls: type[Layer]) -> str:
    """The name that the code imports for a class that is not public in Keras, else ""."""
    public = cls.module in (Layer.module, "keras.ops")
    return "" if public else cls.public_name or cls.__name__


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


@cache
def keras_base_name(type_name: str) -> str:
    """What Keras calls an unnamed layer, before it counts: ``max_pooling2d``.

    As ``keras.src.utils.naming.to_snake_case``.
    """
    if type_name == "Input":
        return "input_layer"
    if type_name.startswith("ops."):
        return type_name.removeprefix("ops.")
    name = re.sub(r"\W+", "", type_name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def looks_automatic(name: str) -> bool:
    """Whether Keras, or a new node, could have been given ``name`` without anyone's choice."""
    base = re.sub(r"_\d+$", "", name)
    return base in _automatic(len(LAYERS))


@cache
def _automatic(_known: int) -> frozenset[str]:
    """The bases of all automatic names, once for so many layers as are known."""
    return frozenset(make(name) for name in LAYERS for make in (keras_base_name, default_id))


class LayerNames:
    """Names for the layers of one model: unique, those that the user chose first."""

    def __init__(self, chosen: Iterable[str], types: Iterable[str] = ()) -> None:
        self._taken = set(chosen)
        self._numbers: dict[str, int] = {}
        # Keras names an operator itself, add or add_3, and refuses a layer of that name.
        functions = (LAYERS[each] for each in set(types) if each in LAYERS)
        self._operators = {cls.public_name for cls in functions if cls.module == "keras.ops"}

    def _clashes(self, name: str) -> bool:
        return re.sub(r"_\d+$", "", name) in self._operators

    def kept(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """A layer's arguments, its name changed where an operator may be called so."""
        name = config.get("name")
        if not isinstance(name, str) or not self._clashes(name):
            return config
        return {**config, "name": self.fresh(name, "layer")}

    def fresh(self, wish: str, fallback: str) -> str:
        name = base = scope_name(wish, fallback)
        if self._clashes(base):
            name = base = f"{base}_layer"
        while name in self._taken:
            number = self._numbers.get(base, 1)
            name, self._numbers[base] = f"{base}_{number}", number + 1
        self._taken.add(name)
        return name
