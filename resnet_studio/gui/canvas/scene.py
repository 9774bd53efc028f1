"""The graph on the canvas, kept in step with the session, and what is made of it in passing.

What gestures may use: ``nodes`` and ``wires`` are mappings whose values say where a thing is and
what it shows (``card``, ``look``, ``input_point``, ``output_point``, ``wired_inputs``,
``wired_outputs``; ``route``, ``label``, ``identity``, ``faulty``).  They are no graphics items:
``items()`` knows overlays alone.  To look all of them through is slow in a large network; ask
``node_at``, ``port_at``, ``wire_at``, ``nodes_in`` and ``places``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtWidgets import QGraphicsScene

from resnet_studio.core.document import Edge
from resnet_studio.core.layout import Position
from resnet_studio.gui.canvas.card import MARGIN, Card
from resnet_studio.gui.canvas.drawing import MANY, Drawing
from resnet_studio.gui.canvas.feature_maps import REACH
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.loose import Loose
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.ports import Port
from resnet_studio.gui.canvas.showing import Showing
from resnet_studio.gui.canvas.wire import Wire
from resnet_studio.gui.session import Session

_CALM = Mood()

Thing = str | Edge
Key = TypeVar("Key")
Value = TypeVar("Value")


class Made(Mapping[Key, Value]):
    """Values made when they are first asked for, and the same ones ever after."""

    def __init__(
        self, all_keys: Callable[[], Collection[Key]], make: Callable[[Key], Value]
    ) -> None:
        self._all, self._make = all_keys, make
        self._made: dict[Key, Value] = {}

    def __getitem__(self, key: Key) -> Value:
        if key not in self._all():
            raise KeyError(key)
        return self.sure(key)

    def sure(self, key: Key) -> Value:
        """The value of a key that is known to be there."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def __iter__(self) -> Iterator[Key]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, key: object) -> bool:
        return key in self._all()


class NetworkScene(QGraphicsScene):
    """The graph that the session shows; as graphics items, only what lies above it."""

    disturbed = Signal(object)
    """Carries the areas to be painted anew; none stand for all that is in sight."""
    restarted = Signal()
    synced = Signal(object, bool)
    """Carries the nodes that look or stand otherwise, or whose wires do; and whether any may."""
    stirred = Signal(object)
    """Carries the areas in which cards moved that are painted above the picture of the others."""
    loosened = Signal(object, object)
    """Carries the cards that are moved on the screen alone, and the areas that more of them left;
    none stand for all that is in sight."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.showing = Showing(self)
        self.drawing = Drawing(Shown.now(session))
        self.loose = Loose(self)
        self._forget()
        self.revision = 0
        """Grows with every change of what is shown: for whoever keeps a picture of it."""

    def _forget(self) -> None:
        self.loose.clear()
        self.nodes: Made[str, Card] = Made(lambda: self.drawing.places, lambda key: Card(self, key))
        self.wires: Made[Edge, Wire] = Made(
            lambda: self.drawing.wiring, lambda edge: Wire(self, edge)
        )
        self._bounds: QRectF | None = None
        self.selected_wires: frozenset[Edge] = frozenset()
        self._selected: frozenset[Thing] = frozenset()
        self._hovered: Thing | None = None
        self._target: Thing | None = None
        self._hot: Port | None = None
        self.covered: frozenset[Thing] = frozenset()
        """Cards below something that stands for them: they show no moods."""
        self.changed_by_trial: frozenset[str] = frozenset()
        """The nodes that the repair in preview changes."""
        self.dimmed: frozenset[str] = frozenset()
        self.hidden: frozenset[Edge] = frozenset()
        """Wires in somebody's hand, or that a repair leads elsewhere."""

    @property
    def places(self) -> dict[str, Position]:
        """Where each node is shown, also those that the file gives no position."""
        return self.drawing.places

    # Keeping in step

    def restart(self) -> None:
        """Shows another graph from scratch."""
        self.clear()
        self.drawing = Drawing(Shown.now(self._session))
        self._forget()
        self.show_selection()
        self.restarted.emit()
        self._refresh()

    def sync(self) -> None:
        """Brings the picture up to the session's document and analysis."""
        before = self.drawing.wiring
        touched = self.drawing.update(Shown.now(self._session))
        self._tell(touched, self.drawing.wiring is not before)
        self.selected_wires = frozenset(e for e in self.selected_wires if e in self.wires)
        self.show_selection()
        self._refresh()

    def preview(self, shown: Shown, places: Mapping[str, Position]) -> None:
        """Shows what is there as it will look, or as it looks, in another document."""
        standing = all(self.places.get(key, place) == place for key, place in places.items())
        if standing and shown.document is self.drawing.shown.document:
            return
        self._tell(self.drawing.try_on(shown, places))
        self._refresh()

    def _tell(self, touched: Collection[str] = (), rewired: bool = False) -> None:
        """Tells whoever keeps a list of what is shown which of it is another."""
        self.loose.clear()
        led, anew = self.drawing.led_anew()
        self.synced.emit(led.union(touched), rewired or anew)

    def _refresh(self) -> None:
        self.revision += 1
        self._bounds = None
        self.disturb_all()

    # Places

    def shift(self, places: Mapping[str, QPointF]) -> None:
        """Moves cards on the screen alone, all at once, wires following; ``land`` at last."""
        self._bounds = None
        self.loose.shift(places)

    def land(self) -> None:
        """Cards that were moved on the screen alone stand where they are now."""
        if self.loose.keys:
            self.loose.make_way()
            self._tell()
            self._refresh()

    def bounds(self, keys: Iterable[str] | None = None) -> QRectF:
        """The room that the cards and their wires take; empty for an empty graph."""
        if keys is None:
            if self._bounds is None:
                self._bounds = self._bounds_of_all()
            beside = REACH if self.showing.maps and not self._bounds.isEmpty() else 0.0
            return self._bounds.adjusted(-beside, 0, 0, 0)
        rect = QRectF()
        for key in keys:
            rect |= self.nodes[key].area
        return rect

    def _bounds_of_all(self) -> QRectF:
        outline = self.drawing.outline()
        if outline is None:
            return QRectF()
        left, top, right, bottom = outline
        rect = QRectF(left - MARGIN, top - MARGIN, right - left, bottom - top)
        rect.setSize(rect.size() + QSizeF(2 * MARGIN, 2 * MARGIN))
        for key in self.drawing.within(left, bottom, right, bottom)[:MANY]:
            # The label below the last card reaches further.
            rect |= self.nodes[key].area
        across = self.drawing.ways.reach()
        if across is not None:
            rect.setLeft(min(rect.left(), across[0] - MARGIN))
            rect.setRight(max(rect.right(), across[1] + MARGIN))
        return rect

    # What is under the pointer

    def node_at(self, at: QPointF) -> str | None:
        for key in self._in_front(self.keys_near(QRectF(at, at))):
            if self.nodes[key].card.contains(at):
                return key
        return None

    def port_at(self, at: QPointF, reach: float) -> Port | None:
        area = _around(at, reach + MARGIN)
        for key in self._in_front(self.keys_near(area)):
            port = self.nodes[key].port_near(at, reach)
            if port is not None:
                return port
        return None

    def wire_at(self, at: QPointF, reach: float) -> Edge | None:
        for edge in self.edges_near(_around(at, reach)):
            if edge not in self.hidden and self.wires[edge].near(at, reach):
                return edge
        return None

    def nodes_in(self, area: QRectF) -> set[str]:
        """The nodes whose cards touch an area."""
        sides = area.top(), area.bottom(), area.left(), area.right()
        return {rect.key for rect in self.drawing.between(*sides)}

    def keys_near(self, area: QRectF) -> list[str]:
        """The nodes whose cards may touch an area, those in front last."""
        found = self.drawing.within(area.left(), area.top(), area.right(), area.bottom())
        if not self._selected:
            return found
        return sorted(found, key=self._selected.__contains__)

    def edges_near(self, area: QRectF) -> list[Edge]:
        """The wires that may touch an area."""
        return self.drawing.ways.near(area.left(), area.top(), area.right(), area.bottom())

    def _in_front(self, keys: list[str]) -> Iterator[str]:
        return reversed(keys)

    # Passing states

    def mood(self, thing: Thing) -> Mood:
        """What the pointer, the selection and a preview make of a card or wire."""
        selected, changed = thing in self._selected, thing in self.changed_by_trial
        hovered, target = thing == self._hovered, thing == self._target
        if not (selected or changed or hovered or target) or thing in self.covered:
            return _CALM
        return Mood(selected, hovered, target, changed)

    def marked(self) -> set[str]:
        """The nodes that stand out: selected, or the goal of a drag."""
        found = {thing for thing in self._selected if not isinstance(thing, Edge)}
        return found | {self._target} if isinstance(self._target, str) else found

    def hot_port(self, key: str) -> Port | None:
        """The port of a node that the pointer, or a wire in hand, is at."""
        return self._hot if self._hot is not None and self._hot.node == key else None

    def show_selection(self) -> None:
        """Marks the nodes that the session selects and the wires that the canvas does."""
        before = self._selected
        self._selected = self._session.selection | self.selected_wires
        self.selectionChanged.emit()
        self._touch(*(self._selected ^ before))

    def show_hover(self, thing: Thing | None, port: Port | None = None) -> None:
        """Marks the one node or wire under the pointer, and the port."""
        if (thing, port) == (self._hovered, self._hot):
            return
        ports = [p.node for p in (self._hot, port) if p is not None]
        old, self._hovered, self._hot = self._hovered, thing, port
        self._touch(old, thing, *ports)

    def show_target(self, thing: Thing | None) -> None:
        """Marks the one node or wire that a drag would end at."""
        if thing != self._target:
            old, self._target = self._target, thing
            self._touch(old, thing)

    def dim(self, keys: Iterable[str]) -> None:
        """Greys out these nodes and shows all others plainly."""
        before, self.dimmed = self.dimmed, frozenset(keys)
        self._touch(*(before ^ self.dimmed))

    def show_wire(self, edge: Edge, shown: bool) -> None:
        """Hides a wire, or shows it again."""
        self.hidden = self.hidden - {edge} if shown else self.hidden | {edge}
        self._touch(edge)

    def cover(self, keys: Iterable[str]) -> None:
        """These cards lie below something that stands for them, and no others do."""
        before, self.covered = self.covered, frozenset(keys)
        self._touch(*(before ^ self.covered))

    def mark_changed(self, keys: Iterable[str]) -> None:
        """Marks the nodes that a repair would change."""
        before, self.changed_by_trial = self.changed_by_trial, frozenset(keys)
        self._touch(*(before ^ self.changed_by_trial))

    def disturb_all(self) -> None:
        """All that is in sight is to be painted anew."""
        self.disturbed.emit(())

    def _touch(self, *things: Thing | None) -> None:
        """These are to be painted anew."""
        if len(things) > MANY:
            self.disturb_all()
            return
        for signal, found in (
            (self.disturbed, self.areas(t for t in things if t not in self.loose)),
            (self.stirred, self.areas(t for t in things if t in self.loose)),
        ):
            if found:
                signal.emit(found)

    def areas(self, things: Iterable[Thing | None]) -> list[QRectF]:
        """All that is painted of each thing that is there."""
        return [area for thing in things if (area := self._area(thing)) is not None]

    def _area(self, thing: Thing | None) -> QRectF | None:
        """All that is painted of a thing; None where it is not there."""
        if isinstance(thing, Edge):
            return self.wires.sure(thing).area if thing in self.wires else None
        return self.nodes.sure(thing).area if thing in self.drawing.places else None


def _around(at: QPointF, reach: float) -> QRectF:
    return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
