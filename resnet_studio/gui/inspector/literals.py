"""What people type for an argument, read as a value, and values written as people type them."""

import json
import re
from typing import Any

_WORDS: dict[str, Any] = {"": None, "none": None, "null": None, "true": True, "false": False}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_BETWEEN = re.compile(r"\s*[,;×x*]\s*|\s+")
_SIZES = re.compile(r"\d+(\s*[,×x]\s*\d+)+")
_LONGEST_NUMBER = 400


def read_scalar(text: str) -> Any:
    """A number, True, False, None or, where it is none of these, the text itself."""
    text = text.strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.fullmatch(text) and len(text) < _LONGEST_NUMBER:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return text


def read_sizes(text: str, always_list: bool = False) -> Any:
    """``3 × 3``, ``3, 3`` or ``(3, 3)`` as a list; ``3`` as a number unless ``always_list``.

    ``?`` stands for an unknown size.
    """
    text = text.strip()
    if any(bracket in text for bracket in "()[]"):
        return _bracketed(text)
    parts = [part for part in _BETWEEN.split(text.strip(" ,;×")) if part]
    values = [None if part == "?" else read_scalar(part) for part in parts]
    if not values:
        return [] if always_list else None
    return values if always_list or len(values) > 1 else values[0]


def read_side(text: str) -> Any:
    """The one size that stands for all axes: ``3 × 3`` as 3; other sizes as a list."""
    sizes = read_sizes(text)
    return (
        sizes[0] if isinstance(sizes, list) and sizes and len({*map(repr, sizes)}) == 1 else sizes
    )


def read_json(text: str) -> Any:
    """A JSON value; ``3 × 3`` as a list, a bare word as a text."""
    try:
        return json.loads(text)
    except ValueError:
        if _SIZES.fullmatch(text.strip()):
            return read_sizes(text)
        return _bracketed(text) if text.strip()[:1] in ("(", "[") else read_scalar(text)


def _bracketed(text: str) -> Any:
    plain = text.translate(str.maketrans("()?", "[]_")).replace("_", "null")
    plain = re.sub(r"\bNone\b", "null", plain)
    plain = re.sub(r",\s*\]", "]", plain)
    try:
        return json.loads(plain)
    except ValueError:
        return text


def write_scalar(value: Any) -> str:
    """A value as one types it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def write_sizes(value: Any) -> str:
    """``[3, 3]`` as ``3 × 3``; nested lists in brackets."""
    if not isinstance(value, list | tuple):
        return write_scalar(value)
    if any(isinstance(item, list | tuple) for item in value):
        return json.dumps(value).replace("[", "(").replace("]", ")")
    return " × ".join("?" if item is None else write_scalar(item) for item in value)


def write_json(value: Any) -> str:
    """A JSON text; plain words without their quotes."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
