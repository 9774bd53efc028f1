"""Stages as bands behind the cards: runs of layers over feature maps of one size.

What papers divide a residual network into, seen from where no card can be read.  Where the cards
stand in columns, a stage has a piece of each column that it runs through.
"""

import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from PySide6.QtCore import QRectF

from resnet_studio.core.columns import BETWEEN
from resnet_studio.core.document import NETWORK
from resnet_studio.core.layer import Outcome
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.stages import SpatialSize, spatial_size
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.figures import count, short

_EDGE = 32.0
_OVERLAP = 0.25
"""Bands that share more than this part of the smaller one's height say nothing."""
_HEAD, _HEADWAY = 120.0, 0.75
"""In columns, how far above its cards a stage begins, and of how much of the gap there."""
MOST_NAMED = 60
"""A stage of more cards than these tells none of their names."""
_SLICE = 0.006
_STEP = 256


@dataclass(slots=True)
class Band:
    """One stage: its area in the scene, and what stands beside it."""

    area: QRectF
    """In columns its first piece."""
    shape: Shape
    layers: int = 0
    params: int = 0
    share: float = 0.0
    """Of the parameters of the graph."""
    members: list[tuple[float, str]] = field(default_factory=list)
    """Where down the scene the middle of each card is, and its name; only as many as are told."""
    cards: list[QRectF] = field(default_factory=list)
    pieces: list[QRectF] = field(default_factory=list)
    """In columns, the area in each that it runs through; else none."""
    top: float = 0.0
    """In columns, where the first card of the stage begins; its name stands above."""
    right: float = 0.0
    """In columns, how far to the right its name may reach."""

    @property
    def areas(self) -> list[QRectF]:
        """All the areas that it takes."""
        return self.pieces or [self.area]

    @property
    def text(self) -> str:
        """``56×56×64 · 6 layers · 221 k parameters``."""
        return f"{self.size} · {self.weight}"

    @property
    def size(self) -> str:
        """``56×56×64``."""
        return show(self.shape)

    @property
    def weight(self) -> str:
        """``6 layers · 221 k parameters``."""
        layers = count(self.layers, "layer")
        return f"{layers} · {thousands(self.params)} parameters" if self.params else layers

    @property
    def weights(self) -> list[str]:
        """The weight in ever fewer words."""
        layers = count(self.layers, "layer")
        brief = [f"{layers} · {thousands(self.params)}"] if self.params else []
        return [self.weight, *brief, layers]


class StageBands:
    """The bands of one state of a drawing, found in slices."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self.bands: list[Band] = []
        self.complete = False
        self._work = self._search()

    def work(self, seconds: float = _SLICE) -> bool:
        """Goes on searching for a while; returns whether the bands are found."""
        until = time.perf_counter() + seconds
        while not self.complete and time.perf_counter() < until:
            self.complete = next(self._work, True)
        return self.complete

    def _search(self) -> Iterator[bool]:
        """Yields now and then, False as long as there is more to do."""
        inside = self._drawing.shown.inside
        if inside is None:
            return
        found: list[Band] = []
        size: SpatialSize = None
        structure = inside.structure
        for at, i in enumerate(structure.order):
            if at % _STEP == 0:
                yield False
            outcome, key = inside.outcomes[i], structure.ids[i]
            shape = _picture_of(outcome)
            if shape is not None and (not found or spatial_size(shape) != size):
                size = spatial_size(shape)
                found.append(Band(QRectF(), shape))
            if found and key in self._drawing.places:
                self._take(found[-1], key, outcome, shape)
        told = _told(found)
        # A network of one size has no stages; a block says what it works on.
        whole = len(told) == 1 and self._drawing.shown.scope == NETWORK
        columns = _columns(self._drawing)
        self.bands = [] if whole else _in_columns(told, columns) or _standing(told)
        _share_out(self.bands)

    def _take(self, band: Band, key: str, outcome: Outcome, shape: Shape | None) -> None:
        rect = self._drawing.rect(key)
        width, height = rect.right - rect.left, rect.bottom - rect.top
        card = QRectF(rect.left, rect.top, width, height)
        band.area |= card
        band.cards.append(card)
        if len(band.members) <= MOST_NAMED:
            band.members.append(((rect.top + rect.bottom) / 2, key))
        band.layers += outcome.layers
        band.params += outcome.params
        band.shape = shape or band.shape


def _picture_of(outcome: Outcome) -> Shape | None:
    return outcome.outputs[0] if outcome.outputs else None


def _told(found: list[Band]) -> list[Band]:
    """The runs over feature maps, and the vectors that the network ends with."""
    maps = [band for band in found if len(band.shape) > 2]
    head = found[-1] if found and len(found[-1].shape) <= 2 else None
    return [*maps, head] if maps and head is not None else maps


def _share_out(bands: list[Band]) -> None:
    whole = sum(band.params for band in bands)
    for band in bands:
        band.share = band.params / whole if whole else 0.0


def _standing(bands: list[Band]) -> list[Band]:
    """The bands as wide as the graph, if they lie below each other; else none."""
    if not bands:
        return []
    left = min(band.area.left() for band in bands) - _EDGE
    right = max(band.area.right() for band in bands) + _EDGE
    for upper, lower in pairwise(bands):
        shared = upper.area.bottom() - lower.area.top()
        if shared > _OVERLAP * min(upper.area.height(), lower.area.height()):
            return []
        middle = (upper.area.bottom() + lower.area.top()) / 2
        upper.area.setBottom(middle)
        lower.area.setTop(middle)
    for band in bands:
        band.area.setLeft(left)
        band.area.setRight(right)
    bands[0].area.setTop(bands[0].area.top() - _EDGE)
    bands[-1].area.setBottom(bands[-1].area.bottom() + _EDGE)
    return bands


def _columns(drawing: Drawing) -> list[float]:
    """Where columns of cards begin: to their left is a wide gap from top to bottom."""
    found: list[float] = []
    reach = -inf
    for left, key in sorted((place[0], key) for key, place in drawing.places.items()):
        if left - reach >= BETWEEN:
            found.append(left)
        reach = max(reach, left + drawing.extent(key)[0])
    return found


def _in_columns(bands: list[Band], columns: list[float]) -> list[Band]:
    """The bands with a piece of each column that they run through; none where they mingle."""
    if len(columns) < 2:
        return []
    told = _joined(bands)
    piled: list[list[tuple[Band, QRectF]]] = [[] for _ in columns]
    for band in told:
        for at, piece in sorted(_pieces(band, columns).items()):
            piled[at].append((band, piece))
            band.pieces.append(piece)
    if not all(_pile(column) for column in piled):
        return []
    for band in told:
        _take_head(band, columns)
    return told


def _take_head(band: Band, columns: list[float]) -> None:
    """The name of a stage may stand above its first card, as far as the next column."""
    band.area = band.pieces[0]
    own = [card.top() for card in band.cards if band.area.contains(card)]
    band.top = min(own, default=band.area.top())
    right = min((x for x in columns if x > band.area.right()), default=band.area.right() + BETWEEN)
    band.right = right


def _joined(bands: list[Band]) -> list[Band]:
    """The bands, those of a single card (the padding before a stride) a part of the next."""
    joined: list[Band] = []
    alone: list[Band] = []
    for band in bands:
        if len(band.cards) == 1 and band is not bands[-1]:
            alone.append(band)
            continue
        band.cards[:0] = [card for other in alone for card in other.cards]
        band.layers += sum(other.layers for other in alone)
        band.params += sum(other.params for other in alone)
        joined.append(band)
        alone = []
    return joined


def _pieces(band: Band, columns: list[float]) -> dict[int, QRectF]:
    """What the cards of a band take up of each column."""
    found: dict[int, QRectF] = {}
    for card in band.cards:
        at = bisect_right(columns, card.left()) - 1
        found[at] = found.get(at, QRectF()) | card
    return found


def _pile(column: list[tuple[Band, QRectF]]) -> bool:
    """Lets the pieces of one column meet, each with room for its name above its cards.

    False where they do not lie below each other.
    """
    if not column:
        return True
    pieces = [piece for _band, piece in column]
    left = min(piece.left() for piece in pieces) - _EDGE
    right = max(piece.right() for piece in pieces) + _EDGE
    above = pieces[0].top() - 2 * _HEAD
    for piece in pieces:
        gap = piece.top() - above
        if gap < 0:
            return False
        piece.setTop(piece.top() - min(_HEAD, gap * _HEADWAY))
        above = piece.bottom()
    for piece, below in pairwise(pieces):
        piece.setBottom(below.top())
    pieces[-1].setBottom(pieces[-1].bottom() + _EDGE)
    for piece in pieces:
        piece.setLeft(left)
        piece.setRight(right)
    return True


def thousands(value: int) -> str:
    """``221 k``: a count where little room is."""
    return f"{value / 1000:.0f} k" if 10_000 <= value < 1_000_000 else short(value)
