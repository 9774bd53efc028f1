"""Cutting, bypassing, copying, aligning, guides, walking, naming, help: with real events."""

import json

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Node
from resnet_studio.formats import keras_json, native
from resnet_studio.gui.canvas import loose
from resnet_studio.gui.theme import theme
from tests.gui.canvas.conftest import CONV, graph_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, RIGHT = Qt.KeyboardModifier.AltModifier, Qt.MouseButton.RightButton


@pytest.fixture
def sound(residual: Document) -> Document:
    """Without the spare layer, which nothing feeds."""
    return edits.remove_nodes(residual, NETWORK, ["spare"])


# Cutting


def test_a_line_across_wires_cuts_them(hand, residual):
    it = hand(residual)
    it.drag(QPointF(-150, 200), QPointF(180, 212), RIGHT, CONTROL)
    assert ("a", "b", 0) not in it.wires
    assert it.session.history.count() == 1
    assert not it.canvas._overlays
    assert it.canvas.hint.isHidden()
    it.session.history.undo()
    assert it.session.document is residual


def test_the_wires_to_be_cut_are_marked_and_what_comes_of_it_is_told(hand, residual):
    it = hand(residual)
    it.press(QPointF(60, 200), RIGHT, CONTROL)
    it._held = CONTROL
    it.move(QPointF(100, 204), RIGHT)
    it.move(QPointF(180, 208), RIGHT)
    marks, line = it.canvas._overlays
    seen = it.canvas.network.wires[edits.Edge("a", "b")].seen()
    assert marks.path().contains(seen.path.pointAtPercent(0.05))
    assert not marks.path().contains(seen.pill.center()), "the shape on it stays legible"
    assert marks.path().boundingRect().height() >= seen.path.boundingRect().height()
    assert marks.brush().color() == line.pen().color() == theme().color("error")
    assert "Cut the wire from “a” to “b”" in it.canvas.hint.text()
    assert "brings 1 error" in it.canvas.hint.text()
    it.key(Qt.Key.Key_Escape)
    assert not it.canvas._overlays
    it.release(QPointF(180, 208), RIGHT)
    assert it.session.document is residual


def test_a_line_that_crosses_nothing_changes_nothing(hand, residual):
    it = hand(residual)
    it.drag(QPointF(300, 300), QPointF(420, 320), RIGHT, CONTROL)
    assert it.session.document is residual


# Bypass


def test_m_lets_the_data_pass_by_and_m_again_brings_it_back(hand, sound):
    it = hand(sound)
    it.click("b")
    it.key(Qt.Key.Key_M)
    assert it.session.graph.nodes["b"].bypassed
    assert it.canvas.network.nodes["b"].look.face.repeat == "bypassed"
    assert it.session.analysis.totals.params == 36_928
    assert it.session.analysis.ok
    assert it.session.history.undoText() == "Bypass “b”"
    it.key(Qt.Key.Key_M)
    assert it.session.document.network == edits.set_bypassed(sound, "", []).network
    assert it.session.analysis.totals.params == 2 * 36_928


def test_what_cannot_be_bypassed_says_why(hand, residual, qtbot):
    it = hand(residual)
    it.click("add")
    with qtbot.waitSignal(it.canvas.refused) as told:
        it.key(Qt.Key.Key_M)
    assert told.args == ["“add” cannot be bypassed: one wire must enter it, and 2 do"]
    assert it.session.document is residual


def test_a_bypassed_card_is_drawn_fainter(hand, residual):
    it = hand(residual)
    before = it.canvas.grab().toImage()
    it.session.apply("b", edits.set_bypassed(residual, NETWORK, ["b"]))
    after = it.canvas.grab().toImage()
    at = it.at(it.canvas.network.nodes["b"].card.topLeft() + QPointF(7, 28))
    # The stripe in the family's colour, hard before, is near the card's ground now.
    assert before.pixelColor(at).lightness() < after.pixelColor(at).lightness() - 30


# Copies


def test_alt_drag_leaves_the_card_and_moves_a_copy(hand, residual):
    it = hand(residual)
    it.drag("a", it.canvas.network.nodes["a"].card.center() + QPointF(300, 200), keys=ALT)
    nodes = it.session.graph.nodes
    assert nodes["a"].position == (0, 120)
    assert nodes["a_2"].config == nodes["a"].config
    assert abs(nodes["a_2"].position[0] - 300) <= 8
    assert it.session.selection == {"a_2"}
    assert it.session.history.undoText() == "Duplicate “a_2”"
    assert not it.canvas._overlays


def test_escape_drops_the_copy(hand, residual):
    it = hand(residual)
    it.press("a", keys=ALT)
    it._held = ALT
    it.move(QPointF(300, 300))
    assert it.canvas._overlays
    it.key(Qt.Key.Key_Escape)
    it.release(QPointF(300, 300))
    assert it.session.document is residual
    assert not it.canvas._overlays


def test_pasting_with_shift_keeps_the_inputs(hand, sound):
    it = hand(sound)
    it.session.select(["b", "add"])
    it.key(Qt.Key.Key_C, CONTROL)
    it.key(Qt.Key.Key_V, CONTROL | SHIFT)
    assert {("a", "b_2", 0), ("x", "add_2", 0), ("b_2", "add_2", 1)} <= it.wires
    assert it.session.analysis.ok
    it.key(Qt.Key.Key_V, CONTROL)
    assert {t for _, t, _ in it.wires} >= {"add_3"}
    assert not [w for w in it.wires if w[1] == "b_3"], "plainly pasted, it stands alone"


def test_what_is_copied_is_the_native_text_and_pastes_into_another_window(hand, residual):
    it, other = hand(residual), hand(Document())
    it.session.select(["a", "b"])
    it.key(Qt.Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert QGuiApplication.clipboard().mimeData().hasText()
    assert json.loads(text)["format"] == "resnet-studio/1"
    assert list(native.loads(text).document.network.nodes) == ["a", "b"]
    other.key(Qt.Key.Key_V, CONTROL)
    assert other.wires == {("a", "b", 0)}
    other.key(Qt.Key.Key_V, CONTROL | SHIFT)
    assert ("a", "a_2", 0) not in other.wires


def test_wires_lead_to_no_node_that_merely_bears_the_name(hand, sound, qtbot):
    """Another document, of equal nodes even; another graph; the same window with another file."""
    it, other = hand(sound), hand(sound)
    it.session.select(["b", "add"])
    it.key(Qt.Key.Key_C, CONTROL)
    with qtbot.waitSignal(other.canvas.message) as told:
        other.key(Qt.Key.Key_V, CONTROL | SHIFT)
    assert told.args[0] == "Pasted without the wires that fed it: they come from another network."
    assert [w for w in other.wires if w[1] in ("b_2", "add_2")] == [("b_2", "add_2", 1)]
    it.session.load(sound, None)
    it.key(Qt.Key.Key_V, CONTROL | SHIFT)
    assert not [w for w in it.wires if w[1] == "b_2"]


def test_text_of_an_editor_pastes_native_and_keras_json(hand, sound, qtbot):
    it = hand(Document())
    QGuiApplication.clipboard().setText(keras_json.write(analyse(sound)))
    it.key(Qt.Key.Key_V, CONTROL)
    assert {n.type for n in it.session.graph.nodes.values()} == {"Input", "Conv2D", "Add"}
    assert it.session.analysis.ok
    QGuiApplication.clipboard().setText('{"format": "resnet-studio/1", "network": 3}')
    with qtbot.waitSignal(it.canvas.message) as told:
        it.key(Qt.Key.Key_V, CONTROL)
    assert "“network” must be an object" in told.args[0]
    QGuiApplication.clipboard().setText("not a network")
    with qtbot.waitSignal(it.canvas.message) as told:
        it.key(Qt.Key.Key_V, CONTROL)
    assert told.args[0] == "What is on the clipboard is no part of a network."


# Arranging


@pytest.mark.parametrize(
    ("edge", "places"),
    [
        ("left", {"a": (0, 120), "spare": (0, 120)}),
        ("right", {"a": (320, 120), "spare": (320, 120)}),
        ("centre", {"a": (160, 120), "spare": (160, 120)}),
        ("bottom", {"a": (0, 120), "spare": (320, 120)}),
    ],
)
def test_align(hand, residual, edge, places):
    it = hand(residual)
    it.session.select(["a", "spare"])
    it.canvas.editing.align(edge)
    nodes = it.session.graph.nodes
    assert {key: nodes[key].position for key in places} == places
    assert it.session.graph.edges == residual.network.edges


def test_distribute_is_one_step(hand, residual):
    moved = edits.move_nodes(residual, NETWORK, {"a": (0, 80), "b": (0, 200)})
    it = hand(moved)
    it.session.select(["x", "a", "b", "add"])
    it.canvas.editing.distribute(1)
    nodes = it.session.graph.nodes
    assert [nodes[key].position[1] for key in ("x", "a", "b", "add")] == [0, 120, 240, 360]
    assert it.session.history.undoText() == "Distribute down"


def test_a_dragged_card_keeps_to_the_line_of_another_and_shows_it(hand, residual):
    it = hand(residual)
    card = it.canvas.network.nodes["spare"].card
    it.press("spare")
    it.move(card.center() + QPointF(-200, 60))
    it.move(card.center() + QPointF(-317, 203))
    assert it.canvas._overlays, "the guide"
    assert it.canvas.network.nodes["spare"].card.left() == 0
    it.release(card.center() + QPointF(-317, 203))
    assert it.session.graph.nodes["spare"].position[0] == 0
    assert not it.canvas._overlays


def test_control_ignores_the_lines(hand, residual):
    it = hand(residual)
    card = it.canvas.network.nodes["spare"].card
    it.press("spare")
    it._held = CONTROL
    it.move(card.center() + QPointF(-200, 60))
    it.move(card.center() + QPointF(-315, 203))
    assert it.canvas.network.nodes["spare"].card.left() == 8
    it.key(Qt.Key.Key_Escape)
    it.release(card.center())


# The keyboard


def test_tab_walks_the_nodes_in_the_order_of_the_data(hand, residual):
    it = hand(residual)
    it.click("x")
    walked = []
    for _ in range(5):
        it.key(Qt.Key.Key_Tab)
        walked += it.session.selection
    assert walked == ["a", "b", "add", "spare", "x"]
    it.key(Qt.Key.Key_Backtab, SHIFT)
    assert it.session.selection == {"spare"}
    assert not it.canvas.adding.open


def test_alt_and_arrows_follow_the_wires(hand, residual):
    it = hand(residual)
    it.click("x")
    walked = []
    for key in ("Down", "Down", "Down", "Up", "Up"):
        it.key(getattr(Qt.Key, f"Key_{key}"), ALT)
        walked += it.session.selection
    assert walked[:3] == ["a", "b", "add"]
    assert it.session.document is residual, "nothing moved"


def test_the_screen_reader_hears_type_name_and_shape(hand, residual):
    it = hand(residual)
    assert it.canvas.accessibleName() == "Canvas, network, 5 nodes, nothing selected"
    it.click("a")
    name = it.canvas.accessibleName()
    assert name == "Canvas, network: Conv2D a, 3×3, 64, gives 56×56×64, fed by x, feeds b"
    it.session.apply("f", edits.set_argument(residual, NETWORK, "a", "filters", 32))
    assert "gives 56×56×32" in it.canvas.accessibleName()


def test_control_tab_leaves_the_canvas(hand, residual, monkeypatch):
    it = hand(residual)
    left = []
    monkeypatch.setattr(it.canvas, "leave_focus", lambda forward=True: left.append(forward))
    it.key(Qt.Key.Key_Tab, CONTROL)
    it.key(Qt.Key.Key_F6)
    assert left == [True, True]


def test_f2_renames_on_the_card(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_F2)
    field = it.canvas.naming.field
    assert field.text() == "a"
    assert (
        it.canvas.mapFromScene(it.canvas.network.nodes["a"].card)
        .boundingRect()
        .intersects(field.geometry())
    )
    QTest.keyClicks(field, "stem")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "stem" in it.session.graph.nodes
    assert it.session.selection == {"stem"}
    assert ("x", "stem", 0) in it.wires
    assert it.canvas.naming.field is None


def test_a_name_that_is_taken_is_refused_where_one_types_it(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_F2)
    QTest.keyClicks(it.canvas.naming.field, "b")
    QTest.keyClick(it.canvas.naming.field, Qt.Key.Key_Return)
    assert "There is already a node called “b”" in it.canvas.hint.text()
    QTest.keyClick(it.canvas.naming.field, Qt.Key.Key_Escape)
    assert it.session.document is residual
    assert it.canvas.hint.isHidden()


def test_f1_tells_what_a_layer_does(hand, residual):
    it = hand(residual)
    it.click("a")
    it.key(Qt.Key.Key_F1)
    page = it.canvas.helping.page
    assert page.isVisible()
    from PySide6.QtWidgets import QLabel

    text = page.findChild(QLabel).text()
    assert "keras.layers.Conv2D" in text
    assert "kernel_size" in text
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert it.canvas.helping.page is None
    assert it.session.selection == {"a"}, "one level with one press"


# Wires


def test_what_would_refuse_the_tensor_is_greyed_out_and_says_why(hand):
    nodes = [
        Node("x", "Input", {"shape": [8]}, position=(0, 0)),
        Node("conv", "Conv2D", CONV, position=(0, 160)),
        Node("dense", "Dense", {"units": 4}, position=(320, 160)),
    ]
    it = hand(Document(network=graph_of(nodes)))
    it.press(it.output("x"))
    it.move(QPointF(250, 90))
    cards = it.canvas.network.nodes
    assert cards["conv"].opacity() < 1
    assert cards["dense"].opacity() == 1
    it.move("conv")
    assert "height×width×channels" in it.canvas.hint.text()
    it.key(Qt.Key.Key_Escape)


def test_the_note_tells_what_changes_further_on(hand, residual):
    it = hand(residual)
    wider = edits.set_argument(residual, NETWORK, "spare", "strides", [2, 2])
    it.session.apply("w", edits.connect(wider, NETWORK, "x", "spare"))
    it.press(it.output("spare"))
    it.move(it.output("spare") + QPointF(-20, 30))
    it.move(it.input("b"))
    text = it.canvas.hint.text()
    assert "28×28×64" in text
    assert "brings 1 error" in text, "at the addition, further on"
    it.key(Qt.Key.Key_Escape)


def test_taking_a_wire_off_says_what_that_changes(hand, residual):
    it = hand(residual)
    it.press(it.input("b"))
    it.move(QPointF(300, 300))
    assert "brings 1 error" in it.canvas.hint.text()
    it.key(Qt.Key.Key_Escape)


def mismatch(residual: Document) -> Document:
    """x brings 64 feature maps and b 128; the identity link is not there yet."""
    wide = edits.set_argument(residual, NETWORK, "b", "filters", 128)
    link = next(e for e in wide.network.edges if (e.source, e.target) == ("x", "add"))
    return edits.disconnect(wide, NETWORK, [link])


def test_an_incompatible_drop_offers_its_repairs_and_one_key_makes_the_first(hand, sound):
    it = hand(mismatch(sound))
    it.drag(it.output("x"), "add")
    offer = it.canvas.offer
    assert offer.open
    assert it.canvas.preview.ghost is not None, "the repair stands there as ghosts"
    title = offer.fix.title
    assert offer.note.title.text() == title
    it.key(Qt.Key.Key_R)
    assert not offer.open
    assert it.session.analysis.ok
    assert it.session.history.undoText() == title
    it.session.history.undo()
    assert not it.session.analysis.ok
    it.session.history.undo()
    assert it.session.analysis.ok


def test_tab_shows_the_next_repair_and_a_click_takes_it(hand, sound):
    it = hand(mismatch(sound))
    it.drag(it.output("x"), "add")
    offer = it.canvas.offer
    first = offer.fix
    it.key(Qt.Key.Key_Tab)
    assert offer.fix is not first
    title = offer.fix.title
    QTest.mouseClick(offer.note, Qt.MouseButton.LeftButton)
    assert it.session.history.undoText() == title
    assert it.session.analysis.ok


def test_escape_leaves_the_offer_and_the_wire(hand, residual):
    it = hand(mismatch(residual))
    it.drag(it.output("x"), "add")
    it.key(Qt.Key.Key_Escape)
    assert not it.canvas.offer.open
    assert it.canvas.preview.ghost is None
    assert ("x", "add", 1) in it.wires or ("x", "add", 0) in it.wires
    assert it.session.history.count() == 1


def test_deleting_says_before_what_it_changes(hand, residual):
    it = hand(residual)
    it.click("b")
    told = it.canvas.editing.deletion_told(bridge=False)
    assert told.startswith("Deleting “b”: ")
    assert "−36,928 parameters" in told
    assert it.session.document is residual


def test_alt_held_when_it_is_let_go_leaves_a_copy_too(hand, residual):
    it = hand(residual)
    start = it.canvas.network.nodes["a"].card.center()
    it.press("a")
    it.move(start + QPointF(100, 40))
    it._held = ALT
    it.move(start + QPointF(300, 200))
    it.release(start + QPointF(300, 200), keys=ALT)
    nodes = it.session.graph.nodes
    assert nodes["a"].position == (0, 120)
    assert abs(nodes["a_2"].position[0] - 300) <= 8
    assert it.canvas.network.nodes["a"].card.topLeft() == QPointF(0, 120)


# Connecting what is selected


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (["spare"], "Select two nodes or more to connect them."),
        (["x", "a"], ""),
        (["spare", "b"], "“b” cannot be connected: its inputs are taken"),
    ],
)
def test_connecting_leaves_what_is_there_and_says_why_not(hand, residual, qtbot, chosen, why):
    it = hand(residual)
    it.session.select(chosen)
    if why:
        said = it.canvas.message if len(chosen) < 2 else it.canvas.refused
        with qtbot.waitSignal(said) as told:
            it.key(Qt.Key.Key_L, CONTROL)
        assert told.args == [why]
    else:
        it.key(Qt.Key.Key_L, CONTROL)
    assert it.session.document is residual


def test_a_chain_that_is_connected_is_one_step(hand, residual):
    it = hand(residual)
    it.session.select(["x", "spare"])
    it.key(Qt.Key.Key_L, CONTROL)
    assert ("x", "spare", 0) in it.wires
    assert it.session.history.count() == 1


@pytest.mark.parametrize("height", [300, 500, 860, 1400])
def test_the_help_ends_between_two_paragraphs(hand, residual, height):
    """It is as tall as its text, if the window is; else no line is cut."""
    it = hand(residual)
    it.canvas.resize(1000, height)
    it.session.select(["a"])
    it.key(Qt.Key.Key_F1)
    page = it.canvas.helping.page
    area = page.findChild(QScrollArea)
    body = area.widget()
    whole = area.verticalScrollBar().maximum() == 0
    assert whole == (height >= 860)
    assert page.height() <= height - 16
    if whole:
        return
    image = body.grab().toImage()
    last = area.viewport().height() - 1
    row = {image.pixel(x, last) for x in range(16, image.width() - 16)}
    assert len(row) == 1, "the page ends where nothing is written"
    assert height - page.height() < 80, "the room below is used"


# What a drag meets on its way


@pytest.mark.parametrize("beside", [0, 60, -60])
@pytest.mark.parametrize("zoom", [0.6, 1.0, 1.8])
def test_a_card_that_rests_on_a_wire_says_what_it_would_be_in_it(hand, residual, beside, zoom):
    it = hand(residual)
    it.canvas.zoom_by(zoom)
    link = next(edge for edge in residual.network.edges if edge.target == "b")
    at = it.canvas.network.wires[link].label_rect.center() + QPointF(beside, 0)
    it.canvas.centerOn(at)
    it.press("spare")
    for place in (QPointF(300, 150), at + QPointF(40, 0), at):
        it.move(place)
        QTest.qWait(2 * loose.REST)
    assert "“spare” gives 56×56×64" in it.canvas.hint.text()
    assert "mends" not in it.canvas.hint.text().lower(), "that it had no wires was no error"
    assert it.canvas.hint.isVisible()
    assert link in it.canvas.network.hidden, "the wires in and out are shown instead"
    it.release(at)
    assert {("a", "spare", 0), ("spare", "b", 0)} <= it.wires
    assert not it.canvas.network.hidden
    assert not it.canvas.hint.isVisible()
    it.session.history.undo()
    assert it.session.document is residual


def test_a_wire_is_not_tried_before_the_card_rests_on_it(hand, residual, qtbot):
    it = hand(residual)
    link = next(edge for edge in residual.network.edges if edge.target == "b")
    at = it.canvas.network.wires[link].label_rect.center()
    it.press("spare")
    it.move(at + QPointF(60, 0))
    it.move(at)
    assert link in it.canvas.network.hidden, "the wires there will be are shown at once"
    assert not it.canvas.hint.isVisible(), "what comes of it takes an analysis, which can wait"
    qtbot.waitUntil(it.canvas.hint.isVisible)
    assert "“spare” gives 56×56×64" in it.canvas.hint.text()
    it.release(at)


def test_a_card_drawn_past_a_wire_leaves_it_as_it_was(hand, residual):
    it = hand(residual)
    link = next(edge for edge in residual.network.edges if edge.target == "b")
    at = it.canvas.network.wires[link].label_rect.center()
    it.press("spare")
    it.move(at + QPointF(60, 0))
    it.move(at)
    it.move(at - QPointF(400, 0))
    assert not it.canvas.network.hidden
    it.release(at - QPointF(400, 0))
    assert {("a", "b", 0)} <= it.wires


def test_alt_shows_the_copy_while_the_pointer_rests(hand, residual):
    it = hand(residual)
    start = it.canvas.network.nodes["a"].card.center()
    it.press("a")
    it.move(start + QPointF(100, 40))
    it.move(start + QPointF(300, 200))
    QTest.keyPress(it.canvas, Qt.Key.Key_Alt, ALT)
    assert it.canvas.network.nodes["a"].card.topLeft() == QPointF(0, 120)
    assert "leave a copy" in it.canvas.hint.text()
    QTest.keyRelease(it.canvas, Qt.Key.Key_Alt)
    assert it.canvas.network.nodes["a"].card.left() > 200
    it.key(Qt.Key.Key_Escape)


def test_alt_pressed_on_the_way_leaves_the_card_and_shows_the_copy(hand, residual):
    it = hand(residual)
    start = it.canvas.network.nodes["a"].card.center()
    it.press("a")
    it.move(start + QPointF(100, 40))
    it.hold(ALT)
    it.move(start + QPointF(300, 200))
    assert it.canvas.network.nodes["a"].card.topLeft() == QPointF(0, 120)
    assert [type(item).__name__ for item in it.canvas._overlays].count("GhostCard") == 1
    it.hold(Qt.KeyboardModifier.NoModifier)
    it.move(start + QPointF(320, 200))
    assert abs(it.canvas.network.nodes["a"].card.left() - 320) <= 8
    assert "GhostCard" not in [type(item).__name__ for item in it.canvas._overlays]
    it.release(start + QPointF(320, 200))
    assert set(it.session.graph.nodes) == set(residual.network.nodes)


def test_the_other_button_drops_what_is_in_hand(hand, residual, qtbot):
    it = hand(residual)
    asked = []
    it.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    it.canvas.customContextMenuRequested.connect(asked.append)
    it.press("a")
    it.move(QPointF(300, 300))
    place = it.at(QPointF(300, 300))
    it.press(QPointF(300, 300), RIGHT)
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, it.canvas.mapToGlobal(place))
    QApplication.sendEvent(it.canvas.viewport(), menu)
    assert it.canvas.network.nodes["a"].card.topLeft() == QPointF(0, 120)
    it.release(QPointF(300, 300), RIGHT)
    it.release(QPointF(300, 300))
    assert it.session.document is residual
    assert not asked
    it.drag("a", QPointF(300, 300))
    assert it.session.document is not residual
