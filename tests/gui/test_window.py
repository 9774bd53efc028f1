"""The window itself: its first frame, its panels, the breadcrumb, the guard over the work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QToolButton

from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.edits import remove_nodes, set_argument
from resnet_studio.formats import native
from resnet_studio.gui import recovery, shelf
from resnet_studio.gui.actions import COMMANDS
from resnet_studio.gui.crash import install_guard
from resnet_studio.gui.inspector.text_box import TextBox
from resnet_studio.gui.skeleton import LEFT, bottom
from resnet_studio.gui.window import Window

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_frame_needs_neither_networkx_nor_the_layers() -> None:
    code = (
        "import sys; import resnet_studio.gui.app; "
        "heavy = ('networkx', 'graphviz', 'keras', 'tensorflow', 'numpy', 'resnet_studio.core', "
        "'resnet_studio.layers', 'resnet_studio.formats'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_keras_never_enters_the_process_of_the_window() -> None:
    code = (
        "import sys; import resnet_studio.gui.workbench, resnet_studio.gui.export_dialog, "
        "resnet_studio.gui.verify_dialog; "
        "print([name for name in ('keras', 'tensorflow', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_window_is_built_after_its_first_paint(qtbot) -> None:
    window = Window()
    qtbot.addWidget(window)
    assert window.workbench is None
    seen = []
    window.when_built(seen.append)
    window.show()
    qtbot.waitUntil(lambda: window.settled, timeout=10_000)
    assert seen == [window.workbench]


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080)])
def test_the_canvas_has_most_of_the_room(bench, size) -> None:
    workbench = bench("resnet34-notebook", size=size)
    assert (workbench.window.width(), workbench.window.height()) == size
    assert workbench.canvas.width() > 0.5 * size[0]
    assert workbench.canvas.height() > 0.38 * size[1]
    assert workbench.totals.isVisible()


def test_panels_are_remembered_and_reset(bench) -> None:
    workbench = bench()
    workbench.docks.by_name["palette"].hide()
    workbench.docks.remember()
    workbench.docks.by_name["palette"].show()
    workbench.docks.restore()
    assert not workbench.docks.by_name["palette"].isVisible()
    workbench.actions["reset-layout"].trigger()
    assert workbench.docks.by_name["palette"].isVisible()


def test_panels_keep_the_sizes_and_places_that_they_were_given(bench, qtbot) -> None:
    first = bench()
    docks, window = first.docks.by_name, first.window
    window.resizeDocks(
        [docks["palette"], docks["inspector"]], [300, 400], Qt.Orientation.Horizontal
    )
    window.resizeDocks([docks["code"]], [310], Qt.Orientation.Vertical)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["tables"])
    docks["problems"].close()
    qtbot.wait(50)
    sizes = {name: (dock.width(), dock.height()) for name, dock in docks.items()}
    first.docks.remember()

    second = bench()
    again = second.docks.by_name
    assert not again["problems"].isVisible()
    area = second.window.dockWidgetArea(again["tables"])
    assert area == Qt.DockWidgetArea.RightDockWidgetArea
    qtbot.waitUntil(lambda: again["palette"].width() == sizes["palette"][0])
    assert again["inspector"].width() == sizes["inspector"][0]
    assert again["code"].height() == sizes["code"][1]
    second.docks.reset()
    area = second.window.dockWidgetArea(again["tables"])
    assert area == Qt.DockWidgetArea.BottomDockWidgetArea
    assert again["problems"] in second.window.tabifiedDockWidgets(again["code"])
    qtbot.waitUntil(lambda: again["palette"].width() == LEFT)


@pytest.mark.parametrize("name", ["palette", "inspector", "code", "problems", "tables"])
def test_a_key_brings_a_panel_to_the_front_and_hides_it(bench, qtbot, name) -> None:
    workbench = bench("resnet34-notebook")
    docks = workbench.docks
    dock, toggle = docks.by_name[name], docks.toggles[name]
    dock.close()
    qtbot.waitUntil(lambda: not toggle.isChecked())
    toggle.trigger()
    qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    assert toggle.isChecked()
    assert dock.isAncestorOf(workbench.window.focusWidget())
    toggle.trigger()
    assert dock.isHidden()
    assert not toggle.isChecked()


def test_a_key_brings_a_panel_out_from_behind_its_neighbour(bench, qtbot) -> None:
    docks = bench("resnet34-notebook").docks
    docks.reveal("code")
    qtbot.waitUntil(lambda: docks.by_name["tables"].visibleRegion().isEmpty())
    docks.toggles["tables"].trigger()
    qtbot.waitUntil(lambda: not docks.by_name["tables"].visibleRegion().isEmpty())


def test_a_panel_has_a_title_bar_where_no_tab_names_it(bench, qtbot) -> None:
    workbench = bench()
    tables = workbench.docks.by_name["tables"]
    qtbot.waitUntil(lambda: tables.titleBarWidget().height() == 0)
    workbench.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, tables)
    qtbot.waitUntil(lambda: tables.titleBarWidget().height() > 20)
    workbench.docks.reset()
    qtbot.waitUntil(lambda: tables.titleBarWidget().height() == 0)


def test_shortcuts_are_not_given_twice(bench) -> None:
    keys = [command.keys for command in COMMANDS if command.keys]
    keys += [toggle.shortcut().toString() for toggle in bench().docks.toggles.values()]
    assert len(keys) == len(set(keys))


def test_the_breadcrumb_leads_back(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    session, crumbs = workbench.session, workbench.breadcrumb
    assert [text for text, _ in crumbs.steps()] == ["resnet34_notebook"]
    session.enter("group_64", 2)
    assert [text for text, _ in crumbs.steps()] == ["resnet34_notebook", "group_64 #2"]
    qtbot.wait(50)
    buttons = [b for b in crumbs.findChildren(QToolButton) if b.isVisible()]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert session.trail == ()
    session.enter("group_64")
    workbench.actions["leave"].trigger()
    assert session.trail == ()
    assert session.selection == {"group_64"}


def test_the_menu_of_the_canvas_offers_what_is_possible(bench) -> None:
    workbench = bench("resnet34-notebook")

    def offered() -> list[str]:
        menu = workbench.menus.canvas_menu(workbench.canvas)
        return [action.objectName() for action in menu.actions() if not action.isSeparator()]

    assert "enter" not in offered()
    workbench.session.select(["group_64"])
    assert offered()[0] == "enter"
    workbench.session.enter("group_64")
    assert offered()[-1] == "leave"


def test_undo_and_redo_say_what_they_do(bench) -> None:
    workbench = bench()
    undo, redo = workbench.actions["undo"], workbench.actions["redo"]
    assert not undo.isEnabled()
    workbench.add("Dense")
    assert undo.text() == "&Undo Add “dense”"
    undo.trigger()
    assert workbench.session.graph.nodes == {}
    assert redo.text() == "&Redo Add “dense”"
    redo.trigger()
    assert list(workbench.session.graph.nodes) == ["dense"]


def test_no_focus_falls_on_what_hides_a_panel(bench) -> None:
    for dock in bench().docks.by_name.values():
        for button in dock.titleBarWidget().findChildren(QToolButton):
            assert button.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_an_unforeseen_error_keeps_the_work(bench, monkeypatch, capsys) -> None:
    workbench = bench()
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    install_guard(workbench.window)
    workbench.add("Dense")
    error = ZeroDivisionError("planted")
    sys.excepthook(type(error), error, None)
    box = workbench.window.findChild(QMessageBox)
    assert "your network is unharmed" in box.text()
    kept = recovery.folder() / f"{os.getpid()}.rsnet"
    assert str(kept) in box.informativeText()
    assert list(native.load(kept).document.network.nodes) == ["dense"]
    assert "planted" in capsys.readouterr().err
    box.close()
    workbench.recovery.forget()
    assert not kept.exists()


def test_kept_work_of_one_test_is_not_found_by_another(tmp_path) -> None:
    assert recovery.folder().is_relative_to(tmp_path)
    assert shelf.folder().is_relative_to(tmp_path)


def test_work_kept_by_a_process_that_is_gone_is_offered(bench) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = recovery.folder() / f"{gone.pid}.rsnet"
    kept.parent.mkdir(parents=True, exist_ok=True)
    workbench = bench("residual-block")
    native.save(workbench.session.document, kept)
    try:
        other = bench()
        assert "the work was kept" in other.message_bar.text.text()
        other.message_bar.button.click()
        assert other.session.document == workbench.session.document
        assert other.session.unsaved
        assert not kept.exists()
    finally:
        kept.unlink(missing_ok=True)


@pytest.mark.parametrize("height", [600, 690, 870, 1200])
def test_the_canvas_keeps_most_of_the_room_in_a_new_window(height) -> None:
    room = height - 162
    assert bottom(height) <= max(184, 0.33 * room)
    assert 184 <= bottom(height) <= 320


def test_the_canvas_has_the_keys_at_the_start_and_in_each_new_network(bench):
    opened = bench()
    window = opened.window
    assert window.focusWidget() is opened.canvas
    opened.palette.search.setFocus()
    opened.actions["new"].trigger()
    assert window.focusWidget() is opened.canvas
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert opened.canvas.adding.open


def test_why_a_merge_cannot_be_bypassed_is_told_above_the_canvas(bench, qtbot) -> None:
    workbench = bench("residual-block")
    call = next(n for n in workbench.session.graph.nodes.values() if n.type == "residual_block")
    workbench.session.enter(call.id)
    workbench.session.select(["add"])
    document = workbench.session.document
    QTest.keyClick(workbench.canvas, Qt.Key.Key_M)
    said = "“add” cannot be bypassed: one wire must enter it, and 2 do."
    assert workbench.message_bar.isVisible()
    assert workbench.message_bar.text.text() == said
    assert workbench.session.document is document


def nested() -> Document:
    """A network that calls “outer”, which calls “inner”; a node of each is called “conv”."""
    conv = Node("conv", "Conv2D", {"filters": 8, "kernel_size": 3}, position=(0, 200))
    inner = Graph({"x": Node("x", "BlockInput"), "conv": conv})
    around = Graph({"in": Node("in", "BlockInput"), "call": Node("call", "inner"), "conv": conv})
    network = Graph({"stage": Node("stage", "outer", position=(0, 0)), "conv": conv})
    return Document(network=network, blocks={"inner": Block(inner), "outer": Block(around)})


def test_whose_call_is_gone_is_led_out_and_told(bench) -> None:
    workbench = bench()
    session, bar = workbench.session, workbench.message_bar
    session.load(nested(), None)
    session.go_to((("stage", 1), ("call", 1)), ["conv"])
    session.apply("Remove", remove_nodes(session.document, "outer", ["call"]))
    assert session.trail == (("stage", 1),)
    assert session.selection == frozenset(), "the “conv” around it is another one"
    assert set(workbench.canvas.network.nodes) == {"in", "conv"}
    assert bar.text.text() == "The call “call” that you were in is gone: you are inside “outer”."
    bar.hide()
    session.history.undo()
    assert session.trail == (("stage", 1), ("call", 1))
    assert session.selection == {"conv"}
    session.history.redo()
    assert bar.isVisible()
    assert session.scope == "outer"


def test_undo_of_what_made_the_call_leads_out_of_it(bench) -> None:
    workbench = bench()
    session, bar = workbench.session, workbench.message_bar
    document = nested()
    session.load(remove_nodes(document, "", ["stage"]), None)
    session.select(["conv"])
    session.apply("Add", document, select=["stage"])
    session.go_to((("stage", 1), ("call", 1)))
    session.history.undo()
    assert session.trail == ()
    assert session.selection == {"conv"}, "as it was when the call was made"
    assert set(workbench.canvas.network.nodes) == {"conv"}
    assert bar.text.text() == "The call “stage” that you were in is gone: you are in the network."


def test_who_is_led_to_where_an_edit_was_made_is_told_of_no_loss(bench) -> None:
    workbench = bench()
    session = workbench.session
    session.load(nested(), None)
    session.apply("Set", set_argument(session.document, "", "conv", "filters", 16))
    session.go_to((("stage", 1),))
    session.history.undo()
    assert session.trail == ()
    assert not workbench.message_bar.isVisible()


def test_commands_that_need_a_selection_wait_for_one(bench) -> None:
    workbench = bench("resnet34-notebook")
    session, actions = workbench.session, workbench.actions

    def able(*names: str) -> list[bool]:
        return [actions[name].isEnabled() for name in names]

    names = ("delete", "bypass", "align-left", "spread-across")
    session.select([])
    assert able(*names) == [False, False, False, False]
    ids = list(session.graph.nodes)
    session.select(ids[:1])
    assert able(*names) == [True, True, False, False]
    session.select(ids[:2])
    assert able(*names) == [True, True, True, False]
    session.select(ids[:3])
    assert able(*names) == [True, True, True, True]


def test_a_wire_that_is_selected_can_be_deleted(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.session.select([])
    workbench.canvas.editing.select_wires(workbench.session.graph.edges[:1])
    assert workbench.actions["delete"].isEnabled()
    assert not workbench.actions["copy"].isEnabled()
    before = len(workbench.session.graph.edges)
    workbench.actions["delete"].trigger()
    assert len(workbench.session.graph.edges) == before - 1
    assert not workbench.actions["delete"].isEnabled()


@pytest.mark.parametrize("where", ["palette.search", "tables.search", "inspector"])
def test_texts_leave_the_keys_of_commands_to_the_window(bench, qtbot, where, monkeypatch) -> None:
    """Ctrl+E would go to the end of the line, where it is meant to export."""
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("tables")
    field = {
        "palette.search": workbench.palette.search,
        "tables.search": workbench.tables.search,
        "inspector": workbench.inspector.findChild(TextBox),
    }[where]
    field.setFocus()
    heard = []
    workbench.actions["export"].triggered.connect(lambda: heard.append("export"))
    monkeypatch.setattr(workbench, "_sound", lambda _done: False)
    qtbot.keyClick(field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["export"]
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not workbench.session.selection


def test_what_was_said_of_an_edit_goes_with_the_next_and_with_its_undo(bench) -> None:
    opened = bench("resnet34-notebook")
    session, bar = opened.session, opened.window.statusBar()
    calls = sorted(n.id for n in session.graph.nodes.values() if n.type == "residual_block")
    session.select(calls[:1])
    opened.actions["own-block"].trigger()
    assert "calls" in bar.currentMessage()
    session.history.undo()
    assert bar.currentMessage() == ""
    opened.actions["own-block"].trigger()
    opened.add("ReLU")
    assert bar.currentMessage() == ""
    opened.say("Select the nodes to copy first.")
    session.select([])
    assert bar.currentMessage()
