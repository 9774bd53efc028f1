"""Stages: runs of layers over feature maps of one size, as papers divide a residual network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resnet_studio.core.flatten import FlatNetwork, FlatNode
from resnet_studio.core.layer import Outcome
from resnet_studio.core.shapes import Shape, Size
from resnet_studio.core.structure import Structure

SpatialSize = tuple[Size, ...] | None


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
    """The stages in topological order; a layer of unknown output belongs to the one before."""
    found: list[Stage] = []
    run: list[FlatNode] = []
    for node in network.nodes:
        size = spatial_size(node.output)
        if run and size is not None and size != _size_of(run):
            found.append(_stage(run))
            run = []
        run.append(node)
    return [*found, _stage(run)] if run else found


def _size_of(run: Iterable[FlatNode]) -> SpatialSize:
    return next((spatial_size(node.output) for node in run if node.output is not None), None)


def _stage(run: list[FlatNode]) -> Stage:
    macs = [node.outcome.macs for node in run]
    known = [node.output for node in run if node.output is not None]
    return Stage(
        size=_size_of(run),
        channels=known[-1][-1] if known and len(known[-1]) > 1 else None,
        layers=len(run),
        params=sum(node.outcome.params for node in run),
        trainable_params=sum(node.outcome.trainable for node in run),
        macs=None if None in macs else sum(macs),  # type: ignore[arg-type]
        first=run[0].path,
        last=run[-1].path,
    )


def numbered(structure: Structure, outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Which stage each node of a graph belongs to, counted in the order of the data.

    ``outcomes`` are those of ``structure.ids``.  A node that alone has its size (the padding
    before a stride) belongs to the stage that it leads to.
    """
    runs: list[list[str]] = []
    size: SpatialSize = None
    for i in structure.order:
        outputs = outcomes[i].outputs
        here = spatial_size(outputs[0]) if outputs else None
        if not runs or (here is not None and here != size):
            runs.append([])
            size = here
        runs[-1].append(structure.ids[i])
    number, found = 0, {}
    for run in runs:
        found.update(dict.fromkeys(run, number))
        number += len(run) > 1
    return found
