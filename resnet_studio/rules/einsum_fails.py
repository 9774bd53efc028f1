"""``einsum-fails``: an equation that gives another shape than Keras promises for it.

Where ``...`` stands for two axes or more beside the batch, the build of EinsumDense puts them in
reverse order before those of ``output_shape`` (Keras 3.15), and a forward pass leaves them as they
are.  What stands in ``output_shape`` for a letter that the equation does not have is never given.
"""

from collections.abc import Iterator
from string import ascii_letters
from typing import Any

from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.layer import NODE_CHECKS, Layer, Problem, Refusal
from resnet_studio.core.shapes import Shape, show
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

CODE = "einsum-fails"


def check(layer: Layer, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Iterator[Problem]:
    """A warning where the shape that comes is not the one that was promised."""
    if type(layer).__name__ != "EinsumDense" or len(inputs) != 1:
        return
    given = _given(layer, inputs[0])
    (promised,) = outputs
    if given is None or _agree(given, promised):
        return
    text = (
        f"Keras builds “{layer.config['equation']}” as if it gave {show(promised)}, but a "
        f"forward pass gives {show(given)}"
    )
    yield Problem(CODE, text, "warning", {"argument": "equation"})


NODE_CHECKS.append(check)


def _given(layer: Any, shape: Shape) -> Shape | None:
    """What the product of input and kernel comes to; None where it is not known."""
    axes = layer.axes
    left = len(shape) - len(axes.inputs)
    try:
        kernel = layer.list_weights((shape,))[0].shape
    except Refusal:
        # A layer that is called again keeps the kernel of its first call.
        return None
    if left < 0 or len(kernel) != len(axes.kernel):
        return None
    passed, own = (shape[:left], shape[left:]) if axes.leading else _split(shape, left)
    sizes: dict[str, Any] = {
        **dict(zip(axes.kernel, kernel, strict=True)),
        **dict(zip(axes.inputs, own, strict=True)),
    }
    if not set(axes.outputs) <= sizes.keys():
        return None
    told = tuple(sizes[letter] for letter in axes.outputs)
    return (*passed, *told) if axes.leading else (*told, *passed)


def _split(shape: Shape, left: int) -> tuple[Shape, Shape]:
    """The axes left out at the end, and those before them."""
    first = len(shape) - left
    return shape[first:], shape[:first]


def _agree(given: Shape, promised: Shape) -> bool:
    return len(given) == len(promised) and all(
        wanted in (None, size) or size is None for size, wanted in zip(given, promised, strict=True)
    )


def propose(site: Site) -> Iterator[Mend]:
    """A letter for each axis that the ellipsis stands for."""
    layer: Any = site.layer
    shape = site.input_shape
    if layer is None or shape is None or not layer.axes.leading:
        return
    axes = layer.axes
    left = len(shape) - len(axes.inputs)
    used = {*axes.inputs, *axes.kernel, *axes.outputs}
    named = "".join([c for c in ascii_letters if c not in used][:left])
    equation = f"{named}{axes.inputs},{axes.kernel}->{named}{axes.outputs}"
    config = {
        **site.node.config,
        "equation": equation,
        "output_shape": [*shape[1:left], *layer.output_shape],
    }
    yield Mend("name-axes", f"Name every axis: “{equation}”", site.with_node(config=config))


_IMAGE = place("image", "Input", shape=[8, 6, 4])

declare(
    Rule(
        CODE,
        "warning",
        "The equation of an EinsumDense gives another shape than Keras promises.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(_IMAGE, place("e", "EinsumDense", "image", equation="abcd,de->abce",
                               output_shape=[8, 6, 3])),
        document(place("words", "Input", shape=[5, 4]),
                 place("e", "EinsumDense", "words", equation="...x,xy->...y", output_shape=3)),
    ),
    invalid=(
        document(_IMAGE, place("e", "EinsumDense", "image", equation="...x,xy->...y",
                               output_shape=3)),
    ),
)  # fmt: skip
