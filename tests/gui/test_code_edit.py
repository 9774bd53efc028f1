"""Editing a value where it stands in the code, with real mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit

from resnet_studio.core.document import Node
from resnet_studio.core.edits import add_nodes


@pytest.fixture
def view(bench, qtbot):
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("code")
    view = workbench.code_view
    view.write_now()
    return view


def place(view, line_holds: str, text: str) -> QPoint:
    """The middle of some text in the first line that holds other text, in the viewport."""
    document = view.text.document()
    block = document.firstBlock()
    while line_holds not in block.text():
        block = block.next()
    cursor = QTextCursor(block)
    view.text.setTextCursor(cursor)
    view.text.ensureCursorVisible()
    cursor.setPosition(block.position() + block.text().index(text) + 1)
    return view.text.cursorRect(cursor).center()


def open_editor(view) -> QLineEdit | None:
    lines = view.text.viewport().findChildren(QLineEdit, "code-value")
    return next((line for line in lines if line.isVisible()), None)


def edit(qtbot, view, line_holds: str, text: str, typed: str) -> QLineEdit | None:
    view.write_now()
    at = place(view, line_holds, text)
    qtbot.mouseDClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = open_editor(view)
    if editor is not None:
        qtbot.keyClicks(editor, typed)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    return editor


def node(view, scope: str, key: str):
    return view._session.document.graph(scope).nodes[key]


def test_a_number_of_a_layer(view, qtbot) -> None:
    edit(qtbot, view, "Dense(1000", "1000", "10")
    assert node(view, "", "classifier").config["units"] == 10
    qtbot.waitUntil(lambda: "Dense(10," in view.text.toPlainText(), timeout=3000)
    view._session.history.undo()
    assert node(view, "", "classifier").config["units"] == 1000


def test_a_loop_a_word_a_tuple_and_an_argument_of_a_call(view, qtbot) -> None:
    edit(qtbot, view, "range(5)", "5", "6")
    assert node(view, "", "group_256").repeat == 6
    edit(qtbot, view, 'activation="softmax"', '"softmax"', "None")
    assert node(view, "", "classifier").config["activation"] is None
    edit(qtbot, view, "shape=(224", "(224, 224", "(112, 112, 3)")
    assert node(view, "", "image").config["shape"] == [112, 112, 3]
    view.write_now()
    edit(qtbot, view, "residual_block(x, n_filters=256)", "256", "128 * 2 // 1")
    assert node(view, "", "group_256").config["n_filters"] == 256, "arithmetic needs a parameter"


def test_a_loose_node_is_no_hindrance_and_stays(view, qtbot) -> None:
    session = view._session
    loose = [Node("loose", "ReLU"), Node("spare", "residual_block")]
    session.apply("Add", add_nodes(session.document, "", loose))
    edit(qtbot, view, "Dense(1000", "1000", "10")
    assert node(view, "", "classifier").config["units"] == 10
    edit(qtbot, view, "layers.Conv2D(n_filters", "n_filters", "2 * n_filters")
    assert node(view, "residual_block", "conv_a").config["filters"] == "=2 * n_filters"
    assert {"loose", "spare"} <= session.document.network.nodes.keys()


def test_an_expression_over_the_parameters_of_a_block(view, qtbot) -> None:
    edit(qtbot, view, "layers.Conv2D(n_filters", "n_filters", "2 * n_filters")
    assert node(view, "residual_block", "conv_a").config["filters"] == "=2 * n_filters"


def test_what_is_wrong_is_said_and_nothing_changes(view, qtbot) -> None:
    before = view._session.document
    for typed in ("ten", "1.5", "-3", "(", "__import__('os')"):
        editor = edit(qtbot, view, "Dense(1000", "1000", typed)
        assert editor.property("fault") == "true"
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
        assert open_editor(view) is None
    assert view._session.document is before


def test_what_is_no_value_is_not_edited(view, qtbot) -> None:
    assert edit(qtbot, view, "def build_model", "build", "x") is None


def test_up_and_down_count(view, qtbot) -> None:
    at = place(view, "Dense(1000", "1000")
    qtbot.mouseDClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = open_editor(view)
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert node(view, "", "classifier").config["units"] == 1001


def test_after_an_edit_with_the_pointer_the_keys_are_the_canvas_s(view, qtbot) -> None:
    """Ctrl+V pastes at once: nobody has to click into the canvas first."""
    window = view.window()
    workbench = window.workbench
    workbench.session.select(["classifier"])
    workbench.canvas.copy()
    nodes = len(workbench.session.graph.nodes)
    window.activateWindow()
    edit(qtbot, view, "Dense(1000", "1000", "10")
    assert window.focusWidget() is workbench.canvas
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(workbench.session.graph.nodes) == nodes + 1)


@pytest.mark.parametrize(("key", "units"), [(Qt.Key.Key_Return, 10), (Qt.Key.Key_Escape, 1000)])
def test_who_edits_the_code_by_keys_stays_in_it(view, qtbot, key, units) -> None:
    at = place(view, "Dense(1000", "1000")
    view.text.setFocus()
    view.text.setTextCursor(view.text.cursorForPosition(at))
    qtbot.keyClick(view.text, Qt.Key.Key_F2)
    editor = open_editor(view)
    assert editor is not None
    qtbot.keyClicks(editor, "10")
    qtbot.keyClick(editor, key)
    assert view.window().focusWidget() is view.text
    assert node(view, "", "classifier").config["units"] == units
