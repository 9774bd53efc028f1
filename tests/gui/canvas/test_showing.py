"""What stands beside and upon the cards: cost bars, feature maps, and wires to their ends."""

import pytest
from PySide6.QtCore import QPointF, QSettings
from PySide6.QtGui import QFontMetricsF

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Document, Graph, Node
from resnet_studio.core.faces import CARD_WIDTH, face_of
from resnet_studio.core.layer import Layer, layer_for
from resnet_studio.gui.canvas import card_painting, painting
from resnet_studio.gui.canvas.costs import Costs
from resnet_studio.gui.canvas.feature_maps import BESIDE, INSTEAD, slab_of
from resnet_studio.gui.canvas.showing import Showing
from resnet_studio.gui.canvas.sprites import Sprites
from resnet_studio.gui.canvas.tooltips import tooltip
from resnet_studio.gui.theme import theme
from tests.benchmarks.networks import chain
from tests.gui.canvas.conftest import graph_of


def color_at(it, place: QPointF):
    """The colour on the screen at a place of the scene."""
    it.canvas.viewport().update()
    return it.canvas.viewport().grab().toImage().pixelColor(it.at(place))


def near(one, other, most: int = 40) -> bool:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(a - b) <= most for a, b in pairs)


@pytest.fixture
def uneven() -> Document:
    """Convolutions of which the second costs a quarter of the first."""
    conv = {"kernel_size": [3, 3], "padding": "same"}
    nodes = [
        Node("x", "Input", {"shape": [56, 56, 64]}, position=(0, 0)),
        Node("a", "Conv2D", {**conv, "filters": 64}, position=(0, 120)),
        Node("b", "Conv2D", {**conv, "filters": 16}, position=(0, 240)),
        Node("pool", "GlobalAveragePooling2D", position=(0, 360)),
    ]
    return Document(network=graph_of(nodes, "x-a", "a-b", "b-pool"))


def bar(it, key: str, share: float) -> QPointF:
    """The middle of a card's bar, so far along it."""
    card = it.canvas.network.nodes[key].card
    return QPointF(card.left() + 16 + share * (card.width() - 28), card.bottom() - 8)


def test_a_straight_wire_is_painted_down_to_the_port(hand, residual):
    it = hand(residual)
    start, end = it.output("x"), it.input("a")
    for share in (0.15, 0.85):
        place = QPointF(start.x(), start.y() + share * (end.y() - start.y()))
        assert near(color_at(it, place), theme().color("wire"))


def test_bars_are_as_long_as_the_share_of_the_costliest(hand, uneven):
    it = hand(uneven)
    blue = theme().color("convolution")
    assert near(color_at(it, bar(it, "a", 0.95)), blue, 60)
    assert near(color_at(it, bar(it, "b", 0.20)), blue, 60)
    assert not near(color_at(it, bar(it, "b", 0.30)), blue, 60)
    assert near(color_at(it, bar(it, "pool", 0.01)), theme().color("surface"), 10)


def test_shares_by_either_measure(hand, uneven):
    it = hand(uneven)
    drawing, costs = it.canvas.network.drawing, Costs()
    assert costs.share(drawing, "b", "macs") == pytest.approx(0.25)
    assert costs.share(drawing, "b", "parameters") == pytest.approx(9232 / 36928)
    assert costs.share(drawing, "b", "off") == costs.share(drawing, "x", "macs") == 0


def test_bars_follow_an_edit_and_only_its_cards_are_painted_anew(hand, uneven, monkeypatch):
    it = hand(uneven)
    blue = theme().color("convolution")
    assert near(color_at(it, bar(it, "a", 0.95)), blue, 60)
    painted = []
    paint = Sprites.paint

    def watched(self, key, *rest):
        painted.append(key)
        return paint(self, key, *rest)

    monkeypatch.setattr(Sprites, "paint", watched)
    dearer = edits.set_argument(it.session.document, NETWORK, "b", "filters", 256)
    it.session.apply("dearer", dearer)
    assert near(color_at(it, bar(it, "b", 0.95)), blue, 60)
    assert near(color_at(it, bar(it, "a", 0.2)), blue, 60)
    assert not near(color_at(it, bar(it, "a", 0.3)), blue, 60)
    assert "a" not in painted
    assert "b" in painted


def test_bars_can_be_left_out_and_that_is_remembered(hand, uneven):
    it = hand(uneven)
    it.canvas.network.showing.show_cost("off")
    assert near(color_at(it, bar(it, "a", 0.95)), theme().color("surface"), 10)
    assert Showing().cost == "off"
    QSettings().setValue("canvas/cost", "nonsense")
    assert Showing().cost == "macs"


def test_the_tooltip_says_the_exact_cost(hand, uneven):
    it = hand(uneven)
    text = tooltip(it.canvas, it.canvas.network.nodes["b"].card.center())
    assert "9,232 parameters (20.0% of the network)" in text.replace("\u202f", "")
    assert f"{56 * 56 * 9 * 64 * 16:,} MACs (20.0%)" in text


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("SeparableConv2D", {"filters": 128, "kernel_size": 3, "strides": 2, "activation": "relu"}),
        ("DepthwiseConv2D", {"kernel_size": 5, "strides": 2}),
        ("Conv2DTranspose", {"filters": 256, "kernel_size": 3, "strides": 2, "activation": "relu"}),
        ("Conv3DTranspose", {"filters": 256, "kernel_size": 3, "strides": 2}),
        ("AveragePooling3D", {"pool_size": 2}),
        ("GlobalAveragePooling2D", {"keepdims": True}),
        ("GroupNormalization", {}),
        ("MultiHeadAttention", {"num_heads": 12, "key_dim": 64}),
        ("GroupedQueryAttention", {"num_query_heads": 8, "num_key_value_heads": 2, "head_dim": 64}),
        ("TimeDistributed", {"layer": {"class_name": "Dense", "config": {"units": 128}}}),
        ("ZeroPadding2D", {"padding": [[0, 1], [0, 1]]}),
        ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
        ("SpatialDropout2D", {"rate": 0.25}),
    ],
)
def test_what_an_expert_reads_first_is_not_cut(qapp, kind, config):
    layer = layer_for(kind, config)
    assert isinstance(layer, Layer)
    node = Node("n", kind, config)
    face = face_of(node, Document(network=Graph({"n": node})), layer)
    room = card_painting.text_room(CARD_WIDTH)
    kind = card_painting.fitting_kind(face, room)
    metrics = QFontMetricsF(painting.canvas_font("caption"))
    assert face.figures
    assert metrics.horizontalAdvance(kind) + 7 + metrics.horizontalAdvance(face.figures) <= room


def test_slabs_shrink_with_the_map_and_thicken_with_the_channels():
    sizes = [(None, 112, 112, 64), (None, 56, 56, 256), (None, 7, 7, 2048)]
    for scale in (BESIDE, INSTEAD):
        slabs = [slab_of(shape, scale) for shape in sizes]
        heights, widths = [s.height for s in slabs], [s.width for s in slabs]
        assert heights == sorted(heights, reverse=True)
        assert widths == sorted(widths)
        assert len({*heights, *widths}) == 6


@pytest.mark.parametrize("shape", [(None, 1000), (None, 10), (None, 4096)])
def test_a_vector_is_a_thin_bar(shape):
    slab = slab_of(shape, BESIDE)
    assert slab.width < 4
    assert slab.depth == 0
    assert slab.known


@pytest.mark.parametrize("shape", [None, (None, None, None, 64), (None, 8, 8, None), (None,)])
def test_what_is_not_known_is_no_solid_slab(shape):
    assert not slab_of(shape, BESIDE).known


@pytest.mark.parametrize("shape", [(None, 0, 5, 3), (None, 10**9, 10**9, 10**9), (None, 0)])
def test_odd_sizes_keep_within_bounds(shape):
    slab = slab_of(shape, BESIDE)
    assert 4 <= slab.height <= BESIDE.highest
    assert slab.width <= BESIDE.widest


@pytest.mark.parametrize("zoom", [1.0, 0.3, 0.1])
def test_maps_are_drawn_at_every_distance_where_wanted(hand, uneven, qtbot, zoom):
    it = hand(uneven)
    it.canvas.zoom_by(zoom)
    it.canvas.centerOn(100, 200)
    qtbot.wait(50)
    before = it.canvas.viewport().grab().toImage()
    it.canvas.network.showing.show_maps(True)
    assert it.canvas.viewport().grab().toImage() != before
    assert Showing().maps
    it.canvas.network.showing.show_maps(False)
    assert it.canvas.viewport().grab().toImage() == before


def test_thousands_of_cards_at_once_are_no_maps(hand, qtbot):
    """Each would be a spot, and the window would wait for them."""
    it = hand(chain(2_500))
    seen = {}
    for maps in (True, False):
        it.canvas.network.showing.show_maps(maps)
        it.canvas.fit_all()
        qtbot.wait(600)
        seen[maps] = it.canvas.viewport().grab().toImage()
    assert seen[True] == seen[False]
    it.canvas.zoom_by(12)
    aside = it.canvas.viewport().grab().toImage()
    it.canvas.network.showing.show_maps(True)
    assert it.canvas.viewport().grab().toImage() != aside


def test_a_moved_card_takes_its_map_along(hand, uneven):
    it = hand(uneven)
    it.canvas.network.showing.show_maps(True)
    before = it.canvas.viewport().grab().toImage()
    it.session.apply("aside", edits.move_nodes(it.session.document, NETWORK, {"b": (160, 240)}))
    it.canvas.motion.finish()
    assert it.canvas.viewport().grab().toImage() != before
    it.session.history.undo()
    it.canvas.motion.finish()
    assert it.canvas.viewport().grab().toImage() == before


def test_a_card_below_its_opened_inside_does_not_glow(hand, with_block):
    it = hand(with_block)
    it.session.select(["call"])
    network = it.canvas.network
    assert network.mood("call").selected
    it.canvas.expanding.toggle("call")
    assert not network.mood("call").selected
    it.canvas.expanding.toggle("call")
    assert network.mood("call").selected
