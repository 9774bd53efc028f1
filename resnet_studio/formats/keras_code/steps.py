"""What a function of the code does, step by step, before its variables have names.

A scope (the network, a block, or the unrolled network) becomes steps in the order in which an
expert writes them: a branch is followed to its end before the next one starts, and a projection
shortcut comes before the branch that it bridges.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from resnet_studio.formats.keras_code.layout import Expression, Group

Tensor = tuple[int, int]
"""Index of a step, and which of its outputs."""

_RESIDUAL_MERGES = {"Add", "Subtract", "Average", "Maximum", "Minimum"}


@dataclass(frozen=True, slots=True)
class Step:
    """A call that makes tensors.

    ``key`` is the node (or path) that it comes from; ``wishes`` a name for each output;
    ``callee`` what is called, None for the inputs of a function; ``layer`` the step whose layer
    this one calls (itself where it makes a shared layer), None where each call makes its own.
    """

    key: str
    type: str
    inputs: tuple[Tensor, ...]
    wishes: tuple[str, ...]
    callee: Expression | None = None
    brackets: Callable[[list[str]], Group] | None = None
    rounds: str = ""
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class Fork:
    """Where an identity link or a projection shortcut leaves the main path."""

    tensor: Tensor
    bridge: tuple[int, ...]
    """The steps on the shortcut; none for an identity link."""
    merge: int


@dataclass
class Scope:
    """Steps in topological order, and the tensors that come out."""

    steps: list[Step]
    results: list[Tensor]

    @cached_property
    def readers(self) -> dict[Tensor, list[int]]:
        """The steps that read each tensor, each once."""
        found: dict[Tensor, list[int]] = {}
        for i, step in enumerate(self.steps):
            for tensor in dict.fromkeys(step.inputs):
                found.setdefault(tensor, []).append(i)
        return found

    @cached_property
    def forks(self) -> list[Fork]:
        return [fork for tensor in self.readers if (fork := self._fork(tensor)) is not None]

    @cached_property
    def order(self) -> list[int]:
        """Indices of the steps as they are written."""
        bridges = {fork.bridge[0] for fork in self.forks if fork.bridge}
        waiting = [len(set(step.inputs)) for step in self.steps]
        started = [i for i, step in enumerate(self.steps) if not step.inputs]
        order: list[int] = []
        stack: list[int] = []
        for i in started:
            order.append(i)
            self._release(i, waiting, stack, bridges)
        stack.sort(reverse=True)
        while stack:
            i = stack.pop()
            order.append(i)
            self._release(i, waiting, stack, bridges)
        return order

    def _release(self, i: int, waiting: list[int], stack: list[int], bridges: set[int]) -> None:
        """Pushes the readers of step ``i`` that wait for nothing else, the next one last."""
        ready = []
        for output in range(len(self.steps[i].wishes)):
            for reader in self.readers.get((i, output), ()):
                waiting[reader] -= 1
                if waiting[reader] == 0:
                    ready.append(reader)
        stack += sorted(ready, key=lambda reader: (reader not in bridges, reader), reverse=True)

    def _fork(self, tensor: Tensor) -> Fork | None:
        readers = self.readers[tensor]
        if len(readers) != 2 or tensor in self.results:
            return None
        paths = [self._path(tensor, reader) for reader in readers]
        paths.sort(key=lambda path: (path is None, len(path or ())))
        shortcut, branch = paths
        if shortcut is None or (branch is not None and len(branch) == len(shortcut)):
            return None
        merge = shortcut[-1]
        met = branch[-1] == merge if branch else self._reaches(tensor, shortcut[0], merge)
        return Fork(tensor, tuple(shortcut[:-1]), merge) if met else None

    def _path(self, tensor: Tensor, reader: int) -> list[int] | None:
        """Single-file steps from a reader of ``tensor`` to a merge; None where they part."""
        path = [reader]
        while self.steps[path[-1]].type not in _RESIDUAL_MERGES:
            last = path[-1]
            step, following = self.steps[last], self.readers.get((last, 0), [])
            single = len(step.inputs) == 1 and len(step.wishes) == 1 and len(following) == 1
            if not single or (last, 0) in self.results:
                return None
            path.append(following[0])
        return path

    def _reaches(self, tensor: Tensor, without: int, merge: int) -> bool:
        """Whether ``merge`` is also reached from ``tensor`` without passing ``without``."""
        pending = [reader for reader in self.readers[tensor] if reader != without]
        seen = set(pending)
        while pending:
            for reader in self._followers(pending.pop()):
                if reader == merge:
                    return True
                if reader < merge and reader not in seen:
                    seen.add(reader)
                    pending.append(reader)
        return False

    def _followers(self, i: int) -> Iterator[int]:
        for output in range(len(self.steps[i].wishes)):
            yield from self.readers.get((i, output), ())


def last_uses(scope: Scope, position: Sequence[int]) -> dict[Tensor, int]:
    """The position in the order at which each tensor is read last; results outlive all."""
    found = {t: max(position[r] for r in readers) for t, readers in scope.readers.items()}
    return found | {tensor: len(scope.steps) for tensor in scope.results}
