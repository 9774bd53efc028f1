"""Numbers as people read them."""

from collections.abc import Sequence

BYTES_PER_PARAMETER = 4
"""Weights are float32."""

_MINUS = "\N{MINUS SIGN}"
_NAMED = 2
"""So many nodes are named; of more, the number is told."""


def whole(value: int | None) -> str:
    """``16,822,760``; “unknown” for None."""
    return "unknown" if value is None else f"{value:,}"


def short(value: int | None) -> str:
    """Three digits and a unit: ``3.66 G``, ``115.6 M``; small numbers in full."""
    if value is None:
        return "unknown"
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6)):
        if abs(value) >= size:
            scaled = value / size
            return f"{scaled:.{2 if abs(scaled) < 10 else 1}f} {unit}"
    return f"{value:,}"


def storage(params: int) -> str:
    """Size of the weights as float32: ``37.9 kB``, ``67.3 MB``, ``1.20 GB``; a kB is 1,000 B."""
    size = params * BYTES_PER_PARAMETER
    for unit, step, digits in (("GB", 10**9, 2), ("MB", 10**6, 1), ("kB", 10**3, 1)):
        if size >= step:
            return f"{size / step:,.{digits}f} {unit}"
    return f"{size} B"


def change(value: int | None, unit: str) -> str:
    """``+8,320 parameters``; a difference of nothing says so."""
    if value is None:
        return f"{unit} unknown"
    if value == 0:
        return f"no extra {unit}"
    number = short(abs(value)) if unit == "MACs" else f"{abs(value):,}"
    return f"{'+' if value > 0 else _MINUS}{number} {unit}"


def difference(value: int | None) -> str:
    """``+8,320``, ``−2.28 G`` or ``±0``: a change without its unit, for a narrow column."""
    if not value:
        return "unknown" if value is None else "±0"
    return f"{'+' if value > 0 else _MINUS}{short(abs(value))}"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 layer``, ``2 layers``; ``plural`` where that is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def named(paths: Sequence[str]) -> str:
    """``“relu” and “group#1/add”``; of more than two nodes how many, ``3 nodes``."""
    if len(paths) > _NAMED:
        return count(len(paths), "node")
    return " and ".join(f"“{path}”" for path in paths)
