"""Cards glide to where an edit puts them, and are there at once for whoever asks."""

import pytest
from PySide6.QtCore import Qt


@pytest.fixture
def workbench(bench):
    workbench = bench("resnet34-notebook")
    workbench.actions["motion"].setChecked(True)
    return workbench


def move(workbench, key: str, place) -> None:
    workbench.canvas.editing.place({key: place})


def test_a_card_is_on_its_way_and_then_there(workbench, qtbot) -> None:
    canvas = workbench.canvas
    start = canvas.network.places["classifier"]
    move(workbench, "classifier", (start[0] + 600, start[1]))
    assert workbench.session.graph.nodes["classifier"].position == (start[0] + 600, start[1])
    assert canvas.motion.under_way
    qtbot.waitUntil(lambda: start[0] < canvas.network.places["classifier"][0])
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    assert canvas.network.places["classifier"] == (start[0] + 600, start[1])


def test_a_press_finds_everything_in_its_place(workbench, qtbot) -> None:
    canvas = workbench.canvas
    start = canvas.network.places["entry_conv"]
    move(workbench, "entry_conv", (start[0] + 240, start[1]))
    card = canvas.mapFromScene(start[0] + 300, start[1] + 20)
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=card)
    assert workbench.session.selection == {"entry_conv"}
    assert not canvas.motion.under_way


def test_undo_during_a_movement_goes_back(workbench, qtbot) -> None:
    canvas = workbench.canvas
    start = canvas.network.places["classifier"]
    pinned = canvas.pinned()
    workbench.session.apply("Pin", pinned)
    move(workbench, "classifier", (start[0] + 600, start[1]))
    workbench.session.history.undo()
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    assert canvas.network.places["classifier"] == start


def test_the_layout_is_fitted_to_where_cards_will_stand(workbench, qtbot) -> None:
    canvas = workbench.canvas
    move(workbench, "classifier", (4000.0, 4000.0))
    canvas.motion.finish()
    workbench.canvas.lay_out()
    qtbot.waitUntil(lambda: workbench.session.history.undoText() == "Lay out", timeout=10_000)
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    level = canvas.zoom_level()
    canvas.show_home()
    assert canvas.zoom_level() == level


def test_it_can_be_switched_off(workbench) -> None:
    workbench.actions["motion"].setChecked(False)
    start = workbench.canvas.network.places["classifier"]
    move(workbench, "classifier", (start[0] + 600, start[1]))
    assert not workbench.canvas.motion.under_way
    assert workbench.canvas.network.places["classifier"] == (start[0] + 600, start[1])
