"""Parameters of blocks are typed and judged as the arguments that they feed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import set_parameter
from resnet_studio.core.edits import set_argument
from resnet_studio.core.flatten import flatten
from resnet_studio.core.layer import LAYERS
from resnet_studio.formats import native
from resnet_studio.formats.keras_code import write
from resnet_studio.gui.group_dialog import GroupDialog

BLOCK = "residual_block"


@pytest.fixture
def opened(bench):
    """A block whose ``kernel_size`` goes to both of its convolutions."""
    workbench = bench("resnet34-notebook")
    session = workbench.session
    document = set_parameter(session.document, BLOCK, "kernel_size", 3)
    document = set_parameter(document, BLOCK, "idle", 1)
    for key in ("conv_a", "conv_b"):
        document = set_argument(document, BLOCK, key, "kernel_size", "=kernel_size")
    session.apply("Prepare", document)
    return workbench


def type_into(qtbot, field, text: str) -> None:
    qtbot.waitUntil(field.isVisible)  # rows are made between frames
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def call_row(opened, name: str = "kernel_size"):
    opened.session.select(["group_64"])
    return opened.inspector.page.rows[name]


def default_row(opened, name: str = "kernel_size"):
    opened.session.enter("group_64")
    return opened.inspector.page.parameters[name]


def sizes_in(document) -> set[tuple[int, int]]:
    """What the convolutions of the call come to, as the engine has them."""
    nodes = flatten(analyse(document)).nodes
    convs = [n for n in nodes if n.path.startswith("group_64") and "conv_" in n.path]
    kind = LAYERS["Conv2D"].arguments["kernel_size"].kind
    return {kind.parse(n.config["kernel_size"]) for n in convs}


WAYS = [("7", 7), ("[7, 7]", [7, 7]), ("(7, 7)", [7, 7]), ("7×7", [7, 7]), ("7 x 5", [7, 5])]
BAD = ["big", "0", "3, 3, 3", "[3", "-1"]


@pytest.mark.parametrize(("text", "value"), WAYS)
def test_a_call_takes_sizes_as_a_convolution_does(opened, qtbot, text, value) -> None:
    row = call_row(opened)
    type_into(qtbot, row.editor.field, text)
    assert row.fault.text() == ""
    session = opened.session
    assert session.graph.nodes["group_64"].config["kernel_size"] == value
    assert session.analysis.ok
    again = native.loads(native.dumps(session.document)).document
    assert again == session.document
    assert sizes_in(again) == {tuple(value) if isinstance(value, list) else (value, value)}
    shown = repr(tuple(value)) if isinstance(value, list) else str(value)
    code = write(session.analysis)
    assert f"kernel_size={shown}" in code
    assert code.count("Conv2D(n_filters, kernel_size,") == 2


@pytest.mark.parametrize("text", BAD)
def test_bad_text_is_told_at_the_field_of_the_call(opened, qtbot, text) -> None:
    row = call_row(opened)
    before = opened.session.document
    type_into(qtbot, row.editor.field, text)
    assert row.fault.isVisible()
    assert row.fault.text().startswith("Kernel size must be a whole number of at least 1, or a")
    assert row.fault.text().count(".") == 1
    if text != "3, 3, 3":
        assert opened.session.document is before
    else:  # “3” and “3, 3” are sizes on the way there
        assert opened.session.graph.nodes["group_64"].config["kernel_size"] == [3, 3]


@pytest.mark.parametrize(("text", "value"), WAYS)
def test_a_default_is_typed_alike(opened, qtbot, text, value) -> None:
    row = default_row(opened)
    type_into(qtbot, row.editor.field, text)
    assert opened.session.document.blocks[BLOCK].parameters["kernel_size"] == value
    assert not row.fault.isVisible()


@pytest.mark.parametrize("text", ["big", "0", "[3", "-1"])
def test_a_bad_default_is_told_at_its_field(opened, qtbot, text) -> None:
    row = default_row(opened)
    before = opened.session.document
    type_into(qtbot, row.editor.field, text)
    assert opened.session.document is before
    assert row.fault.isVisible()
    assert row.fault.text().startswith("Kernel size must be a whole number of at least 1")


def test_a_default_that_feeds_nothing_takes_anything_but_nothing(opened, qtbot) -> None:
    row = default_row(opened, "idle")
    type_into(qtbot, row.editor.field, "7×7")
    parameters = opened.session.document.blocks[BLOCK].parameters
    assert parameters["idle"] == [7, 7]
    row.editor.field.selectAll()
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Delete)
    assert row.fault.text() == "Idle is required."
    assert opened.session.document.blocks[BLOCK].parameters["idle"] == [7, 7]


def test_several_calls_take_what_one_takes(opened, qtbot) -> None:
    session = opened.session
    ids = [n.id for n in session.graph.nodes.values() if n.type == BLOCK][:2]
    session.select(ids)
    row = opened.inspector.page.rows["kernel_size"]
    type_into(qtbot, row.editor.field, "5x5")
    assert [session.graph.nodes[key].config["kernel_size"] for key in ids] == [[5, 5]] * 2
    type_into(qtbot, row.editor.field, "big")
    assert row.fault.text().startswith("Kernel size must be a whole number of at least 1")


def test_the_field_follows_what_the_parameter_feeds(opened, qtbot) -> None:
    session = opened.session
    row = call_row(opened, "idle")
    assert row.argument.kind.hint() == "a whole number"
    session.apply("Feed", set_argument(session.document, BLOCK, "conv_a", "strides", "=idle"))
    row = opened.inspector.page.rows["idle"]
    type_into(qtbot, row.editor.field, "1×1")
    assert session.graph.nodes["group_64"].config["idle"] == [1, 1]
    assert session.analysis.ok


def test_parameters_made_by_grouping(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    session.select(["entry_conv", "entry_pool"])
    opened.canvas.setFocus()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    asked = next(w for w in QApplication.topLevelWidgets() if isinstance(w, GroupDialog))
    qtbot.waitUntil(lambda: bool(asked.rows))
    for choice in asked.rows:
        choice.chosen.setChecked(choice.offer.parameter.name in ("kernel_size", "pool_size"))
    asked.ok.click()
    (call,) = session.selection
    opened.window.activateWindow()  # as the dialog's end does on a desktop
    qtbot.waitUntil(opened.window.isActiveWindow)
    for name in ("kernel_size", "pool_size"):
        row = opened.inspector.page.rows[name]
        type_into(qtbot, row.editor.field, "5 x 5")
        assert session.graph.nodes[call].config[name] == [5, 5]
        type_into(qtbot, row.editor.field, "0")
        assert "must be a whole number of at least 1, or a list of 2" in row.fault.text()
        assert session.graph.nodes[call].config[name] == [5, 5]
    assert session.analysis.ok
    assert "(5, 5)" in write(session.analysis)


def test_one_number_for_all_axes_is_typed_as_a_pair_all_the_same(opened, qtbot) -> None:
    session = opened.session
    document = set_argument(
        session.document, BLOCK, "conv_a", "kernel_size", ["=kernel_size", "=kernel_size"]
    )
    session.apply("As grouped", document)
    row = call_row(opened)
    type_into(qtbot, row.editor.field, "5×5")
    assert session.graph.nodes["group_64"].config["kernel_size"] == 5
    assert session.analysis.ok
    type_into(qtbot, row.editor.field, "5×7")
    assert "must be one size for all axes" in row.fault.text()
