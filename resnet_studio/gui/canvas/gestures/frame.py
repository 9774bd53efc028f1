"""Moving and resizing a frame: left button on its title, or on an edge or a corner."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from resnet_studio.core import edits
from resnet_studio.core.frames import Frame, frames, with_frames
from resnet_studio.core.layout import snap
from resnet_studio.gui.canvas.frame_grips import Grip, moved_inside, resized
from resnet_studio.gui.canvas.gestures.gesture import Gesture

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas


class MoveFrame(Gesture):
    """Takes along the cards and the frames that stand inside; Control moves the frame alone."""

    def __init__(self, canvas: "Canvas", at: QPointF, index: int) -> None:
        super().__init__(canvas, at)
        self._index = index
        self._frames = frames(self.session.graph)
        held = canvas.framing.held(self._frames[index])
        self._from = {key: QPointF(*self.scene.places[key]) for key in held}
        self._moved = False
        self.session.select(())
        canvas.framing.select(index)

    def move(self, at: QPointF) -> None:
        if not self._moved and not self.travelled(at):
            return
        self._moved = True
        by = self._by(at)
        cards = {} if self.control else self._from
        self.scene.shift({key: place + by for key, place in cards.items()})
        self.canvas.framing.show_trial(self._after(by))

    def _by(self, at: QPointF) -> QPointF:
        by = at - self.start
        return QPointF(snap(by.x()), snap(by.y()))

    def _after(self, by: QPointF) -> tuple[Frame, ...]:
        if self.control:
            alone = self._frames[self._index].moved(by.x(), by.y())
            return (*self._frames[: self._index], alone, *self._frames[self._index + 1 :])
        return moved_inside(self._frames, self._index, by.x(), by.y())

    def release(self, at: QPointF) -> None:
        if not self._moved:
            return
        self.move(at)
        by, session = self._by(at), self.session
        cards = {} if self.control else self._from
        places = {key: ((p + by).x(), (p + by).y()) for key, p in cards.items()}
        after = edits.move_nodes(self.canvas.pinned(), session.scope, places)
        session.apply("Move a frame", with_frames(after, session.scope, self._after(by)))

    def cancel(self) -> None:
        self.canvas.framing.show_trial(None)
        self.scene.shift({k: p for k, p in self._from.items() if k in self.scene.nodes})
        self.canvas.viewport().update()


class ResizeFrame(Gesture):
    """Drags an edge or a corner; a comment stays high enough for its text."""

    def __init__(self, canvas: "Canvas", at: QPointF, grip: Grip) -> None:
        super().__init__(canvas, at)
        self._grip = grip
        self._frames = frames(self.session.graph)
        self.session.select(())
        canvas.framing.select(grip.frame)

    def move(self, at: QPointF) -> None:
        self.canvas.framing.show_trial(self._after(at))

    def _after(self, at: QPointF) -> tuple[Frame, ...]:
        by, index = at - self.start, self._grip.frame
        frame = resized(self._frames[index], self._grip, round(by.x()), round(by.y()))
        high = self.canvas.framing.fitted(index, frame)
        if self._grip.down < 0:
            high = replace(high, top=frame.top + frame.height - high.height)
        return (*self._frames[:index], high, *self._frames[index + 1 :])

    def release(self, at: QPointF) -> None:
        if self.travelled(at):
            self.canvas.framing.put("Resize a frame", self._after(at))
        self.canvas.framing.show_trial(None)

    def cancel(self) -> None:
        self.canvas.framing.show_trial(None)
