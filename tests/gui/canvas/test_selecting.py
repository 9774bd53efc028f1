"""Selecting, moving, deleting, copying: the mouse and the keys on cards."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from resnet_studio.core.document import Document, Node
from tests.gui.canvas.conftest import graph_of

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_click_selects_and_a_click_on_the_sheet_clears(hand, residual):
    it = hand(residual)
    it.click("a")
    assert it.session.selection == {"a"}
    it.click("b")
    assert it.session.selection == {"b"}
    it.click(QPointF(480, 60))
    assert not it.session.selection


def test_shift_adds_and_takes_away(hand, residual):
    it = hand(residual)
    it.click("a")
    it.click("b", SHIFT)
    assert it.session.selection == {"a", "b"}
    it.click("a", SHIFT)
    assert it.session.selection == {"b"}


def test_the_rubber_band_selects_what_it_touches(hand, residual):
    it = hand(residual)
    it.drag(QPointF(-60, 100), QPointF(40, 260))
    assert it.session.selection == {"a", "b"}
    it.drag(QPointF(580, 100), QPointF(480, 140), keys=SHIFT)
    assert it.session.selection == {"a", "b", "spare"}
    assert not it.canvas._overlays, "the band is gone"


def test_escape_ends_a_rubber_band_and_brings_the_selection_back(hand, residual):
    it = hand(residual)
    it.click("spare")
    it.press(QPointF(-60, 100))
    it.move(QPointF(40, 260))
    assert it.session.selection == {"a", "b"}
    it.key(Qt.Key.Key_Escape)
    assert it.session.selection == {"spare"}


def test_moving_is_one_step_on_the_grid_and_takes_the_selection_along(hand, residual):
    it = hand(residual)
    it.click("a")
    it.click("b", SHIFT)
    it.drag("b", it.canvas.network.nodes["b"].card.center() + QPointF(101, 59))
    nodes = it.session.graph.nodes
    assert nodes["b"].position == (104, 296)
    assert nodes["a"].position == (104, 176)
    assert it.session.history.count() == 1
    it.session.history.undo()
    assert it.session.graph.nodes["b"].position == (0, 240)
    assert it.canvas.network.nodes["b"].pos() == QPointF(0, 240)


def test_wires_follow_a_card_while_it_moves(hand, residual):
    it = hand(residual)
    wire = it.canvas.network.wires[next(e for e in residual.network.edges if e.target == "b")]
    before = wire.route
    it.press("a")
    it.move(QPointF(180, 190))
    assert wire.route != before
    assert wire.route.points[0] == it.output("a").toTuple()
    assert it.session.graph.nodes["a"].position == (0, 120), "the document waits for the release"
    it.key(Qt.Key.Key_Escape)
    assert wire.route == before
    assert it.session.history.count() == 0


def test_arrow_keys_move_in_one_undo_step(hand, residual):
    it = hand(residual)
    it.click("spare")
    for _ in range(3):
        it.key(Qt.Key.Key_Right)
    it.key(Qt.Key.Key_Down, SHIFT)
    assert it.session.graph.nodes["spare"].position == (344, 168)
    assert it.session.history.count() == 1


def test_delete_takes_the_wires_along(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_Delete)
    assert "a" not in it.session.graph.nodes
    assert it.wires == {("x", "add", 0), ("b", "add", 1)}
    assert it.canvas.network.nodes.keys() == {"x", "b", "add", "spare"}
    it.session.history.undo()
    assert it.wires == {("x", "a", 0), ("a", "b", 0), ("x", "add", 0), ("b", "add", 1)}
    assert it.canvas.network.nodes["a"].mood.selected


def test_control_delete_keeps_the_flow(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_Delete, CONTROL)
    assert ("x", "b", 0) in it.wires


def test_a_wire_is_selected_and_deleted(hand, residual):
    it = hand(residual)
    it.click(QPointF(104, 194))
    assert {e.target for e in it.canvas.network.selected_wires} == {"b"}
    it.key(Qt.Key.Key_Delete)
    assert ("a", "b", 0) not in it.wires
    assert len(it.wires) == 3


def test_copy_and_paste_between_two_canvases(hand, residual, with_block):
    it = hand(with_block)
    it.click("call")
    it.key(Qt.Key.Key_C, CONTROL)
    other = hand(residual)
    other.key(Qt.Key.Key_V, CONTROL)
    assert other.session.selection == {"call"}
    assert other.session.document.blocks.keys() == {"stage"}
    assert other.session.graph.nodes["call"].repeat == 2
    assert no_card_covers_another(other)
    middle = other.canvas.mapToScene(other.canvas.viewport().rect().center())
    assert abs(other.canvas.network.nodes["call"].card.center().x() - middle.x()) < 320


def no_card_covers_another(it) -> bool:
    cards = [node.card for node in it.canvas.network.nodes.values()]
    return not any(a.intersects(b) for a, b in combinations(cards, 2))


def test_each_paste_stands_beside_the_one_before(hand, residual):
    it = hand(residual)
    it.click("a")
    it.click("b", SHIFT)
    it.key(Qt.Key.Key_C, CONTROL)
    it.key(Qt.Key.Key_V, CONTROL)
    it.key(Qt.Key.Key_V, CONTROL)
    nodes = it.session.graph.nodes
    assert nodes["a_2"].position == (320 + 208 + 96, 120), "past the spare one"
    assert nodes["a_3"].position == (624 + 208 + 96, 120)
    assert ("a_3", "b_3", 0) in it.wires
    assert no_card_covers_another(it)
    shown = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert shown.contains(it.canvas.network.nodes["b_3"].card)


def test_a_paste_stands_at_the_pointer_where_there_is_room(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_C, CONTROL)
    it.move(QPointF(400, 400), Qt.MouseButton.NoButton)
    it.key(Qt.Key.Key_V, CONTROL)
    at = it.canvas.network.nodes["a_2"].card.center()
    assert (abs(at.x() - 400) <= 4, abs(at.y() - 400) <= 4) == (True, True)
    it.key(Qt.Key.Key_V, CONTROL)
    assert it.session.graph.nodes["a_3"].position == (624, 120), "the place is taken"
    assert no_card_covers_another(it)


def test_a_paste_is_seen_though_its_original_is_not(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_C, CONTROL)
    it.canvas.pointer.leave()
    it.canvas.setSceneRect(-9000, -9000, 18000, 18000)
    it.canvas.centerOn(4000, 4000)
    it.key(Qt.Key.Key_V, CONTROL)
    at = it.canvas.network.nodes["a_2"].card.center()
    assert (abs(at.x() - 4000) <= 8, abs(at.y() - 4000) <= 8) == (True, True)


def test_a_duplicate_does_not_cover_its_original(hand, residual):
    it = hand(residual)
    it.session.select(["add"])
    it.key(Qt.Key.Key_D, CONTROL)
    assert it.session.graph.nodes["add_2"].position == (208 + 96, 360)
    it.session.select(["a", "b"])
    it.key(Qt.Key.Key_D, CONTROL)
    assert no_card_covers_another(it)


def test_pasting_something_else_is_told(hand, residual, qtbot):
    it = hand(residual)
    QGuiApplication.clipboard().setText("a shopping list")
    with qtbot.waitSignal(it.canvas.message) as told:
        it.key(Qt.Key.Key_V, CONTROL)
    assert told.args == ["What is on the clipboard is no part of a network."]
    assert it.session.history.count() == 0


def test_a_loose_wire_on_the_clipboard_is_left_behind(hand, residual):
    it = hand(residual)
    node = '{"id": "lone", "type": "Conv2D", "config": {"filters": "x"}}'
    text = '{"format": "resnet-studio/1", "network": {"nodes": [%s], "edges": [["q", "lone", 0]]}}'
    QGuiApplication.clipboard().setText(text % node)
    it.key(Qt.Key.Key_V, CONTROL)
    assert it.session.selection == {"lone"}
    assert it.session.graph.into("lone") == []


def test_the_ports_of_a_block_cannot_be_pasted_into_the_network(hand, with_block, qtbot):
    it = hand(with_block)
    it.session.enter("call")
    it.canvas.select_all()
    it.canvas.copy()
    it.session.leave()
    it.canvas.paste()
    assert it.session.selection == {"conv"}


def test_duplicate_leaves_the_clipboard_alone(hand, residual):
    it = hand(residual)
    QGuiApplication.clipboard().setText("kept")
    it.click("a")
    it.key(Qt.Key.Key_D, CONTROL)
    assert it.session.selection == {"a_2"}
    assert QGuiApplication.clipboard().text() == "kept"


def test_select_all(hand, residual):
    it = hand(residual)
    it.key(Qt.Key.Key_A, CONTROL)
    assert it.session.selection == residual.network.nodes.keys()


def test_many_cards_move_with_their_wires_and_ask_no_scene_for_neighbours(hand, monkeypatch):
    nodes = [Node("n0", "Input", {"shape": [8, 8, 4]}, position=(0, 0))]
    nodes += [Node(f"n{i}", "ReLU", position=(0, 96 * i)) for i in range(1, 40)]
    it = hand(Document(network=graph_of(nodes, *(f"n{i - 1}-n{i}" for i in range(1, 40)))))
    wires = it.canvas.network.wires
    before = {edge: wire.route.points for edge, wire in wires.items()}
    it.canvas.select_all()
    it.press("n1")
    start = it.canvas.network.nodes["n1"].card.center()
    it.move(start + QPointF(48, 16))
    asked = []
    monkeypatch.setattr(it.canvas.network, "items", lambda *_: asked.append(1) or [])
    it.move(start + QPointF(160, 80))
    assert not asked, "each question would sort the cards that moved"
    for edge, points in before.items():
        assert wires[edge].route.points == tuple((x + 160, y + 80) for x, y in points)


def test_no_menu_opens_in_the_middle_of_a_drag(hand, residual):
    it = hand(residual)
    it.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    asked = []
    it.canvas.customContextMenuRequested.connect(asked.append)
    at = it.at("a")

    def menu() -> None:
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, at, it.canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(it.canvas.viewport(), event)

    menu()
    assert len(asked) == 1
    it.press("a")
    menu()
    assert len(asked) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Escape])
def test_keys_without_a_selection_change_nothing(hand, residual, key):
    it = hand(residual)
    it.key(key)
    assert it.session.history.count() == 0


def test_the_first_move_writes_down_all_places(hand, residual):
    """A file without positions keeps the picture that was on the screen."""
    from dataclasses import replace

    from resnet_studio.core.document import Graph

    floating = {k: replace(n, position=None) for k, n in residual.network.nodes.items()}
    it = hand(replace(residual, network=Graph(floating, residual.network.edges)))
    before = dict(it.canvas.network.places)
    it.canvas.editing.place({"a": (0.0, 800.0)})
    assert {k: n.position for k, n in it.session.graph.nodes.items()} == {**before, "a": (0, 800)}
