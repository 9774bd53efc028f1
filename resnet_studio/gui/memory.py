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


def tame_collector(application: QGuiApplication) -> QTimer:
    """Lets what is old be looked through only while nobody looks at the program.

    What is young and in a cycle is found as ever, a few thousand objects at a time.  Returns the
    timer that runs while the program is left.
    """
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    timer = QTimer(application, singleShot=True, interval=AWAY)
    timer.timeout.connect(collect)

    def follow(state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            timer.stop()
        else:
            timer.start()

    application.applicationStateChanged.connect(follow)
    return timer


def collect() -> None:
    """Looks everything through, and takes what stays out of the collector's sight."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def spare_collector() -> None:
    """Takes all that is there now out of the collector's sight, until nobody looks."""
    gc.unfreeze()
    gc.freeze()
