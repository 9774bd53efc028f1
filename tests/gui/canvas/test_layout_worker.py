"""Layout beside the window's thread."""

import threading

import pytest

from resnet_studio.gui.canvas import layout_worker


@pytest.mark.parametrize("work", ["card_extent", "plan", "arranged", "columned"])
def test_nothing_is_worked_out_on_the_windows_thread(hand, residual, qtbot, monkeypatch, work):
    threads, whole = set(), getattr(layout_worker, work)

    def noted(*given):
        threads.add(threading.get_ident())
        return whole(*given)

    monkeypatch.setattr(layout_worker, work, noted)
    it = hand(residual)
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out_columns()
    assert threads
    assert threading.get_ident() not in threads


def test_of_several_asked_for_the_last_is_shown(hand, residual, qtbot):
    it = hand(residual)
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out()
        it.canvas.lay_out_columns()
    qtbot.wait(50)
    assert it.session.history.undoText() == "Lay out in columns"
    assert it.session.history.count() == 1


def test_a_layout_that_fails_is_told_and_moves_nothing(hand, residual, qtbot, monkeypatch, capsys):
    def fail(_what):
        raise ValueError("no room")

    monkeypatch.setattr(layout_worker, "arranged", fail)
    it = hand(residual)
    with qtbot.waitSignal(it.canvas.refused, timeout=20_000) as told:
        it.canvas.lay_out()
    assert told.args == ["The layout failed (ValueError: no room); every card stays where it was"]
    assert it.session.document is residual
    assert "ValueError: no room" in capsys.readouterr().err
    monkeypatch.undo()
    with qtbot.waitSignal(it.session.changed, timeout=20_000):
        it.canvas.lay_out()
