"""Ids for what a file names as it likes: readable, unique in their graph, free of path marks."""

from collections.abc import Iterable

LONGEST = 100
_PATH_MARKS = "/#:"
"""``a/b#1`` is a path and ``a:1`` an output, so an id holds none of these."""


def sanitised(name: str, default: str = "layer") -> str:
    """``name`` as an id: what is invisible or marks a path becomes ``_``."""
    kept = name[:LONGEST]
    if not kept.isprintable() or any(mark in kept for mark in _PATH_MARKS):
        kept = "".join(c if c.isprintable() and c not in _PATH_MARKS else "_" for c in kept)
    return kept.strip() or default


class Names:
    """Hands out names, each once; ``reserved`` ones only to who asks for just them first."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._reserved = set(reserved)
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def own(self, name: str) -> str:
        """The name itself for whom it was reserved, another for whoever comes second."""
        if name in self._taken:
            return self.fresh(name)
        self._taken.add(name)
        return name

    def fresh(self, name: str) -> str:
        """The name or, where that is taken or reserved, with the next free number."""
        found = name
        while found in self._taken or found in self._reserved:
            self._counts[name] = self._counts.get(name, 0) + 1
            found = f"{name}_{self._counts[name]}"
        self._taken.add(found)
        return found
