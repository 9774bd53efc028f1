"""Frames and comments with real mouse and keys."""

import pytest
from PySide6.QtCore import QPointF, Qt

from resnet_studio.gui.canvas import frame_painting
from resnet_studio.gui.finder.entries import commands
from resnet_studio.gui.theme import set_theme, theme
from tests.gui.canvas.framing_hand import at, comment, drag, framed, hover, shown


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


# The hand


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
    assert offered["duplicate"].isEnabled()
    assert not offered.keys() & {"cut", "bypass", "bridge", "group"}
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


def test_all_that_is_fitted_into_sight_includes_frames(workbench, qtbot) -> None:
    note, canvas = comment(workbench, qtbot), workbench.canvas
    qtbot.waitUntil(canvas.minimap.isVisible)
    workbench.actions["fit"].trigger()

    def seen():
        return canvas.mapToScene(canvas.viewport().rect()).boundingRect()

    whole = frame_painting.area_of(note) | canvas.network.bounds()
    qtbot.waitUntil(lambda: seen().contains(whole))
    qtbot.waitUntil(lambda: not canvas.minimap.isVisible())


def test_a_comment_alone_is_shown_from_home(bench, qtbot) -> None:
    workbench = bench()
    note = comment(workbench, qtbot, "to be done", width=4000.0)
    workbench.canvas.show_home()
    seen = workbench.canvas.mapToScene(workbench.canvas.viewport().rect()).boundingRect()
    assert seen.contains(frame_painting.area_of(note).center())
