"""What the canvas shows of a node, worked out from the session: plain values, no painting."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.calls import Compound, Inferable
from resnet_studio.core.document import (
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    NETWORK,
    Block,
    Document,
    Graph,
    Node,
)
from resnet_studio.core.faces import Face, card_extent, face_of
from resnet_studio.core.families import family
from resnet_studio.core.layer import UNKNOWN, Outcome
from resnet_studio.core.paths import split_path
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.core.shapes import Shape, show
from resnet_studio.core.waiting import waits
from resnet_studio.gui.canvas.inside import Inside, inside_of
from resnet_studio.gui.canvas.wiring import Wiring
from resnet_studio.gui.session import Session, graph_along

UNKNOWN_SHAPE = "?"
NO_INPUT_YET = "no input yet"


@dataclass(frozen=True, slots=True)
class Findings:
    """How many errors and warnings stand at a node or, for a call, inside it."""

    errors: int = 0
    warnings: int = 0
    waiting: bool = False
    """Nothing is wired to it yet: incomplete, which is no mistake of anyone's."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the card of one node paints."""

    face: Face
    family: str
    extent: tuple[float, float]
    inputs: int
    """Ports for wires that are there or must come; ``open_input`` adds one for the next."""
    open_input: bool
    outputs: int
    result: str
    """The shape below the card of a node that nothing consumes; empty elsewhere."""
    params: int
    block: bool
    findings: Findings
    inside: Inside | None = None
    """What a call holds, as a small picture."""
    flow: str = ""
    """What a call makes of what it is given: ``56×56×64 → 28×28×128``."""

    @property
    def ports(self) -> tuple[object, ...]:
        """What the places of the ports depend on."""
        return self.extent, self.inputs, self.outputs


NO_FINDINGS = Findings()


@dataclass(frozen=True, slots=True)
class Shown:
    """The graph on the canvas with what is known of it: of now, or of a document on trial."""

    document: Document
    analysis: Analysis
    scope: str
    prefix: str
    inside: GraphAnalysis | None

    @classmethod
    def now(cls, session: Session) -> "Shown":
        return cls(
            session.document,
            session.analysis,
            session.scope,
            session.prefix,
            session.graph_analysis,
        )

    @classmethod
    def trial(cls, session: Session, document: Document) -> "Shown":
        """The same graph, were ``document`` the session's."""
        analysis = analyse(document, session.analysis)
        inside = graph_along(analysis, session.trail)
        return cls(document, analysis, session.scope, session.prefix, inside)

    @property
    def graph(self) -> Graph:
        return self.document.graph(self.scope)

    def outcome(self, key: str) -> Outcome:
        """The outcome of a node; unknown inside a block whose inputs are not known."""
        if self.inside is None or key not in self.inside.structure.index:
            return UNKNOWN
        return self.inside.outcome(key)

    def inferable(self, key: str) -> Inferable:
        """What answers for a node in the analysis: a layer, a call, a loop."""
        if self.inside is None or key not in self.inside.structure.index:
            return None
        return self.inside.inferables[self.inside.structure.index[key]]


class Looks:
    """The looks of one graph's nodes, worked out when they are asked for.

    A node whose ground did not change has the same object again.
    """

    def __init__(self, shown: Shown) -> None:
        self._known: dict[str, tuple[int, _Ground, Look]] = {}
        self.turn = 0
        """Grows with every state that is shown."""
        self.wiring = Wiring(shown.graph)
        self.shown, self._found = shown, findings(shown)

    def show(self, shown: Shown) -> None:
        """Shows what is known now."""
        self.turn += 1
        if shown.graph.structure is not self.wiring.structure:
            self.wiring = Wiring(shown.graph)
        self.shown, self._found = shown, findings(shown)

    def of(self, key: str) -> Look:
        """The look of a node; of one that has just gone, the last one."""
        known = self._known.get(key)
        if known is not None and known[0] == self.turn:
            return known[2]
        node = self.shown.graph.nodes.get(key)
        if known is not None and node is None:
            return known[2]
        ground = self._ground(self.shown.graph.nodes[key])
        same = known is not None and ground.same(known[1])
        look = known[2] if known is not None and same else _look(self.shown.document, ground)
        self._known[key] = (self.turn, ground, look)
        return look

    def findings(self) -> Mapping[str, Findings]:
        """Errors and warnings by node; nodes without any, or that only wait, are left out."""
        return {key: f for key, f in self._found.items() if f.errors or f.warnings}

    def _ground(self, node: Node) -> "_Ground":
        shown, key = self.shown, node.id
        return _Ground(
            node,
            shown.outcome(key),
            shown.inferable(key),
            shown.document.blocks.get(node.type),
            self.wiring.wired(key),
            shown.scope == NETWORK and not self.wiring.out_of(key),
            self._found.get(key, NO_FINDINGS),
        )


class _Ground(NamedTuple):
    """What a look is made from."""

    node: Node
    outcome: Outcome
    inferable: Inferable
    block: Block | None
    wired: int
    ends: bool
    """Nothing consumes it: it is an output of the model."""
    found: Findings

    def same(self, other: "_Ground") -> bool:
        """Values of the document and the analysis are the same objects, figures are equal."""
        return (
            self.node is other.node
            and self.outcome is other.outcome
            and self.inferable is other.inferable
            and self.block is other.block
            and self.wired == other.wired
            and self.ends == other.ends
            and self.found == other.found
        )


def shape_text(outcome: Outcome, output: int = 0) -> str:
    """``56×56×64``, or ``?`` where the analysis does not know it."""
    outputs = outcome.outputs
    if outputs is None or output >= len(outputs):
        return UNKNOWN_SHAPE
    return show(outputs[output])


def at_node(path: str, shown: Shown) -> str | None:
    """The node of the canvas at, or inside, which a path lies; None for one elsewhere."""
    if not path.startswith(shown.prefix):
        return None
    return split_path(path[len(shown.prefix) :], shown.document, shown.graph)[0][0]


def findings(shown: Shown) -> Mapping[str, Findings]:
    """Errors and warnings by the node of the canvas at, or inside, which they stand."""
    errors: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    waiting: set[str] = set()
    for diagnostic in shown.analysis.diagnostics:
        key = at_node(diagnostic.node, shown)
        if key is None:
            continue
        here = diagnostic.node == shown.prefix + key
        if here and waits(diagnostic, shown.document):
            waiting.add(key)
        elif diagnostic.severity == "error":
            errors[key] += 1
        elif diagnostic.severity == "warning":
            warnings[key] += 1
    return {
        key: Findings(errors[key], warnings[key], key in waiting)
        for key in errors.keys() | warnings.keys() | waiting
    }


def _look(document: Document, ground: _Ground) -> Look:
    node, block = ground.node, ground.block
    slots = edits.slots(document, node.type)
    outputs = len(block.outputs()) if block is not None else int(node.type != BLOCK_OUTPUT)
    return Look(
        face=face_of(node, document, ground.inferable),
        family=family(node.type, document.blocks),
        extent=card_extent(node, document),
        inputs=ground.wired if slots is None else max(slots, ground.wired),
        open_input=slots is None,
        outputs=outputs,
        result=_result(ground) if ground.ends and outputs else "",
        params=ground.outcome.params,
        block=block is not None,
        findings=ground.found,
        inside=inside_of(block, document) if block is not None else None,
        flow=flow_text(ground.outcome) if block is not None else "",
    )


def _result(ground: _Ground) -> str:
    waits = ground.found.waiting and not ground.found.errors
    return NO_INPUT_YET if waits else shape_text(ground.outcome)


def flow_text(outcome: Outcome) -> str:
    """The shapes that a call is given and gives: ``56×56×64 → 28×28×128``."""
    first = outcome
    while isinstance(first, Compound) and first.copies:
        first = first.copies[0]
    inside = first.inside if isinstance(first, Compound) else None
    return "" if inside is None else flow_through(inside, outcome.outputs)


def flow_through(inside: GraphAnalysis, outputs: tuple[Shape, ...] | None) -> str:
    """The shapes that come into the inside of a block, and ``outputs``; one where all is equal."""
    ports = [i for i, n in enumerate(inside.graph.nodes.values()) if n.type == BLOCK_INPUT]
    given = ", ".join(shape_text(inside.outcomes[i]) for i in ports)
    made = UNKNOWN_SHAPE if outputs is None else ", ".join(show(shape) for shape in outputs)
    return given if given == made else f"{given} → {made}"
