"""``inputs-mismatch``: tensors that a layer of several inputs cannot bring together."""

from collections.abc import Iterator

from resnet_studio.core.diagnostics import Rule
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import Mend, Site, mending, sentence


def propose(site: Site) -> Iterator[Mend]:
    """The network without the layer; which of its inputs is the wrong one nobody can tell."""
    yield Mend("remove-layer", f"Remove “{site.node_id}”", site.bypassed())


_SENTENCES = (
    place("query", "Input", shape=[10, 16]),
    place("memory", "Input", shape=[20, 16]),
    place("other", "Input", shape=[30, 16]),
)

declare(
    Rule(
        "inputs-mismatch",
        "error",
        "The tensors that arrive at a layer of several inputs do not go together: the value and "
        "the key of attention have other lengths, or the axes that a dot product sums along.",
        explain=sentence,
        fixes=mending(propose),
    ),
    valid=(document(*_SENTENCES[:2], place("dot", "Dot", "query", "memory", axes=2)),),
    invalid=(
        document(
            *_SENTENCES,
            place("look", "Attention", "query", "memory"),
            place("both", "Dot", "look", "other", axes=1),
        ),
    ),
)
