"""Zoom, pan, fit, blocks, layout, what is shown and what is touched."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Block, Document, Node
from resnet_studio.core.stages import numbered
from resnet_studio.formats import graphviz_layout
from resnet_studio.gui import theme
from resnet_studio.gui.canvas.far_texts import names_beside
from resnet_studio.gui.canvas.tooltips import tooltip
from tests.core.test_columns import residual_network
from tests.gui.canvas.conftest import graph_of


def chain(length: int) -> Document:
    """An Input and ReLUs below each other."""
    nodes = [Node("n0", "Input", {"shape": [8, 8, 4]}, position=(0, 0))]
    nodes += [Node(f"n{i}", "ReLU", position=(0, 120 * i)) for i in range(1, length)]
    return Document(network=graph_of(nodes, *(f"n{i - 1}-n{i}" for i in range(1, length))))


def turn(it, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        it.canvas.viewport().mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(it.canvas.viewport(), event)


def test_the_wheel_zooms_at_the_pointer(hand, residual, qtbot):
    it = hand(residual)
    at = it.at("add") + QPoint(30, 5)
    before = it.canvas.mapToScene(at)
    with qtbot.waitSignal(it.canvas.zoom_changed) as told:
        turn(it, at, 3)
    assert told.args[0] == it.canvas.zoom_level() > 1.4
    assert (it.canvas.mapToScene(at) - before).manhattanLength() < 2
    turn(it, at, -3)
    assert it.canvas.zoom_level() == pytest.approx(1)


def test_zoom_has_its_bounds(hand, residual):
    it = hand(residual)
    it.canvas.zoom_by(1000)
    assert it.canvas.zoom_level() == 4
    it.canvas.zoom_by(1e-6)
    assert 0 < it.canvas.zoom_level() < 0.05


@pytest.mark.parametrize("with_space", [False, True])
def test_panning(hand, residual, with_space):
    it = hand(residual)
    place = it.at("a")
    if with_space:
        QTest.keyPress(it.canvas, Qt.Key.Key_Space)
    button = Qt.MouseButton.LeftButton if with_space else Qt.MouseButton.MiddleButton
    start, end = QPoint(500, 300), QPoint(620, 240)
    QTest.mousePress(it.canvas.viewport(), button, pos=start)
    it.move(it.canvas.mapToScene(end), button)
    QTest.mouseRelease(it.canvas.viewport(), button, pos=end)
    if with_space:
        QTest.keyRelease(it.canvas, Qt.Key.Key_Space)
    assert it.at("a") - place == QPoint(120, -60)
    assert not it.session.selection
    assert it.session.history.count() == 0


def test_fit_shows_everything(hand, residual):
    it = hand(residual)
    it.canvas.zoom_by(3)
    it.key(Qt.Key.Key_F)
    seen = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert seen.contains(it.canvas.network.bounds())
    it.click("spare")
    it.key(Qt.Key.Key_Period)
    middle = it.canvas.mapToScene(it.canvas.viewport().rect().center())
    assert it.canvas.network.nodes["spare"].card.contains(middle)


def test_a_graph_is_seen_well_until_somebody_looks_elsewhere(hand, residual):
    it = hand(residual)
    it.session.load(residual, None)
    it.canvas.resize(420, 900)
    seen = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert seen.contains(it.canvas.network.bounds())
    it.canvas.zoom_by(2)
    level = it.canvas.zoom_level()
    it.canvas.resize(900, 500)
    assert it.canvas.zoom_level() == level


def test_a_tall_network_opens_readable_from_its_top(hand):
    it = hand(chain(30))
    it.session.load(chain(30), None)
    assert it.canvas.zoom_level() >= 0.9
    view = it.canvas.viewport().rect()
    assert 0 < it.at("n0").y() < view.height() / 4
    assert abs(it.at("n0").x() - view.center().x()) < 4


def test_a_network_that_nearly_fits_opens_whole(hand):
    it = hand(chain(8))
    it.session.load(chain(8), None)
    assert 0.7 < it.canvas.zoom_level() < 0.9
    seen = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert seen.contains(it.canvas.network.bounds())


def test_a_wide_network_opens_at_its_input(hand):
    nodes = [Node("x", "Input", {"shape": [8, 8, 4]}, position=(0, 0))]
    nodes += [Node(f"r{i}", "ReLU", position=(300 * i, 120)) for i in range(12)]
    wide = Document(network=graph_of(nodes, *(f"x-r{i}" for i in range(12))))
    it = hand(wide)
    it.session.load(wide, None)
    assert it.canvas.zoom_level() >= 0.5
    assert it.canvas.viewport().rect().contains(it.at("x"))


def test_after_a_layout_the_network_can_still_be_read(hand, qtbot):
    it = hand(chain(30))
    it.click("n2")
    it.key(Qt.Key.Key_Right)
    it.click(QPointF(400, 0))
    it.key(Qt.Key.Key_L)
    qtbot.waitUntil(lambda: it.session.history.undoText() == "Lay out", timeout=20_000)
    assert it.canvas.zoom_level() >= 0.9
    assert it.canvas.viewport().rect().contains(it.at("n0"))


def test_names_can_be_read_from_afar(hand):
    """A card without its name differs from one with it, and only inside the card."""
    it = hand(chain(6))
    it.canvas.zoom_by(0.4)
    named = it.canvas.viewport().grab().toImage()
    it.session.apply("", edits.rename_node(it.session.document, NETWORK, "n3", "a_longer_name"))
    renamed = it.canvas.viewport().grab().toImage()
    card = it.canvas.mapFromScene(it.canvas.network.nodes["a_longer_name"].card).boundingRect()
    differing = [
        (x, y)
        for x in range(named.width())
        for y in range(named.height())
        if named.pixel(x, y) != renamed.pixel(x, y)
    ]
    assert len(differing) > 20
    assert all(card.contains(x, y) for x, y in differing)


def test_double_click_enters_a_block_and_escape_leaves(hand, with_block):
    it = hand(with_block)
    QTest.mouseDClick(it.canvas.viewport(), Qt.MouseButton.LeftButton, pos=it.at("call"))
    assert it.session.trail == (("call", 1),)
    assert it.canvas.network.nodes.keys() == {"x", "conv", "y"}
    assert it.canvas.network.nodes["conv"].look.face.figures == "3×3, 16"
    it.key(Qt.Key.Key_Escape)
    assert it.session.trail == ()
    assert it.session.selection == {"call"}


@pytest.fixture
def nested(with_block):
    """A stage that calls a unit."""
    unit = with_block.blocks["stage"]
    nodes = [Node("x", "BlockInput"), Node("unit", "unit", {"n": 4}), Node("y", "BlockOutput")]
    stage = Block(graph_of(nodes, "x-unit", "unit-y"), {"n": 8})
    return replace(with_block, blocks={"unit": unit, "stage": stage})


def test_escape_leaves_one_block_a_press(hand, nested):
    it = hand(nested)
    it.session.enter("call")
    it.session.enter("unit")
    it.key(Qt.Key.Key_Escape)
    assert it.session.trail == (("call", 1),)
    assert it.session.selection == {"unit"}
    it.key(Qt.Key.Key_Escape)
    assert it.session.trail == ()
    assert it.session.selection == {"call"}
    it.key(Qt.Key.Key_Escape)
    assert it.session.selection == frozenset()


def test_escape_first_takes_back_what_one_selected(hand, nested):
    it = hand(nested)
    it.session.enter("call")
    it.session.enter("unit")
    it.key(Qt.Key.Key_Escape)
    it.session.select([])
    it.session.select(["unit"])
    it.key(Qt.Key.Key_Escape)
    assert it.session.trail == (("call", 1),)
    assert it.session.selection == frozenset()
    it.key(Qt.Key.Key_Escape)
    assert it.session.trail == ()


def test_what_is_not_wired_yet_waits_and_alarms_nobody(hand, residual):
    it = hand(residual)
    node = Node("fresh", "Conv2D", {"filters": 64, "kernel_size": 3}, position=(600, 0))
    it.session.apply("", edits.add_nodes(residual, NETWORK, [node]))
    look = it.canvas.network.nodes["fresh"].look
    assert (look.findings.waiting, look.findings.errors) == (True, 0)
    assert look.result == "no input yet"
    assert not it.session.analysis.ok, "Keras would not build it all the same"
    it.session.apply("", edits.connect(it.session.document, NETWORK, "x", "fresh", 0))
    look = it.canvas.network.nodes["fresh"].look
    assert not look.findings.waiting
    assert look.result == "54×54×64"


def test_a_merge_that_lacks_one_of_its_wires_is_wrong(hand, residual):
    it = hand(residual)
    document = edits.add_nodes(residual, NETWORK, [Node("less", "Subtract", position=(600, 0))])
    it.session.apply("", edits.connect(document, NETWORK, "x", "less", 0))
    found = it.canvas.network.nodes["less"].look.findings
    assert (found.waiting, found.errors) == (False, 1)


def test_an_edit_inside_a_block_reaches_the_call(hand, with_block):
    it = hand(with_block)
    it.session.enter("call")
    it.click("conv")
    it.key(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    it.session.leave()
    assert it.canvas.network.nodes["call"].look.params == 0


def test_shapes_stand_on_the_wires(hand, residual):
    it = hand(residual)
    labels = {(e.source, e.target): w.label for e, w in it.canvas.network.wires.items()}
    assert set(labels.values()) == {"56×56×64"}
    it.session.apply("", edits.set_argument(residual, NETWORK, "a", "strides", [2, 2]))
    labels = {(e.source, e.target): w.label for e, w in it.canvas.network.wires.items()}
    assert labels[("a", "b")] == "28×28×64"
    assert it.canvas.network.nodes["add"].look.result == "?"


def test_identity_links_run_beside_the_branch(hand, residual):
    it = hand(residual)
    wires = it.canvas.network.wires
    (arc,) = [wire for wire in wires.values() if wire.identity]
    assert (arc.edge.source, arc.edge.target) == ("x", "add")
    card = it.canvas.network.nodes["a"].card
    assert not card.left() <= arc.route.lane <= card.right()


def test_faults_show_on_card_and_wires(hand, residual):
    it = hand(residual)
    it.session.apply("", edits.set_argument(residual, NETWORK, "b", "filters", 128))
    network = it.canvas.network
    assert network.nodes["add"].look.findings.errors == 1
    assert {e.source for e, w in network.wires.items() if w.faulty} == {"x", "b"}
    it.session.history.undo()
    assert network.nodes["add"].look.findings.errors == 0
    assert not any(wire.faulty for wire in network.wires.values())


def test_only_what_changed_is_touched(hand, residual):
    it = hand(residual)
    network = it.canvas.network
    items = dict(network.nodes)
    looks = {key: item.look for key, item in items.items()}
    it.session.apply("", edits.set_argument(residual, NETWORK, "spare", "filters", 32))
    assert network.nodes == items
    assert {k for k, item in network.nodes.items() if item.look is not looks[k]} == {"spare"}


@pytest.mark.parametrize("dot", [True, False])
def test_layout_runs_off_the_thread_and_is_one_step(hand, residual, qtbot, monkeypatch, dot):
    if dot and not graphviz_layout.available():
        pytest.skip("dot is not installed")
    if not dot:
        monkeypatch.setattr(graphviz_layout, "available", lambda: False)
    it = hand(edits.move_nodes(residual, NETWORK, dict.fromkeys(residual.network.nodes, (0, 0))))
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out()
        assert it.session.history.count() == 0, "the window does not wait for it"
    assert it.session.history.undoText() == "Lay out"
    nodes = it.session.graph.nodes
    assert [nodes[k].position[1] for k in ("x", "a", "b", "add")] == [0, 120, 240, 360]
    assert len({nodes[k].position[0] for k in ("x", "a", "b", "add")}) == 1


def test_columns_are_one_step_and_each_stage_is_named_at_its_own(hand, qtbot):
    it = hand(residual_network(6, 4))
    canvas, before = it.canvas, it.session.document
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        canvas.lay_out_columns()
    assert it.session.history.undoText() == "Lay out in columns"
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    stages = canvas.far._stages
    while not stages.work():
        pass
    assert [band.size for band in stages.bands] == ["32×32×8", "16×16×8", "8×8×8", "4×4×8"]
    areas = [area for band in stages.bands for area in band.areas]
    assert all(not a.intersects(b) for a, b in combinations(areas, 2))
    inside = it.session.graph_analysis
    stage_of = numbered(inside.structure, inside.outcomes)
    assert stage_of.keys() == before.network.nodes.keys()
    everything = {key: canvas.network.nodes[key].card for key in stage_of}
    for number, band in enumerate(stages.bands):
        cards = [card for key, card in everything.items() if stage_of[key] == number]
        assert all(any(area.contains(card) for area in band.areas) for card in cards)
        first = [card for card in cards if band.areas[0].contains(card)]
        assert min(card.top() for card in first) == band.head.bottom()
        assert band.head.topLeft() == band.areas[0].topLeft()
        assert band.head.height() >= 90
        name = QRectF(band.head.topLeft(), QSizeF(200, band.head.height()))
        assert not any(name.intersects(card) for card in everything.values())
    it.session.history.undo()
    assert it.session.document is before


def test_the_wire_to_the_next_column_runs_between_the_two(hand, qtbot):
    it = hand(residual_network(6, 4))
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out_columns()
    qtbot.waitUntil(lambda: not it.canvas.motion.under_way)
    network = it.canvas.network
    upwards = [
        edge
        for edge in it.session.graph.edges
        if network.places[edge.target][1] < network.places[edge.source][1]
    ]
    assert upwards
    for edge in upwards:
        left, right = network.nodes[edge.source].card, network.nodes[edge.target].card
        assert left.right() < network.wires[edge].route.lane < right.left()


def test_layout_of_a_selection_leaves_the_rest_in_place(hand, residual, qtbot):
    it = hand(residual)
    it.session.select(["a", "b"])
    it.canvas.editing.place({"b": (400.0, 160.0)})
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out(selection_only=True)
    nodes = it.session.graph.nodes
    assert nodes["a"].position == (0, 120)
    assert nodes["b"].position == (0, 240)
    assert nodes["add"].position == (0, 360)


def test_a_layout_that_comes_too_late_is_not_taken(hand, residual, qtbot):
    it = hand(residual)
    it.canvas.lay_out()
    it.session.apply("", edits.remove_nodes(residual, NETWORK, ["spare"]))
    with qtbot.waitSignal(it.canvas.message, timeout=20_000) as told:
        pass
    assert "changed while" in told.args[0]
    assert it.session.history.count() == 1


def test_a_repair_is_previewed_and_the_preview_ends_without_a_trace(hand, residual):
    it = hand(edits.set_argument(residual, NETWORK, "b", "filters", 128))
    before = {key: item.pos() for key, item in it.canvas.network.nodes.items()}
    routes = {edge: wire.route for edge, wire in it.canvas.network.wires.items()}
    (diagnostic,) = [
        d
        for d in it.session.analysis.diagnostics
        if d.severity == "error" and d.code == "shortcut-mismatch"
    ]
    projection = next(fix for fix in diagnostic.fixes if fix.id == "projection")
    blank = it.canvas.grab().toImage()
    it.canvas.show_ghost(projection)
    assert it.canvas.grab().toImage() != blank
    ghost = it.canvas.preview.ghost
    assert ghost._added
    assert it.canvas.network.nodes["add"].look.result == "56×56×128", "as it will be"
    assert it.canvas.network.nodes["add"].look.findings.errors == 0
    it.canvas.show_ghost(None)
    assert {key: item.pos() for key, item in it.canvas.network.nodes.items()} == before
    assert {edge: wire.route for edge, wire in it.canvas.network.wires.items()} == routes
    assert it.canvas.network.nodes["add"].look.findings.errors == 1
    assert it.canvas.grab().toImage() == blank
    assert all(wire.isVisible() for wire in it.canvas.network.wires.values())
    assert it.session.history.count() == 0


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("zoom", [0.1, 0.5, 1, 3])
def test_it_paints_at_every_distance_in_both_themes(hand, residual, name, zoom):
    it = hand(residual)
    try:
        theme.set_theme(name)
        it.canvas.zoom_by(zoom)
        it.canvas.centerOn(104, 200)
        image = it.canvas.grab().toImage()
        ground = theme.theme().color("canvas")
        assert image.pixelColor(2, 2) == ground
        assert image.pixelColor(image.rect().center()) != ground
    finally:
        theme.set_theme("system")


def test_from_afar_cards_are_still_selected_and_moved(hand, residual):
    it = hand(residual)
    it.canvas.zoom_by(0.3)
    assert it.canvas.is_far()
    it.click("spare")
    assert it.session.selection == {"spare"}
    it.drag("spare", it.canvas.network.nodes["spare"].card.center() + QPointF(160, 0))
    assert it.session.graph.nodes["spare"].position[0] >= 440


def seen(it) -> tuple[float, float, float]:
    middle = it.canvas.mapToScene(it.canvas.viewport().rect().center())
    return round(it.canvas.zoom_level(), 3), round(middle.x()), round(middle.y())


def test_whoever_leaves_a_block_sees_the_graph_around_it_as_before(hand, with_block):
    it = hand(with_block)
    it.canvas.zoom_by(1.7)
    it.canvas.centerOn(310, 90)
    around = seen(it)
    it.session.enter("call")
    assert seen(it) != around, "seen for the first time, a graph is shown from its start"
    it.canvas.zoom_by(0.6)
    it.canvas.centerOn(0, 40)
    inside = seen(it)
    it.session.leave()
    assert seen(it) == pytest.approx(around, abs=2)
    it.session.enter("call", 2)
    assert seen(it) != pytest.approx(inside, abs=2), "another copy is another place"
    it.session.go_to((("call", 1),))
    assert seen(it) == pytest.approx(inside, abs=2)


def test_another_document_is_seen_from_its_start(hand, with_block, residual):
    it = hand(with_block)
    it.session.load(residual, None)
    home = seen(it)
    it.canvas.zoom_by(1.7)
    it.session.load(residual, None)
    assert seen(it) == home


def mismatch_aside() -> Document:
    """A merge a little to the right of the second convolution, that 64 and 3 channels reach."""
    conv = {"filters": 64, "kernel_size": [3, 3], "padding": "same"}
    nodes = [
        Node("x", "Input", {"shape": [56, 56, 3]}, position=(0, 0)),
        Node("a", "Conv2D", conv, position=(0, 120)),
        Node("b", "Conv2D", conv, position=(0, 240)),
        Node("add", "Add", position=(220, 320)),
    ]
    return Document(network=graph_of(nodes, "x-a", "a-b", "b-add", "x-add"))


@pytest.mark.parametrize("middle", [QPointF(200, 200), QPointF(-260, 700)])
def test_a_repair_is_in_sight_before_and_after_it_is_made(hand, middle):
    it = hand(mismatch_aside())
    it.canvas.centerOn(middle)
    view = it.canvas.viewport().rect()
    before = it.canvas.mapToScene(view.center())
    diagnostic = it.session.analysis.diagnostics[0]
    fix = next(each for each in diagnostic.fixes if each.id == "projection")
    it.canvas.show_ghost(fix)
    cards = it.canvas.mapFromScene(it.canvas.preview.ghost.cards_area()).boundingRect()
    assert view.contains(cards)
    if middle.y() == 200:
        assert it.canvas.mapToScene(view.center()) == before, "seen already: nothing moves"
    it.canvas.show_ghost(None)
    it.session.apply(fix.title, fix.document)
    for key in fix.document.network.nodes.keys() - {"x", "a", "b", "add"}:
        card = it.canvas.network.nodes[key].card
        assert view.contains(it.canvas.mapFromScene(card).boundingRect())
    it.session.history.undo()
    assert it.session.graph.nodes.keys() == {"x", "a", "b", "add"}


def out_of_sight(hand):
    """A canvas that a preview has drawn to its cards."""
    it = hand(mismatch_aside())
    it.canvas.centerOn(-260, 700)
    before = seen(it)
    diagnostic = it.session.analysis.diagnostics[0]
    it.canvas.show_ghost(next(each for each in diagnostic.fixes if each.id == "projection"))
    assert seen(it) != before
    return it, before


@pytest.mark.parametrize("move", ["scroll", "zoom"])
def test_a_view_that_was_moved_during_a_preview_stays_when_it_ends(hand, move):
    it, _before = out_of_sight(hand)
    if move == "scroll":
        bar = it.canvas.verticalScrollBar()
        bar.setValue(bar.value() + 30)
    else:
        it.canvas.zoom_by(1.5)
    chosen = seen(it)
    it.canvas.show_ghost(None)
    assert seen(it) == chosen


def test_a_view_that_was_left_alone_goes_back_when_the_preview_ends(hand):
    it, before = out_of_sight(hand)
    it.canvas.show_ghost(None)
    assert seen(it) == before


def test_few_cards_seen_from_afar_have_their_names_beside_them(hand):
    it = hand(chain(12))
    it.canvas.fit_all()
    it.canvas.zoom_by(0.25 / it.canvas.zoom_level())
    assert not it.canvas.far.bands()
    drawing, to_view = it.canvas.network.drawing, it.canvas.viewportTransform()
    keys = list(it.session.graph.nodes)
    found = names_beside(drawing, keys, to_view)
    assert [name for _room, name in found] == [drawing.look(key).face.title for key in keys]
    image = it.canvas.grab().toImage()
    for room, _name in found:
        area = room.toAlignedRect()
        colors = {
            image.pixel(x, y)
            for x in range(area.left(), area.right())
            for y in range(area.top(), area.bottom())
        }
        assert len(colors) > 5, "a text stands there"


def test_names_beside_cards_cover_neither_cards_nor_names(hand):
    nodes = [Node(f"node_with_a_name_{i}", "ReLU", position=(100.0 * i, 4.0 * i)) for i in range(9)]
    it = hand(Document(network=graph_of(nodes)))
    it.canvas.zoom_by(0.2)
    network, keys = it.canvas.network, [node.id for node in nodes]
    rooms = [room for room, _ in names_beside(network.drawing, keys, it.canvas.viewportTransform())]
    assert rooms
    cards = [it.canvas.viewportTransform().mapRect(network.nodes[key].card) for key in keys]
    assert not any(room.intersects(card) for room in rooms for card in cards)


@pytest.mark.parametrize("zoom", [0.1, 0.28, 1.0])
def test_what_is_under_the_pointer_is_told_from_afar_too(hand, zoom):
    it = hand(chain(12))
    it.canvas.zoom_by(zoom)
    at = it.at("n5")
    tip = tooltip(it.canvas, it.canvas.mapToScene(at))
    assert "<b>n5</b>" in tip
    beside = tooltip(it.canvas, it.canvas.mapToScene(at + QPoint(0, round(28 * zoom) + 3)))
    assert ("<b>n5</b>" in beside) == (zoom < 0.45), "a small card is told from a little way off"
