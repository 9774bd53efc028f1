"""What can be found: every node of the document, and every command of the window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest
from typing import Any

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.faces import face_of
from resnet_studio.core.families import family
from resnet_studio.core.fuzzy import match
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.shapes import show
from resnet_studio.gui.session import Session, Trail, graph_along

SHOWN = 80
"""More than these are not listed: whoever has as many types another letter."""

_MANY = 4_000
"""Among more entries than these, letters must stand together: that is looked up much faster."""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found, and what happens when it is looked at or chosen."""

    title: str
    detail: str
    """What it is, in grey beside the title; it is searched as well."""
    tail: str
    """At the end of the row: a shape, or keys."""
    family: str
    """The badge of a node; empty for a command."""
    choose: Callable[[], Any]
    look: Callable[[], Any] = _nothing
    icon: QIcon | None = None
    words: str = field(default="")
    """Further text by which it is found."""


@dataclass(frozen=True, slots=True)
class Found:
    entry: Entry
    letters: tuple[int, ...]
    """The letters of the title that were meant."""


def found(entries: Sequence[Entry], typed: str) -> list[Found]:
    """The entries that match, the best first; all, in their order, where nothing is typed."""
    typed = typed.strip()
    if not typed:
        return [Found(entry, ()) for entry in entries[:SHOWN]]
    scored = _scored(entries, typed)
    best = nlargest(SHOWN, scored, key=lambda hit: (hit[0], -hit[1]))
    return [Found(entries[i], letters) for _, i, letters in best]


def _scored(entries: Sequence[Entry], typed: str) -> Iterator[tuple[float, int, tuple[int, ...]]]:
    plain = typed.lower().replace("×", "x")
    strict = len(entries) > _MANY
    for i, entry in enumerate(entries):
        within = plain in entry.words
        hit = None if strict and not within else match(typed, entry.title)
        if hit is not None:
            yield 100.0 + hit.score, i, hit.letters
        elif within or all(word in entry.words for word in plain.split()):
            yield 0.0, i, ()


def nodes(
    session: Session, look: Callable[[str], Any], choose: Callable[[str], Any]
) -> Iterator[Entry]:
    """Every node of the network, then of each block, seen through its first call.

    ``look`` and ``choose`` are told the path of a node.

    Made one by one, since all of a large network take more than a frame.
    """
    document, analysis = session.document, session.analysis
    for scope, trail, path in first_calls(document):
        inside = graph_along(analysis, trail)
        where = "" if scope == NETWORK else f"in {scope}"
        for key, node in document.graph(scope).nodes.items():
            face, shape = face_of(node, document, _inferable(inside, key)), _shape(inside, key)
            detail = "  ".join(part for part in (face.line, where) if part)
            words = f"{key} {detail} {node.type} {shape}".lower().replace("×", "x")
            acts = partial(choose, path + key), partial(look, path + key)
            badge = family(node.type, document.blocks)
            yield Entry(key, detail, shape, badge, *acts, words=words)


def first_calls(document: Document) -> Iterator[tuple[str, Trail, str]]:
    """Each graph that is reached: its scope, the first calls that lead there, its prefix."""
    pending: list[tuple[str, Trail, str]] = [(NETWORK, (), "")]
    seen = {NETWORK}
    while pending:
        scope, trail, prefix = pending.pop(0)
        yield scope, trail, prefix
        for node in document.graph(scope).nodes.values():
            if node.type in document.blocks and node.type not in seen:
                seen.add(node.type)
                copy = "" if node.repeat == 1 else "#1"
                pending.append((node.type, (*trail, (node.id, 1)), f"{prefix}{node.id}{copy}/"))


def _inferable(inside: GraphAnalysis | None, key: str) -> Any:
    return None if inside is None else inside.inferables[inside.structure.index[key]]


def _shape(inside: GraphAnalysis | None, key: str) -> str:
    outcome = None if inside is None else inside.outcome(key)
    return show(outcome.outputs[0]) if outcome is not None and outcome.outputs else ""


def commands(bar: QMenuBar) -> list[Entry]:
    """Every command in the menus, those of submenus too, that can be given now."""
    return list(_commands(bar.actions(), ()))


def _commands(actions: Iterable[QAction], menus: tuple[str, ...]) -> Iterator[Entry]:
    for action in actions:
        text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        text = text.rstrip("…")
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _commands(menu.actions(), (*menus, text))
        elif not action.isSeparator() and action.isEnabled() and text:
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            where = " › ".join(menus)
            words = f"{text} {where} {action.statusTip()}".lower()
            yield Entry(text, where, keys, "", action.trigger, icon=action.icon(), words=words)
