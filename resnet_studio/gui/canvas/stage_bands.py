"""Stages as bands behind the cards: runs of layers over feature maps of one size.

What papers divide a residual network into, seen from where no card can be read.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QRectF

from resnet_studio.core.document import NETWORK
from resnet_studio.core.layer import Outcome
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.stages import SpatialSize, spatial_size
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.figures import count, short

_EDGE = 32.0
_OVERLAP = 0.25
"""Bands that share more than this part of the smaller one's height say nothing."""
MOST_NAMED = 60
"""A stage of more cards than these tells none of their names."""
_SLICE = 0.006
_STEP = 256


@dataclass(slots=True)
class Band:
    """One stage: its area in the scene, and what stands beside it."""

    area: QRectF
    shape: Shape
    layers: int = 0
    params: int = 0
    share: float = 0.0
    """Of the parameters of the graph."""
    members: list[tuple[float, str]] = field(default_factory=list)
    """Where down the scene the middle of each card is, and its name; only as many as are told."""

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
        self.bands = [] if whole else _standing(told)
        _share_out(self.bands)

    def _take(self, band: Band, key: str, outcome: Outcome, shape: Shape | None) -> None:
        rect = self._drawing.rect(key)
        width, height = rect.right - rect.left, rect.bottom - rect.top
        band.area |= QRectF(rect.left, rect.top, width, height)
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


def thousands(value: int) -> str:
    """``221 k``: a count where little room is."""
    return f"{value / 1000:.0f} k" if 10_000 <= value < 1_000_000 else short(value)
