"""The layer inside a wrapper: an argument that is itself a layer with arguments.

Follows ``keras.layers.deserialize``.  What Keras writes (``module``, ``registered_name``,
``build_config``) and the short form of people, ``{"class_name": …, "config": {…}}``, parse to
the same.
"""

import re
from collections.abc import Mapping
from typing import Any

from resnet_studio.core.arguments import ArgumentError, Kind, quoted
from resnet_studio.core.layer import ALIASES, LAYERS, Layer, layer_for

DEEPEST = 16
"""Wrappers in wrappers that anyone has a use for; each needs an axis of its own."""
_NO_LAYERS = ("Input",)
_READ_ALWAYS: Mapping[str, Mapping[str, Any]] = {"Rescaling": {"offset": 0.0}}
"""What ``from_config`` insists on, though the constructor has a default for it."""
_GIVEN = re.compile(r"(?:(?:forward|backward)_)?([a-z0-9_]+?)(?:_\d+)?")


class InnerLayer(Kind):
    """A layer as ``{"class_name": …, "config": {…}}``, arguments at their defaults left out."""

    editor = "layer"

    def __init__(self, start: Mapping[str, Any], optional: bool = False, having: str = "") -> None:
        self.start, self.optional, self.having = start, optional, having

    def suggestions(self) -> tuple[str, ...]:
        """The classes worth offering: of one tensor, and with the argument that is needed."""
        return tuple(
            name
            for name, cls in sorted(LAYERS.items())
            if name not in _NO_LAYERS
            and cls.module == "keras.layers"
            and not (cls.takes_list or cls.slots)
            and (not self.having or self.having in cls.arguments)
        )

    def parse(self, value: Any) -> dict[str, Any] | None:
        if value is None and self.optional:
            return None
        if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
            raise ArgumentError(f"must be {self.hint()}, not {value!r:.200}")
        name = class_named(value)
        config = value["config"] or {}
        if nesting(value) > DEEPEST:
            raise ArgumentError(f"is nested more than {DEEPEST} wrappers deep")
        own_name = config.get("name")
        if own_name is not None and (not isinstance(own_name, str) or "/" in own_name):
            raise ArgumentError(
                f"of {name}: name must be a text without “/”, not {quoted(own_name)}"
            )
        made = layer_for(name, config)
        if not isinstance(made, Layer):
            said = "; ".join(problem.message for problem in made.problems)
            raise ArgumentError(f"of {name}: {said}")
        kept = {} if _automatic(own_name, name) else {"name": own_name}
        return {"class_name": name, "config": made.non_defaults() | kept}

    def hint(self) -> str:
        text = "a layer such as {“class_name”: “Dense”, “config”: {“units”: 4}}"
        return text + (", or nothing" if self.optional else "")


def class_named(value: Mapping[str, Any]) -> str:
    """The Keras name of a serialised layer's class; raises ArgumentError where there is none."""
    class_name: str = value["class_name"]
    config = value.get("config")
    if "config" not in value or not isinstance(config, Mapping | None):
        raise ArgumentError(f"must hold the arguments of {class_name} as its “config”")
    name = ALIASES.get(class_name, class_name)
    cls = LAYERS.get(name)
    if cls is None or name in _NO_LAYERS or cls.module != "keras.layers":
        raise ArgumentError(f"must be a layer, and there is none called “{class_name:.60}”")
    module = value.get("module", "keras.layers")
    of_keras = isinstance(module, str) and re.match(r"keras\.(src\.)?layers\b", module)
    if not of_keras or (value.get("registered_name") or class_name) != class_name:
        raise ArgumentError("must be a layer of Keras, which “module” and its name do not say")
    return name


def nesting(value: Any) -> int:
    """How many layers stand in each other."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, Mapping) and "class_name" in item]:
        configs = [item.get("config") for item in level]
        level = [
            inner
            for config in configs
            if isinstance(config, Mapping)
            for inner in (config.get("layer"), config.get("backward_layer"))
        ]
        depth += 1
    return depth


def _automatic(name: str | None, class_name: str) -> bool:
    """Whether Keras could have given the name by itself: ``forward_lstm``, ``dense_3``."""
    if name is None:
        return True
    found = _GIVEN.fullmatch(name)
    return found is not None and found[1].replace("_", "") == class_name.lower()


def serialised(type_name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a layer as Keras' own files have them: inner layers with their module."""
    arguments = LAYERS[type_name].arguments
    result = {**_READ_ALWAYS.get(type_name, {}), **config}
    for key, value in config.items():
        kind = arguments[key].kind if key in arguments else None
        inner = kind.parse(value) if isinstance(kind, InnerLayer) else None
        if inner is not None:
            result[key] = {
                "module": LAYERS[inner["class_name"]].module,
                "class_name": inner["class_name"],
                "config": serialised(inner["class_name"], inner["config"]),
                "registered_name": None,
            }
    return result
