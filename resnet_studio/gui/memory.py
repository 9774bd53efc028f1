"""The collector of cyclic garbage, kept in the window's thread and away from large documents.

Python collects in whichever thread happens to make the object that is one too many.  In a worker
that takes widgets and timers apart outside the thread they belong to, which Qt answers with a
crash now and then.  So nothing is collected of itself: a timer of the window's thread does it.

A large network is a million objects in no cycle.  To look them through stops all threads for
tenths of a second: what is old is looked through only while nobody looks at the program.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

TURN = 100
"""Milliseconds between two looks at what was made meanwhile."""
AWAY = 2000
"""Milliseconds after which a program that was left is not about to be come back to."""
MANY = 20_000
"""Young objects that take about a millisecond to look through; of more, most are a document's."""


class Collector(QObject):
    """Collects in the thread it is made in, from when it is made until ``stop``."""

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        self._young = QTimer(self, interval=TURN)
        self._young.timeout.connect(collect_young)
        self._away = QTimer(self, interval=AWAY, singleShot=True)
        self._away.timeout.connect(collect)
        application.applicationStateChanged.connect(self._follow)
        gc.disable()
        self._young.start()

    def stop(self) -> None:
        """Leaves collecting to Python again: for tests, whose other work has no event loop."""
        self._young.stop()
        self._away.stop()
        gc.enable()

    def _follow(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._away.stop()
        else:
            self._away.start()


def collect_young() -> None:
    """Looks through what was made of late, if that is some and not a document."""
    enough, often, _old = gc.get_threshold()
    made, looks, _ = gc.get_count()
    if made > MANY:
        spare_collector()
    elif made > enough:
        gc.collect(1 if looks >= often else 0)


def collect() -> None:
    """Looks everything through, and takes what stays out of the collector's sight."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def spare_collector() -> None:
    """Takes all that is there now out of the collector's sight, until nobody looks."""
    gc.freeze()
