"""Large networks: what is painted and worked out is what is near, and comes out the same."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Document, Graph
from resnet_studio.gui.canvas import backing, loose
from resnet_studio.gui.canvas.batches import Batch, Gatherer
from resnet_studio.gui.canvas.grid import Grid
from resnet_studio.gui.canvas.whole import Whole
from tests.benchmarks.networks import chain

ROWS = 40


@pytest.fixture
def large() -> Document:
    """Two thousand nodes in columns of forty."""
    document = chain(2000)
    nodes = {
        key: replace(node, position=(304.0 * (i // ROWS), 120.0 * (i % ROWS)))
        for i, (key, node) in enumerate(document.network.nodes.items())
    }
    return replace(document, network=Graph(nodes, document.network.edges))


def test_only_wires_in_sight_are_led(hand, large):
    it = hand(large)
    it.canvas.viewport().grab()
    ways = it.canvas.network.drawing.ways
    led = [edge for edge in large.network.edges if ways.known(edge) is not None]
    assert 0 < len(led) < 300


@pytest.mark.parametrize("length", [2000, 8000])
def test_a_drag_works_on_what_is_near_alone(hand, length, monkeypatch):
    document = chain(length)
    it = hand(document)
    keys = list(document.network.nodes)
    it.canvas.show_cards([keys[500]])
    it.canvas.viewport().grab()
    drawing = it.canvas.network.drawing
    led = []
    lead = drawing.ways.lead
    monkeypatch.setattr(drawing.ways, "lead", lambda edges: led.append(len(edges)) or lead(edges))
    it.drag(keys[500], it.canvas.network.nodes[keys[500]].card.center() + QPointF(60, 0))
    assert led
    assert max(led) < 20


@pytest.mark.parametrize("zoom", [0.2, 0.4, 1.0, 1.5, 3.0])
def test_a_scrolled_picture_is_the_one_painted_afresh(hand, large, zoom):
    it = hand(large)
    it.canvas.zoom_by(zoom)
    it.canvas.centerOn(900, 1200)
    _settle(it)
    it.canvas.grab()
    for across, down in ((7, 13), (-40, 25), (300, -200)):
        bars = it.canvas.horizontalScrollBar(), it.canvas.verticalScrollBar()
        bars[0].setValue(bars[0].value() + across)
        bars[1].setValue(bars[1].value() + down)
        scrolled = it.canvas.viewport().grab().toImage()
        it.canvas.surface.backing.damage()
        afresh = it.canvas.viewport().grab().toImage()
        assert _differing(scrolled, afresh) < 0.005


def test_what_changed_out_of_sight_is_there_when_it_comes_into_sight(hand, large):
    it = hand(large)
    it.canvas.resetTransform()
    it.canvas.centerOn(900, 1200)
    _settle(it)
    bar = it.canvas.verticalScrollBar()
    for _ in range(3):
        # The margin ahead is painted by the first step.
        bar.setValue(bar.value() + 3)
        it.canvas.viewport().grab()
    below = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect().bottom() + 20
    across = it.canvas.mapToScene(it.canvas.viewport().rect().center()).x()
    key = next(iter(it.canvas.network.places))
    it.canvas.network.shift({key: QPointF(across, below)})
    bar.setValue(bar.value() + 60)
    scrolled = it.canvas.viewport().grab().toImage()
    it.canvas.surface.backing.damage()
    assert _differing(scrolled, it.canvas.viewport().grab().toImage()) < 0.001


def test_scrolling_paints_no_more_than_comes_into_sight(hand, large):
    it = hand(large)
    it.canvas.resetTransform()
    it.canvas.centerOn(900, 1200)
    _settle(it)
    it.canvas.grab()
    painted = []
    paint = it.canvas.surface.backing._paint
    it.canvas.surface.backing._paint = lambda painter, area: (
        painted.append(area),
        paint(painter, area),
    )
    bar, width = it.canvas.verticalScrollBar(), it.canvas.viewport().width()
    for _ in range(40):
        bar.setValue(bar.value() + 10)
        it.canvas.viewport().grab()
    assert 0 < len(painted) <= 400 // backing.MARGIN + 1
    most = (400 + backing.MARGIN) * (width + 2 * backing.MARGIN)
    assert sum(area.width() * area.height() for area in painted) <= 1.1 * most


def _differing(one, other) -> float:
    """The share of pixels, of a grid of samples, that differ by more than smoothing does."""
    count = bad = 0
    for x in range(0, one.width(), 5):
        for y in range(0, one.height(), 5):
            a, b = one.pixelColor(x, y), other.pixelColor(x, y)
            apart = abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())
            count, bad = count + 1, bad + (apart > 60)
    return bad / count


def _settle(it) -> None:
    for _ in range(400):
        QTest.qWait(1)
        if not it.canvas.far._later.isActive():
            return


def test_a_dragged_card_leaves_nothing_behind(hand, large):
    it = hand(large)
    key = list(large.network.nodes)[45]
    it.canvas.show_cards([key])
    before = it.canvas.viewport().grab().toImage()
    middle = it.canvas.network.nodes[key].card.center()
    it.press(key)
    for step in (30, 90, 50):
        it.move(middle + QPointF(step, step / 2))
        it.canvas.viewport().grab()
    it.key(Qt.Key.Key_Escape)
    it.canvas.session.select(())
    it.canvas.network.show_hover(None)
    it.release(middle)
    it.canvas.session.select(())
    assert _differing(it.canvas.viewport().grab().toImage(), before) == 0


def test_a_drag_paints_what_moves_alone(hand, large):
    it = hand(large)
    key = list(large.network.nodes)[45]
    it.canvas.show_cards([key])
    it.canvas.viewport().grab()
    middle = it.canvas.network.nodes[key].card.center()
    it.press(key)
    it.move(middle + QPointF(30, 10))
    it.canvas.viewport().grab()
    painted = []
    paint = it.canvas.surface.backing._paint
    it.canvas.surface.backing._paint = lambda painter, area: (
        painted.append(area),
        paint(painter, area),
    )
    for step in range(4, 12):
        it.move(middle + QPointF(10 * step, 10))
        it.canvas.viewport().grab()
    assert not painted


@pytest.mark.parametrize("zoom", [0.3, 1.0])
def test_in_the_hand_a_card_looks_as_it_will_stand(hand, residual, zoom):
    it = hand(residual)
    it.canvas.zoom_by(zoom)
    _settle(it)
    before = it.canvas.viewport().grab().toImage()
    start = it.canvas.network.nodes["a"].card.center()
    goal = start + QPointF(-288, 48)
    free = it.hold(Qt.KeyboardModifier.ControlModifier)
    it.press("a")
    for share in (0.3, 0.9, 1.0):
        it.move(start + (goal - start) * share)
    QTest.qWait(2 * loose.REST)
    held = it.canvas.viewport().grab().toImage()
    it.release(goal, keys=free)
    it.canvas.network.show_hover(None)
    _settle(it)
    assert _differing(it.canvas.viewport().grab().toImage(), held) < 0.0005
    assert _differing(before, held) > 0.001


def test_where_a_card_rests_the_wires_of_others_make_way(hand, residual):
    it = hand(edits.connect(residual, NETWORK, "b", "spare"))
    link = next(edge for edge in residual.network.edges if edge.source == "x" and edge.slot == 0)
    ways = it.canvas.network.drawing.ways
    it.canvas.viewport().grab()
    straight = ways.of(link)
    it.press("spare")
    for share in (0.4, 0.8, 1.0):
        it.move(QPointF(104 * share + 424 * (1 - share), 96))
    assert ways.of(link) is straight
    QTest.qWait(2 * loose.REST)
    assert ways.of(link) != straight
    it.key(Qt.Key.Key_Escape)
    assert ways.of(link) == straight


def content(batch: Batch) -> object:
    def rects(found):
        return sorted(rect.getRect() for rect in found)

    def lines(found):
        return sorted((line.x1(), line.y1(), line.x2(), line.y2()) for line in found)

    cards = {name: rects(found) for name, found in batch.cards.items() if found}
    return cards, lines(batch.plain), lines(batch.identity), lines(batch.faulty)


@pytest.mark.parametrize("seed", range(4))
def test_batches_mended_after_edits_are_those_gathered_afresh(hand, large, seed):
    it, dice = hand(large), random.Random(seed)
    it.canvas.zoom_by(0.05)
    _settle(it)
    for _ in range(12):
        document = it.session.document
        key = dice.choice(list(document.network.nodes))
        match dice.randrange(4):
            case 0:
                after = edits.remove_nodes(document, NETWORK, [key], bridge=True)
            case 1:
                place = (dice.randrange(40) * 304.0, 24.0)
                after = edits.move_nodes(document, NETWORK, {key: place})
            case 2:
                after = edits.disconnect(document, NETWORK, [dice.choice(document.network.edges)])
            case _:
                it.session.history.undo()
                continue
        it.session.apply("edit", after)
    while not it.canvas.far._whole.work():
        pass
    drawing = it.canvas.network.drawing
    afresh = Gatherer(drawing).batch(drawing.graph.nodes)
    assert content(it.canvas.far._whole.batch()) == content(afresh)
    assert content(Whole(drawing).batch()) == content(Batch())


@pytest.mark.parametrize("seed", range(20))
def test_the_grid_finds_what_stands_in_an_area(seed):
    dice = random.Random(seed)

    def place() -> tuple[float, float]:
        return dice.uniform(-3000, 3000), dice.uniform(-3000, 3000)

    places = {f"n{i}": place() for i in range(200)}
    grid = Grid(places)
    for key in dice.sample(sorted(places), 50):
        grid.drop(key, places[key])
        places[key] = place()
        grid.put(key, places[key])
    left, top = place()
    right, bottom = left + dice.uniform(0, 2500), top + dice.uniform(0, 2500)
    inside = {k for k, (x, y) in places.items() if left <= x <= right and top <= y <= bottom}
    found = grid.within(left, top, right, bottom)
    assert inside <= set(found)
    assert len(found) == len(set(found))


def test_a_very_tall_network_is_seen_whole(hand):
    it = hand(chain(3000))
    it.canvas.fit_all()
    seen = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert seen.contains(it.canvas.network.bounds())


def test_the_names_of_stages_are_not_scrolled_along(hand):
    it = hand(chain(200))
    it.canvas.zoom_by(0.2)
    it.canvas.centerOn(104, 3000)
    _settle(it)
    it.canvas.viewport().grab()
    it.canvas.verticalScrollBar().setValue(it.canvas.verticalScrollBar().value() + 60)
    scrolled = it.canvas.viewport().grab().toImage()
    it.canvas.surface.backing.damage()
    assert _differing(scrolled, it.canvas.viewport().grab().toImage()) < 0.005


def test_stages_are_told_from_afar(hand, large):
    document = chain(200)
    it = hand(document)
    it.canvas.fit_all()
    _settle(it)
    told = [(band.size, band.weight) for band in it.canvas.far._stages.bands]
    assert told[0] == ("112×112×64", "5 layers · 9,728 parameters")
    assert [size for size, _weight in told] == ["112×112×64", "56×56×256", "1000"]
    areas = [area for (area,) in it.canvas.far.bands()]
    assert all(a.bottom() <= b.top() for a, b in pairwise(areas))
