"""Which layer of one unrolled network is which of another, after edits, renaming and folding.

Two layers correspond only where their class and the shapes of their weights are the same.  Equal
paths speak first.  Where paths changed, the wiring does: a layer whose whole upstream, or whole
downstream, exists just once in each network, and from there whatever is wired to what already
corresponds, slot by slot.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from resnet_studio.core.flatten import FlatNetwork, FlatNode
from resnet_studio.core.layer import Layer, Refusal, layer_for

_NOT_MEANT = ("name", "trainable")
"""Arguments that make no other layer of a layer."""


def correspondence(
    new: FlatNetwork, old: FlatNetwork, was: Callable[[str], str] = str
) -> dict[int, int]:
    """For the index of each node of ``new`` that is known in ``old``, its index there.

    ``was`` tells the path that a node of ``new`` had in ``old``, where somebody recorded it.
    """
    return _Matching(_Side(new), _Side(old), was).pairs


class _Side:
    """One network: what each node is, where it leads, and its surroundings as one number."""

    def __init__(self, network: FlatNetwork) -> None:
        self.nodes = network.nodes
        self.index = network.index
        self.layers = [self._owner(i) for i in range(len(self.nodes))]
        self.kinds = [_kind(self.nodes[i]) for i in self.layers]
        self.consumers: list[list[tuple[int, int]]] = [[] for _ in self.nodes]
        for i, node in enumerate(self.nodes):
            for slot, tensor in enumerate(node.inputs):
                if tensor is not None:
                    self.consumers[tensor[0]].append((i, slot))

    def _owner(self, i: int) -> int:
        shared = self.nodes[i].shared_with
        return i if shared is None else shared

    def source(self, i: int, slot: int) -> int | None:
        tensor = self.nodes[i].inputs[slot]
        return tensor[0] if tensor is not None else None

    def upstream(self, numbers: dict[Hashable, int]) -> list[int]:
        """A number for all that leads to each node, the same for the same in every network."""
        found: list[int] = []
        for i, node in enumerate(self.nodes):
            inputs = tuple((found[t[0]], t[1]) if t else None for t in node.inputs)
            again = found[node.shared_with] if node.shared_with is not None else None
            key = ("up", self._meaning(i), inputs, again)
            found.append(numbers.setdefault(key, len(numbers)))
        return found

    def downstream(self, numbers: dict[Hashable, int]) -> list[int]:
        """A number for all that follows each node."""
        found = [0] * len(self.nodes)
        for i in reversed(range(len(self.nodes))):
            follows = tuple(sorted((slot, found[j]) for j, slot in self.consumers[i]))
            key = ("down", self._meaning(i), follows)
            found[i] = numbers.setdefault(key, len(numbers))
        return found

    def _meaning(self, i: int) -> Hashable:
        return _meaning(self.nodes[self.layers[i]])


class _Matching:
    """Pairs found so far, and those that follow from them."""

    def __init__(self, new: _Side, old: _Side, was: Callable[[str], str]) -> None:
        self.new, self.old = new, old
        self.pairs: dict[int, int] = {}
        self._taken: set[int] = set()
        for i, node in enumerate(new.nodes):
            self._pair(i, old.index.get(was(node.path)))
        numbers: dict[Hashable, int] = {}
        self._pair_unique(new.upstream(numbers), old.upstream(numbers))
        self._pair_unique(new.downstream(numbers), old.downstream(numbers))
        self._grow()

    def _pair(self, i: int | None, j: int | None) -> bool:
        """Pairs two nodes, and the layers that they call, where nothing speaks against it."""
        if i is None or j is None or i in self.pairs or j in self._taken:
            return False
        if self.new.kinds[i] != self.old.kinds[j]:
            return False
        owner, other = self.new.layers[i], self.old.layers[j]
        if (i == owner) != (j == other):
            return False
        if i != owner and self.pairs.get(owner) != other and not self._pair(owner, other):
            return False
        self.pairs[i] = j
        self._taken.add(j)
        return True

    def _pair_unique(self, new: Sequence[int], old: Sequence[int]) -> None:
        once = _once(old)
        for number, i in _once(new).items():
            self._pair(i, once.get(number))

    def _grow(self) -> None:
        """Follows the wires from every pair to the next."""
        pending = list(self.pairs.items())
        while pending:
            i, j = pending.pop()
            near = (*self._sources(i, j), *self._followers(i, j))
            pending += [pair for pair in near if self._pair(*pair)]

    def _sources(self, i: int, j: int) -> Iterator[tuple[int, int]]:
        slots = len(self.new.nodes[i].inputs)
        if slots == len(self.old.nodes[j].inputs):
            for slot in range(slots):
                a, b = self.new.source(i, slot), self.old.source(j, slot)
                if a is not None and b is not None:
                    yield a, b

    def _followers(self, i: int, j: int) -> Iterator[tuple[int, int]]:
        """Consumers of the same kind at the same slot, where there is one on either side."""
        a = self._open(self.new, i, self.pairs.keys())
        b = self._open(self.old, j, self._taken)
        for key, found in a.items():
            if len(found) == 1 and len(b.get(key, ())) == 1:
                yield found[0], b[key][0]

    @staticmethod
    def _open(side: _Side, i: int, done: Any) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = defaultdict(list)
        for consumer, slot in side.consumers[i]:
            if consumer not in done:
                found[slot, side.kinds[consumer]].append(consumer)
        return found


def _once(numbers: Sequence[int]) -> dict[int, int]:
    """The numbers that occur once, with their index."""
    counts = Counter(numbers)
    return {number: i for i, number in enumerate(numbers) if counts[number] == 1}


def _kind(node: FlatNode) -> Hashable:
    """The class and its weights: equal for layers between which weights can be handed on."""
    layer = layer_for(node.type, node.config)
    shapes = tuple(shape for shape in node.input_shapes if shape is not None)
    if isinstance(layer, Layer) and len(shapes) == len(node.input_shapes):
        try:
            return node.type, tuple((w.name, w.shape) for w in layer.list_weights(shapes))
        except Refusal:
            pass
    return node.type, node.outcome.params


def _meaning(node: FlatNode) -> Hashable:
    """The class and its arguments, whichever way they are written."""
    layer = layer_for(node.type, node.config)
    config = layer.non_defaults() if isinstance(layer, Layer) else node.config
    kept = {key: value for key, value in config.items() if key not in _NOT_MEANT}
    return node.type, repr(sorted(kept.items(), key=lambda item: item[0]))
