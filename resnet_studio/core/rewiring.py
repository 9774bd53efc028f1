"""The structure of a graph to which nodes or wires came or whose wires went, made from another.

To build a structure of ten thousand nodes takes tens of milliseconds; most edits change a
handful of them and leave the order as it was.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING

from resnet_studio.core.ordering import guessed, is_in_order

if TYPE_CHECKING:
    from resnet_studio.core.document import Edge, Node
    from resnet_studio.core.structure import Structure

MANY = 500
"""New nodes from which on a structure is built afresh in less time."""

Wires = tuple["Edge", ...]


def rewired(
    old: "Structure", before: Wires, nodes: "Mapping[str, Node]", after: Wires
) -> "Structure | None":
    """The structure with other wires and new nodes at the end; None where it must be built afresh.

    It is the one built afresh in every part.  That is ruled out where nodes went, where a wire is
    at fault, where layers are shared, where wires only changed their order, and where the nodes
    that were there come in another order.
    """
    if old.shared or any(problem.code != "missing-input" for problem in old.problems):
        return None
    ids = tuple(nodes)
    added = ids[len(old.ids) :]
    if ids[: len(old.ids)] != old.ids or len(added) > MANY or (added and _sharing(nodes)):
        return None
    changed = differing(before, after)
    if changed is None or any(e.source not in nodes or e.target not in nodes for e in changed):
        return None
    new = old.with_nodes(added) if added else old
    sources, targets = {e.source for e in changed}, {*added, *(e.target for e in changed)}
    around = [edge for edge in after if edge.source in sources or edge.target in targets]
    index = new.index
    slots = _slots(index, {index[key] for key in targets}, around)
    if slots is None:
        return None
    result = new.with_wires(slots, _successors(index, {index[key] for key in sources}, around))
    if all(_keeps_order(result, index[key]) for key in targets):
        return result
    order = guessed(old.order, result.successors)
    return result.with_order(order) if is_in_order(order, result.slots) else None


def _sharing(nodes: "Mapping[str, Node]") -> bool:
    return any(node.shared_with is not None for node in nodes.values())


def differing(before: Wires, after: Wires) -> "Collection[Edge] | None":
    """The wires that only one of the two has; None where the others are not in one order.

    Wires are told apart as objects, which edits pass on: an equal one made anew is another.
    """
    if before is after:
        return ()
    start = _alike(before, after)
    end = _alike(before[:start:-1], after[:start:-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    had, has = set(map(id, old)), set(map(id, new))
    if list(map(id, (e for e in old if id(e) in has))) != [id(e) for e in new if id(e) in had]:
        return None
    gone = [e for e in old if id(e) not in has]
    return gone + [e for e in new if id(e) not in had]


def _alike(one: Wires, other: Wires) -> int:
    """How many wires of both are the same from the beginning on."""
    least = min(len(one), len(other))
    return next(compress(range(least), map(is_not, one, other)), least)


def _slots(
    index: "Mapping[str, int]", targets: set[int], around: Iterable["Edge"]
) -> dict[int, dict[int, tuple[int, int]]] | None:
    """What feeds each slot of these nodes now; None where two wires end in one."""
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
    index: "Mapping[str, int]", sources: set[int], around: Iterable["Edge"]
) -> dict[int, list[int]]:
    """Whom these nodes feed now, each once."""
    found: dict[int, dict[int, None]] = {i: {} for i in sources}
    for edge in around:
        fed = found.get(index[edge.source])
        if fed is not None:
            fed[index[edge.target]] = None
    return {i: list(fed) for i, fed in found.items()}


def _keeps_order(new: "Structure", i: int) -> bool:
    """Whether node ``i`` keeps its place where, of the ready nodes, the first written comes first.

    All that feeds it must come before it; and from when it is ready now, whatever still comes
    before it must be written before it.
    """
    rank = new.rank
    ready = 1 + max((rank[source] for source, _output in new.slots[i].values()), default=-1)
    return ready <= rank[i] and all(other < i for other in new.order[ready : rank[i]])
