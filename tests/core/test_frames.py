"""Frames: kept by every edit, saved and read, never part of the network."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import rename_block
from resnet_studio.core.frames import Frame, around, following, frames, with_frames
from resnet_studio.formats import native, templates

LENGTH = st.integers(-5000, 5000)
SIZE = st.integers(64, 3000)
FRAMES = st.builds(Frame, st.text(max_size=12), LENGTH, LENGTH, SIZE, SIZE)


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
