"""The minimap: there where it is of use, and it goes where one presses."""

from PySide6.QtCore import QPoint, Qt


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
