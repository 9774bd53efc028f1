"""The code view: live, marked, and honest about errors."""

import ast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from resnet_studio.core.document import Node
from resnet_studio.core.edits import add_nodes, connect, remove_nodes, set_argument


def marked_text(view) -> list[str]:
    lines = view.text.toPlainText().split("\n")
    return [line for first, last in view.text._spans for line in lines[first - 1 : last]]


def test_the_code_of_the_network(bench) -> None:
    view = bench("resnet34-notebook").code_view
    view.write_now()
    code = view.text.toPlainText()
    ast.parse(code)
    assert "def residual_block(x, n_filters):" in code
    assert not view.banner.isVisible()


def test_an_edit_shows_after_a_moment(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    session, view = workbench.session, workbench.code_view
    session.apply("Edit", set_argument(session.document, "", "classifier", "units", 7))
    qtbot.waitUntil(lambda: "Dense(7" in view.text.toPlainText(), timeout=3000)


def test_the_lines_of_the_selected_node_are_marked(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.code_view.write_now()
    workbench.session.select(["classifier"])
    assert any("Dense(1000" in line for line in marked_text(workbench.code_view))
    workbench.session.reveal("group_64#1/add")
    assert any("Add()" in line for line in marked_text(workbench.code_view))
    workbench.session.go_to(())
    assert marked_text(workbench.code_view) == []


def test_unrolled_code_marks_every_layer_of_a_call(bench) -> None:
    workbench = bench("resnet34-notebook")
    view = workbench.code_view
    view.style_box.setCurrentIndex(1)
    view.write_now()
    workbench.session.select(["group_64"])
    marked = "\n".join(marked_text(view))
    assert marked.count("Conv2D(") == 4


def test_a_click_on_a_line_selects_its_node(bench) -> None:
    workbench = bench("resnet34-notebook")
    view = workbench.code_view
    view.write_now()
    lines = view.text.toPlainText().split("\n")
    view.text.line_clicked.emit(1 + next(i for i, x in enumerate(lines) if "Dense(1000" in x))
    assert workbench.session.selection == {"classifier"}
    view.text.line_clicked.emit(1 + next(i for i, x in enumerate(lines) if "Add()" in x))
    assert workbench.session.scope == "residual_block"
    assert workbench.session.selection == {"add"}


def test_errors_keep_the_last_good_code_dimmed(bench) -> None:
    workbench = bench("resnet34-notebook")
    session, view = workbench.session, workbench.code_view
    view.write_now()
    good = view.text.toPlainText()
    broken = remove_nodes(session.document, "", ["image"])
    session.apply("Break", broken)
    view.write_now()
    assert view.banner.isVisible()
    assert "“entry_conv” lacks an input" in view.banner.text.text()
    assert view.text.toPlainText() == good
    assert view.text.dimmed
    session.history.undo()
    view.write_now()
    assert not view.banner.isVisible()
    assert not view.text.dimmed


def test_the_code_is_copied(bench, qtbot) -> None:
    view = bench("residual-block").code_view
    view.write_now()
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == view.text.toPlainText()


def test_an_empty_network_has_no_code_yet(bench) -> None:
    view = bench().code_view
    view.write_now()
    assert view.text.toPlainText() == ""
    assert "as soon as there are layers" in view.banner.text.text()


def test_docstrings_strings_and_calls_are_coloured(bench) -> None:
    view = bench("resnet34-notebook").code_view
    view.write_now()
    block = view.text.document().firstBlock()
    assert block.layout().formats()[0].format.foreground().color().name() == "#397532"
    while "import keras" not in block.text():
        block = block.next()
    assert block.layout().formats()[0].format.foreground().color().name() == "#a8318c"


def test_a_node_that_only_lacks_its_input_is_told_calmly(bench, qtbot) -> None:
    workbench = bench("residual-block")
    workbench.docks.reveal("code")
    workbench.add("residual_block")
    view = workbench.code_view
    qtbot.waitUntil(lambda: "which has no input yet" in view.banner.text.text())
    assert view.banner.property("kind") == "note"


def test_the_code_goes_on_without_a_loose_node(bench) -> None:
    workbench = bench("resnet34-notebook")
    session, view = workbench.session, workbench.code_view
    view.write_now()
    good = view.text.toPlainText()
    loose = add_nodes(session.document, "", [Node("re_lu", "ReLU"), Node("next", "ReLU")])
    session.apply("Add", connect(loose, "", "re_lu", "next"))
    session.apply("Edit", set_argument(session.document, "", "classifier", "units", 7))
    view.write_now()
    assert view.text.toPlainText() != good
    assert "Dense(7" in view.text.toPlainText()
    assert "re_lu" not in view.text.toPlainText()
    assert not view.text.dimmed
    told = "Without “re_lu”, which has no input yet, and the 1 node behind it."
    assert view.banner.text.text() == told
    session.select(["classifier"])
    assert any("Dense(7" in line for line in marked_text(view))
    session.select(["re_lu"])
    assert marked_text(view) == []


def test_code_without_a_loose_node_is_that_of_before_it(bench) -> None:
    workbench = bench("resnet34-notebook")
    session, view = workbench.session, workbench.code_view
    view.write_now()
    good = view.text.toPlainText()
    session.apply(
        "Splice",
        connect(
            add_nodes(session.document, "", [Node("re_lu", "ReLU")]), "", "entry_conv", "re_lu"
        ),
    )
    view.write_now()
    assert "re_lu" in view.text.toPlainText()
    session.apply(
        "Loosen",
        add_nodes(remove_nodes(session.document, "", ["re_lu"]), "", [Node("re_lu", "ReLU")]),
    )
    view.write_now()
    assert view.text.toPlainText() == good
