"""What outlines and names say from afar, of cards that are at fault and of those selected."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage

from resnet_studio.core import edits
from resnet_studio.core.document import Document
from resnet_studio.gui.canvas.far_texts import NAME_PIXELS, names_beside
from resnet_studio.gui.canvas.painting import canvas_font
from resnet_studio.gui.theme import theme


def count_of(image: QImage, area: QRectF, token: str) -> int:
    """Pixels of a colour of the theme, in an area of the view."""
    wanted, rect = QColor(theme().color(token)).rgb(), area.toAlignedRect()
    return sum(
        image.pixel(x, y) == wanted
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    )


@pytest.mark.parametrize("zoom", [0.12, 0.22, 0.34])
def test_a_card_at_fault_that_is_selected_shows_both(hand, residual: Document, zoom: float) -> None:
    it = hand(edits.set_argument(residual, "", "b", "filters", "banana"))
    it.canvas.zoom_by(zoom)
    far = it.canvas.far
    while not (far._whole.work() and far._stages.work()):
        pass

    def outline(token: str) -> int:
        card = it.canvas.viewportTransform().mapRect(it.canvas.network.nodes["b"].card)
        image = it.canvas.viewport().grab().toImage()
        return count_of(image, card.adjusted(-5, -5, 5, 5), token)

    wrong = outline("error")
    assert wrong > 20
    it.session.select(["b"])
    assert outline("error") >= 0.9 * wrong, "the selection does not hide the fault"
    assert outline("accent") > 20
    it.session.select([])
    assert outline("accent") == 0, "no trace is left"


def test_names_beside_cards_have_room_for_letters_that_reach_down(hand, residual) -> None:
    it = hand(edits.set_argument(residual, "", "b", "filters", "banana"))
    it.session.apply("Rename", edits.rename_node(it.session.document, "", "x", "group_gypsy"))
    it.canvas.zoom_by(0.2)
    far = it.canvas.far
    while not (far._whole.work() and far._stages.work()):
        pass
    network = it.canvas.network
    found = names_beside(network.drawing, list(network.nodes), it.canvas.viewportTransform())
    room = next(room for room, name in found if name == "group_gypsy")
    metrics = QFontMetricsF(canvas_font("strong", NAME_PIXELS))
    image = it.canvas.viewport().grab().toImage()
    baseline = round(room.center().y() + metrics.capHeight() / 2)
    below = QRectF(room.left(), baseline + 1, room.width(), metrics.descent() - 1)
    written = QColor(theme().color("text")).lightness()
    dark = sum(
        abs(QColor(image.pixel(x, y)).lightness() - written) < 90
        for x in range(round(below.left()), round(below.right()))
        for y in range(round(below.top()), round(below.bottom()))
    )
    assert dark > 5, "the tails of g, p and y are there"
