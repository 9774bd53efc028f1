"""Several nodes at once in the inspector."""

from PySide6.QtCore import Qt


def open_page(bench, *ids: str):
    workbench = bench("resnet34-notebook")
    workbench.session.reveal("group_64#1/conv_a")
    workbench.session.select(ids)
    page = workbench.inspector.page
    assert page is workbench.inspector.many_page
    return workbench.session, page


def configs(session, *ids: str):
    return [session.graph.nodes[key].config for key in ids]


def test_an_argument_is_edited_over_the_selection(bench, qtbot) -> None:
    session, page = open_page(bench, "conv_a", "conv_b")
    assert page.title.text() == "2 Conv2D nodes"
    editor = page.rows["kernel_size"].editor.field
    qtbot.mouseDClick(editor, Qt.MouseButton.LeftButton)
    editor.selectAll()
    qtbot.keyClicks(editor, "5")
    assert [c["kernel_size"] for c in configs(session, "conv_a", "conv_b")] == [5, 5]
    session.history.undo()
    assert [c["kernel_size"] for c in configs(session, "conv_a", "conv_b")] == [[3, 3], [3, 3]]


def test_values_that_differ_are_told_and_made_one(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    session = workbench.session
    session.select(["group_64", "group_256", "double_to_128"])
    page = workbench.inspector.many_page
    row = page.rows["n_filters"]
    assert row.worth.text() == "differ: 128, 256, 64"
    qtbot.keyClicks(row.editor.field, "32")
    assert page.rows["n_filters"] is row, "a row that is typed in stays"
    nodes = session.graph.nodes
    assert {nodes[k].config["n_filters"] for k in session.selection} == {32}
    qtbot.keyClick(page.rows["repeat"].editor.field, "4")
    assert {nodes[k].repeat for k in session.selection} <= {1, 2, 5}
    assert {session.graph.nodes[k].repeat for k in session.selection} == {4}
    page.rows["repeat"].reset.emit("repeat")
    assert {session.graph.nodes[k].repeat for k in session.selection} == {1}


def test_layers_of_other_classes_share_what_means_the_same(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.session.select(["entry_conv", "classifier"])
    shared = set(workbench.inspector.many_page.rows)
    assert {"activation", "use_bias"} <= shared
    assert not shared & {"filters", "units", "padding"}


def test_a_bad_value_is_refused_and_nothing_changes(bench, qtbot) -> None:
    session, page = open_page(bench, "conv_a", "conv_b")
    before = session.document
    row = page.rows["strides"]
    qtbot.waitUntil(row.isVisible)
    row.editor.field.selectAll()
    qtbot.keyClicks(row.editor.field, "many")
    assert row.fault.isVisible()
    assert session.document is before
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert not row.fault.isVisible()


def test_many_nodes_are_told_by_their_kinds(bench) -> None:
    workbench = bench("resnet34-notebook")
    session, page = workbench.session, workbench.inspector.many_page
    session.select(session.graph.nodes)
    assert len(session.selection) > 8
    assert page.title.text() == f"{len(session.selection)} nodes"
    assert "1 Dense" in page.names.text()
    assert "classifier" not in page.names.text()
    session.select(["classifier", "entry_conv"])
    assert page.names.text() == "classifier, entry_conv"
