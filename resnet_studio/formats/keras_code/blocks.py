"""Blocks as functions: what they are called in the code, and what they do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.calls import Compound
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Block, Graph, Node
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.formats.keras_code.constructors import (
    Renaming,
    expression,
    value_of,
)
from resnet_studio.formats.keras_code.layout import Expression, Group, call
from resnet_studio.formats.keras_code.naming import LayerNames, Names, looks_automatic
from resnet_studio.formats.keras_code.operations import called, is_operation
from resnet_studio.formats.keras_code.steps import Scope, Step, Tensor
from resnet_studio.formats.keras_code.variables import MAIN, SHORTCUT


@dataclass(frozen=True, slots=True)
class Function:
    """A block's function: its name, and the names of its parameters.

    ``names`` holds what is taken inside it; ``optional`` the parameters that some call leaves
    at their default.
    """

    name: str
    block: Block
    parameters: Renaming
    names: Names
    optional: frozenset[str]


class Functions:
    """The functions of all blocks that the network calls, those that are called first."""

    def __init__(self, analysis: Analysis) -> None:
        self.document = analysis.document
        self._library = analysis.library
        used = list(self._used())
        module = Names()
        called = {name: module.fresh(name, "block") for name in used}
        self.names = frozenset(module.taken)
        omitted = self._omitted(used)
        self.by_block = {name: self._function(name, called[name], omitted[name]) for name in used}
        self.analyses = _analyses(analysis.root)

    def _used(self) -> Iterator[str]:
        """Blocks that the network reaches, a block behind those that it calls."""
        blocks = self.document.blocks
        pending = self._called_in(NETWORK)
        reached: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in reached:
                reached.add(name)
                pending += self._called_in(name)
        depth = self._library.depth
        in_order = [name for name in blocks if name in reached]
        yield from sorted(in_order, key=lambda name: depth[name] or 0)

    def _called_in(self, scope: str) -> list[str]:
        nodes = self.document.graph(scope).nodes.values()
        return [n.type for n in nodes if n.type in self.document.blocks and not n.bypassed]

    def _omitted(self, used: list[str]) -> dict[str, set[str]]:
        """For each block, the parameters that not every call gives."""
        found: dict[str, set[str]] = {name: set() for name in used}
        for scope in (NETWORK, *used):
            for node in self.document.graph(scope).nodes.values():
                if node.type in found and not node.bypassed:
                    parameters = self.document.blocks[node.type].parameters
                    found[node.type] |= parameters.keys() - node.config.keys()
        return found

    def _function(self, block_name: str, name: str, omitted: set[str]) -> Function:
        block = self.document.blocks[block_name]
        names = Names(self.names)
        parameters = {key: names.fresh(key, "value") for key in block.parameters}
        return Function(name, block, parameters, names, frozenset(omitted))

    def outputs_of(self, scope: str, node_id: str) -> int:
        """How many tensors a layer node gives, as far as any copy of its block tells."""
        graph = self.analyses.get(id(self.document.graph(scope)))
        outcome = graph.outcome(node_id) if graph is not None else None
        return len(outcome.outputs) if outcome is not None and outcome.outputs else 1


def input_names(scope: Scope, names: Names) -> dict[Tensor, str]:
    """The parameters for the tensors that a block takes.

    A single one is ``x``, or ``inputs`` where parallel branches start from it; of several,
    ``x`` and ``shortcut`` may be what the user calls them.
    """
    inputs = [(i, step.key) for i, step in enumerate(scope.steps) if step.type == BLOCK_INPUT]
    if len(inputs) > 1:
        return {
            (i, 0): names.fixed(key) if key in (MAIN, SHORTCUT) else names.fresh(key)
            for i, key in inputs
        }
    parted = len(scope.readers.get((0, 0), ())) > 1
    bridged = any(fork.tensor == (0, 0) for fork in scope.forks)
    return {(i, 0): names.fixed("inputs" if parted and not bridged else MAIN) for i, _ in inputs}


def _analyses(root: GraphAnalysis) -> dict[int, GraphAnalysis]:
    """An analysis of each graph, by the graph's identity; copies that are alike are one."""
    found: dict[int, GraphAnalysis] = {}
    pending, seen = [root], {id(root)}
    while pending:
        graph = pending.pop()
        found.setdefault(id(graph.graph), graph)
        for outcome in graph.outcomes:
            parts = [outcome, *outcome.copies] if isinstance(outcome, Compound) else []
            for part in parts:
                inside = part.inside if isinstance(part, Compound) else None
                if inside is not None and id(inside) not in seen:
                    seen.add(id(inside))
                    pending.append(inside)
    return found


class GraphReader:
    """Turns a graph (the network's, or a block's) into steps."""

    def __init__(self, functions: Functions, scope: str, rename: Renaming) -> None:
        self.functions, self.scope_name, self.rename = functions, scope, rename
        self.graph: Graph = functions.document.graph(scope)
        self.steps: list[Step] = []
        self.made: dict[int, list[Tensor]] = {}
        self.layer_names = LayerNames(_chosen_names(functions), _types(functions))
        self._places: dict[int, int] = {}

    def scope(self) -> Scope:
        """The steps, with the tensors of the BlockOutputs as results."""
        structure, nodes = self.graph.structure, list(self.graph.nodes.values())
        # Inputs come first, in written order: that of the slots of a call.
        first = [i for i, node in enumerate(nodes) if node.type == BLOCK_INPUT]
        then = [i for i in structure.order if nodes[i].type != BLOCK_INPUT]
        for i in [*first, *then]:
            sources = structure.sources[i] or ()
            inputs = tuple(self.made[source][output] for source, output in sources)
            self.made[i] = self._read(i, nodes[i], inputs)
        outputs = [i for i, node in enumerate(nodes) if node.type == BLOCK_OUTPUT]
        return Scope(self.steps, [self.made[i][0] for i in outputs])

    def _read(self, i: int, node: Node, inputs: tuple[Tensor, ...]) -> list[Tensor]:
        if node.type == BLOCK_OUTPUT or node.rounds == 0:
            return list(inputs)
        if node.type == BLOCK_INPUT:
            return self._add(Step(node.id, node.type, (), (node.id,)))
        if node.type in self.functions.by_block:
            return self._call(node, inputs)
        return self._layer(i, node, inputs)

    def _add(self, step: Step) -> list[Tensor]:
        self.steps.append(step)
        return [(len(self.steps) - 1, output) for output in range(len(step.wishes))]

    def _call(self, node: Node, inputs: tuple[Tensor, ...]) -> list[Tensor]:
        function = self.functions.by_block[node.type]
        outputs = function.block.outputs()
        if not outputs:
            return []
        given = [
            (f"{name}=", *value_of(node.config[key], self.rename, tuple))
            for key, name in function.parameters.items()
            if key in node.config
        ]
        wishes = (node.id,) if len(outputs) == 1 else tuple(outputs)
        brackets = partial(_with_arguments, arguments=given)
        rounds = self._rounds(node)
        return self._add(
            Step(node.id, node.type, inputs, wishes, (function.name,), brackets, rounds)
        )

    def _layer(self, i: int, node: Node, inputs: tuple[Tensor, ...]) -> list[Tensor]:
        shared = self.graph.structure.shared
        first = shared.get(i)
        maker = None
        if first is not None:
            maker = self._places[first]
        elif i in shared.values():
            maker = self._places[i] = len(self.steps)
        owner = node if node.shared_with is None else self.graph.nodes[node.shared_with]
        count = self.functions.outputs_of(self.scope_name, node.id)
        wishes = (node.id, *(f"{node.id}_{k}" for k in range(1, count)))
        config, name = self.layer_names.kept(owner.config), self._name(owner)
        callee, brackets = called(owner, config, self.rename, name)
        if is_operation(owner.type):
            maker = None  # A function has nothing to share.
        rounds, applied = self._rounds(node), brackets if inputs else None
        return self._add(Step(node.id, node.type, inputs, wishes, callee, applied, rounds, maker))

    def _name(self, node: Node) -> str | None:
        """The layer's name in the code: the id, where a person chose it and it is unique."""
        inside = self.scope_name != NETWORK or node.repeat != 1
        if is_operation(node.type):
            return None
        if inside or node.config.get("name") is not None or looks_automatic(node.id):
            return None
        return self.layer_names.fresh(node.id, "layer")

    def _rounds(self, node: Node) -> str:
        if isinstance(node.repeat, str):
            return expression(node.repeat, self.rename)
        return str(node.repeat) if node.repeat != 1 else ""


def _with_arguments(tensors: list[str], arguments: list[Expression]) -> Group:
    return call(*((tensor,) for tensor in tensors), *arguments)


def chosen_name(config: Mapping[str, Any]) -> str | None:
    name = config.get("name")
    return name if isinstance(name, str) else None


def _types(functions: Functions) -> Iterator[str]:
    for scope in (NETWORK, *functions.by_block):
        yield from (node.type for node in functions.document.graph(scope).nodes.values())


def _chosen_names(functions: Functions) -> Iterator[str]:
    for scope in (NETWORK, *functions.by_block):
        for node in functions.document.graph(scope).nodes.values():
            name = chosen_name(node.config)
            if name is not None and node.type not in functions.by_block:
                yield name
