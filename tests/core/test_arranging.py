"""Cards in line: laws of alignment and distribution, and what a dragged card snaps to."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.arranging import EDGES, Box, Guide, aligned, distributed, guided

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


def box(x: float, y: float, width: float = 200, height: float = 56) -> Box:
    return Box(x, y, width, height)


def test_a_card_takes_the_line_of_another_and_says_so() -> None:
    place, guides = guided(box(103, 403), [box(100, 0)], 6)
    assert place == (100, 400)
    assert guides == [Guide((100, 0), (100, 456))], "one line along the edges says it"


def test_a_card_takes_the_place_between_two_others() -> None:
    place, guides = guided(box(0, 147), [box(0, 0), box(0, 300)], 6)
    assert place == (0, 150)
    assert [g.gap for g in guides if g.gap is not None] == [94, 94]


def test_a_card_goes_on_with_the_gap_of_the_row_before_it() -> None:
    place, guides = guided(box(0, 203), [box(0, 0), box(0, 100)], 6)
    assert place == (0, 200)
    assert [g.gap for g in guides if g.gap is not None] == [44, 44]


def test_far_from_all_others_a_card_keeps_to_the_grid() -> None:
    assert guided(box(1003, 907), [box(0, 0)], 6) == ((1000, 904), [])


@given(
    st.tuples(coordinates, coordinates), st.lists(st.tuples(coordinates, coordinates), max_size=6)
)
def test_a_guided_card_never_moves_further_than_its_reach_or_half_a_grid(held, others) -> None:
    place, _guides = guided(box(*held), [box(*at) for at in others], 6)
    assert all(abs(a - b) <= 6 for a, b in zip(place, held, strict=True))
