"""What tests of frames do with mouse and keys."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from resnet_studio.core.frames import Frame, frames, with_frames


def shown(workbench):
    return frames(workbench.session.graph)


def framed(workbench, qtbot, *ids: str, text: str = "Stem"):
    workbench.session.select(ids)
    workbench.actions["frame"].trigger()
    field = workbench.canvas.framing.field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return shown(workbench)[-1]


def at(canvas, x: float, y: float):
    return canvas.mapFromScene(QPointF(x, y))


def drag(qtbot, canvas, start, end) -> None:
    view = canvas.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, (start + end) / 2)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def comment(workbench, qtbot, text: str = "", width: float = 240.0) -> Frame:
    """A comment far from all cards, in sight at the size of life."""
    session, canvas = workbench.session, workbench.canvas
    note = Frame(text, 3000.0, 600.0, width, 96.0)
    session.apply("Note", with_frames(session.document, session.scope, [note]))
    canvas.zoom_by(1 / canvas.zoom_level())
    canvas.centerOn(3100, 700)
    canvas.framing.select(None)
    canvas.setFocus()
    return shown(workbench)[0]


def edit(workbench, qtbot):
    """Opens the text of the first frame with the keyboard."""
    workbench.canvas.framing.select(0)
    qtbot.keyClick(workbench.canvas, Qt.Key.Key_F2)
    return workbench.canvas.framing.field


def hover(canvas, place) -> None:
    """QTest.mouseMove would say that no button is known to be up."""
    view, none = canvas.viewport(), Qt.MouseButton.NoButton
    here = QPointF(place)
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, here, view.mapToGlobal(here), none, none, keys)
    QApplication.sendEvent(view, event)
