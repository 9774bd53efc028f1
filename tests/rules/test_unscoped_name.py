"""Names are read again only where an edit replaced a node, and the findings are as afresh."""

import random
from dataclasses import replace

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Graph
from resnet_studio.rules import unscoped_name
from tests.benchmarks.networks import chain


def found(document: Document) -> list[str]:
    return [d.node for d in analyse(document).diagnostics if d.code == unscoped_name.CODE]


def test_after_any_edits_the_findings_are_those_of_the_network_read_afresh() -> None:
    dice, document = random.Random(5), chain(60)
    keys = [key for key, node in document.network.nodes.items() if node.type == "Conv2D"]
    seen = set()
    for _ in range(60):
        key = dice.choice(keys)
        if dice.random() < 0.5:
            document = edits.set_argument(document, NETWORK, key, "name", f"größe {key}")
        elif "name" in document.network.nodes[key].config:
            document = edits.clear_argument(document, NETWORK, key, "name")
        graph = document.network
        afresh = replace(document, network=Graph(dict(graph.nodes), graph.edges))
        assert found(document) == found(afresh)
        seen.add(len(found(document)))
    assert len(seen) > 3
