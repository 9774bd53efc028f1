"""What checks begin with is noted graph by graph: an edit has only what it replaced read."""

import random
from dataclasses import replace

import pytest

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Block, Document, Graph, Node
from resnet_studio.rules.noted import Noted
from tests.benchmarks.networks import chain


def test_after_any_edits_it_is_what_is_read_afresh() -> None:
    dice, document = random.Random(3), chain(60)
    wide, seen = Noted(lambda node: node.config.get("filters", 0) > 100), set()
    for _ in range(80):
        keys = [key for key, node in document.network.nodes.items() if node.type == "Conv2D"]
        key, what = dice.choice(keys), dice.random()
        if what < 0.6:
            document = edits.set_argument(document, NETWORK, key, "filters", dice.choice((8, 999)))
        elif what < 0.7:
            document = edits.remove_nodes(document, NETWORK, [key])
        elif what < 0.8:
            document = edits.move_nodes(document, NETWORK, {key: (dice.random(), 0.0)})
        elif what < 0.9:
            document = edits.rename_node(document, NETWORK, key, f"{key}_{len(seen)}")
        else:
            document = edits.disconnect(document, NETWORK, [dice.choice(document.network.edges)])
        nodes = document.network.nodes
        afresh = {k for k, n in nodes.items() if n.config.get("filters", 0) > 100}
        assert wide.of(document.network) == afresh
        seen.add(len(afresh))
    assert len(seen) > 5


def test_only_what_an_edit_replaced_is_read() -> None:
    read: list[str] = []

    def holds(node: Node) -> bool:
        read.append(node.id)
        return False

    noted, document = Noted(holds), chain(200)
    assert not noted.anywhere(document)
    assert len(read) == len(document.network.nodes)
    read.clear()
    edited = edits.set_argument(document, NETWORK, "conv1_conv", "filters", 32)
    assert not noted.anywhere(edited)
    assert read == ["conv1_conv"]
    assert not noted.anywhere(document)
    assert read == ["conv1_conv"]


@pytest.mark.parametrize("blocks", [3, 40])
def test_nothing_of_many_blocks_is_read_again(blocks: int) -> None:
    read: list[str] = []

    def holds(node: Node) -> bool:
        read.append(node.id)
        return False

    plan = Graph({f"conv_{k}": Node(f"conv_{k}", "Conv2D", {"filters": 8}) for k in range(5)})
    names = [f"unit_{k}" for k in range(blocks)]
    document = Document(blocks={name: Block(Graph(dict(plan.nodes))) for name in names})
    document = replace(document, network=chain(20).network)
    noted = Noted(holds)
    assert not noted.anywhere(document)
    assert len(read) == 5 * blocks + len(document.network.nodes)
    read.clear()
    for filters in range(16, 48):
        for scope in (NETWORK, names[-1]):
            key = "conv1_conv" if scope == NETWORK else "conv_3"
            document = edits.set_argument(document, scope, key, "filters", filters)
            assert not noted.anywhere(document)
    assert read == ["conv1_conv", "conv_3"] * 32


def test_what_is_remembered_does_not_grow_with_the_edits() -> None:
    noted, document = Noted(lambda node: False), chain(20)
    for filters in range(1, 200):
        document = edits.set_argument(document, NETWORK, "conv1_conv", "filters", filters)
        noted.anywhere(document)
    assert len(noted) < 40


def codes(document: Document, *, afresh: bool) -> list[tuple[str, str]]:
    if afresh:
        graph = document.network
        document = replace(document, network=Graph(dict(graph.nodes), graph.edges))
    return [(found.node, found.code) for found in analyse(document).diagnostics]


def test_the_findings_after_edits_are_those_of_the_network_read_afresh() -> None:
    document, seen = chain(60), set()
    for name, value in (
        ("dtype", "uint8"),
        ("dtype", "float32"),
        ("shape", [None, None, 3]),
        ("shape", [224, 224, 3]),
        ("dtype", "int32"),
        ("name", "größe"),
    ):
        document = edits.set_argument(document, NETWORK, "image", name, value)
        document = edits.set_argument(document, NETWORK, "conv1_conv", "filters", 64)
        found = codes(document, afresh=False)
        assert found == codes(document, afresh=True)
        seen |= {code for _, code in found}
    assert "integer-input" in seen
