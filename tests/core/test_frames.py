"""Frames: kept by every edit, saved and read, never part of the network."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import rename_block
from resnet_studio.core.frames import COLORS, Frame, around, following, frames, with_frames
from resnet_studio.formats import native, templates

LENGTH = st.integers(-5000, 5000)
SIZE = st.integers(64, 3000)
COLOR = st.sampled_from(("", "of a newer version", *COLORS))
EXTRA = st.dictionaries(st.sampled_from(["folded", "author"]), LENGTH | st.text(max_size=3))
FRAMES = st.builds(Frame, st.text(max_size=12), LENGTH, LENGTH, SIZE, SIZE, COLOR, EXTRA)


def notebook():
    return native.load(templates.path("resnet34-notebook")).document


@given(st.lists(FRAMES, max_size=4), st.lists(FRAMES, max_size=2))
def test_what_is_saved_is_read_again(outside, inside) -> None:
    document = with_frames(notebook(), "", outside)
    document = with_frames(document, "residual_block", inside)
    again = native.loads(native.dumps(document))
    assert not again.problems
    assert list(frames(again.document.network)) == outside
    assert list(frames(again.document.blocks["residual_block"].graph)) == inside
    assert native.dumps(again.document) == native.dumps(document)


def test_edits_pass_them_on_and_the_analysis_is_the_same_object() -> None:
    plain = notebook()
    before = analyse(plain)
    document = with_frames(plain, "", [Frame("Stem", 0, 0, 300, 400)])
    after = analyse(document, before)
    assert after.root.outcomes is before.root.outcomes or list(after.root.outcomes) == list(
        before.root.outcomes
    )
    document = edits.remove_nodes(document, "", ["classifier"])
    document = edits.set_argument(document, "", "entry_conv", "filters", 32)
    document = rename_block(document, "residual_block", "basic")
    assert frames(document.network)[0].text == "Stem"


def test_entries_that_are_no_frames_are_told_and_kept() -> None:
    text = native.dumps(with_frames(notebook(), "", [Frame("Stem", 0, 0, 300, 400)]))
    broken = text.replace(
        '{"text": "Stem", "area": [0, 0, 300, 400]}',
        '{"text": "Stem", "area": [0, 0, 300, 400]},\n {"text": 3},'
        ' {"text": "x", "area": [1e99, 0, 0, 0]}',
    )
    opened = native.loads(broken)
    assert [p.code for p in opened.problems] == ["malformed-value"] * 2
    assert [f.text for f in frames(opened.document.network)] == ["Stem"]
    changed = with_frames(opened.document, "", [])
    assert '{"text": 3}' in native.dumps(changed)


def test_a_frame_follows_the_cards_that_it_holds() -> None:
    extents = {"a": (200.0, 50.0), "b": (200.0, 50.0), "c": (200.0, 50.0)}
    before = {"a": (0.0, 0.0), "b": (0.0, 100.0), "c": (900.0, 0.0)}
    frame = around("ab", {key: before[key] for key in "ab"}, extents)
    note = Frame("note", 5000, 5000, 200, 100)
    after = {"a": (400.0, 0.0), "b": (400.0, 300.0), "c": (0.0, 0.0)}
    moved, same = following([frame, note], before, after, extents)
    assert moved == around("ab", {key: after[key] for key in "ab"}, extents)
    assert same == note
    assert not moved.holds(after["c"], extents["c"])


def crosses(frame: Frame, place, extent) -> bool:
    left, top = place
    apart = (
        left + extent[0] <= frame.left
        or frame.left + frame.width <= left
        or top + extent[1] <= frame.top
        or frame.top + frame.height <= top
    )
    return not apart and not frame.holds(place, extent)


COLUMN = {"above": (0.0, 0.0), "a": (0.0, 95.0), "b": (0.0, 214.0), "below": (0.0, 290.0)}
CARDS = dict.fromkeys((*COLUMN, "aside", "corner"), (208.0, 56.0))


def box(place):
    return (*place, place[0] + 208.0, place[1] + 56.0)


def test_a_frame_keeps_clear_of_the_cards_next_to_it() -> None:
    chosen = {key: COLUMN[key] for key in "ab"}
    aside, corner = (240.0, 150.0), (-230.0, 30.0)
    others = [COLUMN["above"], COLUMN["below"], aside, corner]
    frame = around("", chosen, CARDS, [box(place) for place in others])
    assert not any(crosses(frame, place, (208.0, 56.0)) for place in others)
    assert all(frame.holds(place, (208.0, 56.0)) for place in chosen.values())
    # There is still a strip for its title.
    assert 95.0 - frame.top >= 28


def test_a_card_among_those_framed_narrows_nothing() -> None:
    chosen = {"a": (0.0, 0.0), "b": (0.0, 200.0)}
    among, astride = (0.0, 100.0), (-150.0, 100.0)
    alone = around("", chosen, CARDS)
    assert around("", chosen, CARDS, [box(among), box(astride)]) == alone


PLACE = st.tuples(st.integers(-900, 900), st.integers(-900, 900))


@given(st.lists(PLACE, min_size=1, max_size=3), st.lists(PLACE, max_size=12))
def test_no_card_is_crossed_that_stands_beside_all_those_framed(inside, outside) -> None:
    chosen = {str(i): place for i, place in enumerate(inside)}
    extents = dict.fromkeys(chosen, (208.0, 56.0))
    frame = around("", chosen, extents, [box(place) for place in outside])
    left, top = (min(place[i] for place in inside) for i in (0, 1))
    right, bottom = max(x for x, _ in inside) + 208, max(y for _, y in inside) + 56
    for x, y in outside:
        if x + 208 <= left or right <= x or y + 56 <= top or bottom <= y:
            assert not crosses(frame, (x, y), (208.0, 56.0))
    assert all(frame.holds(place, (208.0, 56.0)) for place in inside)


def test_what_a_frame_looks_like_stays_when_it_follows_its_cards() -> None:
    frame = Frame("ab", -88, -60, 500, 400, "green", {"author": "me"})
    before = {"a": (0.0, 0.0)}
    (moved,) = following([frame], before, {"a": (800.0, 0.0)}, {"a": (208.0, 56.0)})
    assert moved.left > 600
    assert (moved.text, moved.color, moved.extra) == ("ab", "green", {"author": "me"})


def test_a_colour_that_is_no_word_is_kept_as_it_is() -> None:
    text = native.dumps(with_frames(notebook(), "", [Frame("Stem", 0, 0, 300, 400)]))
    odd = text.replace("[0, 0, 300, 400]}", '[0, 0, 300, 400], "color": [1, 2], "z": {"w": 1}}')
    document = native.loads(odd).document
    (frame,) = frames(document.network)
    assert frame.color == ""
    assert native.dumps(with_frames(document, "", [frame])) == odd
