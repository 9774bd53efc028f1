"""A call opened in its place, when an edit takes the call away."""

import pytest
from PySide6.QtCore import Qt

from resnet_studio.core.ungrouping import ungroup


@pytest.mark.parametrize("way", ["delete", "ungroup", "undo"])
def test_an_open_call_that_is_on_the_screen_goes_with_its_call(bench, qtbot, way) -> None:
    opened = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    before = session.document
    without, _ids = ungroup(before, "", "group_128")
    if way == "undo":
        # The step that is taken back is the one that made the call.
        session.apply("Ungroup", without)
        session.apply("Group", before)
    session.select(["group_128"])
    canvas.expanding.toggle("group_128")
    canvas.setFocus()
    qtbot.wait(50)
    canvas.grab()
    if way == "delete":
        qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    else:
        opened.actions[way].trigger()
    assert canvas.expanding.opened == {}
    assert "group_128" not in session.graph.nodes
    qtbot.wait(50)
    canvas.grab()
    places = canvas.network.places
    own = {key: node.position for key, node in session.graph.nodes.items() if node.position}
    assert own
    assert {key: places[key] for key in own} == own
