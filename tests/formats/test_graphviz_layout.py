"""Layout through graphviz, where it is installed; and what happens where it is not."""

import pytest

from resnet_studio.core.layout import GRID, ROW_GAP, plan
from resnet_studio.formats import graphviz_layout
from tests.core.test_layout import CARD, graph, overlapping

needs_dot = pytest.mark.skipif(not graphviz_layout.available(), reason="dot is not installed")


@needs_dot
def test_dot_places_every_card_on_the_grid_without_overlap() -> None:
    network = graph("x-a", "a-b", "b-add", "x-p", "p-add", "add-y")
    places = graphviz_layout.arrange(plan(network, dict.fromkeys(network.nodes, CARD)))
    assert places.keys() == network.nodes.keys()
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    assert not overlapping(places)
    assert places["a"][1] - places["x"][1] == pytest.approx(CARD[1] + ROW_GAP, abs=GRID)
    assert places["a"][0] == places["b"][0]


@needs_dot
def test_ids_may_hold_anything() -> None:
    network = graph('"a"-b;}', "b;}-c d\n")
    assert len(graphviz_layout.arrange(plan(network, dict.fromkeys(network.nodes, CARD)))) == 3


def test_without_dot_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not graphviz_layout.available()
    network = graph("a-b")
    with pytest.raises(graphviz_layout.GraphvizError, match="not installed"):
        graphviz_layout.arrange(plan(network, dict.fromkeys("ab", CARD)))
