"""Where an addition comes from: a wire in the hand, a selection, or nothing but a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from resnet_studio.core import building, edits
from resnet_studio.core.building import Tap
from resnet_studio.core.document import BLOCK_OUTPUT, Document, Edge, Node
from resnet_studio.core.layer import Outcome
from resnet_studio.core.shapes import Shape
from resnet_studio.gui.canvas.looks import Shown


@dataclass(frozen=True, slots=True)
class Origin:
    """What a new node is wired to.

    ``taps`` feed it, slot by slot; or it feeds the slot ``target``.  ``from_wire`` says that
    the one tap was drawn with the pointer, so that a node that has no input is none.
    """

    taps: Sequence[Tap] = ()
    target: tuple[str, int] | None = None
    from_wire: bool = False
    into: Edge | None = None
    """The wire that takes the node in; its source is the one tap."""

    def added(self, document: Document, scope: str, node: Node) -> Document:
        """The document with the node and its wires.

        Raises:
            EditError: the node cannot be wired like that.
        """
        if self.into is not None:
            return edits.insert_on_edge(document, scope, self.into, node)
        if self.target is not None:
            return building.add_before(document, scope, node, *self.target)
        return building.add_after(document, scope, node, self.taps)

    def shapes(self, shown: Shown) -> tuple[Shape, ...] | None:
        """What the taps bring; None where one of them is not known."""
        found = []
        for tap in self.taps:
            outputs = shown.outcome(tap.node).outputs
            if outputs is None or tap.output >= len(outputs):
                return None
            found.append(outputs[tap.output])
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Fit:
    """What the engine says of a node at an origin: ``why`` not, or the outcome it comes to."""

    why: str = ""
    outcome: Outcome | None = None


def fit(shown: Shown, origin: Origin, node: Node) -> Fit:
    """Tries a node at an origin: whether ports are there for its wires, then what Keras says."""
    document = shown.document
    slots = edits.slots(document, node.type)
    if origin.target is not None:
        return Fit("it gives no tensor") if _gives_nothing(document, node) else Fit()
    if not origin.taps:
        return Fit()
    if slots == 0:
        return Fit("it takes no wire: data enters the network there")
    if slots is not None and len(origin.taps) > slots:
        return Fit(f"it takes {_tensors(slots)}, and {len(origin.taps)} are offered")
    if slots is not None and len(origin.taps) < slots:
        return Fit()  # The wires that are missing can follow.
    shapes = origin.shapes(shown)
    if shapes is None or shown.inside is None or node.type == BLOCK_OUTPUT:
        return Fit()
    answers = shown.analysis.library.inferable(node, shown.inside.parameters, bool(shown.scope))
    outcome = answers.infer(shapes)
    errors = [problem for problem in outcome.problems if problem.severity == "error"]
    if errors:
        return Fit(errors[0].message)
    if outcome.troubled and outcome.outputs is None:
        return Fit("the inside of the block refuses it")
    return Fit(outcome=outcome)


def _gives_nothing(document: Document, node: Node) -> bool:
    block = document.blocks.get(node.type)
    return node.type == BLOCK_OUTPUT or (block is not None and not block.outputs())


def _tensors(number: int) -> str:
    return "one tensor" if number == 1 else f"{number} tensors"
