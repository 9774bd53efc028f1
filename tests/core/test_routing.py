"""The ways of wires: they keep clear of cards and of each other."""

from itertools import pairwise

import pytest

from resnet_studio.core.routing import CLEARANCE, LANE_GAP, Lanes, Obstacles, Rect, along, route

UPPER = Rect("upper", 0, 0, 200, 50)
LOWER = Rect("lower", 0, 400, 200, 450)
START, END = (100.0, 50.0), (100.0, 400.0)


def way(*between: Rect, start=START, end=END, lanes: Lanes | None = None):
    obstacles = Obstacles([UPPER, LOWER, *between])
    return route(start, end, ("upper", "lower"), obstacles, lanes or Lanes())


def test_a_free_wire_goes_straight() -> None:
    assert way().points == (START, END)
    assert way().label == (100.0, 225.0)


def test_a_wire_goes_round_the_cards_that_it_bypasses() -> None:
    found = way(Rect("a", 0, 100, 200, 150), Rect("b", 0, 250, 240, 300))
    assert found.lane in (-CLEARANCE, 240 + CLEARANCE)
    assert found.lane == -CLEARANCE, "the left is nearer: the lower card is wider on the right"


@pytest.mark.parametrize(("slot", "side"), [(80.0, -1), (120.0, +1)])
def test_the_slot_decides_the_side(slot: float, side: int) -> None:
    found = way(Rect("a", 0, 100, 200, 150), end=(slot, 400.0))
    assert found.lane == (-CLEARANCE if side < 0 else 200 + CLEARANCE)


def test_wires_on_one_side_keep_apart() -> None:
    lanes, card = Lanes(), Rect("a", 0, 100, 200, 150)
    found = {way(card, lanes=lanes).lane for _ in range(6)}
    assert len(found) == 6
    ordered = sorted(lane for lane in found if lane > 100)
    assert all(b - a >= LANE_GAP for a, b in pairwise(ordered))


def test_a_wire_upwards_goes_round_both_its_cards() -> None:
    obstacles = Obstacles([UPPER, LOWER])
    found = route((100, 450), (100, 0), ("lower", "upper"), obstacles, Lanes())
    assert found.lane in (-CLEARANCE, 200 + CLEARANCE)


def test_a_long_wire_to_another_column_turns_once() -> None:
    found = way(end=(400.0, 400.0))
    assert [x for x, _y in found.points] == [100, 100, 400, 400]
    assert found.label[0] == 100


def test_a_long_wire_turns_at_the_top_where_the_column_below_is_taken() -> None:
    found = way(Rect("a", 0, 200, 200, 250), end=(400.0, 400.0))
    assert [x for x, _y in found.points] == [100, 100, 400, 400]
    assert found.points[1][1] < 200
    assert found.label[0] == 400


def test_a_card_that_left_is_in_nobodys_way() -> None:
    obstacles = Obstacles([UPPER, LOWER, Rect("a", 0, 100, 200, 150)])
    obstacles.put(Rect("a", 500, 100, 700, 150))
    assert route(START, END, ("upper", "lower"), obstacles, Lanes()).lane is None
    obstacles.put(Rect("a", 0, 100, 200, 150))
    assert route(START, END, ("upper", "lower"), obstacles, Lanes()).lane is not None
    obstacles.drop("a")
    assert route(START, END, ("upper", "lower"), obstacles, Lanes()).lane is None


@pytest.mark.parametrize("down", [14, 20, 24, 30, 50, 100, 139])
@pytest.mark.parametrize("across", [-220, 12, 220, 500])
def test_a_short_way_on_never_goes_past_its_end(down: int, across: int) -> None:
    """A target beside and below, as where a merge stands beside the column that it joins."""
    source = Rect("source", 0, 0, 208, 50)
    above = Rect("above", 0, -100, 208, -50)
    x, y = 104.0 + across, 50.0 + down
    target = Rect("target", x - 84, y, x + 124, y + 50)
    found = route((104.0, 50.0), (x, y), ("source", "target"), Obstacles([source, above, target]),
                  Lanes())  # fmt: skip
    assert found.points == ((104.0, 50.0), (x, y))
    points = list(along(*found.points))
    for one, other in pairwise(points):
        assert other[1] > one[1], "always downwards"
        assert (other[0] - one[0]) * across > 0, "always towards the target"
    assert found.label == ((104 + x) / 2, 50 + down / 2)


def test_a_short_way_turns_where_a_card_is_in_its_curve() -> None:
    way_on = Rect("between", 240, 20, 300, 95)
    obstacles = Obstacles(
        [Rect("source", 0, 0, 208, 50), Rect("target", 380, 150, 588, 200), way_on]
    )
    found = route((104.0, 50.0), (484.0, 150.0), ("source", "target"), obstacles, Lanes())
    assert [x for x, _y in found.points] == [104, 104, 484, 484]
    assert found.points[1][1] > 95
    assert 104 < found.label[0] < 484, "the label is clear of both ports"
