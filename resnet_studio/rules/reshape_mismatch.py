"""``reshape-mismatch``: another form with another number of values."""

from collections.abc import Iterator
from math import prod

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """One size left to Keras, where the others divide the values; else the layer left out."""
    target = site.flat.config.get("target_shape") if site.flat is not None else None
    count = site.diagnostic.problem.data.get("count")
    if isinstance(target, list | tuple) and isinstance(count, int):
        number = 0
        for i in range(len(target)):
            rest = prod(size for j, size in enumerate(target) if j != i and isinstance(size, int))
            if rest > 0 and count % rest == 0:
                number += 1
                suffix = "" if number == 1 else f"-{number}"
                sizes = [count // rest if j == i else size for j, size in enumerate(target)]
                told = "×".join(map(str, sizes))
                after = site.with_argument("target_shape", sizes)
                yield Mend(f"fit-size{suffix}", f"Reshape to {told}", after)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_IMAGE = place("image", "Input", shape=[8, 8, 4])

declare(
    Rule(
        "reshape-mismatch",
        "error",
        "A tensor can take another form only with as many values as it has.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("form", "Reshape", "image", target_shape=[16, -1])),),
    invalid=(
        document(_IMAGE, place("form", "Reshape", "image", target_shape=[16, 15])),
        document(_IMAGE, place("form", "Reshape", "image", target_shape=[7, 5, -1])),
    ),
)
