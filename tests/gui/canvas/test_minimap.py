"""The minimap: there where it is of use, and it goes where one presses."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.canvas.stage_bands import Band
from resnet_studio.gui.canvas.stage_texts import paint_stages


def settled(bench, qtbot, template: str):
    workbench = bench(template)
    minimap = workbench.canvas.minimap
    workbench.canvas.zoom_by(1.5)
    qtbot.waitUntil(minimap.isVisible)
    return workbench, minimap


def seen(canvas):
    return canvas.mapToScene(canvas.viewport().rect()).boundingRect()


def test_it_shows_only_while_something_is_out_of_sight(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    workbench.canvas.fit_all()
    qtbot.waitUntil(lambda: not minimap.isVisible())
    workbench.canvas.zoom_by(4.0)
    assert minimap.isVisible()


def test_a_press_and_a_drag_go_there(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    canvas, scene = workbench.canvas, workbench.canvas.network
    bottom = QPoint(minimap.width() // 2, minimap.height() - 10)
    qtbot.mousePress(minimap, Qt.MouseButton.LeftButton, pos=bottom)
    assert seen(canvas).intersects(scene.bounds(["classifier"]))
    assert not seen(canvas).intersects(scene.bounds(["image"]))
    qtbot.mouseMove(minimap, QPoint(minimap.width() // 2, 10))
    qtbot.mouseRelease(minimap, Qt.MouseButton.LeftButton)
    assert workbench.session.history.count() == 0


def test_it_follows_edits_and_blocks(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    before = minimap.grab().toImage()
    workbench.session.select(["classifier"])
    workbench.canvas.delete_selection()
    qtbot.waitUntil(lambda: minimap.grab().toImage() != before)
    workbench.session.reveal("group_64#1/add")
    workbench.canvas.fit_all()
    qtbot.waitUntil(lambda: not minimap.isVisible())


def test_it_can_be_switched_off(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    workbench.actions["minimap"].trigger()
    assert not minimap.isVisible()
    workbench.canvas.zoom_by(1.2)
    assert not minimap.isVisible()
    workbench.actions["minimap"].trigger()
    assert minimap.isVisible()


@pytest.mark.parametrize("top", [180, 20])
def test_what_stands_beside_a_stage_keeps_clear_of_it(qtbot, top: int) -> None:
    """Beside the rest of its stage; where nothing is left of that, left of the map."""
    view, covered = QRectF(0, 0, 600, 400), QRectF(320, top, 270, 390 - top)
    band = Band([QRectF(280, 30, 40, 360)], (56, 56, 64), layers=9, params=12_345, share=0.2)

    def picture(below: QRectF) -> QImage:
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_stages(painter, [band], view, below)
        painter.end()
        return image

    def marks(image: QImage, area: QRectF) -> int:
        """Pixels that are not white."""
        rect = area.toRect()
        white = Qt.GlobalColor.white
        return sum(
            image.pixelColor(x, y) != white
            for x in range(rect.left(), rect.right())
            for y in range(rect.top(), rect.bottom())
        )

    plain, clear = picture(QRectF()), picture(covered)
    assert marks(plain, covered) > 100
    assert marks(clear, covered) == 0
    rest = marks(clear, view) - marks(clear, covered)
    assert rest > 100, "it is told elsewhere"


def test_it_covers_only_while_it_is_shown(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    assert minimap.covers() == QRectF(minimap.geometry())
    workbench.actions["minimap"].trigger()
    assert minimap.covers().isEmpty()
    workbench.actions["minimap"].trigger()


def test_cards_below_it_are_seen_through_it_until_the_pointer_comes(bench, qtbot) -> None:
    workbench, minimap = settled(bench, qtbot, "resnet34-notebook")
    canvas = workbench.canvas

    def moved_to(key: str) -> None:
        """The card lies below the map, or beside it."""
        there = canvas.network.nodes[key].card.center()
        canvas.centerOn(there - (canvas.mapToScene(minimap.geometry().center()) - middle()))

    def middle() -> QPointF:
        return canvas.mapToScene(canvas.viewport().rect().center())

    def opacity() -> int:
        """Of its ground, without what lies below."""
        picture = QImage(minimap.size(), QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        minimap.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        return picture.pixelColor(10, 10).alpha()

    whole = opacity()
    assert whole > 200
    moved_to("group_64")
    assert opacity() < 0.75 * whole
    minimap.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert opacity() == whole
    minimap.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    canvas.centerOn(canvas.network.nodes["group_64"].card.center())
    assert opacity() == whole
