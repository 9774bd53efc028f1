"""Where in a JSON text something stands.

Python's parser is quick but forgets places, so a text is scanned again, token by token and
without recursion, when there is something to report about it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys and indices from the top of the text down: ``("network", "nodes", 3, "config")``."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_DEEPEST_KEPT = 5


class Token(NamedTuple):
    """A token with the place of the value that it belongs to; ``key`` where it names one."""

    text: str
    offset: int
    path: Path
    key: bool


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text that need not be valid JSON."""
    path: list[str | int] = []
    expects_key = False
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word in "{[":
            yield Token(word, match.start(), tuple(path), key=False)
            path.append("" if word == "{" else 0)
            expects_key = word == "{"
        elif word in "}]":
            if path:
                path.pop()
            expects_key = False
        elif word == ",":
            expects_key = bool(path) and isinstance(path[-1], str)
            if path and isinstance(path[-1], int):
                path[-1] += 1
        elif word == ":":
            expects_key = False
        else:
            if expects_key and path:
                path[-1] = unquote(word)
            yield Token(word, match.start(), tuple(path), key=expects_key)


def unquote(token: str) -> str:
    """The text that a quoted token stands for; the token itself where it is malformed."""
    import json

    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def find(text: str, wanted: Callable[[str], bool]) -> tuple[str, int] | None:
    """The first unquoted word (a number, ``NaN`` …) that is ``wanted``, and its line."""
    for token in tokens(text):
        if token.text[0] not in '"{[' and not token.key and wanted(token.text):
            return token.text, line_of(text, token.offset)
    return None


def find_duplicate_key(text: str) -> tuple[str, int] | None:
    """The first key that its object already has, and its line."""
    seen: set[tuple[int, Path]] = set()
    opened: list[int] = []
    for token in tokens(text):
        del opened[len(token.path) :]
        if token.text == "{":
            opened += [-1] * (len(token.path) + 1 - len(opened))
            opened[-1] = token.offset
        if token.key:
            place = (opened[len(token.path) - 1], token.path[-1:])
            if place in seen:
                return str(token.path[-1]), line_of(text, token.offset)
            seen.add(place)
    return None


class Lines:
    """The line of each value of a valid text, of those not nested deeper than a node's keys."""

    def __init__(self, text: str) -> None:
        self.text = text

    def of(self, path: Path) -> int:
        """The line of a value (of its key, where it has one), or of what it stands in."""
        while path and path not in self._offsets:
            path = path[:-1]
        return bisect_right(self._breaks, self._offsets.get(path, 0) - 1) + 1

    @cached_property
    def _offsets(self) -> dict[Path, int]:
        offsets: dict[Path, int] = {}
        for token in tokens(self.text):
            if len(token.path) <= _DEEPEST_KEPT:
                offsets.setdefault(token.path, token.offset)
        return offsets

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]
