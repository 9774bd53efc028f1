"""Which gesture a press begins: by its button, and by what is under the pointer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from resnet_studio.gui.canvas.gestures.connect import Connect
from resnet_studio.gui.canvas.gestures.cut import Cut
from resnet_studio.gui.canvas.gestures.frame import MoveFrame, ResizeFrame
from resnet_studio.gui.canvas.gestures.gesture import Gesture
from resnet_studio.gui.canvas.gestures.move import Move
from resnet_studio.gui.canvas.gestures.move_copy import MoveCopy
from resnet_studio.gui.canvas.gestures.pan import Pan
from resnet_studio.gui.canvas.gestures.rubber_band import RubberBand
from resnet_studio.gui.canvas.gestures.wire import PressWire

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_CONTROL = Qt.KeyboardModifier.ControlModifier


def gesture_for(canvas: "Canvas", event: QMouseEvent, at: QPointF) -> Gesture | None:
    """The gesture that this press begins, if any."""
    button = event.button()
    if button == Qt.MouseButton.MiddleButton:
        return Pan(canvas, at)
    if button == Qt.MouseButton.RightButton and event.modifiers() == _CONTROL:
        return None if canvas.is_far() else Cut(canvas, at)
    if button != Qt.MouseButton.LeftButton:
        return None
    if canvas.space_held:
        return Pan(canvas, at)
    return _with_left_button(canvas, at, event.modifiers())


def _with_left_button(canvas: "Canvas", at: QPointF, keys: Qt.KeyboardModifier) -> Gesture:
    scene = canvas.network
    port = None if canvas.is_far() else scene.port_at(at, canvas.reach())
    if port is not None:
        return Connect.from_port(canvas, at, port)
    key = scene.node_at(at)
    if key is not None:
        canvas.network.selected_wires = frozenset()
        if keys & Qt.KeyboardModifier.AltModifier:
            return MoveCopy(canvas, at, key)
        return Move(canvas, at, key, bool(keys & Qt.KeyboardModifier.ShiftModifier))
    titled = canvas.framing.title_at(at)
    edge = None if canvas.is_far() else scene.wire_at(at, canvas.reach() / 2)
    if edge is not None and titled is None:
        return PressWire(canvas, at, edge)
    grip = canvas.framing.grip_at(at)
    if grip is not None and titled is None:
        return ResizeFrame(canvas, at, grip)
    frame = titled if titled is not None else canvas.framing.head_at(at)
    if frame is not None:
        return MoveFrame(canvas, at, frame)
    canvas.framing.select(None)
    if scene.selected_wires:
        canvas.editing.select_wires(())
    return RubberBand(canvas, at)
