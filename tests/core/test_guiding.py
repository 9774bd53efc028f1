"""What a dragged card snaps to."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.guiding import Box, Guide, Others, guided

coordinates = st.integers(-2000, 2000).map(float)


def box(x: float, y: float, width: float = 200, height: float = 56) -> Box:
    return Box(x, y, width, height)


def test_a_card_takes_the_line_of_another_and_says_so() -> None:
    place, guides = guided(box(103, 403), Others([box(100, 0)]), 6)
    assert place == (100, 400)
    assert guides == [Guide((100, 0), (100, 456))], "one line along the edges says it"


def test_a_card_takes_the_place_between_two_others() -> None:
    place, guides = guided(box(0, 147), Others([box(0, 0), box(0, 300)]), 6)
    assert place == (0, 150)
    assert [g.gap for g in guides if g.gap is not None] == [94, 94]


def test_a_card_goes_on_with_the_gap_of_the_row_before_it() -> None:
    place, guides = guided(box(0, 203), Others([box(0, 0), box(0, 100)]), 6)
    assert place == (0, 200)
    assert [g.gap for g in guides if g.gap is not None] == [44, 44]


def test_far_from_all_others_a_card_keeps_to_the_grid() -> None:
    assert guided(box(1003, 907), Others([box(0, 0)]), 6) == ((1000, 904), [])


@given(
    st.tuples(coordinates, coordinates), st.lists(st.tuples(coordinates, coordinates), max_size=6)
)
def test_a_guided_card_never_moves_further_than_its_reach_or_half_a_grid(held, others) -> None:
    place, _guides = guided(box(*held), Others([box(*at) for at in others]), 6)
    assert all(abs(a - b) <= 6 for a, b in zip(place, held, strict=True))
