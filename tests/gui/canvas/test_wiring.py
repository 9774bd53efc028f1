"""Drawing wires: port to port, back, onto a card, off again; circles; what the note says."""

from PySide6.QtCore import QPointF, Qt

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Document, Edge, Node
from resnet_studio.gui.canvas.wire_in_hand import WireInHand
from tests.gui.canvas.conftest import CONV, graph_of


def test_from_an_output_to_an_input(hand, residual):
    it = hand(residual)
    it.drag(it.output("x"), it.input("spare"))
    assert ("x", "spare", 0) in it.wires
    assert it.session.history.undoText() == "Connect “x” to “spare”"
    assert not it.canvas._overlays
    assert it.canvas.hint.isHidden()


def test_from_an_input_back_to_an_output(hand, residual):
    it = hand(residual)
    it.drag(it.input("spare"), it.output("a"))
    assert ("a", "spare", 0) in it.wires


def test_anywhere_on_a_card_will_do(hand, residual):
    it = hand(residual)
    it.drag(it.output("x"), "spare")
    assert ("x", "spare", 0) in it.wires


def test_a_merge_takes_one_more(hand, residual):
    it = hand(residual)
    it.drag(it.output("x"), "spare")
    it.drag(it.output("spare"), "add")
    assert ("spare", "add", 2) in it.wires
    it.drag(it.output("a"), it.input("add", 3))
    assert ("a", "add", 3) in it.wires


def test_a_wired_slot_takes_the_new_wire_instead(hand, residual):
    it = hand(residual)
    it.drag(it.output("spare"), it.input("add", 1))
    assert ("spare", "add", 1) in it.wires
    assert ("b", "add", 1) not in it.wires


def test_a_circle_is_greyed_out_told_and_refused(hand, residual, qtbot):
    it = hand(residual)
    it.press(it.output("add"))
    it.move(QPointF(320, 300))
    cards = it.canvas.network.nodes
    assert [key for key, card in cards.items() if card.opacity() == 1] == ["add", "spare"]
    it.move("a")
    assert "already feeds" in it.canvas.hint.text()
    with qtbot.waitSignal(it.canvas.message):
        it.release("a")
    assert it.session.history.count() == 0
    assert all(card.opacity() == 1 for card in cards.values())


def test_backwards_the_followers_are_greyed_out(hand, residual):
    it = hand(residual)
    it.drag(it.output("a"), it.input("spare"))
    it.press(it.input("x"))
    it.release(it.input("x"))
    it.drag(it.input("spare"), QPointF(600, 40))
    assert ("a", "spare", 0) not in it.wires
    it.press(it.input("spare"))
    it.move(QPointF(480, 40))
    cards = it.canvas.network.nodes
    assert all(card.opacity() == 1 for card in cards.values())
    it.key(Qt.Key.Key_Escape)


def test_the_note_tells_the_shape_that_comes_out(hand, residual):
    it = hand(residual)
    document = edits.set_argument(residual, NETWORK, "spare", "strides", [2, 2])
    it.session.apply("stride", document)
    it.press(it.output("x"))
    it.move("spare")
    assert "28×28×64" in it.canvas.hint.text()
    assert "+36,928 parameters" in it.canvas.hint.text()
    assert it.session.document is document, "nothing happened yet"
    it.key(Qt.Key.Key_Escape)
    assert it.session.document is document
    assert it.canvas.hint.isHidden()


def test_the_note_tells_which_wire_gives_way(hand, residual):
    it = hand(residual)
    it.press(it.output("x"))
    it.move(it.output("x") + QPointF(10, 10))
    it.move(it.input("b"))
    assert "Replaces the wire from “a”" in it.canvas.hint.text()
    it.move(it.input("spare"))
    assert "Replaces" not in it.canvas.hint.text()


def test_the_note_leaves_the_card_readable_where_the_wire_would_end(hand, residual):
    it = hand(residual)
    it.press(it.output("x"))
    it.move(it.output("x") + QPointF(10, 10))
    it.move("b")
    card = it.canvas.mapFromScene(it.canvas.network.nodes["b"].card).boundingRect()
    assert it.canvas.hint.isVisible()
    assert not it.canvas.hint.geometry().intersects(card)


def test_the_note_tells_the_problem_that_comes_of_it(hand, residual):
    it = hand(residual)
    document = edits.set_argument(residual, NETWORK, "spare", "filters", 128)
    it.session.apply("filters", edits.connect(document, NETWORK, "x", "spare"))
    it.press(it.output("spare"))
    it.move("add")
    text = it.canvas.hint.text()
    assert "128" in text
    assert "64" in text
    it.release("add")
    assert ("spare", "add", 2) in it.wires, "one may: the diagnostic offers repairs"
    assert [d.node for d in it.session.analysis.diagnostics] == ["add"]
    assert it.canvas.offer.open


def test_an_end_is_dragged_off_and_led_elsewhere(hand, residual):
    it = hand(residual)
    it.drag(it.input("b"), it.input("spare"))
    assert ("a", "b", 0) not in it.wires
    assert ("a", "spare", 0) in it.wires
    assert it.session.history.count() == 1
    assert it.session.history.undoText() == "Lead “a” to “spare”"


def test_an_end_let_go_on_the_sheet_removes_the_wire(hand, residual):
    it = hand(residual)
    it.press(it.input("add", 0))
    it.move(QPointF(300, 300))
    assert "remove" in it.canvas.hint.text()
    it.release(QPointF(300, 300))
    assert it.wires == {("x", "a", 0), ("a", "b", 0), ("b", "add", 0)}, "the slots closed up"


def test_an_end_put_back_changes_nothing(hand, residual):
    it = hand(residual)
    it.press(it.input("b"))
    it.move(QPointF(300, 300))
    it.move(it.input("b"))
    it.release(it.input("b"))
    assert it.session.history.count() == 0
    wire = next(w for e, w in it.canvas.network.wires.items() if e.target == "b")
    assert wire.isVisible()


def test_a_wire_is_taken_off_in_the_middle(hand, residual):
    it = hand(residual)
    it.drag(QPointF(104, 190), it.input("spare"))
    assert ("a", "spare", 0) in it.wires


def test_a_new_wire_let_go_on_the_sheet_asks_what_stands_there(hand, residual):
    it = hand(residual)
    it.drag(it.output("spare"), QPointF(420, 320))
    assert it.canvas.adding.open
    assert it.canvas._overlays, "the wire stays in sight"
    assert len(it.wires) == 4
    it.canvas.adding.close()
    assert not it.canvas._overlays


def test_an_input_takes_no_wire(hand, residual, qtbot):
    it = hand(residual)
    with qtbot.waitSignal(it.canvas.message) as told:
        it.drag(it.output("spare"), "x")
    assert "takes no wire" in told.args[0]


def test_escape_drops_the_wire(hand, residual):
    it = hand(residual)
    it.press(it.output("x"))
    it.move(QPointF(300, 60))
    assert it.canvas._overlays
    it.key(Qt.Key.Key_Escape)
    assert not it.canvas._overlays
    it.release("spare")
    assert it.session.history.count() == 0


def test_an_undo_in_the_middle_of_a_drag_ends_it(hand, residual):
    it = hand(residual)
    it.drag(it.output("x"), "spare")
    it.press(it.output("spare"))
    it.move(QPointF(300, 300))
    it.session.history.undo()
    assert not it.canvas._overlays
    it.release("add")
    assert len(it.wires) == 4


def test_calls_of_blocks_have_a_port_for_each_input_and_output(hand):
    from resnet_studio.core.document import Block

    inside = graph_of(
        [
            Node("p", "BlockInput"),
            Node("q", "BlockInput"),
            Node("sum", "Add"),
            Node("r", "BlockOutput"),
            Node("s", "BlockOutput"),
        ],
        "p-sum",
        "q-sum",
        "sum-r",
        "q-s",
    )
    nodes = [
        Node("one", "Input", {"shape": [8, 8, 4]}, position=(0, 0)),
        Node("two", "Input", {"shape": [8, 8, 4]}, position=(260, 0)),
        Node("call", "pair", position=(130, 120)),
        Node("conv", "Conv2D", CONV, position=(130, 280)),
    ]
    it = hand(Document(network=graph_of(nodes), blocks={"pair": Block(inside)}))
    it.drag(it.output("two"), it.input("call", 1))
    it.drag(it.output("one"), it.input("call", 0))
    it.drag(it.output("call", 1), it.input("conv"))
    assert set(it.session.graph.edges) == {
        Edge("two", "call", 1),
        Edge("one", "call", 0),
        Edge("call", "conv", 0, 1),
    }
    assert it.session.analysis.ok


def test_the_wire_in_hand_passes_below_what_can_be_read(hand, residual):
    """It ends at the pointer, also upon a card."""
    it = hand(residual)
    scene = it.canvas.network
    line = WireInHand(scene)
    start, end = scene.nodes["x"].output_point(0), scene.nodes["add"].card.center()
    line.lead(start, end, end, firm=False)
    covered = line.covered()
    assert scene.nodes["a"].card in covered
    assert scene.nodes["add"].card not in covered
    labels = [wire.label_rect for edge, wire in scene.wires.items() if edge.target in ("b", "a")]
    assert all(pill in covered for pill in labels)
    free = line._open(covered)
    assert not free.contains(scene.nodes["b"].card.center())
    assert free.contains(end)
