"""The hand on the canvas: events of mouse, wheel and drag, led to the gesture under way."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent

from resnet_studio.core.document import Edge
from resnet_studio.gui.canvas.gestures.choose import gesture_for
from resnet_studio.gui.canvas.gestures.drop import Drop
from resnet_studio.gui.shelf import from_mime

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.gestures.gesture import Gesture
    from resnet_studio.gui.canvas.view import Canvas

NODE_MIME = "application/x-resnet-studio-node"
"""A drag from the palette: the type of the node as UTF-8."""
_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}


class Pointer:
    """Holds the one gesture under way; without one, shows what the pointer is over."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._gesture: Gesture | None = None
        self.held = False
        """Whether the button that began a gesture is down, also where the gesture was dropped."""
        self._over: QPoint | None = None

    @property
    def busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def cancel(self) -> None:
        """Ends the gesture without an edit."""
        if self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.cancel()
            self._canvas.network.land()

    # Mouse

    @property
    def place(self) -> QPointF | None:
        """Where on the sheet the pointer is; None while it is not over the canvas."""
        return self._canvas.mapToScene(self._over) if self._over is not None else None

    def press(self, event: QMouseEvent) -> None:
        self._over = event.position().toPoint()
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self._canvas.end_notes()
        self._canvas.motion.finish()
        if self._gesture is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self._canvas.end_passing()
            event.accept()
            return
        self.held = self.held and event.buttons() != event.button()
        if not self.held and not self._on_a_block(event):
            self._canvas.network.show_hover(None)
            self._gesture = gesture_for(self._canvas, event, self._place_of(event))
            self._tell_keys(event.modifiers())
            self.held = self._gesture is not None
        event.accept()

    def _on_a_block(self, event: QMouseEvent) -> bool:
        """Whether a press is on a repeat count, which opens then, or on the inside of a call."""
        canvas, at = self._canvas, self._place_of(event)
        if event.button() != Qt.MouseButton.LeftButton or canvas.space_held:
            return False
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return canvas.expanding.press(at) or (plain and canvas.repeating.press(at))

    def move(self, event: QMouseEvent) -> None:
        self._over = event.position().toPoint()
        at = self._place_of(event)
        if self._gesture is not None:
            self._tell_keys(event.modifiers())
            self._gesture.move(at)
            self._canvas.refresh_far()
        else:
            self._hover(at)

    def release(self, event: QMouseEvent) -> None:
        self.held = self.held and bool(event.buttons())
        if self._gesture is not None and not event.buttons():
            # Forgotten first: the edit that it makes must not cancel it.
            self._tell_keys(event.modifiers())
            gesture, self._gesture = self._gesture, None
            gesture.release(self._place_of(event))
            if not self._canvas.motion.under_way:
                self._canvas.network.land()
            self._canvas.refresh_far()

    def double_click(self, event: QMouseEvent) -> None:
        """Enters a block, with Alt opens it in its place; on the empty sheet asks what to add."""
        if event.button() == Qt.MouseButton.LeftButton:
            at = self._place_of(event)
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            key = self._canvas.network.node_at(at)
            if self._canvas.expanding.double_click(at, alt):
                pass
            elif key is not None:
                if not (alt and self._canvas.expanding.toggle(key)):
                    self._canvas.session.enter(key)
            elif (frame := self._canvas.framing.head_at(at)) is not None:
                self._canvas.framing.rename(frame)
            elif (wire := self._wire_at(at)) is not None:
                self._canvas.adding.into(wire, at)
            else:
                self._canvas.adding.at(at)
        event.accept()

    def _wire_at(self, at: QPointF) -> Edge | None:
        """The wire at a place; none from afar, nor below the title of a frame."""
        if self._canvas.is_far() or self._canvas.framing.title_at(at) is not None:
            return None
        return self._canvas.network.wire_at(at, self._canvas.reach() / 2)

    def leave(self) -> None:
        """The pointer left the canvas."""
        self._over = None
        if self._gesture is None:
            self._canvas.network.show_hover(None)

    def _tell_keys(self, keys: Qt.KeyboardModifier) -> None:
        if self._gesture is not None:
            self._gesture.shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            self._gesture.control = bool(keys & Qt.KeyboardModifier.ControlModifier)
            self._gesture.alt = bool(keys & Qt.KeyboardModifier.AltModifier)

    def modifier(self, event: QKeyEvent, down: bool) -> None:
        """Shift, Control or Alt went down, or up: what is in hand shows it at once."""
        flag = _MODIFIERS.get(Qt.Key(event.key()))
        if flag is not None and self._gesture is not None and self._over is not None:
            others = event.modifiers() & ~flag
            self._tell_keys(others | flag if down else others)
            self._gesture.move(self._canvas.mapToScene(self._over))
            self._canvas.refresh_far()

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key meant something to the gesture under way, or to an offer."""
        key = Qt.Key(event.key())
        if self._gesture is not None:
            # Escape drops what is in hand also while Control or Alt changes what the drag does.
            escape = key == Qt.Key.Key_Escape
            return self._gesture.key(key) or (escape and self._canvas.end_passing())
        return self._canvas.offer.key(key)

    def _hover(self, at: QPointF) -> None:
        canvas = self._canvas
        if canvas.is_far():
            return
        port = canvas.network.port_at(at, canvas.reach())
        if port is not None:
            canvas.network.show_hover(port.node, port)
            canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
            return
        thing = canvas.network.node_at(at) or self._wire_at(at)
        canvas.network.show_hover(thing)
        grip = None if thing or canvas.space_held else canvas.framing.grip_at(at)
        if grip is not None and canvas.framing.title_at(at) is None:
            canvas.viewport().setCursor(grip.cursor)
        else:
            canvas.rest_cursor()

    # Drags from the palette

    def drag_enter(self, event: QDragEnterEvent) -> None:
        if not event.mimeData().hasFormat(NODE_MIME):
            event.ignore()
            return
        type_name = bytes(event.mimeData().data(NODE_MIME).data()).decode()
        self._canvas.drop_passing()
        blocks = from_mime(event.mimeData())
        self._gesture = Drop(self._canvas, self._place_of(event), type_name, blocks)
        self._canvas.viewport().update()
        event.acceptProposedAction()

    def drag_move(self, event: QDragMoveEvent) -> None:
        if isinstance(self._gesture, Drop):
            self._gesture.move(self._place_of(event))
            self._canvas.refresh_far()
            event.acceptProposedAction()
        else:
            event.ignore()

    def drag_leave(self) -> None:
        if isinstance(self._gesture, Drop):
            self.cancel()
            self._canvas.viewport().update()

    def drop(self, event: QDropEvent) -> None:
        if isinstance(self._gesture, Drop):
            gesture, self._gesture = self._gesture, None
            # First: what is selected by somebody at work here is not looked for.
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            gesture.release(self._place_of(event))
            event.acceptProposedAction()
        else:
            event.ignore()

    def _place_of(self, event: QMouseEvent | QDropEvent) -> QPointF:
        return self._canvas.mapToScene(event.position().toPoint())
