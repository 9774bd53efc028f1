"""What keys do on the canvas: acts by the name of their command, which has the chosen keys."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from resnet_studio.core.layout import GRID
from resnet_studio.gui.actions import command_keys
from resnet_studio.gui.canvas import walking
from resnet_studio.gui.keymaps import keymap

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

Key: TypeAlias = Qt.Key
Mod: TypeAlias = Qt.KeyboardModifier
Act = Callable[["Canvas"], Any]

_ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
_FAST = 6
_PAD = Mod.KeypadModifier
"""The arrows of a Mac, and the pad's own keys, come with it."""


def act_on_key(canvas: "Canvas", event: QKeyEvent) -> bool:
    """Whether the key meant something here; it is done then."""
    return (
        canvas.pointer.key(event)
        or _standard(canvas, event)
        or _arrow(canvas, event)
        or (_tabled(canvas, event))
    )


def _standard(canvas: "Canvas", event: QKeyEvent) -> bool:
    """What other programs do with the same keys."""
    sequences = {
        QKeySequence.StandardKey.Copy: canvas.copy,
        QKeySequence.StandardKey.Paste: canvas.paste,
        QKeySequence.StandardKey.SelectAll: canvas.select_all,
    }
    for sequence, act in sequences.items():
        if event.matches(sequence):
            act()
            return True
    return False


def _arrow(canvas: "Canvas", event: QKeyEvent) -> bool:
    """Arrows move the selection; with Alt they follow the wires."""
    direction = _ARROWS.get(Key(event.key()))
    if direction is None or not canvas.session.selection:
        return False
    if event.modifiers() & Mod.AltModifier:
        walking.follow(canvas, *direction)
        return True
    fast = event.modifiers() & Mod.ShiftModifier
    step = GRID * (_FAST if fast else 1)
    canvas.editing.nudge(direction[0] * step, direction[1] * step)
    return True


def _hold_space(canvas: "Canvas") -> None:
    canvas.space_held = True
    canvas.rest_cursor()


def _enter(canvas: "Canvas") -> None:
    if len(canvas.session.selection) == 1:
        canvas.session.enter(next(iter(canvas.session.selection)))


def _tab(canvas: "Canvas") -> None:
    """Walks from a selected node to the next; where none is selected, asks what to add."""
    if canvas.session.selection:
        walking.step(canvas, 1)
    else:
        canvas.adding.after_selection()


def _in_or_out(canvas: "Canvas") -> None:
    """Into the selected call of a block; from where there is none, back out."""
    session = canvas.session
    chosen = [session.graph.nodes[key] for key in session.selection]
    if len(chosen) == 1 and chosen[0].type in session.document.blocks:
        session.enter(chosen[0].id)
    else:
        session.leave()


@cache
def acts() -> dict[str, Act]:
    """By the name of a command, or of what the canvas does on a key alone."""
    return {
        "delete": lambda canvas: canvas.delete_selection(),
        "bridge": lambda canvas: canvas.delete_selection(bridge=True),
        "duplicate": lambda canvas: canvas.duplicate(),
        "paste-wired": lambda canvas: canvas.paste(keep_inputs=True),
        "add-node": lambda canvas: canvas.adding.after_selection(),
        "connect": lambda canvas: canvas.editing.connect(),
        "bypass": lambda canvas: canvas.editing.toggle_bypass(),
        "fit": lambda canvas: canvas.fit_all(),
        "fit-selection": lambda canvas: canvas.fit_selection(),
        "select-all": lambda canvas: canvas.select_all(),
        "lay-out": lambda canvas: canvas.lay_out(len(canvas.session.selection) > 1),
        "lay-out-selection": lambda canvas: canvas.lay_out(selection_only=True),
        "lay-out-columns": lambda canvas: canvas.lay_out_columns(),
        "help-node": lambda canvas: canvas.helping.start(),
        "rename": lambda canvas: canvas.rename(),
        "walk": _tab,
        "walk-back": lambda canvas: walking.step(canvas, -1),
        "hold-to-pan": _hold_space,
        "go-inside": _enter,
        "in-or-out": _in_or_out,
        "escape": lambda canvas: canvas.escaping.press(),
        "next-panel": lambda canvas: canvas.leave_focus(),
        "previous-panel": lambda canvas: canvas.leave_focus(forward=False),
    }


_ALSO: dict[str, tuple[str, ...]] = {"bridge": ("Ctrl+Backspace",)}
"""Keys of a command on the canvas that elsewhere mean something else."""


@cache
def _table(_keymap: str) -> dict[tuple[int, int], Act]:
    """What each key does, with its modifiers, under the keymap of that name."""
    found: dict[tuple[int, int], Act] = {}
    for name, act in acts().items():
        for text in (*command_keys(name), *_ALSO.get(name, ())):
            keys = QKeySequence(text)[0]  # type: ignore[index]
            found[int(keys.key()), keys.keyboardModifiers().value] = act
    return found


def _tabled(canvas: "Canvas", event: QKeyEvent) -> bool:
    # Qt calls a Tab with Shift by another name.
    key = Key.Key_Tab if event.key() == Key.Key_Backtab else Key(event.key())
    pressed = int(key), (event.modifiers() & ~_PAD).value
    act = _table(keymap().name).get(pressed)
    if act is None:
        return False
    act(canvas)
    return True
