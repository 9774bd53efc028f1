"""Several nodes at once in the inspector."""

from PySide6.QtCore import Qt

from resnet_studio.core.document import Block, Document, Graph, Node


def graph(*nodes: Node) -> Graph:
    return Graph({node.id: node for node in nodes})


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


def test_each_kind_of_a_mixed_selection_has_its_arguments(bench, qtbot) -> None:
    workbench = bench("resnet34")
    session, page = workbench.session, workbench.inspector.many_page
    session.enter("conv2_x")
    session.select(["conv_a", "conv_b", "bn_a", "relu_a"])
    convolutions, *others = page.kinds.values()
    assert convolutions.section.heading.text() == "2 Conv2D"
    assert convolutions.section.heading.isChecked(), "nothing of weight is common: this is first"
    assert [part.section.heading.isChecked() for part in others] == [False, False]
    field = convolutions.rows["kernel_size"].editor.field
    qtbot.waitUntil(field.isVisible)
    field.selectAll()
    qtbot.keyClicks(field, "5")
    assert [c["kernel_size"] for c in configs(session, "conv_a", "conv_b")] == [5, 5]
    assert "kernel_size" not in session.graph.nodes["bn_a"].config
    assert session.history.undoText() == "Set kernel_size of 2 nodes"
    session.history.undo()
    norm = page.kinds["BatchNormalization"]
    norm.section.heading.click()
    assert norm.rows["momentum"].isVisibleTo(page)
    assert not norm.rows.keys() & page.shared.names, "what all share stands above, once"
    norm.rows["momentum"].changed.emit("momentum", 0.5)
    assert session.graph.nodes["bn_a"].config["momentum"] == 0.5


def test_the_rarer_arguments_of_many_are_behind_a_heading(bench, qtbot) -> None:
    session, page = open_page(bench, "conv_a", "conv_b")
    assert "kernel_initializer" not in page.rows
    page.shared.unfold_more()
    page.rows["kernel_initializer"].changed.emit("kernel_initializer", "he_normal")
    assert {c["kernel_initializer"] for c in configs(session, "conv_a", "conv_b")} == {"he_normal"}
    page.rows["repeat"].changed.emit("repeat", 2)
    assert {session.graph.nodes[key].repeat for key in ("conv_a", "conv_b")} == {2}


def test_a_parameter_named_repeat_is_not_the_repeat_count(bench) -> None:
    workbench = bench()
    session = workbench.session
    inside = graph(Node("x", "BlockInput"), Node("y", "BlockOutput"))
    block = Block(inside, {"repeat": 7})
    calls = [Node(key, "stack", {"repeat": 3}) for key in "ab"]
    session.load(Document(network=graph(*calls), blocks={"stack": block}), None)
    session.select(["a", "b"])
    page = workbench.inspector.many_page
    page.rows["repeat"].changed.emit("repeat", 5)
    assert [c["repeat"] for c in configs(session, "a", "b")] == [5, 5]
    assert {session.graph.nodes[key].repeat for key in "ab"} == {1}


def test_rows_are_made_to_the_end_though_their_nodes_are_out_of_sight(bench) -> None:
    session, page = open_page(bench, "conv_a", "conv_b", "add")
    page.kinds["Conv2D"].unfold()
    session.leave()
    assert "kernel_size" in page.kinds["Conv2D"].rows
