"""The parameter count spelled out, as one checks it by hand."""

from collections.abc import Sequence

from resnet_studio.core.calls import Inferable, Repeated
from resnet_studio.core.layer import Layer, Refusal, Weight
from resnet_studio.core.shapes import Shape


def weights_of(inferable: Inferable, inputs: tuple[Shape | None, ...]) -> Sequence[Weight]:
    """The variables of a layer for these inputs; none where they are not known."""
    if isinstance(inferable, Repeated):
        inferable = inferable.body
    if not isinstance(inferable, Layer) or None in inputs:
        return ()
    try:
        return inferable.list_weights(inputs)  # type: ignore[arg-type]
    except (Refusal, IndexError):
        return ()


def formula(weights: Sequence[Weight]) -> str:
    """``3·3·64·128 + 128 = 73,856``; empty for a layer without weights."""
    if not weights:
        return ""
    parts = ["·".join(str(size) for size in weight.shape) or "1" for weight in weights]
    total = sum(weight.count for weight in weights)
    return f"{' + '.join(parts)} = {total:,}"


def legend(weights: Sequence[Weight]) -> str:
    """The variables' names in the order of the formula; those that training leaves are marked."""
    names = [w.name if w.trainable else f"{w.name} (not trained)" for w in weights]
    return " + ".join(names)
