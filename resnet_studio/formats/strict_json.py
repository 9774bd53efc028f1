"""JSON as other programs may rely on: no key twice, no NaN, no numbers beyond 64 bits.

What Python's parser lets pass, or fails at in its own words, is told in one sentence with the
line and the mend.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from resnet_studio.formats import locate
from resnet_studio.formats.files import FormatError

MOST_DIGITS = 18
"""Digits of a whole number: what a 64-bit integer surely holds."""
DEEPEST = 100
"""Levels of lists and objects inside each other."""

_ADVICE = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected "
    "here; perhaps the comma before it is one too many",
    "Illegal trailing comma before end of object": "remove the comma before the closing bracket",
    "Illegal trailing comma before end of array": "remove the comma before the closing bracket",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing here",
    "Expecting ':' delimiter": "a colon is missing after the name here",
    "Extra data": "the network already ended before this; remove what follows",
    "Invalid control character at": "a text holds a bare control character here; "
    "write a line break as \\n",
    "Invalid \\escape": "a backslash in a text is written \\\\",
    "Invalid \\uXXXX escape": "\\u in a text needs four hexadecimal digits",
}


_CLOSES = re.compile(r'[,:"\]}]')


class _RefusedError(Exception):
    """Raised by the hooks below, which know what is wrong but not where."""


class _DuplicateKeyError(_RefusedError):
    pass


class _BadNumberError(_RefusedError):
    pass


def parse(text: str) -> Any:
    """The value of a JSON text; raises FormatError."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise FormatError(_explained(text, error), error.lineno) from None
    except _DuplicateKeyError:
        _refuse_duplicate(text)
    except _BadNumberError:
        _refuse_number(text)
    except RecursionError:
        raise _too_deep() from None
    if _deeper_than(value, DEEPEST):
        raise _too_deep()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise _DuplicateKeyError
    return result


def _constant(name: str) -> NoReturn:
    raise _BadNumberError(name)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _BadNumberError(digits)
    return value


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS + 1:
        raise _BadNumberError(digits)
    return int(digits)


def _explained(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return 'the file is empty; a network starts with {"format": "resnet-studio/1", …}'
    unclosed = error.msg != "Extra data" and not _CLOSES.search(text, error.pos)
    if unclosed or error.msg.startswith("Unterminated string"):
        return "the file ends in the middle, so a part of it is missing; take it from a copy"
    advice = _ADVICE.get(error.msg, error.msg[:1].lower() + error.msg[1:])
    return f"at column {error.colno}, {advice}"


def _refuse_duplicate(text: str) -> NoReturn:
    key, line = locate.find_duplicate_key(text) or ("", 1)
    raise FormatError(f"“{shown(key)}” stands twice in one object; remove one of them", line)


def _refuse_number(text: str) -> NoReturn:
    token, line = locate.find(text, _is_bad_number) or ("", 1)
    if token.lstrip("-") in ("NaN", "Infinity"):
        raise FormatError(f"{token} is not a number of JSON; write a finite number", line)
    if token.lstrip("-").isdigit():
        length = len(token.lstrip("-"))
        what = f"a whole number here has {length:,} digits; at most {MOST_DIGITS} are understood"
        raise FormatError(what, line)
    raise FormatError(f"{shown(token)} is too large a number; write a smaller one", line)


def _is_bad_number(token: str) -> bool:
    try:
        if token.lstrip("-").isdigit():
            _integer(token)
        else:
            _float(token.replace("NaN", "1e999"))
    except _BadNumberError:
        return True
    except ValueError:
        pass
    return False


def _too_deep() -> FormatError:
    return FormatError(
        f"lists and objects are nested more than {DEEPEST} deep, which no network needs; "
        "remove the nesting"
    )


_NESTED = (dict, list)


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value] if type(value) in _NESTED else []
    for _ in range(limit + 1):
        # The parser makes plain dictionaries and lists, nothing derived from them.
        level = [child for item in level for child in _children(item) if type(child) in _NESTED]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    return value.values() if type(value) is dict else value


def shown(value: Any, longest: int = 60) -> str:
    """A value from a file as a message shows it: on one line and not too long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
