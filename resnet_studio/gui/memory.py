"""The collector of cyclic garbage, kept away from what a document is made of.

A large network is a million objects in no cycle.  To look them through, as the collector does
every few edits, stops all threads for tenths of a second, in whichever of them it happens.
"""

import gc

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

_NEVER = 2**31 - 1
AWAY = 2000
"""Milliseconds after which a program that was left is not about to be come back to."""


class _Away(QTimer):
    """Runs while the program is left, and has everything looked through once that lasts."""

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application, singleShot=True, interval=AWAY)
        self.timeout.connect(collect)
        # A method, not a lambda: Qt lets go of it when the timer dies with the application.
        application.applicationStateChanged.connect(self._follow)

    def _follow(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.stop()
        else:
            self.start()


def tame_collector(application: QGuiApplication) -> QTimer:
    """Lets what is old be looked through only while nobody looks at the program.

    What is young and in a cycle is found as ever, a few thousand objects at a time.  Returns the
    timer that runs while the program is left.
    """
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    return _Away(application)


def collect() -> None:
    """Looks everything through, and takes what stays out of the collector's sight."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def spare_collector() -> None:
    """Takes all that is there now out of the collector's sight, until nobody looks."""
    gc.unfreeze()
    gc.freeze()
