"""Stages as bands behind the cards: runs of layers over feature maps of one size.

What papers divide a residual network into, seen from where no card can be read: the stages of
``core/stages.py`` that can be shown, and where their cards lie.
"""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from resnet_studio.core.document import NETWORK
from resnet_studio.core.layer import Outcome
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.routing import Rect
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.stages import dividing
from resnet_studio.gui.canvas.drawing import Drawing
from resnet_studio.gui.canvas.stage_places import Place, places_of
from resnet_studio.gui.figures import count, short

MOST_NAMED = 60
"""A stage of more cards than these tells none of their names."""
_SLICE = 0.006
_STEP = 256
_DONE = object()


@dataclass(frozen=True, slots=True)
class Band:
    """One stage: its areas in the scene, and what is written at it."""

    areas: list[QRectF]
    """One, or one in each column that it runs through."""
    shape: Shape
    layers: int = 0
    params: int = 0
    share: float = 0.0
    """Of the parameters of the graph."""
    members: list[tuple[float, str]] = field(default_factory=list)
    """Where down the scene the middle of each card is, and its name; only as many as are told."""
    head: QRectF | None = None
    """In columns, the room above its first card, where its name stands."""

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
            self.complete = next(self._work, _DONE) is _DONE
        return self.complete

    def _search(self) -> Generator[None, None, None]:
        """Pauses now and then."""
        inside = self._drawing.shown.inside
        if inside is None:
            return
        runs = yield from dividing(inside.structure, inside.outcomes)
        found = [_Stage() for _run in runs]
        for stage, run in zip(found, runs, strict=True):
            yield from self._fill(stage, inside, run)
        told = _told([stage for stage in found if stage.shape is not None and stage.cards])
        # A network of one size has no stages; a block says what it works on.
        whole = len(told) == 1 and self._drawing.shown.scope == NETWORK
        self.bands = [] if whole else _bands(told)

    def _fill(
        self, stage: "_Stage", inside: GraphAnalysis, run: Sequence[int]
    ) -> Generator[None, None, None]:
        for at, i in enumerate(run):
            if at % _STEP == 0:
                yield
            key = inside.structure.ids[i]
            if key in self._drawing.places:
                stage.take(self._drawing.rect(key), inside.outcomes[i])


@dataclass(slots=True)
class _Stage:
    """What is gathered of one stage."""

    shape: Shape | None = None
    """What leaves it."""
    layers: int = 0
    params: int = 0
    cards: list[Rect] = field(default_factory=list)

    def take(self, card: Rect, outcome: Outcome) -> None:
        self.cards.append(card)
        self.shape = outcome.output or self.shape
        self.layers += outcome.layers
        self.params += outcome.params


def _told(found: list[_Stage]) -> list[_Stage]:
    """The runs over feature maps, and the vectors that the network ends with."""
    maps = [stage for stage in found if _of_maps(stage)]
    vectors = [stage for stage in found[-1:] if not _of_maps(stage)]
    return [*maps, *vectors] if maps else []


def _of_maps(stage: _Stage) -> bool:
    return len(stage.shape or ()) > 2


def _bands(stages: list[_Stage]) -> list[Band]:
    whole = sum(stage.params for stage in stages)
    places = places_of([stage.cards for stage in stages])
    return [_band(stage, place, whole) for stage, place in zip(stages, places, strict=False)]


def _band(stage: _Stage, place: Place, whole: int) -> Band:
    named = stage.cards[: MOST_NAMED + 1]
    return Band(
        areas=place.areas,
        shape=stage.shape or (),
        layers=stage.layers,
        params=stage.params,
        share=stage.params / whole if whole else 0.0,
        members=[((card.top + card.bottom) / 2, card.key) for card in named],
        head=place.head,
    )


def thousands(value: int) -> str:
    """``221 k``: a count where little room is."""
    return f"{value / 1000:.0f} k" if 10_000 <= value < 1_000_000 else short(value)
