"""A whole window for each test that asks for it, with settings of its own."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.formats import templates
from resnet_studio.gui.theme import load_fonts, set_theme
from resnet_studio.gui.window import Window
from resnet_studio.gui.workbench import Workbench


@pytest.fixture(autouse=True, scope="module")
def _collector(qapp: QApplication) -> Iterator[None]:
    """Garbage is collected in this thread alone, as in the program: Qt's timers die with it."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _swept(qapp: QApplication) -> Iterator[None]:
    """What a test leaves is collected when its widgets are gone, not while they can be called."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp, monkeypatch) -> Iterator[None]:
    """Settings, kept work and the library go to the test's folder, not to the user's."""
    # Test mode keeps its files below the home, where other runs would find them.
    monkeypatch.setenv("HOME", str(tmp_path))
    qapp.setOrganizationName("ResNet Studio tests")
    qapp.setApplicationName("tests")
    QStandardPaths.setTestModeEnabled(True)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    # What glides is tried where it is the point; elsewhere cards stand where they belong at once.
    QSettings().setValue("canvas/motion", False)
    load_fonts()
    set_theme("light")
    yield
    set_theme("light")
    # A double click leaves the button down in QTest's own memory, for whatever test comes next.
    QTest.mouseRelease(QWidget(), Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot) -> Callable[..., Workbench]:
    """Opens a window on a template; without a name, on an empty network."""

    def open_window(template: str = "", size: tuple[int, int] = (1440, 900)) -> Workbench:
        window = Window()
        qtbot.addWidget(window, before_close_func=_forget_changes)
        window.resize(*size)
        window.show()
        qtbot.waitUntil(lambda: window.settled, timeout=10_000)
        assert window.workbench is not None
        if template:
            window.workbench.files.load(templates.path(template))
            window.workbench.session.path = None
        qtbot.wait(10)
        return window.workbench

    return open_window


def _forget_changes(window: Window) -> None:
    assert window.workbench is not None
    session = window.workbench.session
    session.mark_saved(session.path or Path(), session.document)


@pytest.fixture
def answer(qtbot: QtBot) -> Callable[[str], list[str]]:
    """Clicks a button of the next question box by its text; returns the texts it showed."""

    def prepare(button: str) -> list[str]:
        shown: list[str] = []

        def click() -> None:
            box = next(b for b in _boxes() if b.isVisible())
            shown.append(box.text())
            wanted = next(b for b in box.buttons() if b.text().replace("&", "") == button)
            wanted.click()

        QTimer.singleShot(100, click)
        return shown

    return prepare


def _boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform has no window manager to ask for anything, and says so each time."""
    for item in items:
        unheard = ("propagateSizeHints", r"does not support raise\(\)")
        item.add_marker(pytest.mark.qt_log_ignore(*unheard, extend=True))
