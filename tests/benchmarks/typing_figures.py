"""From a key in the inspector's field to repainted shapes, in the real window; prints JSON.

``typing_figures.py [--profile]``: seconds for ResNet-152 with every layer drawn singly, of keys
that change the shapes in sight; also those that the window's thread itself was at work.
"""

import cProfile
import json
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from resnet_studio.formats import native
from resnet_studio.gui import app as application
from resnet_studio.gui.window import Window
from resnet_studio.gui.workbench import Workbench
from tests.benchmarks.networks import resnet

KEYS = 60
PLACES = {"middle": "conv4_block18_2_conv", "first": "conv1_conv"}
"""A layer whose filters concern the merge behind it; one that all others come after."""


class Stroke(NamedTuple):
    """Seconds that passed, and seconds that the window's thread was at work."""

    passed: float
    worked: float


class Painted(QObject):
    """Notes when a widget was last painted."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def turn(milliseconds: int) -> None:
    """Lets the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def field_of(bench: Workbench, key: str) -> QLineEdit:
    """The field of the filters of a node that is selected and in sight."""
    bench.canvas.resetTransform()
    bench.session.select([key])
    bench.canvas.show_cards([key])
    turn(400)
    field = bench.inspector.node_page.rows["filters"].editor.field
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.setText("64")
    turn(400)
    field.setCursorPosition(2)
    return field


def strokes(bench: Workbench, key: str, profile: cProfile.Profile | None) -> list[Stroke]:
    """Seconds from a key (a digit more, or one less) to the canvas painted with its effect."""
    field, painted = field_of(bench, key), Painted()
    bench.canvas.viewport().installEventFilter(painted)
    found = []
    for k in range(KEYS):
        before = bench.session.document
        if profile is not None:
            profile.enable()
        start, begun = time.perf_counter(), time.thread_time()
        if k % 2:
            QTest.keyClick(field, Qt.Key.Key_Backspace)
        else:
            QTest.keyClick(field, str(1 + k // 2 % 9))
        while painted.at < start:
            QApplication.processEvents()
        bench.canvas.viewport().repaint()
        found.append(Stroke(time.perf_counter() - start, time.thread_time() - begun))
        if profile is not None:
            profile.disable()
        assert bench.session.document is not before, "the key made no edit"
        turn(30)
    bench.canvas.viewport().removeEventFilter(painted)
    return found[2:]


def main() -> None:
    QStandardPaths.setTestModeEnabled(True)
    folder = Path(tempfile.mkdtemp())
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    app = application.application()
    window = Window()
    window.resize(1440, 900)
    window.show()
    while not window.settled:
        turn(20)
    bench = window.workbench
    assert bench is not None
    path = folder / "resnet152.rsnet"
    native.save(resnet(), path)
    bench.files.load(path)
    turn(1500)
    profile = cProfile.Profile() if "--profile" in sys.argv else None
    figures = {}
    for name, key in PLACES.items():
        times = strokes(bench, key, profile)
        figures |= {
            f"{name}: median": median(stroke.passed for stroke in times),
            f"{name}: slowest": max(stroke.passed for stroke in times),
            f"{name}: at work": median(stroke.worked for stroke in times),
        }
    print(json.dumps(figures), flush=True)
    if profile is not None:
        pstats.Stats(profile).sort_stats("cumtime").print_stats(70)
    sys.stdout.flush()
    del app
    # Nothing is asked, nothing is saved.
    os._exit(0)


if __name__ == "__main__":
    main()
