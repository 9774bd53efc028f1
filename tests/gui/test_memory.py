"""Old garbage is looked for only while nobody looks at the program."""

import gc
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from resnet_studio.gui import memory

AWAY, BACK = Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive


class Ring:
    """Something that only the collector finds to be garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def tamed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    thresholds = gc.get_threshold()
    monkeypatch.setattr(memory, "AWAY", 30)
    timer = memory.tame_collector(qapp)
    yield qapp
    shiboken6.delete(timer)
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def old_garbage() -> "weakref.ref[Ring]":
    ring = Ring()
    gc.collect()
    memory.spare_collector()
    return weakref.ref(ring)


def runs_through_all() -> int:
    return gc.get_stats()[2]["collections"]


def test_what_is_old_is_not_looked_through_while_the_program_is_in_use(tamed) -> None:
    before = runs_through_all()
    kept = [[Ring()] for _ in range(200_000)]
    assert len(kept) == 200_000
    assert runs_through_all() == before


def test_garbage_is_taken_out_when_the_program_is_left(tamed, qtbot) -> None:
    garbage = old_garbage()
    tamed.applicationStateChanged.emit(AWAY)
    qtbot.waitUntil(lambda: garbage() is None)


def test_nothing_is_looked_for_when_one_comes_back_at_once(tamed, qtbot) -> None:
    garbage = old_garbage()
    before = runs_through_all()
    tamed.applicationStateChanged.emit(AWAY)
    tamed.applicationStateChanged.emit(BACK)
    qtbot.wait(120)
    assert garbage() is not None
    assert runs_through_all() == before
