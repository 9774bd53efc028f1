"""``empty-network``: nothing to build yet."""

from collections.abc import Sequence
from dataclasses import replace

from resnet_studio.core.diagnostics import Diagnostic, Fix, Rule
from resnet_studio.core.document import Document, Graph, Node
from resnet_studio.rules.examples import declare, document, place
from resnet_studio.rules.repairs.site import sentence

SHAPE = [224, 224, 3]
"""An RGB picture of ImageNet's usual size, as the ResNet architectures take."""


def fixes(diagnostic: Diagnostic) -> Sequence[Fix]:
    """An Input to begin with."""
    before = diagnostic.analysis.document
    if before.network.nodes:
        return ()
    image = Node("image", "Input", {"shape": list(SHAPE)}, position=(0.0, 0.0))
    after = replace(before, network=Graph({image.id: image}, (), before.network.extra))
    return (Fix("add-input", "Add an Input of 224×224×3", after, 0, 0, (image.id,)),)


declare(
    Rule("empty-network", "error", "The network has no layer yet.", sentence, fixes),
    valid=(document(place("image", "Input", shape=[8, 8, 3])),),
    invalid=(Document("empty"),),
)
