"""Nodes from the palette: where they land, and wires that take them in."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication


def test_a_node_lands_under_the_pointer_on_the_grid_selected(hand):
    it = hand()
    it.drop("Conv2D", QPointF(203, 101))
    assert it.session.selection == {"conv2d"}
    card = it.canvas.network.nodes["conv2d"].card
    assert card.contains(QPointF(203, 101))
    assert (card.center() - QPointF(203, 101)).manhattanLength() <= 8
    assert card.x() % 8 == card.y() % 8 == 0
    assert it.session.history.undoText() == "Add “conv2d”"


def test_ids_stay_apart(hand):
    it = hand()
    for y in (0, 100, 200):
        it.drop("Conv2D", QPointF(100, y))
    assert list(it.session.graph.nodes) == ["conv2d", "conv2d_2", "conv2d_3"]


def test_a_wire_takes_the_node_in_and_what_is_below_makes_room(hand, residual):
    it = hand(residual)
    it.drop("BatchNormalization", QPointF(104, 206))
    (new,) = it.session.selection
    assert {("a", new, 0), (new, "b", 0)} <= it.wires
    assert ("a", "b", 0) not in it.wires
    nodes = it.session.graph.nodes
    assert nodes[new].position == (0, 240)
    assert nodes["b"].position == (0, 360)
    assert nodes["add"].position == (0, 480)
    assert nodes["a"].position == (0, 120)
    assert it.session.history.count() == 1
    assert it.canvas.network.nodes[new].look.params == 256


def test_an_unwired_card_moved_onto_a_wire_is_taken_in(hand, residual):
    it = hand(residual)
    it.drag("spare", QPointF(106, 208))
    assert {("a", "spare", 0), ("spare", "b", 0)} <= it.wires
    assert it.session.graph.nodes["spare"].position == (0, 240)
    assert it.session.graph.nodes["b"].position == (0, 360)
    assert it.session.history.count() == 1
    assert it.session.analysis.ok


def test_a_wired_card_moved_onto_a_wire_is_only_moved(hand, residual):
    it = hand(residual)
    it.drag("b", QPointF(106, 90))
    assert len(it.wires) == 4
    assert ("x", "a", 0) in it.wires


def test_the_note_tells_what_the_splice_would_give(hand, residual):
    it = hand(residual)
    it.drop("MaxPooling2D", QPointF(104, 206), let_go=False)
    assert "28×28×64" in it.canvas.hint.text()
    it.key(Qt.Key.Key_Escape)
    assert not it.canvas._overlays
    assert it.session.history.count() == 0


@pytest.mark.parametrize("kind", ["BlockInput", "BlockOutput"])
def test_ports_of_a_block_stand_only_inside_one(hand, residual, with_block, kind):
    it = hand(with_block)
    it.drop(kind, QPointF(300, 300))
    assert len(it.session.graph.nodes) == 2
    it.session.enter("call")
    it.drop(kind, it.canvas.mapToScene(QPoint(100, 100)))
    assert len(it.session.graph.nodes) == 4


def test_a_block_cannot_hold_itself(hand, with_block, qtbot):
    it = hand(with_block)
    it.session.enter("call")
    with qtbot.waitSignal(it.canvas.message) as told:
        it.drop("stage", it.canvas.mapToScene(QPoint(100, 100)))
    assert "cannot hold itself" in told.args[0]
    assert len(it.session.graph.nodes) == 3


def test_a_call_lands_as_a_card_of_its_own(hand, with_block):
    it = hand(with_block)
    it.drop("stage", QPointF(300, 300))
    assert it.session.graph.nodes["stage"].type == "stage"
    assert it.canvas.network.nodes["stage"].look.block


def test_other_drags_are_not_taken(hand):
    it = hand()
    data = QMimeData()
    data.setText("a file")
    event = QDragEnterEvent(
        QPoint(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(it.canvas.viewport(), event)
    assert not event.isAccepted()
