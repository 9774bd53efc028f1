"""Stages: runs of layers over feature maps of one size, as papers divide a residual network.

One definition for the table, for the layout in columns and for what the canvas tells from afar.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

from resnet_studio.core.flatten import FlatNetwork, FlatNode
from resnet_studio.core.outcomes import Outcome
from resnet_studio.core.shapes import Shape, Size
from resnet_studio.core.structure import Structure

SpatialSize = tuple[Size, ...] | None
_STEP = 256
"""Nodes between two pauses."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stage:
    """Consecutive layers whose output has the same height and width.

    ``size`` is that height and width: empty for vectors, None where it is not known.
    ``channels`` is what leaves the stage; ``macs`` is None where a size is unknown.
    """

    size: SpatialSize
    channels: Size
    layers: int
    params: int
    trainable_params: int
    macs: int | None
    first: str
    last: str


def spatial_size(shape: Shape | None) -> SpatialSize:
    """``(None, 56, 56, 64)`` has the size ``(56, 56)``; a vector has ``()``."""
    return None if shape is None else shape[1:-1]


def stages(network: FlatNetwork) -> list[Stage]:
    """The stages in topological order; they add up to the whole network."""
    runs = runs_of([node.outcome for node in network.nodes])
    return [_stage([network.nodes[at] for at in run]) for run in runs]


def _stage(run: list[FlatNode]) -> Stage:
    macs = [node.outcome.macs for node in run]
    known = [node.output for node in run if node.output is not None]
    last = known[-1] if known else None
    return Stage(
        size=spatial_size(last),
        channels=last[-1] if last is not None and len(last) > 1 else None,
        layers=len(run),
        params=sum(node.outcome.params for node in run),
        trainable_params=sum(node.outcome.trainable for node in run),
        macs=None if None in macs else sum(macs),  # type: ignore[arg-type]
        first=run[0].path,
        last=run[-1].path,
    )


def runs_of(outcomes: Iterable[Outcome]) -> list[list[int]]:
    """Outcomes in the order of the data, divided into stages: their places in that order.

    What has no known output belongs to the stage before.  A single layer without weights that
    alone has its size (the image, the padding before a stride, pooling) belongs to the stage
    that it leads to, where both are of maps and of one rank.
    """
    return finished(_divided(enumerate(outcomes)))


def numbered(structure: Structure, outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Which stage each node of a graph belongs to, counted in the order of the data.

    ``outcomes`` are those of ``structure.ids``; strays (``dividing``) are in none.
    """
    runs = finished(dividing(structure, outcomes))
    return {structure.ids[i]: number for number, run in enumerate(runs) for i in run}


def dividing(
    structure: Structure, outcomes: Sequence[Outcome]
) -> Generator[None, None, list[list[int]]]:
    """The stages of a graph, as indices of its nodes; pauses now and then, for who is in haste.

    Strays are left out: nodes that hang together with fewer others than most do, and those that
    wait for an input.  Where their cards lie says nothing of the feature maps around them.
    """
    kept = yield from _without_strays(structure, outcomes)
    found = yield from _divided((i, outcomes[i]) for i in kept)
    return found


def finished(work: Generator[None, None, _T]) -> _T:
    """What work that pauses comes to, done without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: _T = end.value
            return found


@dataclass(slots=True)
class _Run:
    """Nodes of one size, the first of which came to ``head``."""

    size: SpatialSize
    head: Outcome
    members: list[int] = field(default_factory=list)

    def leads_to(self, other: "_Run | None") -> bool:
        """Whether it is a part of the stage that follows."""
        slight = len(self.members) == 1 and self.head.layers <= 1 and not self.head.params
        if not slight or other is None or not self.size or not other.size:
            return False
        return len(self.size) == len(other.size)


def _divided(
    outcomes: Iterable[tuple[int, Outcome]],
) -> Generator[None, None, list[list[int]]]:
    runs: list[_Run] = []
    for at, (i, outcome) in enumerate(outcomes):
        if at % _STEP == 0:
            yield
        size = spatial_size(outcome.output)
        if not runs or (size is not None and size != runs[-1].size):
            runs.append(_Run(size, outcome))
        runs[-1].members.append(i)
    return _joined(runs)


def _joined(runs: list[_Run]) -> list[list[int]]:
    found: list[list[int]] = []
    held: list[int] = []
    for run, following in zip_longest(runs, runs[1:]):
        held = held + run.members
        if not run.leads_to(following):
            found.append(held)
            held = []
    return found


def _without_strays(
    structure: Structure, outcomes: Sequence[Outcome]
) -> Generator[None, None, list[int]]:
    """The nodes of the largest part of a graph, without those that wait, in order."""
    parts = _Parts(len(structure.ids))
    waiting: set[int] = set()
    for at, i in enumerate(structure.order):
        if at % _STEP == 0:
            yield
        fed_by = [source for source, _output in structure.slots[i].values()]
        parts.take(i, fed_by)
        # Nothing is wired to it, or all that it gets comes from such nodes.
        if outcomes[i].outputs is None and waiting.issuperset(fed_by):
            waiting.add(i)
    main = parts.largest()
    return [i for i in structure.order if parts.of(i) == main and i not in waiting]


class _Parts:
    """Which nodes hang together by wires, told in the order of the data."""

    def __init__(self, count: int) -> None:
        self._part = [-1] * count
        self._same: list[int] = []
        """An earlier part that each turned out to belong to, or itself."""
        self._sizes: list[int] = []

    def take(self, i: int, fed_by: Iterable[int]) -> None:
        """Adds a node to the parts that feed it, which thereby become one."""
        feeding = {self.of(source) for source in fed_by if source >= 0} - {-1}
        if not feeding:
            feeding = {len(self._same)}
            self._same.append(len(self._same))
            self._sizes.append(0)
        first, *others = sorted(feeding)
        for other in others:
            self._same[other] = first
            self._sizes[first] += self._sizes[other]
            self._sizes[other] = 0
        self._part[i] = first
        self._sizes[first] += 1

    def of(self, i: int) -> int:
        """The part of a node; -1 of one that was not told of (it lies on a cycle)."""
        part = self._part[i]
        while part >= 0 and self._same[part] != part:
            part = self._same[part]
        return part

    def largest(self) -> int:
        """The part of the most nodes, of equals the first."""
        return max(range(len(self._sizes)), key=self._sizes.__getitem__, default=-1)
