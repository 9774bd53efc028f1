"""Frames on the canvas: painted behind the cards, moved with what they hold, named in place."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QFocusEvent, QPainter, QPen

from resnet_studio.core.frames import HEAD, MARGIN, SMALLEST, Frame, around, frames, with_frames
from resnet_studio.gui.canvas.in_place import ended_by, take_away
from resnet_studio.gui.canvas.painting import canvas_font, tinted
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Field

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_ROUND = 10.0
_CORNER = 18.0
"""Side of the handle in the lower right corner."""
_TEXT, _SMALLEST_TEXT = 14.0, 11.0
"""Height of the text in the scene, and on the screen however far away."""
_COMMENT = (240.0, 96.0)
_LABEL = 40.0
"""Half of what the label on a wire takes."""
_NARROWEST_TEXT = 96.0


class Framing(QObject):
    """The frames of the graph on show; at most one of them is selected."""

    chosen = Signal()
    """Another frame, or none, is selected."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.selected: int | None = None
        self.trial: tuple[Frame, ...] | None = None
        """The frames as a gesture under way has them."""
        self.field: Field | None = None
        canvas.session.selection_changed.connect(self._on_selection)
        canvas.session.scope_changed.connect(self._forget)
        canvas.session.changed.connect(self._forget)

    def _on_selection(self) -> None:
        if self._canvas.session.selection:
            self.select(None)

    def show_trial(self, wanted: tuple[Frame, ...] | None) -> None:
        """Shows the frames as a gesture under way has them; None ends that."""
        if wanted != self.trial:
            self.trial = wanted
            self._repaint()

    def _repaint(self) -> None:
        # Frames are part of the picture that the canvas keeps: all of it is painted anew.
        self._canvas.network.disturbed.emit(())

    def _forget(self, _change: object = None) -> None:
        self.trial = None
        if self.selected is not None and self.selected >= len(self.shown()):
            self.selected = None

    def shown(self) -> tuple[Frame, ...]:
        return self.trial if self.trial is not None else frames(self._canvas.session.graph)

    # What is there

    def select(self, index: int | None) -> None:
        if index != self.selected:
            self.selected = index
            self._repaint()
            self.chosen.emit()

    def head_at(self, at: QPointF) -> int | None:
        """The frame whose head, where its text stands, is at a place; the one in front."""
        return self._at(at, lambda frame: _head(frame, self._canvas.zoom_level()))

    def corner_at(self, at: QPointF) -> int | None:
        """The frame whose handle is at a place."""
        return None if self._canvas.is_far() else self._at(at, _corner)

    def _at(self, at: QPointF, area: Callable[[Frame], QRectF]) -> int | None:
        found = self.shown()
        return next((i for i in reversed(range(len(found))) if area(found[i]).contains(at)), None)

    def held(self, frame: Frame) -> list[str]:
        """The nodes whose cards stand inside a frame."""
        scene = self._canvas.network
        area = QRectF(frame.left, frame.top, frame.width, frame.height)
        near = scene.nodes_in(area)
        return [key for key in near if area.contains(scene.nodes[key].card)]

    # Edits

    def put(self, label: str, wanted: tuple[Frame, ...], merge: object = None) -> None:
        """Makes these the frames of the graph, one undo step."""
        session = self._canvas.session
        session.apply(label, with_frames(session.document, session.scope, wanted), merge=merge)

    def add(self) -> None:
        """Frames the selection; without one puts a comment at the pointer."""
        canvas = self._canvas
        chosen = sorted(canvas.session.selection)
        if chosen:
            places = {key: canvas.network.places[key] for key in chosen}
            extents = {key: canvas.network.nodes[key].look.extent for key in chosen}
            frame = around("", places, extents)
        else:
            frame = self._comment()
        kept = frames(canvas.session.graph)
        # A frame round others stands behind them.
        behind = next((i for i, other in enumerate(kept) if frame.contains(other)), len(kept))
        wanted = (*kept[:behind], frame, *kept[behind:])
        # The cards keep the places round which the frame is drawn, in the file too.
        session = canvas.session
        session.apply("Add a frame", with_frames(canvas.pinned(), session.scope, wanted))
        canvas.session.select(())
        self.select(behind)
        self.rename(behind)

    def _comment(self) -> Frame:
        """An empty comment at the pointer, or in the middle of the view; beside what is there."""
        canvas = self._canvas
        view = canvas.viewport()
        here = view.mapFromGlobal(QCursor.pos())
        at = canvas.mapToScene(here if view.rect().contains(here) else view.rect().center())
        area = QRectF(at - QPointF(_COMMENT[0] / 2, HEAD / 2), QSizeF(*_COMMENT))
        while under := canvas.network.nodes_in(area):
            area.moveLeft(max(canvas.network.nodes[k].card.right() for k in under) + MARGIN)
        return Frame("", area.left(), area.top(), *_COMMENT)

    def delete(self) -> bool:
        """Removes the selected frame and nothing else; whether there was one."""
        if self.selected is None:
            return False
        index, self.selected = self.selected, None
        kept = frames(self._canvas.session.graph)
        self.put("Remove a frame", (*kept[:index], *kept[index + 1 :]))
        return True

    # The text in place

    def rename(self, index: int) -> None:
        """Opens a line over the text; Enter takes it, Escape leaves it as it was."""
        self.close()
        frame = self.shown()[index]
        field = self.field = Field(self._canvas.viewport())
        field.setObjectName("frame-text")
        field.setAccessibleName("Text of the frame")
        field.setPlaceholderText("Name or comment")
        field.setText(frame.text)
        corner = self._canvas.mapFromScene(QPointF(frame.left + 6, frame.top + 2))
        width = round((frame.width - 12) * self._canvas.zoom_level())
        field.setGeometry(QRect(self._in_sight(corner), QSize(max(width, 160), 28)))
        field.setProperty("index", index)
        field.installEventFilter(self)
        field.selectAll()
        field.show()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _in_sight(self, corner: QPoint) -> QPoint:
        """The corner of the line, moved into the view where the frame's head is out of it."""
        view = self._canvas.viewport().rect().adjusted(4, 4, -164, -32)
        return QPoint(
            min(max(corner.x(), view.left()), view.right()),
            min(max(corner.y(), view.top()), view.bottom()),
        )

    def close(self) -> None:
        """Takes the line away."""
        if self.field is not None:
            field, self.field = self.field, None
            take_away(field, self)

    def _take(self) -> None:
        assert self.field is not None
        index, text = self.field.property("index"), self.field.text().strip()
        kept = frames(self._canvas.session.graph)
        self.close()
        if index < len(kept) and kept[index].text != text:
            named = replace(kept[index], text=text)
            self.put("Name a frame", (*kept[:index], named, *kept[index + 1 :]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if ended_by(event, self._end):
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus() and self.field is watched:
            self._take()
        return super().eventFilter(watched, event)

    def _end(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.close()
        else:
            self._take()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)

    # Painting

    def paint(self, painter: QPainter, seen: QRectF, *, behind: bool = True) -> None:
        """Paints the frames in sight: their ground too where cards are painted over them."""
        for index, frame in enumerate(self.shown()):
            area = QRectF(frame.left, frame.top, frame.width, frame.height)
            if area.adjusted(-4, -40, 4, 4).intersects(seen):
                chosen = index == self.selected
                _paint(painter, frame, self._text_end(frame), chosen=chosen, behind=behind)

    def _text_end(self, frame: Frame) -> float:
        """How far to the right the text goes: to the label of a wire that comes in from above."""
        scene, right = self._canvas.network, frame.left + frame.width
        ends = (
            scene.nodes[key].card.center().x() - _LABEL
            for key in self.held(frame)
            if any(
                scene.places[edge.source][1] < frame.top for edge in scene.drawing.wiring.into(key)
            )
        )
        end = min(ends, default=right)
        return end if end - frame.left >= _NARROWEST_TEXT else right


def _head(frame: Frame, zoom: float) -> QRectF:
    """As high as the text, however far away."""
    return QRectF(frame.left, frame.top, frame.width, max(HEAD, 1.8 * _SMALLEST_TEXT / zoom))


def _corner(frame: Frame) -> QRectF:
    right, bottom = frame.left + frame.width, frame.top + frame.height
    return QRectF(right - _CORNER, bottom - _CORNER, _CORNER, _CORNER)


def _paint(painter: QPainter, frame: Frame, text_end: float, *, chosen: bool, behind: bool) -> None:
    now, zoom = theme(), painter.worldTransform().m11()
    area = QRectF(frame.left, frame.top, frame.width, frame.height)
    edge = QPen(now.color("accent" if chosen else "border-strong"), 2.0 if chosen else 1.2)
    edge.setCosmetic(True)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge)
    ground = tinted(now.color("accent"), 0.09 if now.dark else 0.055)
    painter.setBrush(ground if behind else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, _ROUND, _ROUND)
    if zoom > 0.4:
        _paint_corner(painter, _corner(frame))
    _paint_text(painter, frame, text_end, zoom)
    painter.restore()


def _paint_corner(painter: QPainter, corner: QRectF) -> None:
    painter.setPen(QPen(theme().color("border-strong"), 1.5))
    for step in (5.0, 9.0):
        start = QPointF(corner.right() - step - 3, corner.bottom() - 4)
        painter.drawLine(start, QPointF(corner.right() - 4, corner.bottom() - step - 3))


def _paint_text(painter: QPainter, frame: Frame, end: float, zoom: float) -> None:
    """The text keeps a size that can be read, as far as its frame has room for it."""
    pixels = max(_TEXT * zoom, _SMALLEST_TEXT)
    head = painter.worldTransform().mapRect(
        QRectF(frame.left, frame.top, end - frame.left, frame.height)
    )
    if head.width() < 40 or not frame.text:
        return
    painter.resetTransform()
    painter.setFont(canvas_font("strong", round(pixels)))
    painter.setPen(theme().color("text-muted"))
    room = head.adjusted(12 * min(zoom, 1) + 2, 7 * min(zoom, 1), -8, -4)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(room, int(flags), frame.text)


def resized(frame: Frame, across: float, down: float) -> Frame:
    """The frame with its lower right corner elsewhere."""
    return replace(
        frame,
        width=max(frame.width + across, SMALLEST),
        height=max(frame.height + down, HEAD),
    )


def moved_inside(
    kept: tuple[Frame, ...], index: int, across: float, down: float
) -> tuple[Frame, ...]:
    """All frames, one of them and those inside it moved."""
    mover = kept[index]
    return tuple(
        frame.moved(across, down) if frame is mover or mover.contains(frame) else frame
        for frame in kept
    )
