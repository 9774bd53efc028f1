"""What keys do on the canvas: declared once in a table, by key and modifiers."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from resnet_studio.core.layout import GRID
from resnet_studio.gui.canvas import walking

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


_PLAIN, _SHIFT, _CONTROL = Mod.NoModifier, Mod.ShiftModifier, Mod.ControlModifier


@cache
def _table() -> dict[tuple[Key, Mod], Act]:
    """What each key does, with its modifiers."""
    return {
        (Key.Key_Delete, _PLAIN): lambda canvas: canvas.delete_selection(),
        (Key.Key_Backspace, _PLAIN): lambda canvas: canvas.delete_selection(),
        (Key.Key_Delete, _CONTROL): lambda canvas: canvas.delete_selection(bridge=True),
        (Key.Key_Backspace, _CONTROL): lambda canvas: canvas.delete_selection(bridge=True),
        (Key.Key_Escape, _PLAIN): lambda canvas: canvas.escape(),
        (Key.Key_Space, _PLAIN): _hold_space,
        (Key.Key_D, _CONTROL): lambda canvas: canvas.duplicate(),
        (Key.Key_V, _CONTROL | _SHIFT): lambda canvas: canvas.paste(keep_inputs=True),
        (Key.Key_A, _SHIFT): lambda canvas: canvas.adding.after_selection(),
        (Key.Key_Tab, _PLAIN): _tab,
        (Key.Key_Backtab, _SHIFT): lambda canvas: walking.step(canvas, -1),
        (Key.Key_Tab, _CONTROL): lambda canvas: canvas.leave_focus(),
        (Key.Key_Backtab, _CONTROL | _SHIFT): lambda canvas: canvas.leave_focus(forward=False),
        (Key.Key_F6, _PLAIN): lambda canvas: canvas.leave_focus(),
        (Key.Key_M, _PLAIN): lambda canvas: canvas.editing.toggle_bypass(),
        (Key.Key_F, _PLAIN): lambda canvas: canvas.fit_all(),
        (Key.Key_Period, _PLAIN): lambda canvas: canvas.fit_selection(),
        (Key.Key_L, _PLAIN): lambda canvas: canvas.lay_out(len(canvas.session.selection) > 1),
        (Key.Key_L, _SHIFT): lambda canvas: canvas.lay_out(selection_only=True),
        (Key.Key_F1, _PLAIN): lambda canvas: canvas.helping.start(),
        (Key.Key_F2, _PLAIN): lambda canvas: canvas.naming.start(),
        (Key.Key_Return, _PLAIN): _enter,
        (Key.Key_Enter, _PLAIN): _enter,
    }


def _tabled(canvas: "Canvas", event: QKeyEvent) -> bool:
    act = _table().get((Key(event.key()), event.modifiers() & ~_PAD))
    if act is None:
        return False
    act(canvas)
    return True
