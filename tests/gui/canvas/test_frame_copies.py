"""Copies of frames: with the cards and the frames that stand in them."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication

from resnet_studio.core.frames import Frame
from resnet_studio.formats import native
from resnet_studio.gui.canvas.frame_painting import area_of
from tests.gui.canvas.framing_hand import comment, framed, shown

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(workbench, qtbot, key) -> None:
    qtbot.keyClick(workbench.canvas, key, CONTROL)


def other_areas(workbench, but: Frame) -> list[QRectF]:
    """What stands elsewhere: the cards that are not in a frame, and the other frames."""
    canvas = workbench.canvas
    held = canvas.framing.held(but)
    cards = [node.card for key, node in canvas.network.nodes.items() if key not in held]
    return cards + [area_of(frame) for frame in shown(workbench) if frame != but]


def test_a_frame_is_duplicated_with_its_cards_and_their_wires(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    workbench.canvas.framing.paint_in("green")
    session, canvas = workbench.session, workbench.canvas
    before, steps = session.graph, session.history.count()
    press(workbench, qtbot, Qt.Key.Key_D)
    copy = shown(workbench)[1]
    assert (copy.text, copy.color, copy.width, copy.height) == (
        "Stem",
        "green",
        frame.width,
        frame.height,
    )
    new = session.graph.nodes.keys() - before.nodes.keys()
    assert sorted(canvas.framing.held(copy)) == sorted(new)
    assert sorted(session.graph.nodes[key].type for key in new) == ["Conv2D", "MaxPooling2D"]
    assert len(session.graph.edges) == len(before.edges) + 1
    assert not any(area_of(copy).intersects(area) for area in other_areas(workbench, copy))
    # It is what one goes on with, and one step to undo.
    assert canvas.framing.selected == 1
    assert session.history.count() == steps + 1
    assert session.history.undoText() == "Duplicate a frame"
    press(workbench, qtbot, Qt.Key.Key_Z)
    assert len(shown(workbench)) == 1
    assert session.graph.nodes.keys() == before.nodes.keys()


def test_a_frame_is_copied_through_the_clipboard_with_the_frames_inside_it(
    workbench, qtbot
) -> None:
    framed(workbench, qtbot, "entry_conv", text="Inner")
    framed(workbench, qtbot, "image", "entry_conv", "entry_pool", text="Outer")
    framing = workbench.canvas.framing
    order = [frame.text for frame in shown(workbench)]
    framing.select(order.index("Outer"))
    press(workbench, qtbot, Qt.Key.Key_C)
    assert '"Outer"' in QGuiApplication.clipboard().text()
    press(workbench, qtbot, Qt.Key.Key_V)
    assert [frame.text for frame in shown(workbench)] == [*order, "Outer", "Inner"]
    outside, inside = shown(workbench)[2:]
    assert outside.contains(inside)
    assert len(framing.held(outside)) == 3
    assert len(framing.held(inside)) == 1
    assert framing.selected == 2
    assert workbench.session.history.undoText() == "Paste a frame"


def test_a_comment_is_copied_alone_and_into_a_block(workbench, qtbot) -> None:
    comment(workbench, qtbot, "why so deep?")
    framing, session = workbench.canvas.framing, workbench.session
    framing.select(0)
    nodes = session.graph.nodes.keys()
    press(workbench, qtbot, Qt.Key.Key_C)
    press(workbench, qtbot, Qt.Key.Key_V)
    assert [frame.text for frame in shown(workbench)] == ["why so deep?"] * 2
    assert not area_of(shown(workbench)[0]).intersects(area_of(shown(workbench)[1]))
    assert session.graph.nodes.keys() == nodes
    assert session.history.undoText() == "Paste a comment"
    session.enter("group_64")
    press(workbench, qtbot, Qt.Key.Key_V)
    assert [frame.text for frame in shown(workbench)] == ["why so deep?"]


def test_cards_are_copied_without_the_frame_round_them(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv")
    workbench.session.select(["entry_conv"])
    press(workbench, qtbot, Qt.Key.Key_C)
    press(workbench, qtbot, Qt.Key.Key_V)
    assert len(shown(workbench)) == 1
    assert len(workbench.session.selection) == 1


def test_a_file_pasted_as_text_brings_its_frames_and_selects_its_cards(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv", "entry_pool")
    session = workbench.session
    QGuiApplication.clipboard().setText(native.dumps(session.document))
    press(workbench, qtbot, Qt.Key.Key_V)
    assert [frame.text for frame in shown(workbench)] == ["Stem", "Stem"]
    assert len(session.selection) == 12
    assert workbench.canvas.framing.selected is None


def test_what_works_on_frames_is_enabled_for_them(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, actions = workbench.canvas, workbench.actions
    names = ("copy", "duplicate", "rename", "fit-selection", "delete")
    canvas.framing.select(0)
    assert all(actions[name].isEnabled() for name in names)
    assert not actions["cut"].isEnabled()
    actions["fit-selection"].trigger()
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(area_of(frame))
    assert (seen.center() - area_of(frame).center()).manhattanLength() < 4
    canvas.framing.select(None)
    assert not any(actions[name].isEnabled() for name in names)
