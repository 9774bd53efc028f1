"""Frames and comments with real mouse and keys."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from resnet_studio.core.frames import Frame, frames, with_frames
from resnet_studio.gui.canvas import frame_painting
from resnet_studio.gui.canvas.tooltips import tooltip
from resnet_studio.gui.finder.entries import commands
from resnet_studio.gui.theme import set_theme, theme


@pytest.fixture
def workbench(bench):
    workbench = bench("resnet34-notebook")
    workbench.canvas.setFocus()
    return workbench


def shown(workbench):
    return frames(workbench.session.graph)


def framed(workbench, qtbot, *ids: str, text: str = "Stem"):
    workbench.session.select(ids)
    workbench.actions["frame"].trigger()
    field = workbench.canvas.framing.field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return shown(workbench)[-1]


def at(canvas, x: float, y: float):
    return canvas.mapFromScene(QPointF(x, y))


def drag(qtbot, canvas, start, end) -> None:
    view = canvas.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, (start + end) / 2)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def test_the_selection_is_framed_and_named(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    assert frame.text == "Stem"
    held = workbench.canvas.framing.held(frame)
    assert sorted(held) == ["entry_conv", "entry_pool"]
    # Making and naming it are one step.
    workbench.session.history.undo()
    assert shown(workbench) == ()
    assert workbench.session.selection == {"entry_conv", "entry_pool"}
    workbench.session.history.redo()
    assert shown(workbench) == (frame,)


def test_a_frame_takes_its_cards_along_in_one_step(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, places = workbench.canvas, dict(workbench.canvas.network.places)
    steps = workbench.session.history.count()
    head = at(canvas, frame.left + 40, frame.top + 12)
    drag(qtbot, canvas, head, head + at(canvas, 96, 0) - at(canvas, 0, 0))
    after = canvas.network.places
    by = shown(workbench)[0].left - frame.left
    assert by > 48
    assert after["entry_conv"][0] == places["entry_conv"][0] + by
    assert after["image"] == places["image"]
    assert workbench.session.history.count() == steps + 1
    assert workbench.session.analysis.totals.params == 16_822_760


def test_the_corner_resizes(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv")
    canvas = workbench.canvas
    corner = at(canvas, frame.left + frame.width - 6, frame.top + frame.height - 6)
    drag(qtbot, canvas, corner, corner + at(canvas, 60, 30) - at(canvas, 0, 0))
    bigger = shown(workbench)[0]
    assert bigger.width > frame.width + 40
    assert (bigger.left, bigger.top) == (frame.left, frame.top)


def test_delete_removes_the_frame_and_no_card(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv")
    nodes = workbench.session.graph.nodes
    workbench.actions["delete"].trigger()
    assert shown(workbench) == ()
    assert workbench.session.graph.nodes.keys() == nodes.keys()


def test_a_comment_without_a_selection_and_its_text_by_double_click(workbench, qtbot) -> None:
    workbench.session.select(())
    workbench.actions["frame"].trigger()
    canvas = workbench.canvas
    qtbot.keyClicks(canvas.framing.field, "why?")
    qtbot.keyClick(canvas.framing.field, Qt.Key.Key_Return)
    frame = shown(workbench)[0]
    assert frame.text == "why?"
    assert canvas.framing.held(frame) == []
    head = at(canvas, frame.left + 20, frame.top + 10)
    assert canvas.network.node_at(QPointF(frame.left + 20, frame.top + 10)) is None
    qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=head)
    qtbot.keyClicks(canvas.framing.field, "why so deep?")
    qtbot.keyClick(canvas.framing.field, Qt.Key.Key_Return)
    assert shown(workbench)[0].text == "why so deep?"


def test_a_comment_given_up_before_a_word_was_kept_is_not_made(workbench, qtbot) -> None:
    workbench.session.select(())
    steps = workbench.session.history.index()
    workbench.actions["frame"].trigger()
    qtbot.keyClicks(workbench.canvas.framing.field, "no")
    qtbot.keyClick(workbench.canvas.framing.field, Qt.Key.Key_Escape)
    assert shown(workbench) == ()
    assert workbench.session.history.index() == steps
    # A frame stands for something without a name, too.
    workbench.session.select(["entry_conv"])
    workbench.actions["frame"].trigger()
    qtbot.keyClick(workbench.canvas.framing.field, Qt.Key.Key_Escape)
    assert [frame.text for frame in shown(workbench)] == [""]


def test_laying_out_keeps_the_frame_round_its_cards(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv", "entry_pool")
    workbench.canvas.editing.place({"entry_pool": (1500.0, 240.0)}, framed=True)
    workbench.canvas.setFocus()
    workbench.actions["lay-out"].trigger()
    qtbot.waitUntil(lambda: workbench.session.history.undoText() == "Lay out", timeout=10_000)
    frame = shown(workbench)[0]
    assert sorted(workbench.canvas.framing.held(frame)) == ["entry_conv", "entry_pool"]


def test_what_a_frame_looks_like_is_seen_while_it_is_dragged(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, view = workbench.canvas, workbench.canvas.viewport()
    head = at(canvas, frame.left + 40, frame.top + 12)
    before = view.grab().toImage()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=head)
    qtbot.mouseMove(view, head + at(canvas, 60, 0) - at(canvas, 0, 0))
    qtbot.mouseMove(view, head + at(canvas, 120, 0) - at(canvas, 0, 0))
    during = view.grab().toImage()
    edge = at(canvas, frame.left, frame.top + 200)
    assert during.pixelColor(edge) != before.pixelColor(edge)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=head)


# Writing


def comment(workbench, qtbot, text: str = "", width: float = 240.0) -> Frame:
    """A comment far from all cards, in sight at the size of life."""
    session, canvas = workbench.session, workbench.canvas
    note = Frame(text, 3000.0, 600.0, width, 96.0)
    session.apply("Note", with_frames(session.document, session.scope, [note]))
    canvas.zoom_by(1 / canvas.zoom_level())
    canvas.centerOn(3100, 700)
    canvas.framing.select(None)
    canvas.setFocus()
    return shown(workbench)[0]


def edit(workbench, qtbot):
    """Opens the text of the first frame with the keyboard."""
    workbench.canvas.framing.select(0)
    qtbot.keyClick(workbench.canvas, Qt.Key.Key_F2)
    return workbench.canvas.framing.field


def test_shift_return_begins_a_line_of_a_comment_and_letters_stay_letters(workbench, qtbot) -> None:
    comment(workbench, qtbot)
    history = workbench.session.history
    field, steps, zoom = edit(workbench, qtbot), history.count(), workbench.canvas.zoom_level()
    qtbot.keyClicks(field, "first l")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert workbench.canvas.framing.field is field
    qtbot.keyClicks(field, "lf second")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert shown(workbench)[0].text == "first l\nlf second"
    assert workbench.canvas.framing.field is None
    assert history.count() == steps + 1
    assert workbench.canvas.zoom_level() == zoom
    assert workbench.canvas.hasFocus()


def test_a_click_on_a_button_that_takes_no_focus_keeps_what_was_typed(workbench, qtbot) -> None:
    comment(workbench, qtbot)
    qtbot.keyClicks(edit(workbench, qtbot), "kept")
    button = workbench.toolbar.widgetForAction(workbench.actions["undo"])
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    assert shown(workbench)[0].text == "kept"
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    # The button undoes what was typed, not what was done before.
    assert shown(workbench)[0].text == ""


def test_the_keys_of_undo_are_the_texts_and_those_of_commands_end_it_first(
    workbench, qtbot
) -> None:
    comment(workbench, qtbot)
    field, steps = edit(workbench, qtbot), workbench.session.history.count()
    qtbot.keyClicks(field, "ab")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workbench.canvas.framing.field is field
    assert workbench.session.history.count() == steps
    qtbot.keyClicks(field, "kept")
    qtbot.keyClick(field, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert "kept" in [frame.text for frame in shown(workbench)]


@pytest.mark.parametrize("note", [False, True])
def test_escape_leaves_a_text_as_it_was(workbench, qtbot, note) -> None:
    if note:
        comment(workbench, qtbot, "Stem")
    else:
        framed(workbench, qtbot, "entry_conv")
    field = edit(workbench, qtbot)
    qtbot.keyClicks(field, "other")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert shown(workbench)[0].text == "Stem"
    assert workbench.canvas.framing.field is None


LONG = "A comment of many words that says why the stem has a stride of two, and who found it. " * 4


def test_a_comment_grows_with_its_text(workbench, qtbot) -> None:
    note = comment(workbench, qtbot)
    field = edit(workbench, qtbot)
    before = field.height()
    qtbot.keyClicks(field, LONG[:200])
    assert field.height() > before
    qtbot.keyClick(field, Qt.Key.Key_Return)
    grown = shown(workbench)[0]
    assert grown.height > note.height
    assert "".join(frame_painting.comment_of(grown, 1.0)).split() == LONG[:200].split()
    # Narrower, it is higher still.
    canvas = workbench.canvas
    right = at(canvas, grown.left + grown.width, grown.top + 40)
    drag(qtbot, canvas, right, right - at(canvas, 80, 0) + at(canvas, 0, 0))
    narrow = shown(workbench)[0]
    assert narrow.width == grown.width - 80
    assert narrow.height > grown.height


def test_a_comment_too_long_for_its_box_says_so() -> None:
    note = Frame(LONG, 0, 0, 240, 96)
    lines = frame_painting.comment_of(note, 1.0)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    lines_apart = Frame("one\n\nthree", 0, 0, 240, 96)
    assert frame_painting.comment_of(lines_apart, 1.0) == ("one", "", "three")
    # From afar its letters are larger beside it: fewer of them.
    assert len("".join(frame_painting.comment_of(note, 0.5))) < len("".join(lines))


@pytest.mark.parametrize("zoom", [0.29, 0.45, 0.81, 1.0, 2.0])
def test_a_title_is_one_line_that_can_be_read_within_its_frame(qtbot, zoom) -> None:
    frame = Frame("Residual branch of the block", 0, 0, 384, 264)
    shown, plate = frame_painting.title_of(frame, zoom)
    letters = frame_painting.TEXT * frame_painting.larger_at(zoom) * zoom
    assert letters >= frame_painting.SMALLEST_TEXT - 0.01
    assert frame_painting.area_of(frame).contains(plate)
    assert shown == frame.text or shown.endswith("…")
    if zoom >= 0.8:
        assert shown == frame.text


def test_the_title_hides_the_wire_behind_it_and_tells_itself(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool", text="The stem " * 9)
    canvas = workbench.canvas
    canvas.zoom_by(1 / canvas.zoom_level())
    canvas.ensureVisible(frame.left, frame.top, 300, 60)
    middle = canvas.network.nodes["entry_conv"].card.center().x()
    place = QPointF(middle, frame.top + 16)
    assert canvas.network.wire_at(place, 4) is not None
    assert canvas.framing.title_at(place) == 0
    assert "The stem The stem" in tooltip(canvas, place)
    drag(qtbot, canvas, canvas.mapFromScene(place), canvas.mapFromScene(place + QPointF(40, 0)))
    assert shown(workbench)[0].left == frame.left + 40


# The hand


def hover(canvas, place) -> None:
    """QTest.mouseMove would say that no button is known to be up."""
    view, none = canvas.viewport(), Qt.MouseButton.NoButton
    here = QPointF(place)
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, here, view.mapToGlobal(here), none, none, keys)
    QApplication.sendEvent(view, event)


SHAPE = Qt.CursorShape


@pytest.mark.parametrize(
    ("across", "down", "shape"),
    [
        (0, 0.5, SHAPE.SizeHorCursor),
        (1, 0.4, SHAPE.SizeHorCursor),
        (0.7, 0, SHAPE.SizeVerCursor),
        (0.5, 1, SHAPE.SizeVerCursor),
        (0, 0, SHAPE.SizeFDiagCursor),
        (1, 1, SHAPE.SizeFDiagCursor),
        (1, 0, SHAPE.SizeBDiagCursor),
        (0, 1, SHAPE.SizeBDiagCursor),
    ],
)
def test_every_edge_and_corner_resizes(workbench, qtbot, across, down, shape) -> None:
    note = comment(workbench, qtbot)
    canvas = workbench.canvas
    place = at(canvas, note.left + across * note.width, note.top + down * note.height)
    hover(canvas, place)
    assert canvas.viewport().cursor().shape() == shape
    out = QPointF({0: -40, 1: 40}.get(across, 0), {0: -24, 1: 24}.get(down, 0))
    drag(qtbot, canvas, place, place + out.toPoint())
    after = shown(workbench)[0]
    sides = (after.left, after.top, after.left + after.width, after.top + after.height)
    wanted = (
        note.left + min(out.x(), 0),
        note.top + min(out.y(), 0),
        note.left + note.width + max(out.x(), 0),
        note.top + note.height + max(out.y(), 0),
    )
    assert sides == pytest.approx(wanted, abs=1)
    hover(canvas, at(canvas, note.left + 120, note.top + 50))
    assert canvas.viewport().cursor().shape() == SHAPE.ArrowCursor


def test_all_of_a_comment_takes_the_pointer(workbench, qtbot) -> None:
    note = comment(workbench, qtbot, "moved")
    canvas = workbench.canvas
    low = at(canvas, note.left + 120, note.top + 80)
    drag(qtbot, canvas, low, low + at(canvas, 80, 0) - at(canvas, 0, 0))
    assert shown(workbench)[0].left == note.left + 80
    qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=low)
    assert canvas.framing.field.toPlainText() == "moved"


def test_inside_a_frame_the_pointer_draws_a_band(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas = workbench.canvas
    assert canvas.framing.head_at(QPointF(frame.left + 20, frame.top + 80)) is None


# Commands


def test_the_menu_of_a_frame_offers_what_works_on_it(workbench, qtbot) -> None:
    note = comment(workbench, qtbot, "x")
    canvas = workbench.canvas
    place = at(canvas, note.left + 60, note.top + 50)
    hover(canvas, place)
    canvas.framing.point_at(canvas.mapToScene(place))
    menu = workbench.menus.canvas_menu(canvas)
    offered = {action.objectName() or action.text(): action for action in menu.actions()}
    assert offered["rename"].isEnabled()
    assert offered["delete"].isEnabled()
    assert not offered.keys() & {"cut", "copy", "duplicate", "bridge"}
    colours = next(a.menu() for a in menu.actions() if a.menu() is not None)
    next(a for a in colours.actions() if a.text() == "Green").trigger()
    assert shown(workbench)[0].color == "green"
    assert workbench.session.history.undoText() == "Colour a frame"
    # The finder has them too, while there is a frame to colour.
    titles = {entry.title for entry in commands(workbench.window.menuBar())}
    assert {"Green", "Plain"} <= titles
    canvas.framing.select(None)
    titles = {entry.title for entry in commands(workbench.window.menuBar())}
    assert "Green" not in titles


def test_a_colour_is_seen_in_both_themes(workbench, qtbot) -> None:
    note = comment(workbench, qtbot)
    canvas, before = workbench.canvas, theme().name
    inside = at(canvas, note.left + 120, note.top + 60)
    try:
        for scheme in ("light", "dark"):
            set_theme(scheme)
            grounds = []
            for color in ("", "green", "red"):
                canvas.framing.select(0)
                canvas.framing.paint_in(color)
                grounds.append(canvas.viewport().grab().toImage().pixelColor(inside).name())
            assert len(set(grounds)) == 3
    finally:
        set_theme(before)


def test_a_frame_that_comes_back_is_selected(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv")
    framed(workbench, qtbot, "classifier", text="Head")
    workbench.canvas.framing.select(0)
    qtbot.keyClick(workbench.canvas, Qt.Key.Key_Delete)
    assert [frame.text for frame in shown(workbench)] == ["Head"]
    assert workbench.canvas.framing.selected is None
    workbench.session.history.undo()
    assert workbench.canvas.framing.selected == 0
    assert shown(workbench)[0].text == "Stem"


def test_a_new_frame_keeps_clear_of_the_card_above(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv")
    canvas = workbench.canvas
    area = frame_painting.area_of(frame)
    crossed = [
        key
        for key in canvas.network.nodes_in(area)
        if key != "entry_conv" and canvas.network.nodes[key].card.intersects(area)
    ]
    assert crossed == []


def test_a_frame_that_is_selected_paints_nothing_else_anew(workbench, qtbot) -> None:
    note, areas = comment(workbench, qtbot), []
    workbench.canvas.network.disturbed.connect(areas.append)
    workbench.canvas.framing.select(0)
    assert areas == [[frame_painting.area_of(note)]]
