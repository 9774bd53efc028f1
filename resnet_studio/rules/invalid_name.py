"""``invalid-name``: a layer's name that Keras does not take."""

import re
from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The name without slashes, else that of the node."""
    name = site.node.config.get("name")
    if isinstance(name, str):
        plain = name.replace("/", "_")
        yield Mend("plain-name", f"Call it “{plain}”", site.with_argument("name", plain))
    if name is not None:
        title = f"Name the layer after its node, “{site.node_id}”"
        yield Mend("own-name", title, site.without_argument("name"))
    elif "/" in site.node_id:
        new = edits.free_id(site.graph.nodes, re.sub("[/#]", "_", site.node_id))
        after = edits.rename_node(site.document, site.scope, site.node_id, new)
        yield Mend("plain-name", f"Call the node “{new}”", after, (new,), named=True)


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "invalid-name",
        "error",
        "A layer's name is a text without a slash.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("a", "image", 4, name="stem_conv")),),
    invalid=(
        document(_IMAGE, conv("a", "image", 4, name="stem/conv")),
        document(_IMAGE, conv("a", "image", 4, name=7)),
    ),
)
