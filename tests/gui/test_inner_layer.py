"""The layer inside a wrapper is chosen and edited in the inspector, in place."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.gui.new_node import start_config
from tests.gui.test_inspector import select, type_into

DENSE = {"class_name": "Dense", "config": {"units": 4}}


def wrapped(bench: Any, type_name: str, config: dict[str, Any]) -> Any:
    """A window on a film with one wrapper, selected."""
    nodes = [Node("film", "Input", {"shape": [6, 8]}), Node("each", type_name, config)]
    graph = Graph({node.id: node for node in nodes}, (Edge("film", "each", 0),))
    workbench = bench()
    workbench.session.apply("Start", Document(network=graph))
    select(workbench, "each")
    return workbench


def config(workbench: Any) -> dict[str, Any]:
    return workbench.session.graph.nodes["each"].config


def choose(editor: Any, name: str) -> None:
    """As a person does: the item, and the signal that only people cause."""
    at = editor.field.findText(name)
    assert at >= 0
    editor.field.setCurrentIndex(at)
    editor.field.activated.emit(at)


def test_an_argument_inside_is_edited_and_undone(bench, qtbot) -> None:
    workbench = wrapped(bench, "TimeDistributed", {"layer": DENSE})
    editor = workbench.inspector.page.rows["layer"].editor
    assert editor.field.currentText() == "Dense"
    type_into(qtbot, editor.rows["units"].editor.field, "32")
    assert config(workbench)["layer"] == {"class_name": "Dense", "config": {"units": 32}}
    workbench.session.history.undo()
    assert config(workbench)["layer"] == DENSE
    assert editor.rows["units"].editor.field.text() == "4"


def test_what_keras_refuses_inside_is_said_there(bench, qtbot) -> None:
    workbench = wrapped(bench, "TimeDistributed", {"layer": DENSE})
    count = workbench.session.history.count()
    row = workbench.inspector.page.rows["layer"].editor.rows["units"]
    type_into(qtbot, row.editor.field, "0")
    assert row.fault.text() == "Units must be a whole number of at least 1, not 0."
    assert row.fault.isVisible()
    assert workbench.session.history.count() == count
    qtbot.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert row.editor.field.text() == "4"


def test_another_class_keeps_what_both_have(bench, qtbot) -> None:
    full = {"units": 7, "return_sequences": True, "unit_forget_bias": False}
    workbench = wrapped(bench, "Bidirectional", {"layer": {"class_name": "LSTM", "config": full}})
    editor = workbench.inspector.page.rows["layer"].editor
    choose(editor, "GRU")
    kept = {"units": 7, "return_sequences": True}
    assert config(workbench)["layer"] == {"class_name": "GRU", "config": kept}
    assert "reset_after" in editor.rows
    assert "unit_forget_bias" not in editor.rows


def test_a_backward_layer_is_added_and_taken_away(bench, qtbot) -> None:
    workbench = wrapped(
        bench, "Bidirectional", {"layer": {"class_name": "LSTM", "config": {"units": 64}}}
    )
    row = workbench.inspector.page.rows["backward_layer"]
    assert not row.editor.below.isVisible()
    choose(row.editor, "GRU")
    assert config(workbench)["backward_layer"]["class_name"] == "GRU"
    assert row.editor.below.isVisible()
    choose(row.editor, "none")
    assert config(workbench)["backward_layer"] is None
    assert not row.editor.below.isVisible()


def test_what_is_wrong_with_the_whole_layer_names_it(bench, qtbot) -> None:
    workbench = wrapped(
        bench, "TimeDistributed", {"layer": {"class_name": "Deep", "config": {"units": 4}}}
    )
    row = workbench.inspector.page.rows["layer"]
    assert row.editor.field.currentText() == "Deep"
    assert row.fault.text() == "Layer must be a layer, and there is none called “Deep”."
    choose(row.editor, "Dense")
    assert config(workbench)["layer"] == DENSE
    assert not row.fault.isVisible()


def test_a_wrapper_in_a_wrapper_has_rows_of_its_own(bench, qtbot) -> None:
    inner = {"class_name": "TimeDistributed", "config": {"layer": DENSE}}
    workbench = wrapped(bench, "TimeDistributed", {"layer": inner})
    outer = workbench.inspector.page.rows["layer"].editor
    type_into(qtbot, outer.rows["layer"].editor.rows["units"].editor.field, "5")
    units = config(workbench)["layer"]["config"]["layer"]["config"]["units"]
    assert units == 5


def test_parameters_of_the_block_reach_inside(bench, qtbot) -> None:
    layer = {"class_name": "Dense", "config": {"units": "=2 * width"}}
    nodes = [
        Node("x", "BlockInput"),
        Node("each", "TimeDistributed", {"layer": layer}),
        Node("y", "BlockOutput"),
    ]
    graph = Graph({n.id: n for n in nodes}, (Edge("x", "each", 0), Edge("each", "y", 0)))
    film, call = Node("film", "Input", {"shape": [6, 8]}), Node("call", "step")
    network = Graph({"film": film, "call": call}, (Edge("film", "call", 0),))
    workbench = bench()
    document = Document(network=network, blocks={"step": Block(graph, {"width": 3})})
    workbench.session.apply("Start", document)
    page = select(workbench, "call/each")
    row = page.rows["layer"].editor.rows["units"]
    assert row.worth.text() == "= 6 in this copy"
    assert not page.rows["layer"].fault.isVisible()


@pytest.mark.parametrize("type_name", ["TimeDistributed", "Bidirectional", "LSTM"])
def test_a_new_one_starts_sound(type_name: str) -> None:
    assert type_name in LAYERS
    made = layer_for(type_name, start_config(type_name))
    assert isinstance(made, Layer)
    assert made.infer(((None, 6, 8),)).outputs
