"""A call opened in its place, when an edit takes the call away."""

import pytest
from PySide6.QtCore import QPointF, Qt

from resnet_studio.core.ungrouping import ungroup
from resnet_studio.gui.canvas.card_painting import repeat_chip


@pytest.mark.parametrize("way", ["delete", "ungroup", "undo"])
def test_an_open_call_that_is_on_the_screen_goes_with_its_call(bench, qtbot, way) -> None:
    opened = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    before = session.document
    without, _ids = ungroup(before, "", "group_128")
    if way == "undo":
        # The step that is taken back is the one that made the call.
        session.apply("Ungroup", without)
        session.apply("Group", before)
    session.select(["group_128"])
    canvas.expanding.toggle("group_128")
    canvas.setFocus()
    qtbot.wait(50)
    canvas.grab()
    if way == "delete":
        qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    else:
        opened.actions[way].trigger()
    assert canvas.expanding.opened == {}
    assert "group_128" not in session.graph.nodes
    qtbot.wait(50)
    canvas.grab()
    places = canvas.network.places
    own = {key: node.position for key, node in session.graph.nodes.items() if node.position}
    assert own
    assert {key: places[key] for key in own} == own


def test_the_shape_that_leaves_the_frame_is_seen_below_it(bench) -> None:
    canvas = bench("resnet34-notebook").canvas
    canvas.motion.want(False)
    canvas.expanding.toggle("group_64")
    frame = canvas.expanding.opened["group_64"]
    ((at, text),) = frame.results
    assert text == "56×56×64"
    below = canvas.network.nodes["double_to_128"].card.top() - frame.pos().y()
    assert frame.body.bottom() < at.y() < below
    assert frame.boundingRect().contains(at)


def test_a_frame_opens_while_the_cards_below_glide(bench, qtbot) -> None:
    canvas = bench("resnet34-notebook").canvas
    canvas.motion.want(True)
    canvas.expanding.toggle("group_64")
    frame = canvas.expanding.opened["group_64"]
    assert canvas.motion.under_way
    assert frame._unfolded < 1.0
    qtbot.waitUntil(lambda: frame._unfolded == 1.0 and not canvas.motion.under_way)
    canvas.expanding.toggle("group_64")
    assert canvas.motion.under_way, "they glide back"
    qtbot.waitUntil(lambda: not canvas.motion.under_way)


def test_a_frame_that_goes_while_it_opens_leaves_nothing_behind(bench, qtbot) -> None:
    canvas = bench("resnet34-notebook").canvas
    canvas.motion.want(True)
    places = dict(canvas.network.places)
    canvas.expanding.toggle("group_64")
    canvas.expanding.toggle("group_64")
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    qtbot.wait(260)
    assert canvas.network.places == places


def test_nothing_of_the_card_below_an_open_frame_peeks_out(bench) -> None:
    canvas = bench("resnet34-notebook").canvas
    canvas.motion.want(False)
    canvas.zoom_by(1 / canvas.zoom_level())
    card = canvas.network.nodes["group_64"]
    chip = repeat_chip(card.look, card.mood).translated(card.pos())

    def colors() -> set[int]:
        canvas.centerOn(chip.center())
        picture = canvas.viewport().grab().toImage()
        ratio = picture.devicePixelRatio()
        left, top = (canvas.mapFromScene(chip.topLeft()) * ratio).toTuple()
        beyond = range(top, top + round(4 * ratio))
        across = range(left + 2, left + round((chip.width() - 4) * ratio))
        return {picture.pixel(x, y) for x in across for y in beyond}

    assert len(colors()) > 2, "the count stands on the upper edge"
    canvas.expanding.toggle("group_64")
    assert len(colors()) <= 2, "nothing but the sheet"
    assert not canvas.repeating.press(chip.center() - QPointF(0, 8))
    canvas.expanding.toggle("group_64")
    assert len(colors()) > 2
