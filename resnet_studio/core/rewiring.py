"""The structure of a graph in which a few wires came or went, made from the one before.

To build a structure of ten thousand nodes takes tens of milliseconds; most rewirings change a
handful of them and leave the order as it was.
"""

from collections.abc import Iterable
from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_studio.core.document import Edge
    from resnet_studio.core.structure import Structure

Wires = tuple["Edge", ...]


def rewired(old: "Structure", before: Wires, after: Wires) -> "Structure | None":
    """The structure of the same nodes with other wires; None where it must be built afresh.

    It is the one built afresh in every part.  That is ruled out where a wire is at fault, where
    layers are shared, where wires only changed their order, and where the order of the nodes
    could become another.
    """
    if old.shared or any(problem.code != "missing-input" for problem in old.problems):
        return None
    changed = _changed(before, after)
    if changed is None or any(
        e.source not in old.index or e.target not in old.index for e in changed
    ):
        return None
    sources, targets = {e.source for e in changed}, {e.target for e in changed}
    around = [edge for edge in after if edge.source in sources or edge.target in targets]
    index = old.index
    slots = _slots(old, {index[key] for key in targets}, around)
    if slots is None:
        return None
    new = old.with_wires(slots, _successors(old, {index[key] for key in sources}, around))
    return new if all(_keeps_order(new, old, index[key]) for key in targets) else None


def _changed(before: Wires, after: Wires) -> set["Edge"] | None:
    """The wires that only one of the two has; None where the others are not in one order."""
    start = next(
        compress(range(len(before)), map(is_not, before, after)), min(map(len, (before, after)))
    )
    old, new = before[start:], after[start:]
    gone, come = set(old).difference(new), set(new).difference(old)
    if [edge for edge in old if edge not in gone] != [edge for edge in new if edge not in come]:
        return None
    return gone | come


def _slots(
    old: "Structure", targets: set[int], around: Iterable["Edge"]
) -> dict[int, dict[int, tuple[int, int]]] | None:
    """What feeds each slot of these nodes now; None where two wires end in one."""
    index = old.index
    found: dict[int, dict[int, tuple[int, int]]] = {i: {} for i in targets}
    for edge in around:
        slots = found.get(index[edge.target])
        if slots is None:
            continue
        if edge.slot in slots:
            return None
        slots[edge.slot] = (index[edge.source], edge.output)
    return found


def _successors(
    old: "Structure", sources: set[int], around: Iterable["Edge"]
) -> dict[int, list[int]]:
    """Whom these nodes feed now, each once."""
    index = old.index
    found: dict[int, dict[int, None]] = {i: {} for i in sources}
    for edge in around:
        fed = found.get(index[edge.source])
        if fed is not None:
            fed[index[edge.target]] = None
    return {i: list(fed) for i, fed in found.items()}


def _keeps_order(new: "Structure", old: "Structure", i: int) -> bool:
    """Whether node ``i`` keeps its place where, of the ready nodes, the first written comes first.

    All that feeds it must come before it; and from when it is ready now, whatever still comes
    before it must be written before it.
    """
    rank = old.rank
    ready = 1 + max((rank[source] for source, _output in new.slots[i].values()), default=-1)
    return ready <= rank[i] and all(other < i for other in old.order[ready : rank[i]])
