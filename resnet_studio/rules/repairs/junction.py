"""Where paths meet: the sides of a merge, the fork they come from and what changed on the way.

All of it is read on the unrolled network, so a fork may lie in another block, or in another
copy of the same one, than the merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from resnet_studio.core.analysis import Analysis, split_path
from resnet_studio.core.flatten import FlatNetwork, FlatNode, flatten
from resnet_studio.core.layer import Layer, layer_for
from resnet_studio.core.shapes import BroadcastError, Shape, Size, broadcast_pair


@dataclass(frozen=True, slots=True)
class Side:
    """One input of a merge.

    ``trail`` leads from behind the fork to ``source`` (empty where the fork itself is wired to
    the merge); ``weighted`` counts the layers with weights between the two, on all paths.
    """

    slot: int
    source: int
    shape: Shape
    trail: tuple[int, ...] = ()
    weighted: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A layer on a trail that gives an axis another size."""

    node: FlatNode
    axis: int
    before: Size
    after: Size


@lru_cache(maxsize=4)
def flat_network(analysis: Analysis) -> FlatNetwork:
    """The unrolled network, kept for the few analyses that are looked at together."""
    return flatten(analysis)


class Junction:
    """A merge whose inputs do not fit, seen from its fork.

    ``branch`` is the side with most weights, which the others have to fit; ``identity`` is the
    first side that does not: where nothing was learned between, the identity link.
    """

    def __init__(self, analysis: Analysis, path: str) -> None:
        self.analysis, self.path = analysis, path
        self.chain = split_path(path)[:-1]
        self.flat = flat_network(analysis)
        self.index = self.flat.index[path]
        self.merge = self.flat.nodes[self.index]
        plain = self._plain_sides()
        self.fork = self._fork([side.source for side in plain])
        self.sides = [self._traced(side) for side in plain]
        self.branch = max(self.sides, key=self._weight)
        self.misfits = [side for side in self.sides if self._clash(side)]
        self.identity = self.misfits[0] if self.misfits else self._other()

    @property
    def prefix(self) -> str:
        """What stands before the ids of the nodes that share the merge's graph copy."""
        return self.path[: len(self.path) - len(self.merge.node.id)]

    @cached_property
    def inherits(self) -> "networkx.DiGraph[int]":  # type: ignore[name-defined]  # noqa: F821
        """The unrolled wiring above the merge."""
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        pending = [self.index]
        graph.add_node(self.index)
        while pending:
            here = pending.pop()
            for tensor in self.flat.nodes[here].inputs:
                if tensor is None:
                    continue
                if tensor[0] not in graph:
                    pending.append(tensor[0])
                graph.add_edge(tensor[0], here)
        return graph

    def _plain_sides(self) -> list[Side]:
        inputs = zip(self.merge.inputs, self.merge.input_shapes, strict=True)
        return [
            Side(slot, tensor[0], shape)
            for slot, (tensor, shape) in enumerate(inputs)
            if tensor is not None and shape is not None
        ]

    def _fork(self, sources: Sequence[int]) -> int | None:
        """The lowest common ancestor of the sources: indices are in topological order."""
        import networkx as nx

        common: set[int] | None = None
        for source in sources:
            above = nx.ancestors(self.inherits, source) | {source}
            common = above if common is None else common & above
        return max(common) if common else None

    def _traced(self, side: Side) -> Side:
        import networkx as nx

        between = nx.ancestors(self.inherits, side.source) | {side.source}
        if self.fork is None:
            trail = self._first_inputs(side.source)
        else:
            between &= nx.descendants(self.inherits, self.fork)
            trail = nx.shortest_path(self.inherits, self.fork, side.source)[1:]
        weighted = sum(self.flat.nodes[i].outcome.params > 0 for i in between)
        return Side(side.slot, side.source, side.shape, tuple(trail), weighted)

    def _first_inputs(self, index: int) -> list[int]:
        """The way back to an input of the network along first inputs, from the top."""
        trail = [index]
        while self.flat.nodes[trail[-1]].inputs:
            tensor = self.flat.nodes[trail[-1]].inputs[0]
            if tensor is None:
                break
            trail.append(tensor[0])
        return trail[::-1]

    @staticmethod
    def _weight(side: Side) -> tuple[int, int, int]:
        return side.weighted, len(side.trail), side.slot

    def _clash(self, side: Side) -> bool:
        if side is self.branch:
            return False
        try:
            broadcast_pair(side.shape[1:], self.branch.shape[1:])
        except BroadcastError:
            return True
        return self.clashing_batches(side)

    def clashing_batches(self, side: Side) -> bool:
        """Whether both fix their batch, differently: nothing inside the network mends that."""
        sizes = {side.shape[0], self.branch.shape[0]} - {None}
        return len(sizes) > 1

    def _other(self) -> Side:
        """The side that does not fit what the sides before it come to.

        Sizes of 1 and unknown sizes let two sides pass beside the branch, but not together.
        """
        return min((s for s in self.sides if s is not self.branch), key=self._weight)

    # Reading trails

    @property
    def channel_axis(self) -> int:
        """1 where a layer around the merge has channels first, else the last axis."""
        trail = [
            *self.branch.trail,
            *self.identity.trail,
            *([self.fork] if self.fork else []),
        ]
        for i in trail:
            if getattr(self.layer(i), "data_format", None) == "channels_first":
                return 1
        return len(self.branch.shape) - 1

    @property
    def spatial_axes(self) -> list[int]:
        rank = len(self.branch.shape)
        return [axis for axis in range(1, rank) if axis != self.channel_axis]

    def layer(self, index: int) -> Layer | None:
        node = self.flat.nodes[index]
        layer = layer_for(node.type, node.config)
        return layer if isinstance(layer, Layer) else None

    def differing_axes(self) -> list[int]:
        """Axes, counted with the batch, on which identity link and branch differ."""
        pair = zip(self.identity.shape, self.branch.shape, strict=False)
        return [axis for axis, (a, b) in enumerate(pair) if axis and a != b]

    def changes(self, side: Side, axis: int) -> list[Change]:
        """The layers of a trail that give ``axis`` another size, in the order of the data."""
        found = []
        before = self._start(side)
        for i in side.trail:
            after = self.flat.nodes[i].output
            if (
                before is None
                or after is None
                or max(axis, 1) >= min(len(before), len(after))
            ):
                before = after
                continue
            if before[axis] != after[axis]:
                found.append(
                    Change(self.flat.nodes[i], axis, before[axis], after[axis])
                )
            before = after
        return found

    def _start(self, side: Side) -> Shape | None:
        return self.flat.nodes[self.fork].output if self.fork is not None else None

    def stride(self, side: Side, axis: int) -> int:
        """The product of the strides that a trail takes along ``axis``."""
        product = 1
        for i in side.trail:
            steps = strides_of(self.layer(i))
            position = (
                self.spatial_axes.index(axis) if axis in self.spatial_axes else -1
            )
            if (
                steps
                and 0 <= position < len(steps)
                and _shrinks(self.flat.nodes[i], axis)
            ):
                product *= int(steps[position])
        return product

    def local(self, index: int) -> bool:
        """Whether a layer stands in the same copy of the same graph as the merge."""
        path = self.flat.nodes[index].path
        return path.startswith(self.prefix) and "/" not in path[len(self.prefix) :]


def _shrinks(node: FlatNode, axis: int) -> bool:
    before, after = node.input_shapes[0] if node.input_shapes else None, node.output
    if before is None or after is None or len(before) != len(after):
        return False
    return before[axis] is None or after[axis] is None or after[axis] < before[axis]


def strides_of(layer: Layer | None) -> tuple[Any, ...]:
    """A layer's strides; those of a pooling layer are by default its window."""
    steps = getattr(layer, "strides", None)
    if steps is None and layer is not None:
        steps = getattr(layer, "pool_size", None)
    if isinstance(steps, int):
        return (steps, steps)
    return tuple(steps) if isinstance(steps, tuple | list) else ()
