"""Garbage is collected in the window's thread, and what is old only while nobody looks."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.gui import memory

AWAY, BACK = Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive


class Ring:
    """Something that only the collector finds to be garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def tamed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    monkeypatch.setattr(memory, "AWAY", 30)
    monkeypatch.setattr(memory, "TURN", 10)
    collector = memory.Collector(qapp)
    yield qapp
    shiboken6.delete(collector)
    gc.unfreeze()


def old_garbage() -> "weakref.ref[Ring]":
    ring = Ring()
    gc.collect()
    memory.spare_collector()
    return weakref.ref(ring)


def runs_through_all() -> int:
    return gc.get_stats()[2]["collections"]


def test_what_is_old_is_not_looked_through_while_the_program_is_in_use(
    tamed: QApplication, qtbot: QtBot
) -> None:
    before = runs_through_all()
    kept = [[Ring()] for _ in range(200_000)]
    qtbot.wait(50)
    assert len(kept) == 200_000
    assert runs_through_all() == before
    # It is a document for all that is known, and is not looked through as young either.
    assert gc.get_freeze_count() >= 400_000


def test_young_garbage_goes_soon(tamed: QApplication, qtbot: QtBot) -> None:
    gc.collect()
    garbage = weakref.ref(Ring())
    kept = [[n] for n in range(2_000)]
    qtbot.waitUntil(lambda: garbage() is None)
    assert len(kept) == 2_000


def test_nothing_is_collected_in_a_worker(tamed: QApplication, qtbot: QtBot) -> None:
    """There it would take apart timers and widgets that belong to the window's thread."""
    ended: list[str] = []
    garbage: list[weakref.ref[Ring]] = []

    def work() -> None:
        garbage.extend(_guarded(ended) for _ in range(1_000))

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    worker.join()
    assert ended == []
    qtbot.waitUntil(lambda: all(ring() is None for ring in garbage))
    assert set(ended) == {"MainThread"}


def _guarded(ended: list[str]) -> "weakref.ref[Ring]":
    ring = Ring()
    weakref.finalize(ring, lambda: ended.append(threading.current_thread().name))
    return weakref.ref(ring)


def test_garbage_is_taken_out_when_the_program_is_left(tamed: QApplication, qtbot: QtBot) -> None:
    garbage = old_garbage()
    tamed.applicationStateChanged.emit(AWAY)
    qtbot.waitUntil(lambda: garbage() is None)


def test_nothing_is_looked_for_when_one_comes_back_at_once(
    tamed: QApplication, qtbot: QtBot
) -> None:
    garbage = old_garbage()
    before = runs_through_all()
    tamed.applicationStateChanged.emit(AWAY)
    tamed.applicationStateChanged.emit(BACK)
    qtbot.wait(120)
    assert garbage() is not None
    assert runs_through_all() == before
