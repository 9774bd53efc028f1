"""Titles and comments: how they are written, and what is seen of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QImage, QPainter

from resnet_studio.core.frames import Frame, with_frames
from resnet_studio.gui.canvas import frame_painting
from resnet_studio.gui.canvas.stage_bands import Band
from resnet_studio.gui.canvas.stage_texts import Frames, paint_stages
from resnet_studio.gui.canvas.tooltips import tooltip
from tests.gui.canvas.framing_hand import at, comment, drag, edit, framed, shown


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
    shown, plate = frame_painting.title_of(frame, zoom, frame.width)
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


def test_from_afar_a_title_is_longer_than_its_frame_where_nothing_stands_beside(
    workbench, qtbot
) -> None:
    frame = framed(workbench, qtbot, "entry_conv", text="The entry convolution")
    session, canvas = workbench.session, workbench.canvas
    canvas.zoom_by(0.2 / canvas.zoom_level())
    canvas.centerOn(frame.left, frame.top)
    right = QPointF(frame.left + frame.width + 100, frame.top + 40)
    assert canvas.framing.title_at(right) == 0
    beside = Frame("", frame.left + frame.width + 60, frame.top, 300, 96)
    session.apply("Note", with_frames(session.document, session.scope, [frame, beside]))
    assert canvas.framing.title_at(right) is None
    assert canvas.framing.title_at(QPointF(frame.left + 40, frame.top + 40)) == 0


def test_lines_too_far_away_to_be_read_are_bars() -> None:
    def painted(text: str, zoom: float) -> QImage:
        picture = QImage(240, 100, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        painter.scale(zoom, zoom)
        frame_painting.paint_comment(painter, Frame(text, 0, 0, 240, 96))
        painter.end()
        return picture

    assert painted("mmm iii", 0.2) != painted("", 0.2)
    # A bar is as even as no letters are.
    bar = painted("m" * 40, 0.2)
    assert len({bar.pixelColor(x, 3).name() for x in range(4, 40)}) == 1
    near = painted("m" * 40, 1.0)
    assert len({near.pixelColor(x, 20).name() for x in range(14, 200)}) > 1


def test_what_stands_beside_a_stage_keeps_clear_of_comments(qtbot) -> None:
    band = Band([QRectF(80, 30, 40, 360)], (56, 56, 64), layers=9, params=12_345, share=0.2)
    note = QRectF(140, 150, 120, 120)

    def picture(framed: Frames) -> QImage:
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_stages(painter, [band], QRectF(0, 0, 600, 400), QRectF(), framed)
        painter.end()
        return image

    def marks(image: QImage, area: QRectF) -> bool:
        part, blank = image.copy(area.toRect()), QImage(area.size().toSize(), image.format())
        blank.fill(Qt.GlobalColor.white)
        return part != blank

    def beside(framed: Frames) -> bool:
        return marks(picture(framed), QRectF(140, 30, 200, 360))

    upon = Frames(words=[note])
    assert marks(picture(Frames()), note)
    assert not marks(picture(upon), note)
    assert beside(upon)
    # No room above or below it: to the right of it.
    high = QRectF(140, 0, 120, 400)
    assert not marks(picture(Frames(words=[high])), high)
    assert marks(picture(Frames(words=[high])), QRectF(260, 30, 340, 360))
    # Brackets go round frames.
    wide = QRectF(70, 40, 120, 100)
    assert marks(picture(Frames()), wide)
    assert not marks(picture(Frames(areas=[wide])), wide)


def test_the_minimap_lets_a_comment_below_it_be_seen(workbench, qtbot) -> None:
    comment(workbench, qtbot, "below")
    canvas = workbench.canvas
    qtbot.waitUntil(canvas.minimap.isVisible)
    corner = QRectF(canvas.minimap.geometry()).center().toPoint()
    colours = []
    for place in (QPointF(3060, 640), QPointF(4600, 640)):
        off = canvas.mapFromScene(place) - corner
        for bar, by in (
            (canvas.horizontalScrollBar(), off.x()),
            (canvas.verticalScrollBar(), off.y()),
        ):
            bar.setValue(bar.value() + by)
        plain = canvas.minimap.geometry().bottomRight() - QPoint(6, 6)
        colours.append(canvas.viewport().grab().toImage().pixelColor(plain).name())
    assert colours[0] != colours[1]


def test_a_size_half_below_a_title_is_left_out(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", text="The stem of the network")
    canvas = workbench.canvas
    canvas.zoom_by(1 / canvas.zoom_level())
    canvas.framing.select(None)
    wire = next(e for e in workbench.session.graph.edges if e.target == "entry_conv")
    pill = canvas.network.wires.sure(wire).seen().pill
    plate = canvas.framing.plates()[0]
    assert plate.intersects(pill)
    below = QRectF(pill.left() + 6, plate.bottom() + 1, 20, pill.bottom() - plate.bottom() - 2)
    canvas.centerOn(frame.left, frame.top)

    def colours() -> int:
        picture = canvas.viewport().grab().toImage()
        area = canvas.mapFromScene(below).boundingRect()
        return len(
            {
                picture.pixel(x, y)
                for x in range(area.left(), area.right())
                for y in range(area.top(), area.bottom())
            }
        )

    # The ground, and perhaps a dot of its grid.
    assert colours() <= 2
    canvas.framing.change("Shorten", 0, replace(frame, text="A"))
    assert colours() > 4


def test_a_comment_stands_wholly_within_a_frame_or_wholly_beside_it(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, view = workbench.canvas, workbench.canvas.viewport()
    edge = canvas.mapFromScene(QPointF(frame.left + frame.width, frame.top + 150))
    QCursor.setPos(view.mapToGlobal(edge))
    workbench.session.select(())
    canvas.framing.select(None)
    workbench.actions["frame"].trigger()
    note = frame_painting.area_of(shown(workbench)[1])
    assert not note.intersects(frame_painting.area_of(frame))
