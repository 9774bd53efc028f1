"""The wire that takes in the card in the hand: found below the card, and shown beforehand."""

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from resnet_studio.core import edits
from resnet_studio.core.routing import Route, along
from resnet_studio.gui.canvas.splicing import fits, spliced
from resnet_studio.gui.canvas.trial import Trial, tried
from resnet_studio.gui.canvas.wire import path_of
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.core.document import Edge
    from resnet_studio.gui.canvas.view import Canvas

_RIM = 12.0
"""A wire that runs below no more than the rim of the card is not meant."""
_WIDTH = 2.5
_REST = 50
"""Milliseconds over a wire until it is worked out what comes of it: passing wires cost nothing."""


class Splice:
    """For a card that has no wires and is moved by itself."""

    def __init__(self, canvas: "Canvas", key: str) -> None:
        self._canvas, self._key = canvas, key
        self._trials: dict[Edge, Trial] = {}
        self._at = QPointF()
        self._rest = QTimer(canvas, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._try)
        self._ghost: QGraphicsPathItem | None = None
        self.wire: Edge | None = None
        """The wire that takes the card in when it is let go."""

    @classmethod
    def of(cls, canvas: "Canvas", keys: Collection[str]) -> "Splice | None":
        """None where what is moved cannot go into a wire."""
        if len(keys) != 1:
            return None
        (key,) = keys
        card = canvas.network.nodes[key]
        wired = card.wired_inputs or card.wired_outputs
        return cls(canvas, key) if fits(card.look) and not wired else None

    def look(self, at: QPointF) -> None:
        """The card is elsewhere now; the pointer is at ``at``."""
        wire = self._below()
        if wire != self.wire:
            self.end()
            self.wire = wire
        if wire is None:
            return
        if self._ghost is None:
            self._ghost = QGraphicsPathItem()
            self._ghost.setPen(QPen(theme().color("accent"), _WIDTH))
            self._ghost.setZValue(8)
            self._canvas.add_overlay(self._ghost)
            self._canvas.network.show_wire(wire, shown=False)
        self._lead(self._ghost, wire)
        self._at = at
        if wire in self._trials:
            self._tell(self._trials[wire])
        elif not self._rest.isActive():
            self._rest.start()

    def _try(self) -> None:
        if self.wire is not None:
            trial = self._trials[self.wire] = self._trial(self.wire)
            self._tell(trial)

    def _tell(self, trial: Trial) -> None:
        place = self._canvas.mapFromScene(self._at)
        self._canvas.hint.tell(place, trial.head, trial.more, trial.tone)

    def _below(self) -> "Edge | None":
        """Of the wires that run below the card, the one nearest to its middle."""
        scene = self._canvas.network
        card = scene.nodes[self._key].card.adjusted(_RIM, 0, -_RIM, 0)
        found = []
        for edge in scene.edges_near(card):
            if edge == self.wire or edge not in scene.hidden:
                distance = _distance(scene.wires.sure(edge).route, card)
                if distance is not None:
                    found.append((distance, edge))
        return min(found)[1] if found else None

    def _lead(self, ghost: QGraphicsPathItem, wire: "Edge") -> None:
        """Shows the wires into the card and out of it that there will be."""
        nodes = self._canvas.network.nodes
        card, path = nodes[self._key], QPainterPath()
        for start, end in (
            (nodes[wire.source].output_point(wire.output), card.input_point(0)),
            (card.output_point(0), nodes[wire.target].input_point(wire.slot)),
        ):
            path.addPath(path_of(Route((_pair(start), _pair(end)))))
        ghost.setPath(path)

    def _trial(self, wire: "Edge") -> Trial:
        """What comes of it; where the cards will stand changes nothing about that."""
        session = self._canvas.session
        node = session.graph.nodes[self._key]
        after = edits.insert_on_edge(session.document, session.scope, wire, node)
        return tried(session, after, self._key)

    def end(self) -> None:
        """Shows nothing any more."""
        self._rest.stop()
        self._canvas.hint.hide()
        if self._ghost is not None and self.wire is not None:
            self._canvas.remove_overlay(self._ghost)
            self._canvas.network.show_wire(self.wire, shown=True)
        self._ghost = self.wire = None

    def make(self, wire: "Edge") -> None:
        """Takes the card into a wire."""
        label = f"Take “{self._key}” into the wire from “{wire.source}”"
        card = self._canvas.network.nodes[self._key]
        node = self._canvas.session.graph.nodes[self._key]
        self._canvas.session.apply(label, spliced(self._canvas, wire, node, card.look))


def _pair(point: QPointF) -> tuple[float, float]:
    return point.x(), point.y()


def _distance(way: Route, card: QRectF) -> float | None:
    """How far a way passes from the middle of a card; None where that is not below the card."""
    points = way.points if len(way.points) > 2 else tuple(along(*way.points))
    middle = card.center()
    nearest = min(
        (_nearest(middle, QPointF(*a), QPointF(*b)) for a, b in pairwise(points)),
        key=lambda point: (point - middle).manhattanLength(),
    )
    return (nearest - middle).manhattanLength() if card.contains(nearest) else None


def _nearest(place: QPointF, start: QPointF, end: QPointF) -> QPointF:
    """The point of a stretch that is nearest to a place."""
    along_it, length = end - start, QPointF.dotProduct(end - start, end - start)
    if not length:
        return start
    share = QPointF.dotProduct(place - start, along_it) / length
    return start + along_it * min(max(share, 0.0), 1.0)
