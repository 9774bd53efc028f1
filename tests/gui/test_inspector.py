"""The inspector: editing, judging as one types, undo, expressions, blocks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from resnet_studio.core.document import Document
from resnet_studio.core.layer import LAYERS
from resnet_studio.gui.inspector.text_box import TextBox
from resnet_studio.gui.new_node import start_config


def select(workbench, path: str):
    workbench.session.reveal(path)
    return workbench.inspector.page


def type_into(qtbot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_typing_is_applied_at_once_and_is_one_undo_step(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    session = workbench.session
    page = select(workbench, "entry_conv")
    type_into(qtbot, page.rows["filters"].editor.field, "128")
    assert session.document.network.nodes["entry_conv"].config["filters"] == 128
    assert session.history.count() == 1
    session.history.undo()
    assert session.document.network.nodes["entry_conv"].config["filters"] == 64
    assert page.rows["filters"].editor.field.text() == "64"


def test_what_keras_refuses_is_said_and_not_applied(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "entry_conv")
    row = page.rows["filters"]
    type_into(qtbot, row.editor.field, "many")
    assert row.fault.text() == "Filters must be a whole number of at least 1, not “many”."
    assert row.fault.isVisible()
    assert row.editor.field.property("fault") == "true"
    assert workbench.session.history.count() == 0
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert row.editor.field.text() == "64"
    assert not row.fault.isVisible()


def test_an_empty_required_argument_is_refused(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    row = select(workbench, "entry_conv").rows["filters"]
    row.editor.field.setFocus()
    row.editor.field.selectAll()
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Delete)
    assert row.fault.isVisible()
    assert workbench.session.history.count() == 0


@pytest.mark.parametrize(("typed", "value"), [("5", 5), ("3x5", [3, 5]), ("(5, 3)", [5, 3])])
def test_sizes_are_read_as_people_write_them(bench, qtbot, typed, value) -> None:
    workbench = bench("resnet34-notebook")
    row = select(workbench, "entry_conv").rows["kernel_size"]
    type_into(qtbot, row.editor.field, typed)
    assert workbench.session.document.network.nodes["entry_conv"].config["kernel_size"] == value


def test_steps_of_a_whole_number(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    field = select(workbench, "entry_conv").rows["filters"].editor.field
    config = workbench.session.graph.nodes
    qtbot.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert workbench.session.graph.nodes["entry_conv"].config["filters"] == 128
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert workbench.session.graph.nodes["entry_conv"].config["filters"] == 127
    assert config is not workbench.session.graph.nodes


def test_a_switch_and_the_way_back_to_the_default(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    row = select(workbench, "entry_conv").rows["use_bias"]
    qtbot.mouseClick(row.editor.field, Qt.MouseButton.LeftButton)
    assert workbench.session.graph.nodes["entry_conv"].config["use_bias"] is False
    back = row._back
    assert back.isVisible()
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert "use_bias" not in workbench.session.graph.nodes["entry_conv"].config
    assert row.editor.field.isChecked()
    assert not back.isVisible()


def test_the_count_is_spelled_out(bench) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "double_to_128/conv_a")
    shown = page.facts.formula.text().replace("\u200b", "")
    assert shown == "3·3·64·128 + 128 = 73,856"
    assert page.facts.formula.toolTip() == "kernel + bias"


def test_the_count_of_a_loop_says_which_copies_it_covers(bench) -> None:
    workbench = bench("doubling-mismatch")
    said = select(workbench, "group_64").facts.values["Parameters"].text()
    assert said == "147,712 in 2 copies together"
    said = select(workbench, "group_128").facts.values["Parameters"].text()
    assert said == "221,440 in the first of 3 copies, the rest unknown"


def test_expressions_over_the_parameters_of_the_block(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "group_64#1/conv_a")
    row = page.rows["filters"]
    assert row.worth.text() == "= 64 in this copy"
    type_into(qtbot, row.editor.field, "=2 * n_filters")
    assert workbench.session.graph.nodes["conv_a"].config["filters"] == "=2 * n_filters"
    assert row.worth.text() == "= 128 in this copy"
    type_into(qtbot, row.editor.field, "=width")
    assert "not a parameter here (there are: n_filters)" in row.fault.text()
    type_into(qtbot, row.editor.field, "=__import__('os')")
    assert "may hold only" in row.fault.text()
    assert workbench.session.graph.nodes["conv_a"].config["filters"] == "=2 * n_filters"


def test_a_choice_becomes_an_expression(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    row = select(workbench, "group_64#1/conv_a").rows["strides"]
    qtbot.mouseClick(row._fx, Qt.MouseButton.LeftButton)
    assert workbench.session.graph.nodes["conv_a"].config["strides"] == "=n_filters"
    qtbot.mouseClick(row._fx, Qt.MouseButton.LeftButton)
    assert workbench.session.graph.nodes["conv_a"].config["strides"] == 64


def test_outside_blocks_there_are_no_expressions(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    row = select(workbench, "entry_conv").rows["filters"]
    assert not row._fx.isVisible()
    type_into(qtbot, row.editor.field, "=n")
    assert "not a parameter here" in row.fault.text()


def test_renaming_a_node(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "entry_conv")
    type_into(qtbot, page.header.name, "entry_pool")
    assert page.header.fault.text() == "There is already a node called “entry_pool”."
    type_into(qtbot, page.header.name, "stem")
    qtbot.keyClick(page.header.name, Qt.Key.Key_Return)
    assert "stem" in workbench.session.graph.nodes
    assert workbench.session.selection == {"stem"}


def test_a_call_of_a_block(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "group_64")
    assert list(page.rows) == ["n_filters", "repeat"]
    type_into(qtbot, page.rows["repeat"].editor.field, "3")
    assert workbench.session.graph.nodes["group_64"].repeat == 3
    qtbot.mouseClick(page.enter, Qt.MouseButton.LeftButton)
    assert workbench.session.scope == "residual_block"
    assert workbench.inspector.page is workbench.inspector.block_page


def test_parameters_of_a_block(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    session = workbench.session
    session.enter("group_64")
    page = workbench.inspector.block_page
    field = page.parameters["n_filters"].name
    type_into(qtbot, field, "width")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert session.document.blocks["residual_block"].parameters == {"width": 64}
    assert session.graph.nodes["conv_a"].config["filters"] == "=width"
    assert session.document.network.nodes["group_64"].config == {"width": 64}
    page._remove("width")
    assert "still used by “conv_a”" in page.fault.text()
    page._add()
    assert "n_filters" in page.parameters
    page._remove("n_filters")
    assert list(session.document.blocks["residual_block"].parameters) == ["width"]


def test_the_network_as_a_whole(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = workbench.inspector.network_page
    assert workbench.inspector.page is page
    type_into(qtbot, page.name, "mine")
    assert workbench.session.document.name == "mine"
    assert workbench.session.history.count() == 1
    type_into(qtbot, page.metrics.field, "accuracy, top_k_categorical_accuracy")
    kept = workbench.session.document.training["metrics"]
    assert kept == ["accuracy", "top_k_categorical_accuracy"]


def test_undo_in_a_field_is_the_undo_of_the_document(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    field = select(workbench, "entry_conv").rows["filters"].editor.field
    type_into(qtbot, field, "32")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workbench.session.graph.nodes["entry_conv"].config["filters"] == 64


def test_every_layer_has_a_page_without_faults(bench) -> None:
    workbench = bench()
    for type_name in LAYERS:
        workbench.session.load(Document(), None)
        workbench.add(type_name)
        page = workbench.inspector.page
        page._made[type_name].more.heading.click()
        assert start_config(type_name).keys() <= page.rows.keys(), type_name
        shown = [
            argument for argument in LAYERS[type_name].arguments.values() if not argument.hidden
        ]
        assert {argument.name for argument in shown} <= page.rows.keys(), type_name
        faults = [row.fault.text() for row in page.rows.values() if row.fault.text()]
        assert faults == [], type_name


def test_the_row_says_what_the_edit_changes_in_the_network(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    page = select(workbench, "entry_conv")
    row = page.rows["filters"]
    type_into(qtbot, row.editor.field, "128")
    qtbot.waitUntil(row.aftermath.isVisible)
    text = row.aftermath.text()
    assert text.startswith("Changes 2 shapes, leaves 9 nodes without a shape")
    assert "brings 1 error" in text
    workbench.session.history.undo()
    assert not row.aftermath.isVisible()
    type_into(qtbot, page.rows["kernel_size"].editor.field, "5, 5")
    qtbot.waitUntil(page.rows["kernel_size"].aftermath.isVisible)
    assert page.rows["kernel_size"].aftermath.text() == "−4,608 parameters"
    workbench.session.select(["entry_pool"])
    workbench.session.select(["entry_conv"])
    assert not page.rows["kernel_size"].aftermath.isVisible()


def test_a_long_description_is_wrapped_to_the_box(bench, qtbot) -> None:
    for size in ((900, 600), (1440, 900)):
        workbench = bench("resnet50", size=size)
        box = next(b for b in workbench.inspector.findChildren(TextBox) if b.isVisible())
        assert len(box.toPlainText()) > 200
        qtbot.waitUntil(lambda box=box: box.verticalScrollBar().maximum() > 0)
        assert not box.horizontalScrollBar().isVisible()
        layout = box.document().begin().layout()
        lines = [layout.lineAt(at).naturalTextWidth() for at in range(layout.lineCount())]
        assert max(lines) <= box.viewport().width()


def test_the_page_of_a_block_counts_calls_and_copies(bench) -> None:
    workbench = bench("resnet34-notebook")
    session = workbench.session
    session.reveal("group_64#1/conv_a")
    session.select(())
    told = workbench.inspector.block_page.uses.text()
    calls = [n for n in session.document.network.nodes.values() if n.type == session.scope]
    assert told == f"Block · {len(calls)} calls, {sum(n.repeat for n in calls)} copies"
