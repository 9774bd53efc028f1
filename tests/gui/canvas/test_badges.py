"""The count of findings stands on the corner of what is painted."""

from dataclasses import replace

import pytest

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Document, Graph, Node
from resnet_studio.gui.canvas.card_painting import badge_place, outline, repeat_chip
from resnet_studio.gui.canvas.painting import Mood, fitted
from resnet_studio.gui.theme import theme


@pytest.fixture
def faulty_ports(with_block: Document) -> Document:
    """The block's output has a second output beside it that nothing feeds."""
    block = with_block.blocks["stage"]
    nodes = {**block.graph.nodes, "z": Node("z", "BlockOutput", position=(320, 216))}
    inside = Graph(nodes, block.graph.edges)
    return replace(with_block, blocks={"stage": replace(block, graph=inside)})


def test_the_badge_of_a_pill_is_on_the_pill(hand, faulty_ports):
    it = hand(faulty_ports)
    it.session.enter("call")
    it.canvas.zoom_by(1 / it.canvas.zoom_level())
    look = it.canvas.network.nodes["z"].look
    assert look.findings.errors
    pill, badge = outline(look), badge_place(look)
    assert pill.width() < look.extent[0] - 60
    assert badge.left() < pill.right() < badge.right()
    it.canvas.show_cards(["z"])
    spot = badge.translated(it.canvas.network.nodes["z"].pos()).center()
    spot.setX(spot.x() - 6)
    picture = it.canvas.viewport().grab().toImage()
    at = it.canvas.mapFromScene(spot) * picture.devicePixelRatio()
    assert picture.pixelColor(at) == theme().color("error")


def test_the_badge_of_a_card_is_on_its_corner(hand, residual):
    it = hand(edits.set_argument(residual, NETWORK, "b", "filters", 128))
    look = next(n.look for n in it.canvas.network.nodes.values() if n.look.findings.errors)
    assert badge_place(look).right() == look.extent[0] + 7


def test_a_loop_leaves_the_name_of_its_block_the_whole_row(hand, with_block):
    it = hand(with_block)
    look = it.canvas.network.nodes["call"].look
    chip = repeat_chip(look, Mood())
    assert look.face.repeat == "× 2"
    assert chip.bottom() < 20, "above the letters of the name"
    assert fitted("strong", "residual_block", 126)[0] == "residual_block"
    assert not chip.intersects(badge_place(look)) or not look.findings.errors
    spot = chip.translated(it.canvas.network.nodes["call"].pos()).center()
    spot.setY(spot.y() - 8)
    it.canvas.zoom_by(1 / it.canvas.zoom_level())
    assert it.canvas.network.node_at(spot) is None
    assert it.canvas.repeating.press(spot)


def test_the_chip_of_a_loop_makes_way_for_the_badge(hand, with_block):
    it = hand(edits.set_argument(with_block, "stage", "conv", "kernel_size", [99, 99]))
    it.session.apply("x", edits.set_argument(it.session.document, "stage", "conv", "padding", "x"))
    look = it.canvas.network.nodes["call"].look
    assert look.findings.errors
    assert not repeat_chip(look, Mood()).intersects(badge_place(look))
