"""What keys do on the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from resnet_studio.core.layout import GRID

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAST = 6


def act_on_key(canvas: "Canvas", event: QKeyEvent) -> bool:
    """Whether the key meant something here; it is done then."""
    return _standard(canvas, event) or _arrow(canvas, event) or _plain(canvas, event)


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
    direction = _ARROWS.get(Qt.Key(event.key()))
    if direction is None or not canvas.session.selection:
        return False
    fast = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    step = GRID * (_FAST if fast else 1)
    canvas.editing.nudge(direction[0] * step, direction[1] * step)
    return True


def _plain(canvas: "Canvas", event: QKeyEvent) -> bool:
    key = Qt.Key(event.key())
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        canvas.delete_selection(bridge=control)
    elif key == Qt.Key.Key_Escape:
        canvas.escape()
    elif key == Qt.Key.Key_Space:
        canvas.space_held = True
        canvas.rest_cursor()
    elif key == Qt.Key.Key_D and control:
        canvas.duplicate()
    elif key == Qt.Key.Key_F and not control:
        canvas.fit_all()
    elif key == Qt.Key.Key_Period and not control:
        canvas.fit_selection()
    elif key == Qt.Key.Key_L and not control:
        canvas.lay_out(selection_only=len(canvas.session.selection) > 1)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(canvas.session.selection) == 1:
        canvas.session.enter(next(iter(canvas.session.selection)))
    else:
        return False
    return True
