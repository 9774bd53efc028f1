"""``duplicate-name``: Keras refuses a model in which two layers have one name."""

from collections.abc import Iterator

from resnet_studio.core import edits
from resnet_studio.core.diagnostics import Rule
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import conv, declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """This layer named after its node; or all others that were given the name by hand."""
    name = site.node.config.get("name")
    if name is not None:
        title = f"Name the layer after its node, “{site.node_id}”"
        yield Mend("own-name", title, site.without_argument("name"))
    taken = site.node_id if name is None else name
    yield Mend("own-names", f"Name every layer “{taken}” after its node", _cleared(site, taken))


def _cleared(site: Site, name: str) -> Document:
    """The document without any explicit name of this text."""
    document = site.document
    for scope in document.scopes():
        for node in document.graph(scope).nodes.values():
            if node.config.get("name") == name:
                document = edits.clear_argument(document, scope, node.id, "name")
    return document


_IMAGE = place("image", "Input", shape=[8, 8, 3])

declare(
    Rule(
        "duplicate-name",
        "error",
        "Two layers of the network would have the same name.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(_IMAGE, conv("a", "image", 4, name="first"), conv("b", "a", 4)),),
    invalid=(
        document(_IMAGE, conv("a", "image", 4, name="c"), conv("b", "a", 4, name="c")),
        document(_IMAGE, conv("a", "image", 4, name="b"), conv("b", "a", 4)),
    ),
)
