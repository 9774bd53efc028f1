"""``wrapped-layer-fails``: a layer inside a wrapper that does not take what it is given.

TimeDistributed and Bidirectional build the layer that they apply without asking for the rank
that it takes; the layer itself asks when the network runs.  Whatever else is to be warned of in
the inner layer is told here too.
"""

from collections.abc import Iterator
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "wrapped-layer-fails"


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the inner layer, called by itself, is refused or warned of."""
    name = type(layer).__name__
    if name not in ("TimeDistributed", "Bidirectional") or len(inputs) != 1:
        return
    (shape,) = inputs
    step = (shape[0], *shape[2:]) if name == "TimeDistributed" else shape
    inner = layer.inner  # type: ignore[attr-defined]
    for problem in inner.infer((step,)).problems:
        text = f"{type(inner).__name__} inside {name} is built, but fails when it runs"
        yield Problem(CODE, f"{text}: {problem.message}", "warning")
        return


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The inner layer without the wrapper, or the network without both."""
    inner: Any = getattr(site.layer, "layer", None)
    if isinstance(inner, dict):
        title = f"{inner['class_name']} without {site.node.type}"
        after = site.with_node(type=inner["class_name"], config=dict(inner.get("config") or {}))
        yield Mend("unwrap", title, after)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_POOL = {"class_name": "MaxPooling2D", "config": {"pool_size": 2}}

declare(
    Rule(
        CODE,
        "warning",
        "A wrapper applies a layer to what that layer does not take, and a forward pass fails.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("film", "Input", shape=[5, 8, 8, 3]),
            place("pool", "TimeDistributed", "film", layer=_POOL),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[8, 8, 3]),
            place("pool", "TimeDistributed", "image", layer=_POOL),
        ),
    ),
)
