"""``unknown-size``: weights whose number depends on a size that is not known."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document, Node
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence

USUAL_SIZE = 224
USUAL_CHANNELS = 3


def propose(site: Site) -> Iterator[Mend]:
    """Pooling in place of Flatten, which leaves only the channels; or an Input of fixed size."""
    for edge in site.graph.into(site.node_id)[:1]:
        before = site.graph.nodes.get(edge.source)
        if before is not None and before.type == "Flatten":
            pooled = Node(before.id, "GlobalAveragePooling2D", {}, 1, before.position)
            after = edits.replace_node(site.document, site.scope, pooled)
            title = f"GlobalAveragePooling2D instead of Flatten at “{before.id}”"
            yield Mend("pool", title, after, (before.id, site.node_id))
    yield Mend("fix-input", "Give every Input a fixed size", _fixed(site.document))


def _fixed(document: Document) -> Document:
    """Unknown sizes of inputs become those of ImageNet's pictures."""
    for node in document.network.nodes.values():
        shape = node.config.get("shape")
        if node.type == "Input" and isinstance(shape, list | tuple) and None in shape:
            sizes = [USUAL_SIZE if size is None else size for size in shape]
            if shape[-1] is None:
                sizes[-1] = USUAL_CHANNELS
            document = edits.set_argument(document, "", node.id, "shape", sizes)
    return document


declare(
    Rule(
        "unknown-size",
        "error",
        "Weights depend on a size that is not known before the network runs.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(
        document(
            place("image", "Input", shape=[None, None, 3]),
            place("pool", "GlobalAveragePooling2D", "image"),
            place("classes", "Dense", "pool", units=10),
        ),
    ),
    invalid=(
        document(
            place("image", "Input", shape=[None, None, 3]),
            place("flat", "Flatten", "image"),
            place("classes", "Dense", "flat", units=10),
        ),
        document(
            place("image", "Input", shape=[8, 8, None]),
            place("conv", "Conv2D", "image", filters=4, kernel_size=3),
        ),
    ),
)
