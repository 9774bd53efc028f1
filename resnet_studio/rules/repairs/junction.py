"""Where paths meet: the sides of a merge, the fork they come from and what changed on the way.

All of it is read on the unrolled network, so a fork may lie in another block, or in another
copy of the same one, than the merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.flatten import FlatNetwork, FlatNode, flatten
from resnet_studio.core.layer import Layer, layer_for
from resnet_studio.core.paths import split_path
from resnet_studio.core.shapes import BroadcastError, Shape, Size, broadcast_pair

if TYPE_CHECKING:
    import networkx as nx


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
        self.chain = split_path(path, analysis.document)[:-1]
        self.flat = flat_network(analysis)
        self.index = self.flat.index[path]
        self.merge = self.flat.nodes[self.index]
        self.sides = self._plain_sides()
        self._trace(self._fork(self.sides))
        self.branch = max(self.sides, key=self._weight)
        others = [side for side in self.sides if side is not self.branch]
        clashing = [side for side in others if self._clash(side)]
        self.misfits = clashing or [s for s in others if s.shape != self.branch.shape] or others
        """The sides to be brought to the branch: those that clash with it, else those that
        differ (sizes of 1 and unknown ones fit the branch, but perhaps not one another)."""
        self.identity = self.misfits[0]
        self._focus()

    @property
    def prefix(self) -> str:
        """What stands before the ids of the nodes that share the merge's graph copy."""
        return self.path[: len(self.path) - len(self.merge.node.id)]

    @cached_property
    def upstream(self) -> "nx.DiGraph[Any]":
        """The unrolled wiring above the merge."""
        import networkx as nx

        graph: nx.DiGraph[Any] = nx.DiGraph()
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

    def _trace(self, fork: int | None) -> None:
        self.fork = fork
        self.sides = [self._traced(side) for side in self.sides]

    def _focus(self) -> None:
        """Looks from the fork of identity link and branch, whatever else is merged with them."""
        fork = self._fork([self.identity, self.branch])
        if fork == self.fork:
            return
        self._trace(fork)
        by_slot = {side.slot: side for side in self.sides}
        self.branch, self.identity = by_slot[self.branch.slot], by_slot[self.identity.slot]
        self.misfits = [by_slot[side.slot] for side in self.misfits]

    def _fork(self, sides: Sequence[Side]) -> int | None:
        """The lowest common ancestor of the sides: indices are in topological order."""
        import networkx as nx

        common: set[int] | None = None
        for side in sides:
            above = nx.ancestors(self.upstream, side.source) | {side.source}
            common = above if common is None else common & above
        return max(common) if common else None

    def _traced(self, side: Side) -> Side:
        import networkx as nx

        between = nx.ancestors(self.upstream, side.source) | {side.source}
        if self.fork is None or self.fork not in between:
            trail = self._first_inputs(side.source)
        else:
            between &= nx.descendants(self.upstream, self.fork)
            trail = nx.shortest_path(self.upstream, self.fork, side.source)[1:]
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
        try:
            broadcast_pair(side.shape[1:], self.branch.shape[1:])
        except BroadcastError:
            return True
        return self.clashing_batches(side)

    def clashing_batches(self, side: Side) -> bool:
        """Whether both fix their batch, differently: nothing inside the network mends that."""
        sizes = {side.shape[0], self.branch.shape[0]} - {None}
        return len(sizes) > 1

    # Reading trails

    @property
    def channel_axis(self) -> int:
        """1 where feature maps around the merge have their channels first, else the last axis."""
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
        before = self.flat.nodes[self.fork].output if self.fork is not None else None
        for i in side.trail:
            after = self.flat.nodes[i].output
            if before is None or after is None or max(axis, 1) >= min(len(before), len(after)):
                before = after
                continue
            if before[axis] != after[axis]:
                found.append(Change(self.flat.nodes[i], axis, before[axis], after[axis]))
            before = after
        return found

    def stride(self, side: Side, axis: int) -> int:
        """The product of the strides that a trail takes along ``axis``."""
        product = 1
        for i in side.trail:
            steps = strides_of(self.layer(i))
            position = self.spatial_axes.index(axis) if axis in self.spatial_axes else -1
            if steps and 0 <= position < len(steps) and _shrinks(self.flat.nodes[i], axis):
                product *= int(steps[position])
        return product

    def local(self, index: int) -> bool:
        """Whether a layer stands in the same copy of the same graph as the merge."""
        path = self.flat.nodes[index].path
        return path.startswith(self.prefix) and "/" not in path[len(self.prefix) :]


def _shrinks(node: FlatNode, axis: int) -> bool:
    if not node.input_shapes or node.input_shapes[0] is None or node.output is None:
        return False
    if len(node.input_shapes[0]) != len(node.output):
        return False
    before, after = node.input_shapes[0][axis], node.output[axis]
    return before is None or after is None or after < before


def strides_of(layer: Layer | None) -> tuple[Any, ...]:
    """A layer's strides; those of a pooling layer are by default its window."""
    if layer is None or "strides" not in layer.arguments:
        return ()
    return tuple(getattr(layer, "strides", None) or window_of(layer))


def window_of(layer: Layer | None) -> tuple[Any, ...]:
    """The size of a layer's window; nothing for a layer without one."""
    return tuple(getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None) or ())
