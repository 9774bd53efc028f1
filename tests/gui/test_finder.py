"""The finder: nodes anywhere in the document, commands of the menus, all by keys."""

import pytest
from PySide6.QtCore import Qt

from resnet_studio.gui.finder.entries import Entry, found


@pytest.fixture
def workbench(bench):
    return bench("resnet34-notebook")


def press(qtbot, workbench, keys: str) -> None:
    workbench.canvas.setFocus()
    workbench.actions[keys].trigger()


def titles(workbench) -> list[str]:
    box = workbench.finding.finder.list
    return [box.item(i).text() for i in range(box.count())]


def test_a_node_inside_a_block_is_shown_while_one_looks(workbench, qtbot) -> None:
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    assert finder.isVisible()
    assert finder.line.hasFocus()
    assert titles(workbench)[:2] == ["image", "entry_conv"]
    qtbot.keyClicks(finder.line, "28x28x128")
    assert titles(workbench) == ["conv_a"]
    assert workbench.session.selection == {"conv_a"}
    assert workbench.session.trail == (("double_to_128", 1),)
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert not finder.isVisible()
    assert workbench.canvas.hasFocus()
    assert workbench.session.selection == {"conv_a"}


def test_escape_goes_back_to_where_one_was(workbench, qtbot) -> None:
    workbench.session.select(["classifier"])
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "conv")
    qtbot.keyClick(finder.line, Qt.Key.Key_Down)
    assert workbench.session.trail
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    assert workbench.session.trail == ()
    assert workbench.session.selection == {"classifier"}
    assert not finder.isVisible()


def test_the_found_node_is_in_sight(workbench, qtbot) -> None:
    press(qtbot, workbench, "find")
    qtbot.keyClicks(workbench.finding.finder.line, "classifier")
    canvas = workbench.canvas
    card = canvas.network.bounds(["classifier"]).center()
    at = canvas.mapFromScene(card)
    assert canvas.viewport().rect().contains(at)
    assert at.x() > workbench.finding.finder.geometry().right()


def test_a_command_is_found_and_given(workbench, qtbot) -> None:
    press(qtbot, workbench, "commands")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "selall")
    assert titles(workbench)[0] == "Select all"
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert workbench.session.selection == workbench.session.graph.nodes.keys()


def test_commands_that_cannot_be_given_are_not_offered(workbench, qtbot) -> None:
    press(qtbot, workbench, "commands")
    assert "Leave block" not in titles(workbench)
    qtbot.keyClicks(workbench.finding.finder.line, "no such command")
    assert titles(workbench) == []
    assert workbench.finding.finder.nothing.isVisible()


def test_what_is_selected_elsewhere_comes_into_sight(workbench, qtbot) -> None:
    canvas = workbench.canvas
    workbench.code_view.text.setFocus()
    workbench.session.reveal("classifier")
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.network.bounds(["classifier"]).center())


def test_among_very_many_letters_must_stand_together() -> None:
    entries = [
        Entry(f"conv_{i}", "", "", "core", lambda: None, words=f"conv_{i}") for i in range(20_000)
    ]
    assert [hit.entry.title for hit in found(entries, "conv_19999")] == ["conv_19999"]
    assert found(entries, "c19999") == []


def seen_within(canvas, key: str, room: int) -> bool:
    """Whether a card stands in the canvas with ``room`` pixels on each side of it."""
    painted = canvas.mapFromScene(canvas.network.nodes[key].card).boundingRect()
    return canvas.viewport().rect().contains(painted.adjusted(-room, -room, room, room))


def test_enter_brings_a_node_near_enough_to_be_read(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    canvas = workbench.canvas
    canvas.zoom_by(0.18 / canvas.zoom_level())
    press(qtbot, workbench, "find")
    qtbot.keyClicks(workbench.finding.finder.line, "classifier")
    assert canvas.zoom_level() == pytest.approx(0.18)
    qtbot.keyClick(workbench.finding.finder.line, Qt.Key.Key_Return)
    assert canvas.zoom_level() == pytest.approx(0.9)
    off = canvas.mapFromScene(canvas.network.nodes["classifier"].card.center())
    assert (off - canvas.viewport().rect().center()).manhattanLength() < 40


def test_the_zoom_stays_where_it_is_near_enough(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    canvas = workbench.canvas
    canvas.zoom_by(1.4 / canvas.zoom_level())
    press(qtbot, workbench, "find")
    qtbot.keyClicks(workbench.finding.finder.line, "classifier")
    qtbot.keyClick(workbench.finding.finder.line, Qt.Key.Key_Return)
    assert canvas.zoom_level() == pytest.approx(1.4)
    assert seen_within(canvas, "classifier", 60)


def test_what_is_chosen_in_a_list_can_be_read_also_under_the_pointer(bench, qtbot, monkeypatch):
    workbench = bench("resnet34-notebook")
    canvas = workbench.canvas
    monkeypatch.setattr(canvas, "underMouse", lambda: True)
    canvas.setFocus()
    canvas.zoom_by(0.2 / canvas.zoom_level())
    workbench.session.reveal("classifier")
    assert canvas.zoom_level() == pytest.approx(0.9)
    assert seen_within(canvas, "classifier", 60)
