"""Which nodes would refuse the tensor of a dragged wire: asked of the engine, node by node."""

from collections.abc import Iterable

from resnet_studio.core import edits
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT
from resnet_studio.core.layer import Broken
from resnet_studio.core.shapes import Shape
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.ports import Port


def refusing(shown: Shown, fixed: Port, keys: Iterable[str]) -> set[str]:
    """Those of ``keys`` that Keras would refuse at the free end of a wire held at ``fixed``.

    What is not known (a shape, the other inputs) refuses nothing.
    """
    if not fixed.is_input:
        tensor = _tensor(shown, fixed.node, fixed.number)
        return {k for k in keys if tensor is not None and _refuses(shown, k, None, tensor)}
    found = set()
    for key in keys:
        tensor = _tensor(shown, key, 0)
        if tensor is not None and _refuses(shown, fixed.node, fixed.number, tensor):
            found.add(key)
    return found


def _tensor(shown: Shown, key: str, output: int) -> Shape | None:
    outputs = shown.outcome(key).outputs
    return outputs[output] if outputs is not None and output < len(outputs) else None


def _refuses(shown: Shown, key: str, slot: int | None, tensor: Shape) -> bool:
    node = shown.graph.nodes[key]
    answers = shown.inferable(key)
    if node.type in (BLOCK_INPUT, BLOCK_OUTPUT) or node.shared_with is not None:
        return False
    if answers is None or isinstance(answers, Broken):
        return False
    inputs = _inputs_with(shown, key, slot, tensor)
    if inputs is None:
        return False
    return any(problem.severity == "error" for problem in answers.infer(inputs).problems)


def _inputs_with(
    shown: Shown, key: str, slot: int | None, tensor: Shape
) -> tuple[Shape, ...] | None:
    """What would arrive at a node by slot; None where a slot stays empty or is not known."""
    arriving: dict[int, Shape | None] = {
        edge.slot: _tensor(shown, edge.source, edge.output) for edge in shown.graph.into(key)
    }
    limit = edits.slots(shown.document, shown.graph.nodes[key].type)
    if slot is None:
        slot = next(s for s in range(len(arriving) + 1) if s not in arriving)
        if limit is not None:
            slot = min(slot, max(limit - 1, 0))
    arriving[slot] = tensor
    shapes = [arriving.get(s) for s in range(max(len(arriving), limit or 0))]
    return None if None in shapes else tuple(shapes)  # type: ignore[arg-type]
