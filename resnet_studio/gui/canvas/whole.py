"""The batches of a whole graph, made in slices of a few milliseconds and mended in parts."""

import time
from collections.abc import Collection, Iterable

from resnet_studio.gui.canvas.batches import Batch, Gatherer, faulty, joined
from resnet_studio.gui.canvas.drawing import Drawing

_PART = 512
_MANY = 4 * _PART
"""What touches more nodes than these touches the whole graph."""
_SLICE = 0.008
"""Seconds that may pass before the window's thread is given back."""
_PATIENCE = 0.03
"""The same where something that changed would be seen twice."""


class Whole:
    """The graph in parts of about a thousand nodes each; a change makes few of them anew.

    A part that is out of date is painted as it was until its turn comes.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        keys = list(drawing.graph.nodes)
        self._parts = [dict.fromkeys(keys[i : i + _PART]) for i in range(0, len(keys), _PART)]
        self._parts = self._parts or [{}]
        self._batches: list[Batch | None] = [None] * len(self._parts)
        self._urgent: set[int] = set()
        self._stale: set[int] = set(range(len(self._parts)))
        self._at: dict[str, int] = {}
        self._left_out: frozenset[str] = frozenset()
        self._faulty = faulty(drawing)
        self._joined: Batch | None = None

    @property
    def complete(self) -> bool:
        return not (self._stale or self._urgent)

    @property
    def begun(self) -> bool:
        """Whether any part is made yet."""
        return any(batch is not None for batch in self._batches)

    def batch(self) -> Batch:
        """All parts that are made yet, as one: the fewer calls of the painter, the better."""
        if self._joined is None:
            self._joined = joined(batch for batch in self._batches if batch is not None)
        return self._joined

    def leave_out(self, keys: Collection[str]) -> None:
        """These are painted by somebody else: they are being moved."""
        before, self._left_out = self._left_out, frozenset(keys)
        self.touch(before ^ self._left_out)

    def touch(self, keys: Collection[str], rewired: bool = False) -> None:
        """These nodes came, went, or changed, or wires at them did."""
        self._follow(keys)
        if len(keys) > _MANY:
            self._urgent = set(range(len(self._parts)))
        else:
            self._hurry_about(keys)
        before, self._faulty = self._faulty, faulty(self._drawing)
        at = self._index()
        self._urgent.update(at[key] for key in before ^ self._faulty if key in at)
        if rewired:
            # Which wires bypass a branch may have changed anywhere below.
            self._stale = set(range(len(self._parts)))

    def _follow(self, keys: Iterable[str]) -> None:
        """Has the nodes that there are in its parts."""
        at, nodes = self._index(), self._drawing.graph.nodes
        for key in keys:
            if key in nodes and key not in at:
                if len(self._parts[-1]) >= _PART:
                    self._parts.append({})
                    self._batches.append(None)
                at[key] = len(self._parts) - 1
                self._parts[-1][key] = None
            elif key in at and key not in nodes:
                part = at.pop(key)
                self._parts[part].pop(key)
                self._urgent.add(part)

    def _hurry_about(self, keys: Iterable[str]) -> None:
        """Next come these nodes and those that they feed: a wire belongs to where it ends."""
        at, wiring = self._index(), self._drawing.wiring
        for key in keys:
            found = (key, *(edge.target for edge in wiring.out_of(key)))
            self._urgent.update(at[near] for near in found if near in at)

    def _index(self) -> dict[str, int]:
        if not self._at:
            self._at = {key: i for i, part in enumerate(self._parts) for key in part}
        return self._at

    def work(self, seconds: float = _SLICE) -> bool:
        """Makes parts anew for a while, those first that changed; returns whether all are."""
        if self.complete:
            return True
        begun, gatherer = time.perf_counter(), Gatherer(self._drawing)
        while self._urgent or self._stale:
            chosen = self._urgent or self._stale
            part = min(chosen)
            self._urgent.discard(part)
            self._stale.discard(part)
            self._joined = None
            self._batches[part] = gatherer.batch(self._parts[part], self._left_out)
            passed = time.perf_counter() - begun
            if passed > (_PATIENCE if self._urgent else seconds):
                break
        return self.complete
