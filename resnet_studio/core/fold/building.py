"""A motif made into a block that is called wherever the motif occurred."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resnet_studio.core.document import NETWORK, Document, Node
from resnet_studio.core.edits import free_id
from resnet_studio.core.expressions import ExpressionError, resolve
from resnet_studio.core.fold.calling import called
from resnet_studio.core.fold.names import block_name, common_name, inner_ids, named
from resnet_studio.core.fold.parameters import Found, default_of, parameters_for, spoken
from resnet_studio.core.fold.parts import End, Part, Place, block_of, told
from resnet_studio.core.fold.regions import Match


class Plan:
    """What folding a motif would come to, worked out before anything is changed."""

    def __init__(self, document: Document, matches: Sequence[Match]) -> None:
        self.document, self.matches = document, matches
        self.copies = [[match.window.regions.nodes[i] for i in match.nodes] for match in matches]
        found = parameters_for(document, self.copies)
        self.parameters = _required_first(named(found, [n.type for n in self.copies[0]]))
        self.name = block_name(document, matches[0])

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The arguments of each call."""
        said = {name: spoken(parameter) for name, parameter in self.parameters.items()}
        return [
            {name: p.values[copy] for name, p in self.parameters.items() if said[name][copy]}
            for copy in range(len(self.copies))
        ]

    def applied(self) -> Document:
        """The document with the block, called wherever the motif occurred."""
        document, ids = self.document, inner_ids(self.copies)
        part = part_of(self.matches, ids)
        bare = {
            key: Node(key, node.type, node.config, node.repeat)
            for key, node in zip(ids, self.copies[0], strict=True)
        }
        parameters = [p.named(name, self._default(p), ids) for name, p in self.parameters.items()]
        inside = told(document, bare, parameters)
        graph = self.matches[0].window.regions.graph
        block = block_of(graph, part, inside, {p.name: p.default for p in parameters})
        document = replace(document, blocks={**document.blocks, self.name: block})
        return called(document, part, self.name, self.calls, self._call_id)[0]

    def _call_id(self, members: Collection[str], taken: Collection[str]) -> str:
        return common_name(list(members), taken) or free_id({*taken, *members}, self.name)

    def _default(self, parameter: Found) -> Any:
        value = default_of(parameter)
        if value is not None:
            return value
        scope = self.matches[0].window.regions.scope
        around = self.document.blocks[scope].parameters if scope != NETWORK else {}
        try:
            return resolve(parameter.values[0], around)
        except ExpressionError:
            return None


def part_of(matches: Sequence[Match], ids: Sequence[str]) -> Part:
    """Matches as the places of a part, in which the node at each position has one of ``ids``."""
    places = []
    for match in matches:
        names = match.window.regions.structure.ids
        there = [names[i] for i in match.nodes]
        places.append(Place(match.window.regions.scope, dict(zip(ids, there, strict=True))))
    first = matches[0]
    ends: dict[tuple[int, int], list[End]] = {tensor: [] for tensor in first.inputs}
    for key, i in zip(ids, first.nodes, strict=True):
        for slot, tensor in enumerate(first.window.regions.inputs[i]):
            if tensor in ends:
                ends[tensor].append((key, slot))
    return Part(tuple(places), tuple(map(tuple, ends.values())), ((ids[-1], 0),))


def _required_first(parameters: Mapping[str, Found]) -> dict[str, Found]:
    """As in a signature: what some call leaves to its default comes last."""
    return dict(sorted(parameters.items(), key=lambda item: not all(spoken(item[1]))))
