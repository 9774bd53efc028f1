"""Frames and comments with real mouse and keys."""

import pytest
from PySide6.QtCore import QPointF, Qt

from resnet_studio.core.frames import frames


@pytest.fixture
def workbench(bench):
    workbench = bench("resnet34-notebook")
    workbench.canvas.setFocus()
    return workbench


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


def test_the_selection_is_framed_and_named(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    assert frame.text == "Stem"
    held = workbench.canvas.framing.held(frame)
    assert sorted(held) == ["entry_conv", "entry_pool"]
    workbench.session.history.undo()
    workbench.session.history.undo()
    assert shown(workbench) == ()


def test_a_frame_takes_its_cards_along_in_one_step(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, places = workbench.canvas, dict(workbench.canvas.network.places)
    steps = workbench.session.history.count()
    head = at(canvas, frame.left + 40, frame.top + 12)
    drag(qtbot, canvas, head, head + at(canvas, 96, 0) - at(canvas, 0, 0))
    after = canvas.network.places
    by = shown(workbench)[0].left - frame.left
    assert by > 48
    assert after["entry_conv"][0] == places["entry_conv"][0] + by
    assert after["image"] == places["image"]
    assert workbench.session.history.count() == steps + 1
    assert workbench.session.analysis.totals.params == 16_822_760


def test_the_corner_resizes(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv")
    canvas = workbench.canvas
    corner = at(canvas, frame.left + frame.width - 6, frame.top + frame.height - 6)
    drag(qtbot, canvas, corner, corner + at(canvas, 60, 30) - at(canvas, 0, 0))
    bigger = shown(workbench)[0]
    assert bigger.width > frame.width + 40
    assert (bigger.left, bigger.top) == (frame.left, frame.top)


def test_delete_removes_the_frame_and_no_card(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv")
    nodes = workbench.session.graph.nodes
    workbench.actions["delete"].trigger()
    assert shown(workbench) == ()
    assert workbench.session.graph.nodes.keys() == nodes.keys()


def test_a_comment_without_a_selection_and_its_text_by_double_click(workbench, qtbot) -> None:
    workbench.session.select(())
    workbench.actions["frame"].trigger()
    canvas = workbench.canvas
    qtbot.keyClick(canvas.framing.field, Qt.Key.Key_Escape)
    assert shown(workbench)[0].text == ""
    frame = shown(workbench)[0]
    assert workbench.canvas.framing.held(frame) == []
    head = at(canvas, frame.left + 20, frame.top + 10)
    assert canvas.network.node_at(QPointF(frame.left + 20, frame.top + 10)) is None
    qtbot.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=head)
    qtbot.keyClicks(canvas.framing.field, "why so deep?")
    qtbot.keyClick(canvas.framing.field, Qt.Key.Key_Return)
    assert shown(workbench)[0].text == "why so deep?"


def test_laying_out_keeps_the_frame_round_its_cards(workbench, qtbot) -> None:
    framed(workbench, qtbot, "entry_conv", "entry_pool")
    workbench.canvas.editing.place({"entry_pool": (1500.0, 240.0)}, framed=True)
    workbench.canvas.setFocus()
    workbench.actions["lay-out"].trigger()
    qtbot.waitUntil(lambda: workbench.session.history.undoText() == "Lay out", timeout=10_000)
    frame = shown(workbench)[0]
    assert sorted(workbench.canvas.framing.held(frame)) == ["entry_conv", "entry_pool"]


def test_what_a_frame_looks_like_is_seen_while_it_is_dragged(workbench, qtbot) -> None:
    frame = framed(workbench, qtbot, "entry_conv", "entry_pool")
    canvas, view = workbench.canvas, workbench.canvas.viewport()
    head = at(canvas, frame.left + 40, frame.top + 12)
    before = view.grab().toImage()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=head)
    qtbot.mouseMove(view, head + at(canvas, 60, 0) - at(canvas, 0, 0))
    qtbot.mouseMove(view, head + at(canvas, 120, 0) - at(canvas, 0, 0))
    during = view.grab().toImage()
    edge = at(canvas, frame.left, frame.top + 200)
    assert during.pixelColor(edge) != before.pixelColor(edge)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=head)
