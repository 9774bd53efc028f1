"""Room that calls leave open: closed in one go, as it would be call by call from below."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.document import Block, Document, Node
from resnet_studio.core.faces import card_extent
from resnet_studio.core.gaps import Span, drawn_together

STEPS = st.integers(0, 60).map(lambda step: 16.0 * step)
HEIGHTS = st.integers(1, 30).map(lambda step: 16.0 * step)
DOCUMENT = Document(blocks={"block": Block(graph=Document().network)})


def one_by_one(nodes: dict[str, Node], call: str, reach: Span | None) -> dict[str, Node]:
    """What the closing of one gap means."""
    if reach is None:
        return nodes
    top, bottom = reach
    gain = bottom - top - card_extent(nodes[call], DOCUMENT)[1]
    for node in nodes.values():
        if node.id != call and node.position is not None:
            y = node.position[1]
            if y < bottom and y + card_extent(node, DOCUMENT)[1] > top:
                return nodes
    if gain <= 0:
        return nodes
    return {
        key: node.at((node.position[0], node.position[1] - gain))
        if node.position is not None and node.position[1] >= bottom
        else node
        for key, node in nodes.items()
    }


@st.composite
def drawings(draw: st.DrawFn) -> tuple[dict[str, Node], dict[str, Span | None]]:
    """Calls, each at the top of a span, and other cards; some of both without a place."""
    nodes: dict[str, Node] = {}
    reaches: dict[str, Span | None] = {}
    for k, span in enumerate(draw(st.lists(st.none() | st.tuples(STEPS, HEIGHTS), max_size=6))):
        key, place = f"call{k}", None if span is None else (0.0, span[0])
        nodes[key] = Node(key, "block", position=place)
        reaches[key] = None if span is None else (span[0], sum(span))
    for k, y in enumerate(draw(st.lists(st.none() | STEPS, max_size=6))):
        nodes[f"card{k}"] = Node(f"card{k}", "ReLU", position=None if y is None else (300.0, y))
    return nodes, reaches


@given(drawings())
def test_all_gaps_close_as_they_would_one_after_the_other(drawing) -> None:
    nodes, reaches = drawing
    expected = nodes
    # From below, so that what is still to be closed stands where it stood.
    for call in sorted(reaches, key=lambda key: reaches[key] or (0.0, 0.0), reverse=True):
        expected = one_by_one(expected, call, reaches[call])
    assert drawn_together(DOCUMENT, nodes, reaches) == expected


def test_two_gaps_above_a_card_are_two_gains() -> None:
    calls = {f"c{k}": Node(f"c{k}", "block", position=(0.0, 400.0 * k)) for k in (0, 1)}
    nodes = {**calls, "last": Node("last", "ReLU", position=(0.0, 800.0))}
    after = drawn_together(DOCUMENT, nodes, {"c0": (0.0, 312.0), "c1": (400.0, 712.0)})
    assert [n.position[1] for n in after.values() if n.position] == [0.0, 200.0, 400.0]
