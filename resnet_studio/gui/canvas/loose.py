"""Cards that are moved on the screen alone: in somebody's hand, or gliding to their place.

They and their wires are painted above the picture of all others, which thereby stays as it is:
a drag costs what moves, whatever else is in sight.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QTimer

from resnet_studio.gui.canvas.drawing import MANY

if TYPE_CHECKING:
    from resnet_studio.core.document import Edge
    from resnet_studio.gui.canvas.scene import NetworkScene

REST = 60
"""Milliseconds without a movement until the wires of other cards make way."""


class Loose:
    """The loose cards of a scene."""

    def __init__(self, scene: "NetworkScene") -> None:
        self._scene = scene
        self.keys: frozenset[str] = frozenset()
        self.wires: frozenset[Edge] = frozenset()
        """The wires that begin or end at them."""
        self._areas: list[QRectF] = []
        """Where they were painted last."""
        self._rest = QTimer(scene, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.make_way)

    def __contains__(self, thing: object) -> bool:
        return thing in self.keys or thing in self.wires

    def shift(self, places: Mapping[str, QPointF]) -> None:
        """Moves cards, all at once, their wires following."""
        drawing = self._scene.drawing
        if not self.keys.issuperset(places):
            self._loosen(places)
        where = {key: (place.x(), place.y()) for key, place in places.items()}
        if all(drawing.places[key] == place for key, place in where.items()):
            return
        drawing.move(where)
        drawing.reroute()
        if len(places) > MANY:
            self._scene.disturb_all()
            return
        self._stir()
        if self.wires:
            # A card without wires may be meant for one of these: they do not flee from it.
            self._rest.start()

    def _loosen(self, keys: Iterable[str]) -> None:
        """Takes cards out of the picture of those that stay where they are."""
        scene, before = self._scene, self.keys
        self.keys |= frozenset(keys)
        new = self.keys - before
        wires = frozenset(edge for key in new for edge in scene.drawing.wiring.at(key))
        areas = scene.areas(new) + scene.areas(wires - self.wires) if len(new) <= MANY else []
        self.wires |= wires
        scene.loosened.emit(self.keys, areas)

    def _stir(self) -> None:
        """What is loose is painted elsewhere now."""
        before, self._areas = self._areas, self._scene.areas((*self.keys, *self.wires))
        self._scene.stirred.emit(before + self._areas)

    def make_way(self) -> None:
        """The wires of the other cards go round where these are now."""
        self._rest.stop()
        scene, drawing = self._scene, self._scene.drawing
        drawing.make_way()
        known = drawing.ways.known
        before = {edge: known(edge) for edge in drawing.disturbed()}
        left = {e: scene.wires.sure(e).area for e, way in before.items() if way is not None}
        moved = [edge for edge in drawing.reroute() if known(edge) is not before[edge]]
        if moved:
            arrived = [scene.wires.sure(edge).area for edge in moved]
            scene.disturbed.emit([left[edge] for edge in moved if edge in left] + arrived)

    def clear(self) -> None:
        """Every card belongs to the picture again."""
        self._rest.stop()
        self.keys, self.wires, self._areas = frozenset(), frozenset(), []
