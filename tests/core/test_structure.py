"""The order of nodes is the one that networkx finds; a circle is left out and told."""

import random
from dataclasses import replace
from itertools import islice

import networkx as nx
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from resnet_studio.core import building, edits, fragments
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.core.ordering import is_in_order
from resnet_studio.core.structure import Structure
from tests.benchmarks.networks import chain


def some_graph(dice: random.Random) -> Graph:
    """A few nodes written in any order, wired forwards."""
    places = list(range(dice.randrange(1, 10)))
    ids = [f"n{place}" for place in places]
    dice.shuffle(places)
    wires = [
        (ids[source], ids[target])
        for target in range(len(ids))
        for source in range(len(ids))
        if places[source] < places[target] and dice.random() < 0.3
    ]
    slots: dict[str, int] = {}
    edges = []
    for source, target in wires:
        edges.append(Edge(source, target, slots.get(target, 0)))
        slots[target] = slots.get(target, 0) + 1
    return Graph({key: Node(key, "Add") for key in ids}, tuple(edges))


@pytest.mark.parametrize("seed", range(200))
def test_among_the_ready_nodes_the_one_written_first_comes_first(seed: int) -> None:
    structure = some_graph(random.Random(seed)).structure
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(structure.ids)))
    graph.add_edges_from(
        (source, target) for source, found in enumerate(structure.successors) for target in found
    )
    assert structure.order == list(nx.lexicographical_topological_sort(graph))


def test_the_nodes_of_a_circle_have_no_place_in_the_order() -> None:
    wires = (Edge("a", "b"), Edge("b", "c", 0), Edge("c", "b", 1), Edge("c", "d"))
    structure = Graph({key: Node(key, "Add") for key in "abcd"}, wires).structure
    assert [structure.ids[i] for i in structure.order] == ["a", "d"]
    assert {problem.node for problem in structure.problems} == {"b", "c"}


@given(st.randoms(use_true_random=False))
def test_an_order_is_told_right_where_networkx_finds_it(dice: random.Random) -> None:
    structure = some_graph(dice).structure
    sorts = nx.all_topological_sorts(
        nx.DiGraph([(i, t) for i, found in enumerate(structure.successors) for t in found])
    )
    tried = [list(order) for order in islice(sorts, 20)]
    shuffled = structure.order.copy()
    dice.shuffle(shuffled)
    for order in [structure.order, shuffled, structure.order[1:], *tried]:
        assert is_in_order(order, structure.slots) == (order == structure.order)


# Rewiring


def _parts(structure: Structure) -> dict[str, object]:
    return {name: part for name, part in vars(structure).items() if name != "digraph"}


@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_a_rewired_structure_is_the_one_built_afresh(dice: random.Random, steps: int) -> None:
    graph = some_graph(dice)
    kept = 0
    for _ in range(steps):
        before = graph.structure
        digraph = before.digraph if dice.random() < 0.5 else None
        graph = graph.with_edges(tuple(_changed_wires(graph, dice)))
        kept += graph.structure.order is before.order
        afresh = Structure(graph.nodes, graph.edges)
        assert _parts(graph.structure) == _parts(afresh)
        assert graph.structure.digraph.edges == afresh.digraph.edges
        assert digraph is None or before.digraph is digraph
    event(f"order kept: {kept > 0}")


def _changed_wires(graph: Graph, dice: random.Random) -> list[Edge]:
    """Wires taken out, led elsewhere and put in, at fault now and then."""
    ids, edges = list(graph.nodes), list(graph.edges)
    for _ in range(dice.randrange(1, 3)):
        if edges and dice.random() < 0.5:
            edges.pop(dice.randrange(len(edges)))
        else:
            source, target = dice.choice(ids), dice.choice(ids)
            used = {edge.slot for edge in edges if edge.target == target}
            slot = next(s for s in range(len(used) + 1) if s not in used)
            slot = dice.choice((slot, slot, slot, slot, slot, 0, slot + 1))
            edges.insert(dice.choice((len(edges), 0)), Edge(source, target, slot))
    return edges


@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_after_nodes_came_and_went_a_structure_is_the_one_built_afresh(
    dice: random.Random, steps: int
) -> None:
    document, seen = Document(network=some_graph(dice)), []
    for _ in range(steps):
        if dice.random() < 0.7:
            assert document.network.structure.order is not None
        document = _other_nodes(document, dice)
        graph = document.network
        if dice.random() < 0.7:
            assert _parts(graph.structure) == _parts(Structure(graph.nodes, graph.edges))
            _assert_order_of_networkx(graph.structure)
        seen.append(graph)
    for graph in seen:
        assert _parts(graph.structure) == _parts(Structure(graph.nodes, graph.edges))
    event(f"order kept by networkx' rule: {_sorted_otherwise(document.network.structure)}")


def _assert_order_of_networkx(structure: Structure) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(structure.order)
    graph.add_edges_from(
        (source, target)
        for source, found in enumerate(structure.successors)
        for target in found
        if structure.rank[source] >= 0 and structure.rank[target] >= 0
    )
    assert structure.order == list(nx.lexicographical_topological_sort(graph))


def _sorted_otherwise(structure: Structure) -> bool:
    """Whether the nodes are written in another order than that of the data."""
    return structure.order != sorted(structure.order)


def _other_nodes(document: Document, dice: random.Random) -> Document:
    """A node or many gone, pasted, put into a wire or named otherwise; wires that change."""
    graph = document.network
    if not graph.nodes:
        return Document(network=some_graph(dice))
    some = dice.sample(list(graph.nodes), dice.randrange(1, 1 + len(graph.nodes)))
    shared = dice.choice((None, None, some[0]))
    new = Node(edits.free_id(graph.nodes, "new"), "Add", shared_with=shared)
    kind = dice.randrange(7)
    if kind == 6:
        # Wires are left that hang in the air.
        less = {key: node for key, node in graph.nodes.items() if key != some[0]}
        return edits.with_graph(document, NETWORK, graph.with_parts(less, graph.edges))
    if kind == 0:
        return edits.remove_nodes(document, NETWORK, some[:3], bridge=dice.random() < 0.5)
    if kind == 1:
        part, fed = fragments.fragment(document, NETWORK, some), dice.random() < 0.7
        wires = building.incoming(document, NETWORK, some) if fed else ()
        return building.paste_wired(document, NETWORK, part, wires)[0]
    if kind == 2 and graph.edges:
        return edits.insert_on_edge(document, NETWORK, dice.choice(graph.edges), new)
    if kind == 3:
        return edits.rename_node(document, NETWORK, some[0], new.id)
    if kind == 4:
        wire = dice.choice((Edge(some[0], new.id), Edge(new.id, some[0], 9), Edge(new.id, new.id)))
        return edits.add_nodes(document, NETWORK, [new], [wire])
    wired = graph.with_edges(tuple(_changed_wires(graph, dice)))
    return edits.with_graph(document, NETWORK, wired)


def test_nodes_that_come_into_a_chain_and_go_from_it_are_not_sorted_anew(monkeypatch) -> None:
    document = chain(200)
    assert document.network.structure.order
    monkeypatch.setattr(nx, "lexicographical_topological_sort", lambda *_: pytest.fail("sorted"))
    wire = next(e for e in document.network.edges if e.target == "conv2_block9_add" and e.slot)
    document = edits.insert_on_edge(document, NETWORK, wire, Node("mean", "ReLU"))
    assert _sorted_otherwise(document.network.structure)
    document = edits.rename_node(document, NETWORK, "mean", "relu")
    document = edits.remove_nodes(document, NETWORK, ["conv2_block3_out"], bridge=True)
    assert _sorted_otherwise(document.network.structure)
    part = fragments.fragment(document, NETWORK, ["conv2_block3_add", "conv2_block4_1_conv"])
    document, _ids = fragments.paste(document, NETWORK, part)
    assert len(document.network.structure.order) == len(document.network.nodes)


def test_a_wire_that_keeps_the_order_builds_nothing_anew(monkeypatch) -> None:
    document = chain(200)
    before = document.network
    assert before.structure.order
    monkeypatch.setattr(Structure, "__init__", lambda *_: pytest.fail("built afresh"))
    after = edits.connect(document, NETWORK, "conv1_relu", "conv2_block3_add", slot=2)
    assert after.network.structure.order is before.structure.order
    back = edits.disconnect(after, NETWORK, after.network.edges[-1:])
    assert _parts(back.network.structure) == _parts(before.structure)


def test_a_rewired_network_is_analysed_as_afresh() -> None:
    document = chain(120)
    analysis = analyse(document)
    wires = [("conv1_relu", "conv2_block3_add", 2), ("conv2_block2_1_bn", "conv2_block5_2_conv", 0)]
    for source, target, slot in wires:
        document = edits.connect(document, NETWORK, source, target, slot)
        analysis = analyse(document, analysis)
        afresh = analyse(
            replace(document, network=Graph(document.network.nodes, document.network.edges))
        )
        assert analysis.root.outcomes == afresh.root.outcomes
        assert analysis.totals == afresh.totals
        told = [(d.node, d.code, d.message) for d in analysis.diagnostics]
        assert told == [(d.node, d.code, d.message) for d in afresh.diagnostics]
