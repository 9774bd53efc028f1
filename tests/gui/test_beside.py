"""A dialog stands beside what it asks about."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication

from resnet_studio.gui.beside import beside
from resnet_studio.gui.group_dialog import GroupDialog

WINDOW, SCREEN = QRect(200, 100, 1000, 700), QRect(0, 0, 1920, 1080)


def test_it_stands_on_the_side_with_more_room() -> None:
    size = QSize(400, 300)
    left, right = QRect(300, 300, 100, 200), QRect(1000, 300, 100, 200)
    assert beside(size, left, [WINDOW]) == QPoint(416, 249)
    assert beside(size, right, [WINDOW]) == QPoint(1000 - 16 - 400, 249)


def test_it_covers_nothing_where_any_room_has_a_place() -> None:
    size = QSize(660, 400)
    for about in (QRect(600, 300, 200, 300), QRect(220, 110, 960, 200), QRect(210, 110, 980, 500)):
        place = QRect(beside(size, about, [WINDOW, SCREEN]), size)
        assert SCREEN.contains(place)
        assert not place.intersects(about)


def test_it_stays_on_the_screen_where_there_is_no_place() -> None:
    place = QRect(beside(QSize(660, 400), QRect(10, 10, 1900, 1060), [SCREEN]), QSize(660, 400))
    assert SCREEN.contains(place)


def test_the_dialog_that_groups_leaves_the_selection_in_sight(bench, qtbot) -> None:
    opened = bench("resnet34-notebook", size=(1920, 1080))
    opened.session.select(["entry_conv", "entry_pool"])
    opened.blocks.group()
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, GroupDialog)]
    (asked,) = [w for w in shown if w.isVisible()]
    canvas = opened.canvas
    for key in ("entry_conv", "entry_pool"):
        middle = canvas.mapFromScene(canvas.network.nodes[key].card.center())
        assert canvas.viewport().rect().contains(middle)
        assert not asked.frameGeometry().contains(canvas.viewport().mapToGlobal(middle))
    asked.reject()
