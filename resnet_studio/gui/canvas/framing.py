"""The frames of the graph on show: what the hand finds of them, and how they are edited."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QWidget

from resnet_studio.core.document import NETWORK, Document, Graph
from resnet_studio.core.frames import (
    HEAD,
    MARGIN,
    Frame,
    around,
    frame_box,
    frames,
    with_frames,
)
from resnet_studio.gui.canvas import frame_painting
from resnet_studio.gui.canvas.frame_grips import Grip, sides_at
from resnet_studio.gui.canvas.frame_painting import CLEAR, LONGEST, area_of, head_of, title_of
from resnet_studio.gui.canvas.frame_text import FrameText
from resnet_studio.gui.canvas.stage_texts import Frames
from resnet_studio.gui.session import Change

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_COMMENT = (240.0, 96.0)


class Framing(QObject):
    """The frames of the graph on show; at most one of them is selected.

    A frame in which no card stands is a comment: its text fills it and may have several lines,
    and all of it takes the pointer.
    """

    chosen = Signal()
    """Another frame, or none, is selected."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.selected: int | None = None
        self.trial: tuple[Frame, ...] | None = None
        """The frames as a gesture under way has them."""
        self._text: FrameText | None = None
        self._kept: tuple[Graph | None, tuple[Frame, ...]] = None, ()
        self._comments: tuple[object, frozenset[int]] = None, frozenset()
        canvas.session.selection_changed.connect(self._on_selection)
        canvas.session.scope_changed.connect(self._on_scope)
        canvas.session.changed.connect(self._on_changed)

    # In step with the session

    def _on_selection(self) -> None:
        if self._canvas.session.selection:
            self.select(None)

    def _on_scope(self) -> None:
        self.trial = None
        self.select(None)

    def _on_changed(self, change: Change) -> None:
        """Keeps the selected frame selected, and selects one that came, with others inside it."""
        self.trial = None
        session = self._canvas.session
        before = _frames_in(change.before, session.scope)
        after = frames(session.graph)
        if change.elsewhere or before == after:
            return
        came = [i for i, frame in enumerate(after) if frame not in before]
        more = len(after) == len(before) + len(came)
        if came and more and not session.selection and _outermost(after, came):
            self.select(came[0])
        elif len(after) != len(before):
            chosen = before[self.selected] if self.selected is not None else None
            self.select(after.index(chosen) if chosen in after else None)

    def show_trial(self, wanted: tuple[Frame, ...] | None) -> None:
        """Shows the frames as a gesture under way has them; None ends that."""
        if wanted != self.trial:
            before = self.shown()
            self.trial = wanted
            self._repaint(*(set(before) ^ set(self.shown())))

    def _repaint(self, *changed: Frame) -> None:
        """Frames are part of the picture that the canvas keeps: where they are, it is anew."""
        canvas = self._canvas
        areas = [self._painted(frame) for frame in changed]
        # From afar the picture is mended only as a whole.
        canvas.network.disturbed.emit(() if canvas.is_far() else areas)

    def _painted(self, frame: Frame) -> QRectF:
        return area_of(frame) | self._plate(frame)

    def _plate(self, frame: Frame) -> QRectF:
        return title_of(frame, self._canvas.zoom_level(), self._room_for_title(frame))[1]

    def _room_for_title(self, frame: Frame) -> float:
        """The width of a frame; from afar its title reaches further, as far as nothing is there."""
        canvas, area = self._canvas, head_of(frame, self._canvas.zoom_level())
        beyond = LONGEST / canvas.zoom_level() - area.width()
        if not canvas.is_far() or beyond <= 0:
            return area.width()
        strip = QRectF(area.topRight(), QSizeF(beyond, area.height()))
        cards = (canvas.network.nodes[key].card for key in canvas.network.nodes_in(strip))
        others = (area_of(other) for other in self.shown() if other is not frame)
        there = (r.left() - CLEAR for r in (*cards, *others) if r.intersects(strip))
        end = min((strip.right(), *there))
        return max(end - area.left(), area.width())

    def outlines(self) -> Frames:
        """Where frames are, and where their words: titles, and all of comments."""
        return Frames(list(map(area_of, self._titled())), self.plates() + self.comments())

    def plates(self) -> list[QRectF]:
        """What the titles stand on."""
        found = map(self._plate, self._titled())
        return [plate for plate in found if not plate.isEmpty()]

    def _titled(self) -> list[Frame]:
        """The frames that are no comments."""
        return [frame for i, frame in enumerate(self.shown()) if not self.is_comment(i)]

    def shown(self) -> tuple[Frame, ...]:
        return self.trial if self.trial is not None else self._now()

    def _now(self) -> tuple[Frame, ...]:
        graph = self._canvas.session.graph
        if self._kept[0] is not graph:
            self._kept = graph, frames(graph)
        return self._kept[1]

    # What is there

    def select(self, index: int | None) -> None:
        if index != self.selected:
            found, either = self.shown(), (self.selected, index)
            self.selected = index
            self._repaint(*(found[i] for i in either if i is not None and i < len(found)))
            self.chosen.emit()

    def is_comment(self, index: int) -> bool:
        """Whether no card stands in a frame."""
        state = self._canvas.network.revision, self._now()
        if self._comments[0] != state:
            found = (i for i, frame in enumerate(self._now()) if not self.held(frame))
            self._comments = state, frozenset(found)
        return index in self._comments[1]

    def head_at(self, at: QPointF) -> int | None:
        """The frame that a place moves, names and tells of: by its title, all of a comment."""
        zoom, found = self._canvas.zoom_level(), self.shown()
        for index in reversed(range(len(found))):
            whole = self.is_comment(index)
            area = area_of(found[index]) if whole else head_of(found[index], zoom)
            if area.contains(at):
                return index
        return None

    def title_at(self, at: QPointF) -> int | None:
        """The frame whose title stands, above the wires, at a place."""
        found = self.shown()
        places = (i for i in reversed(range(len(found))) if not self.is_comment(i))
        return next((i for i in places if self._plate(found[i]).contains(at)), None)

    def grip_at(self, at: QPointF) -> Grip | None:
        """The edge or the corner at a place, of the frame in front; none from afar."""
        if self._canvas.is_far():
            return None
        zoom, found = self._canvas.zoom_level(), self.shown()
        grips = ((i, sides_at(found[i], at, zoom)) for i in reversed(range(len(found))))
        return next((Grip(i, *sides) for i, sides in grips if sides != (0, 0)), None)

    def comments(self) -> list[QRectF]:
        """What the comments take up."""
        return [area_of(f) for i, f in enumerate(self.shown()) if self.is_comment(i)]

    def held(self, frame: Frame) -> list[str]:
        """The nodes whose cards stand inside a frame."""
        scene, area = self._canvas.network, area_of(frame)
        near = scene.nodes_in(area)
        return [key for key in near if area.contains(scene.nodes[key].card)]

    def whole(self) -> QRectF:
        """What the cards, their wires and the frames take up; empty where nothing is."""
        area = self._canvas.network.bounds()
        for frame in self._now():
            area |= area_of(frame)
        return area

    def taken(self) -> tuple[frozenset[str], tuple[Frame, ...]]:
        """What copies take: the selected frame, first, with all in it; else the selected nodes."""
        if self.selected is None:
            return self._canvas.session.selection, ()
        frame = self._now()[self.selected]
        inside = (other for other in self._now() if frame.contains(other))
        return frozenset(self.held(frame)), (frame, *inside)

    def selected_area(self) -> QRectF | None:
        """The area of the selected frame; None where none is."""
        return area_of(self._now()[self.selected]) if self.selected is not None else None

    def point_at(self, at: QPointF) -> None:
        """Selects the frame at a place, or none, as a menu for what is there needs it."""
        canvas = self._canvas
        grip = self.grip_at(at)
        index = grip.frame if grip else self.head_at(at)
        if canvas.network.node_at(at) is not None:
            index = None
        if index is not None:
            canvas.session.select(())
        self.select(index)

    # Edits

    def put(self, label: str, wanted: tuple[Frame, ...], merge: object = None) -> None:
        """Makes these the frames of the graph, one undo step."""
        session = self._canvas.session
        session.apply(label, with_frames(session.document, session.scope, wanted), merge=merge)

    def change(self, label: str, index: int, frame: Frame, merge: object = None) -> None:
        """Makes one frame another, one undo step."""
        kept = self._now()
        if frame != kept[index]:
            self.put(label, (*kept[:index], frame, *kept[index + 1 :]), merge)

    def add(self) -> None:
        """Frames the selection; without one puts a comment at the pointer."""
        self.close()
        canvas, session, kept = self._canvas, self._canvas.session, self._now()
        frame = self._around(sorted(session.selection)) if session.selection else self._comment()
        # A frame round others stands behind them.
        behind = next((i for i, other in enumerate(kept) if frame.contains(other)), len(kept))
        wanted = (*kept[:behind], frame, *kept[behind:])
        what = "frame" if session.selection else "comment"
        # Naming it is the same step to undo.
        step = ("frame", object())
        # The cards keep the places round which the frame is drawn, in the file too.
        after = with_frames(canvas.pinned(), session.scope, wanted)
        session.apply(f"Add a {what}", after, select=(), merge=step)
        self.select(behind)
        self.rename(behind, step)

    def _around(self, chosen: list[str]) -> Frame:
        scene = self._canvas.network
        places = {key: scene.places[key] for key in chosen}
        extents = {key: scene.drawing.extent(key) for key in chosen}
        near = scene.nodes_in(area_of(around("", places, extents))) - set(chosen)
        cards = (scene.nodes[key].card for key in near)
        others = [(c.left(), c.top(), c.right(), c.bottom()) for c in cards]
        return around("", places, extents, (*others, *map(frame_box, self._now())))

    def _comment(self) -> Frame:
        """An empty comment at the pointer, or in the middle of the view; beside what is there."""
        canvas = self._canvas
        view = canvas.viewport()
        here = view.mapFromGlobal(QCursor.pos())
        at = canvas.mapToScene(here if view.rect().contains(here) else view.rect().center())
        area = QRectF(at - QPointF(_COMMENT[0] / 2, HEAD / 2), QSizeF(*_COMMENT))
        while under := self._crossed(area):
            area.moveLeft(max(other.right() for other in under) + MARGIN)
        return Frame("", area.left(), area.top(), *_COMMENT)

    def _crossed(self, area: QRectF) -> list[QRectF]:
        """The cards and frames that a comment would lie upon; it may stand within a frame."""
        network = self._canvas.network
        around = [other for frame in self._now() if not (other := area_of(frame)).contains(area)]
        cards = [network.nodes[key].card for key in network.nodes_in(area)]
        return cards + [other for other in around if other.intersects(area)]

    def delete(self) -> bool:
        """Removes the selected frame and nothing else; whether there was one."""
        if self.selected is None:
            return False
        index, kept = self.selected, self._now()
        what = "comment" if self.is_comment(index) else "frame"
        self.put(f"Remove a {what}", (*kept[:index], *kept[index + 1 :]))
        return True

    def paint_in(self, color: str) -> None:
        """Gives the selected frame one of the colours of frames."""
        if self.selected is not None:
            frame = replace(self._now()[self.selected], color=color)
            self.change("Colour a frame", self.selected, frame)

    def fitted(self, index: int, frame: Frame) -> Frame:
        """A comment high enough for its text; other frames as they are."""
        if not self.is_comment(index):
            return frame
        return replace(frame, height=max(frame.height, frame_painting.comment_height(frame)))

    # The text in place

    @property
    def field(self) -> QWidget | None:
        """The field in which a text is being written."""
        return self._text.field if self._text is not None else None

    def rename_selected(self) -> bool:
        """Opens the text of the selected frame; whether there is one."""
        if self.selected is None:
            return False
        self.rename(self.selected)
        return True

    def rename(self, index: int, merge: object = None) -> None:
        """Opens a field over the text; with ``merge`` naming is part of that step."""
        self.close()
        self.select(index)

        def take(text: str | None) -> None:
            self._text = None
            if text is not None:
                self._write(index, text, merge)
            elif merge is not None and self.is_comment(index):
                # Without a word it was for nothing.
                self._canvas.session.history.undo()

        self._text = FrameText(self._canvas, self.shown()[index], self.is_comment(index), take)

    def _write(self, index: int, text: str, merge: object) -> None:
        if index < len(self._now()):
            named = replace(self._now()[index], text=text)
            what = "Write a comment" if self.is_comment(index) else "Name a frame"
            self.change(what, index, self.fitted(index, named), merge)

    def close(self) -> None:
        """Takes the field away."""
        if self._text is not None:
            text, self._text = self._text, None
            text.close()

    # Painting

    def paint(self, painter: QPainter, seen: QRectF, *, behind: bool = True) -> None:
        """Paints the grounds in sight; those that are not behind the cards are over them."""
        for index, frame in enumerate(self.shown()):
            if area_of(frame).adjusted(-4, -4, 4, 4).intersects(seen):
                chosen = index == self.selected
                filled = behind or self.is_comment(index)
                frame_painting.paint_ground(painter, frame, chosen=chosen, behind=filled)

    def paint_map(self, painter: QPainter) -> None:
        """Paints where frames lie, small, and nothing that passes."""
        for frame in self._now():
            frame_painting.paint_ground(painter, frame, chosen=False, behind=False)

    def paint_texts(self, painter: QPainter, seen: QRectF) -> None:
        """Paints the titles and comments in sight, above the wires."""
        for index, frame in enumerate(self.shown()):
            if not self._painted(frame).intersects(seen):
                continue
            if self.is_comment(index):
                frame_painting.paint_comment(painter, frame)
            else:
                frame_painting.paint_title(painter, frame, self._room_for_title(frame))


def _outermost(kept: tuple[Frame, ...], came: list[int]) -> bool:
    """Whether the first of those that came holds the others."""
    return all(kept[came[0]].contains(kept[other]) for other in came[1:])


def _frames_in(document: Document, scope: str) -> tuple[Frame, ...]:
    """The frames of a graph that may have come later."""
    known = scope == NETWORK or scope in document.blocks
    return frames(document.graph(scope)) if known else ()
