"""``rank-mismatch``: a tensor with too few or too many axes for the layer."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

_FLATTENING = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Reshape")


def propose(site: Site) -> Iterator[Mend]:
    """Without the layer that took the axes away; else without this one."""
    for edge in site.graph.into(site.node_id)[:1]:
        before = site.graph.nodes.get(edge.source)
        if before is not None and before.type in _FLATTENING:
            after = edits.remove_nodes(site.document, site.scope, [before.id], bridge=True)
            yield Mend("remove-flattening", f"Remove “{before.id}” before it", after)
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "rank-mismatch",
        "error",
        "The input has more or fewer axes than the layer takes: a convolution needs feature "
        "maps, a flattened vector has none.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, place("conv", "Conv2D", "image", filters=4, kernel_size=3)),),
    invalid=(
        document(
            _IMAGE,
            place("flat", "Flatten", "image"),
            place("conv", "Conv2D", "flat", filters=4, kernel_size=3),
        ),
    ),
)
