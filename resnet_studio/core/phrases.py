"""A node in a few words, as an expert says it: ``conv 64 3x3 /2 relu``, ``residual_block 128 x3``.

The words before the first figure name the layer or block.  What follows gives its arguments:

- ``3x3`` or ``7`` goes to the next argument that takes sizes or a number, as in the constructor;
- ``/2`` is the stride, ``x3`` the repeat, ``relu`` (any activation) the activation, ``same`` or
  ``valid`` the padding; a pooling with a stride is padded, as in a ResNet's stem, unless
  ``valid`` is said;
- of an Input, ``224`` is a square colour image, ``784`` (or ``224,``) a row of numbers;
- ``name=value`` gives an argument by its name.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from resnet_studio.core.arguments import Argument, ArgumentError, Integer, Number, PerAxis
from resnet_studio.core.document import Block, Document, Node
from resnet_studio.core.edits import EditError
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.serialized import ACTIVATIONS

_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_ROW = re.compile(r"\d+,")
"""The shape of a row of numbers, as Python writes a tuple of one."""
_SIZES = re.compile(r"\d+([x×*]\d+)+")
_STRIDE = re.compile(r"/(\d+([x×*]\d+)*)")
_REPEAT = re.compile(r"[x×*](\d+)")
_NAMED = re.compile(r"(\w+)=(.+)")
_VALUES: tuple[re.Pattern[str], ...] = (_FIGURE, _ROW, _SIZES, _STRIDE, _REPEAT, _NAMED)
_WORDS = {**dict.fromkeys(ACTIVATIONS, "activation"), "same": "padding", "valid": "padding"}
"""Words that say which argument they give."""
_NEVER_BARE = {"seed"}
"""Arguments that nobody gives without their name."""
_SIDES, _COLOURS = range(16, 513), 3
"""The one number of an Input that is the side of an image, which then has these channels."""


_LEAST_COUNT = 8
"""Kernels of 2, 4 and 6 occur; from here on an even figure is meant as a number of filters."""


class Phrase(NamedTuple):
    """What was typed: the words that name a layer or block, and those that give arguments."""

    name: str
    words: tuple[str, ...] = ()


def parsed(text: str) -> Phrase:
    """The phrase of a line of text."""
    parts = text.split()
    first = next((i for i, part in enumerate(parts) if _is_value(part)), len(parts))
    while first > 1 and parts[first - 1].lower() in _WORDS:
        first -= 1
    return Phrase(" ".join(parts[:first]), tuple(parts[first:]))


def _is_value(part: str) -> bool:
    return any(pattern.fullmatch(part) for pattern in _VALUES)


def worded(document: Document, node: Node, words: tuple[str, ...]) -> Node:
    """The node with the arguments that the words give.

    Raises:
        EditError: a word gives nothing that the node takes.
    """
    block = document.blocks.get(node.type)
    filler = _Filler(node, _layer_arguments(node.type) if block is None else {}, block)
    for word in words:
        filler.take(word)
    filler.complete()
    return replace(node, config=filler.config, repeat=filler.repeat)


def _layer_arguments(type_name: str) -> Mapping[str, Argument]:
    layer = LAYERS.get(type_name)
    return layer.arguments if layer is not None else {}


class _Filler:
    """Gives each word to the argument that takes it."""

    def __init__(self, node: Node, arguments: Mapping[str, Argument], block: Block | None) -> None:
        self.node, self.arguments, self.block = node, arguments, block
        self.config: dict[str, Any] = dict(node.config)
        self.repeat = node.repeat
        self._filled: set[str] = set()
        self._strided = False

    def take(self, word: str) -> None:
        rules: tuple[tuple[re.Pattern[str], Callable[[str], None]], ...] = (
            (_NAMED, self._by_name),
            (_STRIDE, self._stride),
            (_REPEAT, self._repeat),
            (_FIGURE, self._figure),
            (_ROW, self._row),
            (_SIZES, self._figure),
        )
        for pattern, act in rules:
            if pattern.fullmatch(word):
                act(word)
                return
        if word.lower() in _WORDS:
            self._set(_WORDS[word.lower()], word.lower(), word)
            return
        raise EditError(f"“{word}” says nothing about {self.node.type}")

    def _by_name(self, word: str) -> None:
        name, _, text = word.partition("=")
        try:
            value = json.loads(text)
        except ValueError:
            value = _sizes(text) if _SIZES.fullmatch(text) else text
        self._set(name, value, word)

    def _stride(self, word: str) -> None:
        self._set("strides", _sizes(word[1:]), word)
        self._strided = True

    def complete(self) -> None:
        """Pads a pooling that was given a stride: 112×112 then becomes 56×56, not 55×55."""
        if self._strided and "pool_size" in self.arguments and "padding" not in self._filled:
            self.config["padding"] = "same"

    def _row(self, word: str) -> None:
        if self.node.type != "Input":
            raise EditError(f"“{word}” says nothing about {self.node.type}")
        self._set("shape", [int(word[:-1])], word)

    def _repeat(self, word: str) -> None:
        self.repeat = int(word[1:])

    def _figure(self, word: str) -> None:
        value = _sizes(word)
        if self._lacks_filters() and not self._filled and _is_count(value):
            raise EditError(f"{self.node.type} has no filters: “{word}” is no size of its kernel")
        for name in self._parameters():
            if name not in self._filled and self._takes(name, value):
                self._set(name, value, word)
                return
        raise EditError(f"{self.node.type} has no argument left for “{word}”")

    def _lacks_filters(self) -> bool:
        """Whether the first figure is the kernel's size, where an expert says the filters."""
        return "kernel_size" in self.arguments and "filters" not in self.arguments

    def _parameters(self) -> list[str]:
        if self.block is not None:
            return list(self.block.parameters)
        if self.node.type == "Input":
            return ["shape"]
        return list(self.arguments)

    def _takes(self, name: str, value: Any) -> bool:
        """Whether a bare figure can be meant for an argument: sizes, a count, a rate."""
        if self.block is not None or name == "shape":
            return True
        kind = self.arguments[name].kind
        if name in _NEVER_BARE:
            return False
        if isinstance(kind, PerAxis):
            return isinstance(value, int | list)
        return isinstance(kind, Integer | Number) and not isinstance(value, list)

    def _set(self, name: str, value: Any, word: str) -> None:
        if name not in self._parameters() and name not in self.arguments:
            raise EditError(f"“{word}” says nothing about {self.node.type}")
        self.config[name] = self._shaped(name, value, word)
        self._filled.add(name)

    def _shaped(self, name: str, value: Any, word: str) -> Any:
        """``3`` as ``[3, 3]`` where the layer has axes; refused where the argument refuses it."""
        if name == "shape" and not isinstance(value, list):
            return [value, value, _COLOURS] if value in _SIDES else [value]
        argument = self.arguments.get(name)
        if argument is None:
            return value
        if isinstance(argument.kind, PerAxis) and isinstance(value, int):
            value = [value] * argument.kind.rank
        try:
            argument.kind.parse(value)
        except ArgumentError as error:
            raise EditError(f"“{word}” does not fit “{name}”: {error}") from None
        return value


def _is_count(value: Any) -> bool:
    """Whether a figure counts filters: no kernel has so large an even size."""
    return isinstance(value, int) and value >= _LEAST_COUNT and value % 2 == 0


def _sizes(text: str) -> Any:
    """``224x224x3`` as a list, ``64`` as an integer, ``0.5`` as a number."""
    parts = re.split("[x×*]", text)
    if len(parts) > 1:
        return [int(part) for part in parts]
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
