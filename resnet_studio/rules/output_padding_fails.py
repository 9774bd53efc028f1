"""``output-padding-fails``: a size that a transposed convolution under “same” cannot come to.

With an explicit ``output_padding`` Keras promises ``(n - 1) · stride + kernel mod 2 + padding``
rows.  TensorFlow computes the gradient of a convolution that must lead back to ``n``, and
refuses a size from which its stride does not: an even window with padding 0 is one row short.
"""

from collections.abc import Iterator
from math import ceil

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.dilated_transpose import TRANSPOSED
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "output-padding-fails"


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the promised size does not lead back to that of the input."""
    if type(layer).__name__ not in TRANSPOSED:
        return
    window, strides, gaps = layer.kernel_size, layer.strides, layer.dilation_rate  # type: ignore[attr-defined]
    extra, padding = layer.output_padding, layer.padding  # type: ignore[attr-defined]
    if padding != "same" or extra is None:
        return
    for k, s, d, e in zip(window, strides, gaps, extra, strict=True):
        added = ((k - 1) * d + 1) % 2 + e
        if ceil(added / s) != 1:
            text = (
                f"Keras builds the output_padding {e:g} with padding “same”, a window of {k} and "
                f"stride {s:g}, but a forward pass fails: TensorFlow cannot come to that size"
            )
            yield Problem(CODE, text, "warning", {"argument": "output_padding"})
            return


NODE_CHECKS.append(check)


def propose(site: Site) -> Iterator[Mend]:
    """The size that Keras finds by itself, or an odd window."""
    title = "output_padding as by default, so that the size is strides times as large"
    yield Mend("default", title, site.without_argument("output_padding"))
    layer = site.layer
    if layer is not None:
        odd = [k + 1 - k % 2 for k in layer.kernel_size]  # type: ignore[attr-defined]
        told = "×".join(map(str, odd))
        yield Mend("odd-window", f"A window of {told}", site.with_argument("kernel_size", odd))


_MAPS = place("maps", "Input", shape=[8, 8, 3])

declare(
    Rule(
        CODE,
        "warning",
        "A transposed convolution is asked for a size to which TensorFlow cannot come.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            _MAPS,
            place("up", "Conv2DTranspose", "maps", filters=4, kernel_size=3, strides=2,
                  padding="same", output_padding=1),
        ),
    ),
    invalid=(
        document(
            _MAPS,
            place("up", "Conv2DTranspose", "maps", filters=4, kernel_size=2, strides=2,
                  padding="same", output_padding=0),
        ),
        document(
            place("series", "Input", shape=[9, 2]),
            place("up", "Conv1DTranspose", "series", filters=4, kernel_size=4,
                  padding="same", output_padding=0),
        ),
    ),
)  # fmt: skip
