"""Calls opened in their place: which are open, and who makes room for them.

Room is made on the screen alone; the document's places stay as they are.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.motion import MILLISECONDS
from resnet_studio.gui.canvas.opened_call import HEAD, OpenedCall

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas
    from resnet_studio.gui.session import Change

Shift = tuple[float, float]


class _Unfolding(QVariantAnimation):
    """Opens one frame from its head down, as long as cards glide."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._frame: OpenedCall | None = None
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(MILLISECONDS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._show)

    def start_on(self, frame: OpenedCall) -> None:
        """Begins with this frame; the one before stands open at once."""
        self._show(1.0)
        self._frame = frame
        self._show(0.0)
        self.stop()
        self.start()

    def _show(self, share: float) -> None:
        if self._frame is not None:
            self._frame.unfold(share)


class Expanding(QObject):
    """The frames of one canvas, by the call that each stands for."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.opened: dict[str, OpenedCall] = {}
        self._shifts: dict[str, dict[str, Shift]] = {}
        self._unfolding = _Unfolding(self)

    def toggle(self, key: str) -> bool:
        """Opens the inside of a call in its place, or closes it; False for what is no call."""
        if key in self.opened:
            self.close(key)
            return True
        before = self._canvas.motion.before()
        session = self._canvas.session
        if session.graph.nodes[key].type not in session.document.blocks:
            return False
        frame = self.opened[key] = OpenedCall(session, key, self._canvas.network.showing)
        self._canvas.add_overlay(frame)
        self._canvas.network.cover(self.opened)
        self._make_room(key)
        self._stand(key)
        self._canvas.ensureVisible(frame, 24, 24)
        # Where there is no room for all of it, its head is in sight.
        head = frame.body.translated(frame.pos())
        head.setHeight(HEAD)
        self._canvas.ensureVisible(head, 24, 24)
        if self._canvas.motion.wanted and self._canvas.isVisible():
            self._unfolding.start_on(frame)
        self._canvas.motion.play(before)
        return True

    def close(self, key: str) -> None:
        """Closes a frame; who made room for it stands where it stood."""
        before = self._canvas.motion.before()
        back = self._shifts.pop(key, {})
        self._canvas.remove_overlay(self.opened.pop(key))
        self._canvas.network.cover(self.opened)
        self._shift({other: (-x, -y) for other, (x, y) in back.items()})
        self._stand_all()
        self._canvas.motion.play(before)

    def clear(self) -> None:
        """Forgets all frames: another graph comes."""
        for frame in self.opened.values():
            self._canvas.remove_overlay(frame)
        self.opened, self._shifts = {}, {}

    def refresh(self, change: "Change") -> None:
        """After an edit: frames show what is now, and those whose call went close."""
        back = self._close_gone()
        self._canvas.network.cover(self.opened)
        self._keep_room(change)
        self._give_back(back)
        for key, frame in self.opened.items():
            before = frame.size
            frame.show_copy(frame.copy)
            if frame.size != before:
                self._shift({k: (-x, -y) for k, (x, y) in self._shifts.pop(key, {}).items()})
                self._make_room(key)
        self._stand_all()

    def _close_gone(self) -> dict[str, Shift]:
        """Takes away the frames without a call; returns who had made room for them."""
        session, back = self._canvas.session, dict[str, Shift]()
        for key in list(self.opened):
            node = session.graph.nodes.get(key)
            if node is None or node.type not in session.document.blocks:
                for other, (x, y) in self._shifts.pop(key, {}).items():
                    before = back.get(other, (0.0, 0.0))
                    back[other] = before[0] + x, before[1] + y
                self._canvas.remove_overlay(self.opened.pop(key))
        return back

    # Room

    def _make_room(self, key: str) -> None:
        """What is below moves down, what is beside moves aside."""
        scene = self._canvas.network
        card, (width, height) = scene.nodes[key].card, self.opened[key].size
        down, aside = height - card.height(), max(0.0, (width - card.width()) / 2)
        shifts: dict[str, Shift] = {}
        for other in scene.places:
            if other == key:
                continue
            there = scene.nodes[other].card
            if there.top() >= card.bottom():
                shifts[other] = (0.0, down)
            elif there.bottom() > card.top():
                right = there.center().x() > card.center().x()
                shifts[other] = (aside if right else -aside, 0.0)
        self._shifts[key] = shifts
        self._shift(shifts)

    def _shift(self, shifts: Mapping[str, Shift]) -> None:
        scene = self._canvas.network
        moved = {
            key: (scene.places[key][0] + x, scene.places[key][1] + y)
            for key, (x, y) in shifts.items()
            if key in scene.places
        }
        if moved:
            scene.preview(Shown.now(self._canvas.session), moved)

    def _keep_room(self, change: "Change") -> None:
        """A card that an edit put back makes room again; one that was moved stays there."""
        session, scene = self._canvas.session, self._canvas.network
        scopes = change.before.scopes()
        before = change.before.graph(session.scope).nodes if session.scope in scopes else {}
        again: dict[str, Shift] = {}
        for key, node in session.graph.nodes.items():
            old = before.get(key)
            if old is node or old is None or node.position is None:
                continue
            if old.position != node.position:
                for shifts in self._shifts.values():
                    shifts.pop(key, None)
            elif scene.places.get(key) == node.position:
                again[key] = self._total(key)
        self._shift(again)

    def _give_back(self, back: Mapping[str, Shift]) -> None:
        """Whoever made room for a frame that went stands where it would without it."""
        scene, nodes = self._canvas.network, self._canvas.session.graph.nodes
        shifts: dict[str, Shift] = {}
        for key, (x, y) in back.items():
            if key not in scene.places or key not in nodes:
                continue
            own, here, rest = nodes[key].position, scene.places[key], self._total(key)
            # The edit itself may have put it back already.
            shifts[key] = (
                (-x, -y)
                if own is None
                else (own[0] + rest[0] - here[0], own[1] + rest[1] - here[1])
            )
        self._shift(shifts)

    def _total(self, key: str) -> Shift:
        mine = [shifts[key] for shifts in self._shifts.values() if key in shifts]
        return sum(x for x, _y in mine), sum(y for _x, y in mine)

    def _stand_all(self) -> None:
        for key in self.opened:
            self._stand(key)
        self._canvas.viewport().update()

    def _stand(self, key: str) -> None:
        card = self._canvas.network.nodes[key].card
        frame = self.opened[key]
        frame.setPos(card.center().x(), card.top())
        frame.show_results(self._hidden_labels(key))

    def _hidden_labels(self, key: str) -> list[tuple[QPointF, str]]:
        """The labels behind a frame of wires that leave it, half way from its lower edge on."""
        scene, frame = self._canvas.network, self.opened[key]
        found = []
        for edge in scene.drawing.wiring.out_of(key):
            wire = scene.wires[edge]
            behind = frame.body.contains(wire.label_rect.center() - frame.pos())
            below = wire.end - frame.pos()
            if behind and below.y() > frame.body.bottom():
                middle = (below.y() + frame.body.bottom()) / 2
                found.append((QPointF(below.x(), middle), wire.label))
        return found

    # The hand

    def frame_at(self, at: QPointF) -> OpenedCall | None:
        """The frame at a place of the scene."""
        return next((f for f in self.opened.values() if f.body.contains(at - f.pos())), None)

    def press(self, at: QPointF) -> bool:
        """Whether a press was in a frame: on a button of it, or to select its call."""
        frame = self.frame_at(at)
        if frame is None:
            return False
        button = frame.button_at(at - frame.pos())
        if button == "close":
            self.close(frame.key)
        elif button:
            frame.show_copy(frame.copy + (1 if button == "after" else -1))
        else:
            self._canvas.session.select([frame.key])
        return True

    def double_click(self, at: QPointF, alt: bool) -> bool:
        """Whether it was in a frame: with Alt it closes, else the block is entered there."""
        frame = self.frame_at(at)
        if frame is None:
            return False
        if alt:
            self.close(frame.key)
        elif frame.button_at(at - frame.pos()):
            self.press(at)
        else:
            chosen = frame.node_at(at - frame.pos())
            session = self._canvas.session
            session.enter(frame.key, frame.copy)
            session.select([chosen] if chosen is not None else [])
        return True
