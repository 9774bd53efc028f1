"""Blocks as procedures: a call is analysed once for the same arguments and input shapes.

``Call`` and ``Repeated`` answer ``infer(inputs)`` as a layer does, so the propagation does not
know whether a node is a layer, a call or a loop.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from resnet_studio.core.arguments import quoted
from resnet_studio.core.document import Block, Node
from resnet_studio.core.expressions import (
    ExpressionError,
    contains_expression,
    is_expression,
    resolve,
)
from resnet_studio.core.layer import LAYERS, UNKNOWN, Broken, Outcome, Problem, layer_for
from resnet_studio.core.opaque import opaque
from resnet_studio.core.shapes import Shape

if TYPE_CHECKING:
    from resnet_studio.core.propagation import GraphAnalysis

LARGEST_NETWORK = 200_000
"""Layers that a network may come to when it is unrolled."""
MOST_COPIES = 10_000
DEEPEST_NESTING = 40

Inferable = Any
"""A Layer, Broken, Call, Repeated or port: what has ``memo`` and ``infer(inputs)``."""


class Compound(Outcome):
    """The outcome of a call (``inside`` is its analysis) or of a loop (``copies``)."""

    __slots__ = ("copies", "inside")

    def __init__(
        self,
        outputs: tuple[Shape, ...] | None,
        parts: "list[Outcome] | tuple[Outcome, ...]" = (),
        inside: "GraphAnalysis | None" = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        macs = [part.macs for part in parts]
        super().__init__(
            outputs,
            sum(part.params for part in parts),
            sum(part.trainable for part in parts),
            None if None in macs else sum(macs),  # type: ignore[arg-type]
            problems,
        )
        self.copies = tuple(parts) if inside is None else ()
        self.inside = inside
        self.troubled = bool(problems) or any(part.troubled for part in parts)
        self.layers = sum(part.layers for part in parts)


class Port:
    """A BlockInput: its outcome is the shape that the call passes in."""

    def __init__(self, shape: Shape) -> None:
        self.outcome = Outcome((shape,))
        self.outcome.layers = 0
        self.memo: dict[tuple[Shape, ...], Outcome] = {(): self.outcome}

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        if inputs:
            problem = Problem("too-many-inputs", "a block's input takes no wire from inside")
            return Outcome(None, problems=(problem,))
        return self.outcome


class PassThrough:
    """A BlockOutput, a bypassed node, or a loop of no rounds: what comes in goes out."""

    def __init__(self) -> None:
        self.memo: dict[tuple[Shape, ...], Outcome] = {}

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        if len(inputs) != 1:
            code = "too-many-inputs" if inputs else "missing-input"
            text = f"has {len(inputs)} wires" if inputs else "has no wire"
            return Outcome(None, problems=(Problem(code, f"it takes one wire and {text}"),))
        outcome = Outcome(inputs)
        outcome.layers = 0
        return outcome


PASS_THROUGH = PassThrough()


class Repeated:
    """``for _ in range(n)``: the node's output is its next input."""

    def __init__(self, body: Inferable, times: int) -> None:
        self.body, self.times = body, times
        self.memo: dict[tuple[Shape, ...], Outcome] = {}

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        outcome = self.memo.get(inputs)
        if outcome is None:
            outcome = self.memo[inputs] = self._chain(inputs)
        return outcome

    def _chain(self, inputs: tuple[Shape, ...]) -> Outcome:
        copies: list[Outcome] = []
        layers = 0
        for _ in range(self.times):
            outcome = self.body.infer(inputs)
            copies.append(outcome)
            layers += outcome.layers
            if outcome.outputs is None:
                copies += [UNKNOWN] * (self.times - len(copies))
                break
            if len(outcome.outputs) != 1 or len(inputs) != 1:
                return Compound(None, problems=(_NOT_CHAINABLE,))
            if layers > LARGEST_NETWORK:
                return Compound(None, problems=(TOO_LARGE,))
            inputs = outcome.outputs
        return Compound(copies[-1].outputs, copies)


_NOT_CHAINABLE = Problem(
    "invalid-repeat", "only a node with one input and one output can be repeated"
)
TOO_LARGE = Problem(
    "network-too-large",
    f"unrolled, it comes to more than {LARGEST_NETWORK:,} layers; lower the repeats",
)


def layer_name(node: Node, inside: bool) -> Any:
    """What Keras is told to call the layer; None inside blocks, where its path names it."""
    given = node.config.get("name")
    return node.id if given is None and not inside else given


def is_name(name: object) -> bool:
    """Whether Keras takes it as the name of a layer."""
    return isinstance(name, str) and "/" not in name


class Call:
    """A block with its arguments."""

    def __init__(self, library: "Library", name: str, arguments: Mapping[str, Any]) -> None:
        self.library, self.name, self.arguments = library, name, arguments
        self.memo: dict[tuple[Shape, ...], Outcome] = {}

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        outcome = self.memo.get(inputs)
        if outcome is None:
            outcome = self.memo[inputs] = self._call(inputs)
        return outcome

    def _call(self, inputs: tuple[Shape, ...]) -> Outcome:
        block = self.library.blocks[self.name]
        expected = len(block.inputs())
        if len(inputs) != expected:
            code = "missing-input" if len(inputs) < expected else "too-many-inputs"
            wanted = "1 input" if expected == 1 else f"{expected} inputs"
            text = f"“{self.name}” takes {wanted} and has {len(inputs) or 'none'}"
            return Compound(None, problems=(Problem(code, text),))
        inside = self.library.analyse_block(block, self.arguments, inputs)
        if inside.layers > LARGEST_NETWORK:
            return Compound(None, problems=(TOO_LARGE,))
        outcome = Compound(inside.outputs, inside.outcomes, inside)
        outcome.troubled = inside.troubled
        return outcome


class Library:
    """The blocks of a document with what is known of them.

    ``previous`` hands on every call whose block, and all that it calls, stayed the same.
    """

    def __init__(
        self,
        blocks: Mapping[str, Block],
        analyse_block: "Callable[..., GraphAnalysis]",
        previous: "Library | None" = None,
    ) -> None:
        self.blocks = blocks
        self._analyse_block = analyse_block
        self.uses = {
            name: {n.type for n in block.graph.nodes.values()} & blocks.keys()
            for name, block in blocks.items()
        }
        self.depth = self._depths()
        self.calls: dict[tuple[str, str], Call] = {}
        if previous is not None:
            self._keep(previous)

    def analyse_block(
        self, block: Block, arguments: Mapping[str, Any], inputs: tuple[Shape, ...]
    ) -> "GraphAnalysis":
        return self._analyse_block(block.graph, self, arguments, inputs)

    def same_meaning(self, name: str, other: "Library") -> bool:
        """Whether the block and everything it calls are those of ``other``."""
        pending, seen = [name], set()
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            if self.blocks.get(current) is not other.blocks.get(current):
                return False
            pending += self.uses.get(current, ())
        return True

    def inferable(self, node: Node, parameters: Mapping[str, Any], inside: bool) -> Inferable:
        """What answers for ``node``, its expressions worked out over ``parameters``."""
        try:
            return self._inferable(node, parameters, inside)
        except ExpressionError as error:
            return Broken(Problem("bad-expression", str(error)))
        except RecursionError:
            return Broken(Problem("invalid-argument", "an argument is nested too deep"))

    def _inferable(self, node: Node, parameters: Mapping[str, Any], inside: bool) -> Inferable:
        if node.bypassed:
            return PASS_THROUGH
        config = node.config
        if contains_expression(config):
            config = resolve(config, parameters)
        body: Inferable
        if node.type in self.blocks:
            body = self._call(node.type, config)
        elif (name := layer_name(node, inside)) is not None and not is_name(name):
            text = f"a layer's name is a text without “/”, not {quoted(name)}"
            body = Broken(Problem("invalid-name", text))
        else:
            body = layer_for(node.type, config)
            if isinstance(body, Broken) and node.type not in LAYERS:
                body = opaque(node.type, node.extra) or body
        if type(node.repeat) is int and node.repeat == 1:
            return body
        return self._repeated(body, node.repeat, parameters)

    def _repeated(self, body: Inferable, repeat: Any, parameters: Mapping[str, Any]) -> Inferable:
        times = resolve(repeat, parameters) if is_expression(repeat) else repeat
        if not isinstance(times, int) or isinstance(times, bool) or not 0 <= times <= MOST_COPIES:
            wanted = f"a whole number from 0 to {MOST_COPIES:,}"
            text = f"the repeat count must be {wanted}, not {quoted(times)}"
            return Broken(Problem("invalid-repeat", text))
        if times == 1:
            return body
        return Repeated(body, times) if times else PASS_THROUGH

    def _call(self, name: str, config: Mapping[str, Any]) -> "Call | Broken":
        block = self.blocks[name]
        if self.depth[name] is None:
            text = f"the block “{name}” contains itself; a block can only hold other blocks"
            return Broken(Problem("recursive-block", text))
        if self.depth[name] > DEEPEST_NESTING:  # type: ignore[operator]
            text = f"blocks are nested more than {DEEPEST_NESTING} deep"
            return Broken(Problem("network-too-large", text))
        given = {key: value for key, value in config.items() if key != "name"}
        unknown = [key for key in given if key not in block.parameters]
        if unknown:
            known = ", ".join(block.parameters) or "none"
            return Broken(
                *(
                    Problem(
                        "unknown-argument",
                        f"“{name}” has no parameter “{key}” (it has: {known})",
                        data={"argument": key},
                    )
                    for key in unknown
                )
            )
        arguments = {**block.parameters, **given}
        key = (name, repr(arguments))
        if key not in self.calls:
            self.calls[key] = Call(self, name, arguments)
        return self.calls[key]

    def _keep(self, previous: "Library") -> None:
        kept = {name for name in self.blocks if self.same_meaning(name, previous)}
        for key, call in previous.calls.items():
            if key[0] in kept:
                self.calls[key] = call

    def _depths(self) -> dict[str, int | None]:
        """How deep calls nest below each block; None for a block that reaches a circle.

        Worked out without networkx, which a window has not loaded yet when it first paints.
        """
        users: dict[str, list[str]] = {name: [] for name in self.blocks}
        for name, uses in self.uses.items():
            for used in uses:
                users[used].append(name)
        open_uses = {name: len(uses) for name, uses in self.uses.items()}
        depth: dict[str, int | None] = dict.fromkeys(self.blocks)
        ready = [name for name, count in open_uses.items() if not count]
        while ready:
            name = ready.pop()
            depth[name] = 1 + max((depth[used] or 0 for used in self.uses[name]), default=0)
            for user in users[name]:
                open_uses[user] -= 1
                if not open_uses[user]:
                    ready.append(user)
        return depth
