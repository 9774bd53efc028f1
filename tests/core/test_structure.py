"""The order of nodes is the one that networkx finds; a circle is left out and told."""

import random

import networkx as nx
import pytest

from resnet_studio.core.document import Edge, Graph, Node


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
