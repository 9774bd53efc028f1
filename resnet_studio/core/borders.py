"""What crosses the border of a selection that is to become a block.

Inputs of the network and the ports of a block stay outside of every selection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document, Graph
from resnet_studio.core.edits import EditError, slots
from resnet_studio.core.fold.parts import End, Tensor

STAYS_OUTSIDE = ("Input", BLOCK_INPUT, BLOCK_OUTPUT)


@dataclass(frozen=True, slots=True)
class Interface:
    """What crosses the border of a selection.

    ``inputs`` are the tensors that come in and the slots that each goes to, as ``(node, slot)``;
    a tensor of None is a slot that nothing feeds yet.  ``outputs`` are the tensors that leave.
    """

    ids: tuple[str, ...]
    inputs: tuple[tuple[Tensor | None, tuple[End, ...]], ...] = ()
    outputs: tuple[Tensor, ...] = ()


@dataclass(slots=True)
class _Border:
    entering: dict[Tensor, list[End]] = field(default_factory=dict)
    leaving: dict[Tensor, None] = field(default_factory=dict)


def groupable(document: Document, scope: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The chosen nodes that can be part of a block, in written order."""
    chosen = set(ids)
    nodes = document.graph(scope).nodes.values()
    return tuple(n.id for n in nodes if n.id in chosen and n.type not in STAYS_OUTSIDE)


def interface(document: Document, scope: str, ids: Iterable[str]) -> Interface:
    """The inputs and outputs of a selection.

    Raises:
        EditError: it cannot be a block: it is empty, a path leaves and comes back, or a layer
            is shared across its border.
    """
    graph = document.graph(scope)
    chosen = groupable(document, scope, ids)
    if not chosen:
        raise EditError("select the layers that the block is to hold; inputs stay outside of it")
    _refuse_detour(graph, set(chosen))
    _refuse_sharing(graph, set(chosen))
    border = _border(graph, set(chosen))
    rank = _Ranks(graph)
    entering = sorted(border.entering.items(), key=lambda item: min(rank[t] for t in item[1]))
    unfed = [(None, (end,)) for end in _unfed(document, graph, chosen)]
    outputs = {*border.leaving, *_ends(document, graph, chosen)}
    return Interface(
        chosen,
        (*((tensor, tuple(ends)) for tensor, ends in entering), *unfed),
        tuple(sorted(outputs, key=lambda tensor: (rank[tensor[0], 0][:2], tensor[1]))),
    )


class _Ranks:
    """Sorts the ends of wires in data order, then by slot."""

    def __init__(self, graph: Graph) -> None:
        self._structure = graph.structure

    def __getitem__(self, end: End) -> tuple[int, int, int]:
        at = self._structure.index[end[0]]
        rank = self._structure.rank[at]
        return (rank if rank >= 0 else len(self._structure.ids), at, end[1])


def _border(graph: Graph, chosen: set[str]) -> _Border:
    border = _Border()
    for edge in graph.edges:
        if edge.target in chosen and edge.source not in chosen:
            ends = border.entering.setdefault((edge.source, edge.output), [])
            ends.append((edge.target, edge.slot))
        elif edge.source in chosen and edge.target not in chosen:
            border.leaving[edge.source, edge.output] = None
    return border


def _unfed(document: Document, graph: Graph, chosen: Sequence[str]) -> list[End]:
    """The slots that must have a wire and have none."""
    found = []
    fed: dict[str, set[int]] = {key: set() for key in chosen}
    for edge in graph.edges:
        if edge.target in fed:
            fed[edge.target].add(edge.slot)
    for key, wired in fed.items():
        count = slots(document, graph.nodes[key].type)
        wanted = range(count) if count is not None else range(0 if wired else 1)
        found += [(key, slot) for slot in wanted if slot not in wired]
    return found


def _ends(document: Document, graph: Graph, chosen: Sequence[str]) -> list[Tensor]:
    """The tensors of nodes that nothing consumes: outputs of the model, or of what is to come."""
    feeding = {edge.source for edge in graph.edges}
    found = []
    for key in chosen:
        if key not in feeding:
            block = document.blocks.get(graph.nodes[key].type)
            count = len(block.outputs()) if block is not None else 1
            found += [(key, output) for output in range(count)]
    return found


def _refuse_detour(graph: Graph, chosen: set[str]) -> None:
    """A block is one step: what leaves it cannot come back into the same call."""
    structure = graph.structure
    inside = {structure.index[key] for key in chosen}
    origin = {
        after: here
        for here in inside
        for after in structure.successors[here]
        if after not in inside
    }
    pending = list(origin)
    while pending:
        here = pending.pop()
        for after in structure.successors[here]:
            if after in inside:
                raise EditError(_detour(structure.ids, origin, here, after, inside))
            if after not in origin:
                origin[after] = here
                pending.append(after)


def _detour(
    ids: Sequence[str], origin: Mapping[int, int], last: int, back: int, inside: set[int]
) -> str:
    way = [last]
    while origin[way[-1]] not in inside:
        way.append(origin[way[-1]])
    between = ", ".join(f"“{ids[i]}”" for i in reversed(way[-3:]))
    return (
        f"the selection cannot be a block: the data leaves it at “{ids[origin[way[-1]]]}”, runs "
        f"through {between} and comes back at “{ids[back]}”; select what lies between as well"
    )


def between(document: Document, scope: str, ids: Iterable[str]) -> set[str]:
    """The nodes outside of a selection that lie on a path from it back into it."""
    structure = document.graph(scope).structure
    inside = {structure.index[key] for key in ids if key in structure.index}
    before: list[list[int]] = [[] for _ in structure.ids]
    for i, followers in enumerate(structure.successors):
        for follower in followers:
            before[follower].append(i)
    reached = _closure(inside, structure.successors) & _closure(inside, before)
    return {structure.ids[i] for i in reached - inside}


def _closure(start: Iterable[int], followers: Sequence[Sequence[int]]) -> set[int]:
    seen: set[int] = set()
    pending = list(start)
    while pending:
        for after in followers[pending.pop()]:
            if after not in seen:
                seen.add(after)
                pending.append(after)
    return seen


def _refuse_sharing(graph: Graph, chosen: set[str]) -> None:
    for node in graph.nodes.values():
        if node.shared_with is None or (node.id in chosen) == (node.shared_with in chosen):
            continue
        raise EditError(
            f"the selection cannot be a block: “{node.id}” calls the layer of "
            f"“{node.shared_with}”; select both or neither"
        )
