"""Keys as other programs have them: tables of what differs from Studio's own, one is chosen.

The sources are the programs' own: the manual of Blender (interface, nodes, editing), the example
of hotkeys that comes with NodeGraphQt, the list of shortcuts in the manual of ComfyUI, and the
menus of Orange's canvas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtCore import QObject, QSettings, Signal

_SETTING = "window/keys"


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys of commands, and of what the canvas does itself, by name; the rest is as in Studio."""

    name: str
    title: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ON_CANVAS: Mapping[str, tuple[str, ...]] = {
    "walk": ("Tab",),
    "walk-back": ("Shift+Tab",),
    "hold-to-pan": ("Space",),
    "go-inside": ("Return", "Enter"),
    "in-or-out": (),
    "escape": ("Esc",),
    "next-panel": ("Ctrl+Tab", "F6"),
    "previous-panel": ("Ctrl+Shift+Tab",),
}
"""What the canvas does on keys without a command in a menu."""

KEYMAPS: tuple[Keymap, ...] = (
    Keymap("studio", "Studio"),
    Keymap(
        "blender",
        "Blender",
        {
            "duplicate": ("Shift+D",),
            "delete": ("X", "Del"),
            "bridge": ("Ctrl+X",),
            "cut": (),
            "select-all": ("A", "Ctrl+A"),
            "connect": ("F",),
            "fit": ("Home",),
            "ungroup": ("Ctrl+Alt+G",),
            "commands": ("F3", "Ctrl+Shift+P"),
            "redo": ("Ctrl+Shift+Z",),
            "walk": (),
            "walk-back": (),
            "in-or-out": ("Tab",),
        },
    ),
    Keymap(
        "nodegraphqt",
        "NodeGraphQt",
        {
            "add-node": ("Tab", "Shift+A"),
            "bypass": ("D",),
            "duplicate": ("Alt+C",),
            "fit": ("Shift+F",),
            "fit-selection": ("F",),
            "walk": (),
            "walk-back": (),
        },
    ),
    Keymap(
        "comfyui",
        "ComfyUI",
        {
            "bypass": ("Ctrl+B",),
            "new-block": (),
            "frame": ("Ctrl+G",),
            "group": ("Ctrl+Shift+E",),
            "zoom-in": ("Alt+=", "Ctrl++"),
            "zoom-out": ("Alt+-", "Ctrl+-"),
        },
    ),
    Keymap("orange", "Orange", {"add-node": ("Space", "Shift+A"), "hold-to-pan": ()}),
)


class _Notifier(QObject):
    """Tells that other keys were chosen; ``keymap()`` already has them."""

    changed = Signal()


class _State:
    current = KEYMAPS[0]


@cache
def keymap_notifier() -> _Notifier:
    return _Notifier()


def keymap() -> Keymap:
    """The keys in use."""
    return _State.current


def keys_of(name: str, usual: Iterable[str]) -> tuple[str, ...]:
    """The keys of a command as they are chosen, of which the first is shown; else ``usual``."""
    return _State.current.keys.get(name, tuple(usual))


def choose_keymap(name: str) -> None:
    """Takes up other keys, now and from now on; an unknown name stands for Studio's."""
    _take_up(name)
    QSettings().setValue(_SETTING, _State.current.name)


def restore_keymap() -> None:
    """Takes up the keys of last time."""
    _take_up(str(QSettings().value(_SETTING, KEYMAPS[0].name)))


def _take_up(name: str) -> None:
    chosen = next((known for known in KEYMAPS if known.name == name), KEYMAPS[0])
    if chosen is not _State.current:
        _State.current = chosen
        keymap_notifier().changed.emit()
