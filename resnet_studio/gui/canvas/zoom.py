"""How near the canvas is looked at: wheel, fit, and where a graph is first seen."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas
    from resnet_studio.gui.session import Trail

NEAREST, FARTHEST = 4.0, 0.02
_FARTHEST_OF_ALL = 1e-4
_LEGIBLE = 0.9
"""A graph is opened at this zoom at least, from its top, rather than as a whole: the smallest
text of a card then still has 10 pixels."""
_WHOLE = 0.7
"""A graph that can be seen whole from this near is shown whole."""
_SCARCELY_LEGIBLE = 0.5
"""As far as that a wide graph moves away to be seen from side to side."""
_FIT_AT_MOST = 1.15
_MARGIN = 36.0
_ROOM = 96.0
"""Pixels around a node that was jumped to: for its neighbours, and the cards of its repair."""
_NOTCH = 1.16


class Outlook(NamedTuple):
    """How a graph was seen: the zoom, and what of it stood in the middle."""

    level: float
    middle: QPointF


class Zoom:
    """Changes the transform of one canvas."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._at_home = True
        """Nobody has chosen another view yet: a change of size looks for the best one again."""
        self._trail: Trail = ()
        self._document = canvas.session.identity
        self._outlooks: dict[Trail, Outlook | None] = {}
        """How the graphs of this document were left; None for one that was seen from home."""

    def go_to(self, trail: "Trail") -> None:
        """Shows the graph at ``trail`` as it was left, or from home if it was never seen.

        Called when the scene shows that graph already; the transform is still that of the last.
        """
        identity = self._canvas.session.identity
        if identity != self._document:
            self._document, self._outlooks = identity, {}
        else:
            self._outlooks[self._trail] = self.outlook()
        self._trail = trail
        self.look_again(self._outlooks.get(trail))

    def look_again(self, outlook: Outlook | None) -> None:
        """Shows the graph as it was seen once; from home where it was seen so, or never."""
        if outlook is None:
            self.home()
            return
        self._set(outlook.level)
        self._canvas.centerOn(outlook.middle)
        self.stay()

    def outlook(self) -> Outlook | None:
        """How the graph is seen now; None where that is from home."""
        if self._at_home:
            return None
        canvas = self._canvas
        middle = QRectF(canvas.viewport().rect()).center()
        seen, _ = canvas.viewportTransform().inverted()
        return Outlook(canvas.zoom_level(), seen.map(middle))

    def by(self, factor: float, at: QPoint) -> None:
        """Zooms, keeping what is at a place of the viewport where it is."""
        self.to(self._canvas.zoom_level() * factor, at)

    def to(self, level: float, at: QPoint) -> None:
        canvas = self._canvas
        self.stay()
        level = min(max(level, self._farthest()), NEAREST)
        here = canvas.mapToScene(at)
        self._set(level)
        off = canvas.mapFromScene(here) - at
        across, down = canvas.horizontalScrollBar(), canvas.verticalScrollBar()
        across.setValue(across.value() + off.x())
        down.setValue(down.value() + off.y())

    def _farthest(self) -> float:
        """As far as one can go: a very large graph may always be seen whole."""
        rect = self._canvas.framing.whole()
        if rect.isEmpty():
            return FARTHEST
        return max(min(FARTHEST, *self._fitting(rect)), _FARTHEST_OF_ALL)

    def wheel(self, event: QWheelEvent) -> None:
        """A notch of the wheel zooms at the pointer; with Shift or Alt it scrolls."""
        turn = event.angleDelta()
        notches = (turn.y() or turn.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self._canvas.horizontalScrollBar()
            bar.setValue(bar.value() - round(notches * 80))
        else:
            self._canvas.surface.hurry()
            self.by(_NOTCH**notches, event.position().toPoint())
        event.accept()

    def fit(self, rect: QRectF) -> None:
        """Shows ``rect`` of the scene whole."""
        self.stay()
        if rect.isEmpty():
            self._set(1.0)
            self._canvas.centerOn(0, 0)
            return
        self._set(max(min(*self._fitting(rect), _FIT_AT_MOST), _FARTHEST_OF_ALL))
        self._canvas.centerOn(rect.center())

    def look_at(self, area: QRectF) -> None:
        """Brings cards into the middle, to be read, unless they stand comfortably in sight."""
        self.stay()
        readable = min(_LEGIBLE, *self._fitting(area))
        near = self._canvas.zoom_level() >= readable
        if not near:
            self._set(readable)
        if not near or not self._is_comfortable(area):
            self._canvas.centerOn(area.center())

    def _is_comfortable(self, area: QRectF) -> bool:
        """Whether cards are in sight with room on all sides, as much as the canvas has."""
        seen = self._canvas.viewport().rect()
        painted = self._canvas.mapFromScene(area).boundingRect()
        across = round(min(_ROOM, max(0.0, (seen.width() - painted.width()) / 4)))
        down = round(min(_ROOM, max(0.0, (seen.height() - painted.height()) / 4)))
        return seen.contains(painted.adjusted(-across, -down, across, down))

    def home(self) -> None:
        """Where a graph is first seen: whole if that is legible, else from its start."""
        rect = self._canvas.framing.whole()
        self.fit(rect)
        if not rect.isEmpty():
            self._from_the_start(rect)
        self._at_home = True

    def _from_the_start(self, rect: QRectF) -> None:
        """Comes nearer where the graph is too tall or too wide to be read as a whole."""
        across, down = self._fitting(rect)
        # What is cut off below is expected; what is cut off at the sides is easily missed.
        level = min(_LEGIBLE, max(across, _SCARCELY_LEGIBLE))
        if min(across, down) >= min(level, _WHOLE):
            return
        self._set(level)
        middle = rect.center()
        if across < level and self._canvas.network.places:
            middle.setX(self._first_card().center().x())
        if down < level:
            height = self._canvas.viewport().height()
            middle.setY(rect.top() + (height / 2 - _MARGIN) / level)
        self._canvas.centerOn(middle)

    def _first_card(self) -> QRectF:
        network = self._canvas.network
        return network.nodes[network.drawing.highest()].card

    def _fitting(self, rect: QRectF) -> tuple[float, float]:
        """The zooms at which the rectangle just fits across and down."""
        size = self._canvas.viewport().size()
        across = (size.width() - 2 * _MARGIN) / rect.width()
        return across, (size.height() - 2 * _MARGIN) / rect.height()

    def stay(self) -> None:
        """Somebody is at work here: the view stays where it is."""
        self._at_home = False

    def resized(self) -> None:
        if self._at_home:
            self.home()

    def _set(self, level: float) -> None:
        canvas = self._canvas
        if level != canvas.zoom_level():
            canvas.resetTransform()
            canvas.scale(level, level)
            canvas.zoom_changed.emit(level)
            canvas.viewport().update()
