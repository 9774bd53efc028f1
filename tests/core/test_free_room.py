"""Free room: cards that come together cover none of those that stand."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core.free_room import Box, beside, centred, is_free, nearest
from resnet_studio.core.layout import COLUMN_GAP

PLACES = st.integers(-60, 60).map(lambda step: 8.0 * step)
CARDS = st.lists(st.builds(Box, PLACES, PLACES, st.just(208.0), st.just(56.0)), max_size=12)


@given(CARDS.filter(bool), CARDS)
def test_copies_stand_on_the_right_and_upon_nothing(cards, others) -> None:
    standing = [*cards, *others]
    by = beside(cards, standing)
    assert by[0] > 0 == by[1]
    assert is_free(cards, standing, by)
    assert not any(card.moved(by).covers(other) for card in cards for other in standing)


@given(CARDS.filter(bool), CARDS, PLACES, PLACES)
def test_the_nearest_room_is_free_and_a_free_place_is_kept(cards, standing, x, y) -> None:
    by = nearest(cards, standing, (x, y))
    assert is_free(cards, standing, by)
    covered = any(card.moved((x, y)).covers(other) for card in cards for other in standing)
    assert is_free(cards, standing, (x, y)) == (not covered)
    if not covered:
        assert by == (x, y)


def test_nobody_goes_along_a_whole_column_to_find_room_beside_it() -> None:
    column = [Box(0, 96.0 * k, 208, 56) for k in range(10_000)]
    assert nearest(column[:1], column, (0.0, 96.0 * 500)) == (208 + COLUMN_GAP, 96.0 * 500)


def test_one_card_goes_past_its_neighbour() -> None:
    card, other = Box(0, 0, 208, 56), Box(320, 24, 208, 56)
    assert beside([card], [card]) == (208 + COLUMN_GAP, 0)
    assert beside([card], [card, other]) == (320 + 208 + COLUMN_GAP, 0)
    assert centred([card, other], (264, 40)) == (0, 0)
