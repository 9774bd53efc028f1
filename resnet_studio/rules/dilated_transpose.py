"""``dilated-transpose-on-cpu``: a transposed convolution whose window has gaps.

TensorFlow's own kernel of a transposed convolution takes no dilation (“current CPU
implementation does not yet support dilation rates larger than 1”).
"""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "dilated-transpose-on-cpu"
TRANSPOSED = frozenset({"Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"})


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the window of a transposed convolution has gaps."""
    name = type(layer).__name__
    if name in TRANSPOSED and max(layer.dilation_rate) > 1:  # type: ignore[attr-defined]
        text = (
            f"Keras builds {name} with dilation, but on a processor a forward pass may fail: "
            "TensorFlow has it only where it uses oneDNN, and never for volumes"
        )
        yield Problem(CODE, text, "warning", {"argument": "dilation_rate"})


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """A window as wide without gaps, or as many weights without them."""
    layer = site.layer
    if layer is None:
        return
    plain = site.without_argument("dilation_rate")
    sizes = zip(layer.kernel_size, layer.dilation_rate, strict=True)  # type: ignore[attr-defined]
    wide = [(k - 1) * int(d) + 1 for k, d in sizes]
    told = "×".join(map(str, wide))
    after = edits.set_argument(plain, site.scope, site.node_id, "kernel_size", wide)
    yield Mend("wide-window", f"A window of {told} without dilation", after)
    yield Mend("no-dilation", "No dilation", plain)


_MAPS = place("maps", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "A transposed convolution with dilation fails on processors without oneDNN.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_MAPS, place("up", "Conv2DTranspose", "maps", filters=4, kernel_size=3)),),
    invalid=(
        document(
            _MAPS,
            place("up", "Conv2DTranspose", "maps", filters=4, kernel_size=3, dilation_rate=2),
        ),
        document(
            place("series", "Input", shape=[9, 2]),
            place("up", "Conv1DTranspose", "series", filters=4, kernel_size=2, dilation_rate=3),
        ),
    ),
)
