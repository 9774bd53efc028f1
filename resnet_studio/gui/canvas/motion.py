"""Cards glide to where an edit puts them, so that the eye can follow; it never delays anything.

What the document says stands at once: the next press, key or edit finds everything in its place.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QSettings, Qt, QVariantAnimation, Signal

from resnet_studio.core.layout import Position

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

MILLISECONDS = 220
_MOST = 150
"""More cards than these jump: leading their wires for every frame would not be smooth."""
_LEAST = 2.0
_FARTHEST = 20_000.0
"""What goes farther jumps: no eye follows it, and its wires pass thousands of cards."""
_SETTING = "canvas/motion"


class Motion(QObject):
    """The one movement under way on a canvas."""

    _due = Signal()
    """Sent to itself: the movement begins when the edit is dealt with, and before it is painted."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._from: dict[str, Position] = {}
        self._to: dict[str, Position] = {}
        self._begun = False
        self._due.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self.wanted = bool(QSettings().value(_SETTING, True, type=bool))
        self._run = QVariantAnimation(self)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.setDuration(MILLISECONDS)
        self._run.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._run.valueChanged.connect(self._show)
        self._run.finished.connect(self.finish)

    def want(self, wanted: bool) -> None:
        """Lets cards glide, or jump; remembered."""
        self.wanted = wanted
        QSettings().setValue(_SETTING, wanted)
        self.finish()

    @property
    def under_way(self) -> bool:
        return bool(self._to)

    def before(self) -> Mapping[str, Position]:
        """Where the cards stand now, before an edit; ends what is still moving."""
        self.finish()
        return dict(self._canvas.network.places) if self.wanted else {}

    def play(self, before: Mapping[str, Position]) -> None:
        """Glides from where the cards stood to where they stand now."""
        after = self._canvas.network.places
        if before == after:
            return
        moved = {
            key: place
            for key, place in before.items()
            if (now := after.get(key, place)) is not place and _distance(place, now) > _LEAST
        }
        if not moved or len(moved) > _MOST or not self._canvas.isVisible():
            return
        if all(_distance(place, after[key]) < _FARTHEST for key, place in moved.items()):
            self._from, self._to = moved, {key: after[key] for key in moved}
            self._begun = False
            self._due.emit()

    def _begin(self) -> None:
        if self._to and not self._begun:
            self._begun = True
            self._show(0.0)
            self._run.start()

    def _show(self, share: Any) -> None:
        self._put({key: _between(place, self._to[key], share) for key, place in self._from.items()})

    def look(self, action: Callable[[], object]) -> None:
        """Does something, such as fitting the view, with every card where it will stand."""
        if not self._to or not self._begun:
            action()
            return
        self._put(self._to)
        action()
        self._show(self._run.currentValue() or 0.0)

    def finish(self) -> None:
        """Puts every card where it belongs, now."""
        if self._to:
            places, self._from, self._to = self._to, {}, {}
            if self._begun:
                self._run.stop()
                self._put(places)
                self._canvas.network.land()

    def _put(self, places: Mapping[str, Position]) -> None:
        scene = self._canvas.network
        known = {key: QPointF(*place) for key, place in places.items() if key in scene.nodes}
        scene.shift(known)
        self._canvas.refresh_far()


def _distance(one: Position, other: Position) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _between(start: Position, end: Position, share: float) -> Position:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
