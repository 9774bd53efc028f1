"""Values as Python literals that mean the same whatever they hold."""

import math
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from resnet_studio.formats.keras_code.layout import WIDTH, Expression, Group

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_SPECIAL = frozenset('"\\')
_PIXELS = {1 / 255: "1 / 255", 1 / 127.5: "1 / 127.5"}
"""Scales that people write as a fraction."""


def literal(value: Any) -> Expression:
    """A JSON value as Python; tuples stay tuples.  Raises TypeError for anything else."""
    if value is None or isinstance(value, bool | int):
        return (repr(value),)
    if isinstance(value, float):
        return (number(value),)
    if isinstance(value, str):
        return (quoted(value),)
    if isinstance(value, Mapping):
        items = tuple((*literal(key), ": ", *literal(item)) for key, item in value.items())
        return (Group("{", items, "}", literal=True),)
    if isinstance(value, tuple):
        return (Group("(", tuple(map(literal, value)), ")", literal=True),)
    if isinstance(value, list):
        return (Group("[", tuple(map(literal, value)), "]", literal=True),)
    raise TypeError(f"{type(value).__name__} has no literal")


def number(value: float) -> str:
    """A float; infinities and NaN have no literal of their own."""
    if math.isnan(value):
        return 'float("nan")'
    if math.isinf(value):
        return 'float("inf")' if value > 0 else 'float("-inf")'
    # Python pads exponents with a zero (1e-05), which nobody writes.
    text = repr(float(value))
    return _PIXELS.get(value) or (re.sub(r"e([+-])0", r"e\1", text) if "e" in text else text)


def quoted(text: str) -> str:
    """A string literal in double quotes, in single ones where that saves escapes.

    What does not print, or turns the direction of the text around, is escaped.
    """
    if text.isprintable() and not _SPECIAL.intersection(text):
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + escaped(text).replace(quote, "\\" + quote) + quote


def escaped(text: str) -> str:
    """``text`` with backslashes and unprintable characters escaped, quotes as they are."""
    return "".join(
        _SHORT_ESCAPES.get(c) or (c if c.isprintable() else _escape(ord(c))) for c in text
    )


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def docstring(text: str, indent: int) -> list[str]:
    """The lines of a docstring that says ``text``, each of whose lines is a paragraph."""
    margin = " " * indent
    # The quotes that open and those that close may stand on the same line.
    width = WIDTH - indent - 6
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines: list[str] = []
    for line in text.strip().splitlines():
        lines += wrapper.wrap(_in_docstring(line)) or [""]
    if len(lines) <= 1:
        return [f'{margin}"""{"".join(lines)}"""']
    body = [f"{margin}{line}".rstrip() for line in lines[1:]]
    return [f'{margin}"""{lines[0]}', *body, f'{margin}"""']


_CLOSING = re.compile('^"|"$|"(?=")|(?<=")"')
"""Quotes that could end a docstring: at either end of a line, or beside each other."""


def _in_docstring(line: str) -> str:
    plain = " ".join(line.split())
    return r"\"".join(escaped(part) for part in _CLOSING.split(plain))
