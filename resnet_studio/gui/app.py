"""The application: starts quickly, keeps the work when something goes wrong."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from resnet_studio import assets
from resnet_studio.gui.keymaps import restore_keymap
from resnet_studio.gui.memory import Collector
from resnet_studio.gui.theme import restore_theme
from resnet_studio.gui.window import PRODUCT, Window

_TURN = 0.0005
"""Seconds that work beside the window's thread runs on while that waits for its turn.

Drawing one frame gives the turn away many times; with Python's own 5 ms, each adds to the pause.
"""
_FIRST_TEMPLATE = "resnet34-notebook"


def run(path: str | None = None) -> int:
    """Opens the window on a file, or on the notebook's network; returns the exit status."""
    app = application()
    window = Window()
    window.when_built(lambda _workbench: _finish(window))
    if path is not None:
        window.open(Path(path))
    else:
        window.open_template(_FIRST_TEMPLATE)
    window.show()
    _let_interrupts_in(app)
    return app.exec()


def application() -> QApplication:
    """The one QApplication, with the product's name and theme."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setOrganizationName(PRODUCT)
    app.setApplicationName(PRODUCT)
    app.setDesktopFileName("resnet-studio")
    app.setStyle("Fusion")
    sys.setswitchinterval(_TURN)
    Collector(app)
    restore_theme()
    restore_keymap()
    return app


def _finish(window: Window) -> None:
    """What the first frame does not need."""
    from resnet_studio.gui.crash import install_guard
    from resnet_studio.gui.probe import start_probe
    from resnet_studio.gui.warming import warm_up

    window.setWindowIcon(QIcon(str(assets.path("icons", "app.svg"))))
    install_guard(window)
    start_probe(window)
    warm_up()


def _let_interrupts_in(app: QApplication) -> None:
    """Ctrl+C in the terminal ends the program: Python looks up now and then."""
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(500)
