"""The finder: nodes anywhere in the document, commands of the menus, all by keys."""

import pytest
from PySide6.QtCore import Qt

from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import add_nodes, remove_nodes
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


def seen(canvas) -> tuple[float, int, int]:
    bars = canvas.horizontalScrollBar(), canvas.verticalScrollBar()
    return (canvas.zoom_level(), *(bar.value() for bar in bars))


@pytest.mark.parametrize("typed", ["pool", "28x28x128"])
def test_escape_shows_what_was_in_sight_before(workbench, qtbot, typed) -> None:
    canvas = workbench.canvas
    canvas.zoom_by(1.3)
    canvas.centerOn(310, 90)
    before = seen(canvas)
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "classifier")
    finder.line.setText(typed)
    assert seen(canvas) != before
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    assert seen(canvas) == pytest.approx(before, abs=1)


def test_escape_leaves_a_view_from_home_at_home(workbench, qtbot) -> None:
    canvas = workbench.canvas
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "classifier")
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    before = seen(canvas)
    canvas.show_home()
    assert seen(canvas) == before


@pytest.mark.parametrize("then", ["find", "commands"])
def test_asked_anew_it_ends_the_looking_of_before(workbench, qtbot, then) -> None:
    workbench.session.select(["classifier"])
    before = seen(workbench.canvas)
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "28x28x128")
    assert workbench.session.trail
    workbench.actions[then].trigger()
    assert finder.line.text() == ""
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    assert workbench.session.trail == ()
    assert workbench.session.selection == {"classifier"}
    assert seen(workbench.canvas) == pytest.approx(before, abs=1)


def test_what_is_found_follows_an_edit(workbench, qtbot) -> None:
    session = workbench.session
    session.apply("Add", add_nodes(session.document, "", [Node("aside", "ReLU")]))
    press(qtbot, workbench, "find")
    assert "aside" in titles(workbench)
    session.history.undo()
    assert workbench.finding.finder.isVisible()
    assert "aside" not in titles(workbench)
    session.history.redo()
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "aside")
    session.apply("Remove", remove_nodes(session.document, "", ["aside"]))
    assert finder.line.text() == "aside"
    assert titles(workbench) == []
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert finder.isVisible()


def test_another_document_has_nothing_to_go_back_to(workbench, qtbot) -> None:
    press(qtbot, workbench, "find")
    finder = workbench.finding.finder
    qtbot.keyClicks(finder.line, "28x28x128")
    workbench.session.load(Document(), None)
    assert not finder.isVisible()
    assert workbench.session.trail == ()


def test_looking_that_fails_leads_the_canvas_no_longer(workbench, monkeypatch) -> None:
    canvas, session = workbench.canvas, workbench.session

    def fail(_path: str) -> None:
        raise KeyError

    with monkeypatch.context() as broken:
        broken.setattr(session, "reveal", fail)
        with pytest.raises(KeyError):
            workbench.finding._look("classifier")
    canvas.zoom_by(0.2 / canvas.zoom_level())
    session.reveal("classifier")
    assert canvas.zoom_level() == pytest.approx(0.9), "it comes near enough to be read"
