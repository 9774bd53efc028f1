"""Cards in line: laws of alignment and distribution."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.arranging import EDGES, aligned, distributed

coordinates = st.integers(-2000, 2000).map(float)
extents = st.tuples(st.integers(8, 400).map(float), st.integers(8, 200).map(float))
cards = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.tuples(coordinates, coordinates), extents),
    min_size=1,
)


@given(cards, st.sampled_from(sorted(EDGES)))
def test_aligned_cards_share_a_line_and_move_on_one_axis_alone(cards, edge) -> None:
    places, sizes = {k: p for k, (p, _) in cards.items()}, {k: e for k, (_, e) in cards.items()}
    axis, share = EDGES[edge]
    after = aligned(places, sizes, edge)
    lines = {round(after[k][axis] + share * sizes[k][axis], 6) for k in after}
    assert len(lines) == 1
    assert all(after[k][1 - axis] == places[k][1 - axis] for k in places)
    again = aligned(after, sizes, edge)
    assert all(again[k] == pytest.approx(after[k]) for k in after), (
        "aligning twice is aligning once"
    )


@given(cards, st.sampled_from([0, 1]))
def test_distributed_cards_have_equal_gaps_and_the_ends_stay(cards, axis) -> None:
    places, sizes = {k: p for k, (p, _) in cards.items()}, {k: e for k, (_, e) in cards.items()}
    after = distributed(places, sizes, axis)
    order = sorted(places, key=lambda k: (places[k][axis], k))
    assert after[order[0]] == places[order[0]]
    assert after[order[-1]] == places[order[-1]]
    gaps = {
        round(after[b][axis] - after[a][axis] - sizes[a][axis], 4)
        for a, b in itertools.pairwise(order)
    }
    assert len(gaps) <= 1 or len(order) < 3
