"""What is written of places alone leaves everything that was worked out as it is."""

import networkx as nx
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.edits import move_nodes, remove_nodes
from resnet_studio.formats import native, templates


@pytest.fixture
def document() -> Document:
    return native.load(templates.path("doubling-mismatch")).document


def test_writing_places_keeps_every_outcome(document: Document) -> None:
    before = analyse(document)
    moved = move_nodes(document, "", dict.fromkeys(document.network.nodes, (7.0, 9.0)))
    after = analyse(moved, before)
    assert {node.position for node in moved.network.nodes.values()} == {(7.0, 9.0)}
    assert all(map(lambda a, b: a is b, after.root.outcomes, before.root.outcomes))
    assert all(map(lambda a, b: a is b, after.root.inferables, before.root.inferables))


def test_deleting_from_a_network_placed_anew_agrees_with_a_fresh_analysis(
    document: Document,
) -> None:
    before = analyse(document)
    moved = move_nodes(document, "", dict.fromkeys(document.network.nodes, (7.0, 9.0)))
    last = list(moved.network.nodes)[-1]
    less = remove_nodes(moved, "", [last])
    again, fresh = analyse(less, before), analyse(less)
    assert again.totals == fresh.totals
    told = [(d.node, d.code, d.message) for d in fresh.diagnostics]
    assert [(d.node, d.code, d.message) for d in again.diagnostics] == told


def test_what_lies_above_and_below_is_what_networkx_finds(document: Document) -> None:
    for scope in document.scopes():
        structure = document.graph(scope).structure
        for key in structure.ids:
            assert structure.below(key) == nx.descendants(structure.digraph, key)
            assert structure.above(key) == nx.ancestors(structure.digraph, key)
