"""Feature maps as papers draw them: a slab as high as the map and as thick as its channels.

Square roots of both, since sizes of one network lie two orders of magnitude apart: a map of half
the side is 0.7 times as high, and a glance still shows maps shrink while channels grow.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache
from math import prod, sqrt
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from resnet_studio.core.faces import CARD_HEIGHT
from resnet_studio.core.shapes import Shape, show
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.painting import canvas_font, mixed
from resnet_studio.gui.canvas.sprites import Sprites, Stamp
from resnet_studio.gui.theme import theme

REACH = 64.0
"""A slab beside its card reaches this far to the left of it."""
_GAP = 12.0
_SLANT, _RISE = 0.22, 0.16
"""How far the depth of a slab goes to the right and up, by its height."""
_VECTOR = 3.0
_UNKNOWN = 32
"""A side or a number of channels that is not known is drawn as this one, dashed."""
_TEXT_PIXELS, _TEXT_ZOOM = 10, 0.3
_TINY = 8.0
_FRONT, _TOP, _SIDE = 0.62, 0.36, 0.85
"""How much of the family's colour the faces of a slab have."""


class Scale(NamedTuple):
    """Units of the canvas to the square root of a side, and of a number of channels; the most."""

    side: float
    channels: float
    highest: float
    widest: float


BESIDE = Scale(4.2, 0.75, 72.0, 34.0)
"""From near: between the columns of cards."""
INSTEAD = Scale(4.6, 3.4, 88.0, 160.0)
"""From afar: in the place of cards, of which nothing could be read."""


class Slab(NamedTuple):
    """The front of a slab, how deep it is, and whether a size is not known."""

    width: float
    height: float
    depth: float
    known: bool

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height with the faces on the top and at the side."""
        return self.width + self.depth * _SLANT, self.height + self.depth * _RISE


@lru_cache(maxsize=4096)
def slab_of(shape: Shape | None, scale: Scale) -> Slab:
    """The slab of a map of ``shape`` (the batch first, the channels last); None is unknown."""
    if shape is None or len(shape) < 2:
        side, channels, known = _UNKNOWN, _UNKNOWN, False
        return Slab(*_front((side,), channels, scale), known)
    known = None not in shape[1:]
    sizes = [_UNKNOWN if size is None else size for size in shape[1:]]
    if len(sizes) == 1:
        # A vector is a thin upright bar, as long as it has values.
        height = _within(scale.side * sqrt(sizes[0]) / 2, 4.0, scale.highest)
        return Slab(_VECTOR * scale.widest / BESIDE.widest, height, 0.0, known)
    return Slab(*_front(sizes[:-1], sizes[-1], scale), known)


def _front(sides: Sequence[int], channels: int, scale: Scale) -> tuple[float, float, float]:
    side = max(prod(sides), 0) ** (1 / len(sides))
    height = _within(scale.side * sqrt(side), 4.0, scale.highest)
    width = _within(scale.channels * sqrt(max(channels, 0)), 2.0, scale.widest)
    return width, height, height


def _within(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


class Slabs:
    """Paints slabs; those of one size and colour share a picture."""

    def __init__(self) -> None:
        self._sprites = Sprites()

    def paint_beside(self, painter: QPainter, drawing: Drawing, keys: Iterable[str]) -> None:
        """The map that each node makes, to the left of its card."""
        found: list[_Placed] = []
        for key in keys:
            look = drawing.look(key)
            if look.outputs and not look.face.bypassed and look.extent[1] >= CARD_HEIGHT:
                x, y = drawing.places[key]
                slab = slab_of(output_of(drawing, key), BESIDE)
                left = x - _GAP - slab.extent[0] / 2
                found.append(_Placed(left, y + look.extent[1] / 2, slab, look.family))
        self._paint(painter, found)

    def paint_instead(
        self, painter: QPainter, drawing: Drawing, keys: Iterable[str], left_out: Container[str]
    ) -> None:
        """The map that each node makes, in the place of its card; its size beside it."""
        named: list[tuple[QPointF, str]] = []
        found: list[_Placed] = []
        stems: list[QLineF] = []
        for key in keys:
            if key in left_out:
                continue
            _key, left, top, right, bottom = drawing.rect(key)
            x, y, shape = (left + right) / 2, (top + bottom) / 2, output_of(drawing, key)
            slab = slab_of(shape, INSTEAD)
            stems.append(QLineF(x, top, x, bottom))
            found.append(_Placed(x, y, slab, drawing.look(key).family))
            if shape is not None:
                named.append((QPointF(x + slab.extent[0] / 2 + 10, y), show(shape)))
        _paint_stems(painter, stems)
        self._paint(painter, found)
        if painter.worldTransform().m11() >= _TEXT_ZOOM:
            _paint_sizes(painter, named)

    def _paint(self, painter: QPainter, found: Iterable["_Placed"]) -> None:
        stamp, name = Stamp(painter), theme().name
        painter.save()
        painter.resetTransform()
        for x, y, slab, family in found:
            key = slab, family
            sprite = self._sprites.get(key, name, stamp.scale)
            if sprite is None:
                sprite = self._sprites.paint(key, name, stamp.scale, *_picture(slab, family))
            stamp.put(x, y, sprite)
        painter.restore()


def _paint_stems(painter: QPainter, stems: Sequence[QLineF]) -> None:
    """Wires end where cards would: a flat slab would stand in a gap without these."""
    pen = QPen(theme().color("wire"), 1.25)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines(stems)


class _Placed(NamedTuple):
    """A slab about a place of the scene."""

    x: float
    y: float
    slab: Slab
    family: str


def output_of(drawing: Drawing, key: str) -> Shape | None:
    """The first output of a node; None where it is not known."""
    return drawing.shown.outcome(key).output


def _paint_sizes(painter: QPainter, named: Iterable[tuple[QPointF, str]]) -> None:
    to_view = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    painter.setFont(canvas_font("caption", _TEXT_PIXELS))
    painter.setPen(theme().color("text-muted"))
    for at, text in named:
        painter.drawText(to_view.map(at) + QPointF(0, _TEXT_PIXELS / 2 - 1), text)
    painter.restore()


def _picture(slab: Slab, family: str) -> tuple[QRectF, Callable[[QPainter], None]]:
    """The room of a slab about the origin, and who paints it there."""
    across, down = slab.extent

    def draw(painter: QPainter) -> None:
        _paint_slab(painter, slab, theme().color(family))

    return QRectF(-across / 2 - 1, -down / 2 - 1, across + 2, down + 2), draw


def _paint_slab(painter: QPainter, slab: Slab, color: QColor) -> None:
    across, down = slab.extent
    front = QRectF(-across / 2, down / 2 - slab.height, slab.width, slab.height)
    back = QPointF(slab.depth * _SLANT, -slab.depth * _RISE)
    ground = theme().color("canvas")
    pen = QPen(mixed(ground, color, 0.95), 1.0)
    pen.setCosmetic(True)
    if not slab.known:
        pen.setStyle(Qt.PenStyle.DashLine)
    # An outline would be all that is seen of a slab of a few pixels.
    tiny = slab.height * painter.worldTransform().m11() < _TINY
    painter.setPen(Qt.PenStyle.NoPen if tiny else pen)
    if slab.depth:
        upper = (front.topLeft(), front.topLeft() + back, front.topRight() + back, front.topRight())
        _face(painter, upper, mixed(ground, color, _TOP), slab.known)
        lower = front.bottomRight()
        right = (front.topRight(), front.topRight() + back, lower + back, lower)
        _face(painter, right, mixed(ground, color, _SIDE), slab.known)
    painter.setBrush(mixed(ground, color, _FRONT) if slab.known else Qt.BrushStyle.NoBrush)
    painter.drawRect(front)


def _face(painter: QPainter, corners: Sequence[QPointF], color: QColor, filled: bool) -> None:
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(corners))
