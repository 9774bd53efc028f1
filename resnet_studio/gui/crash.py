"""When something goes wrong that nobody foresaw: keep the work, say so in one sentence."""

import sys
import traceback
from types import TracebackType

from PySide6.QtWidgets import QMessageBox

from resnet_studio.gui.window import Window


def install_guard(window: Window) -> None:
    """From here on an unforeseen error keeps the work and shows a message; nothing is lost."""
    before = sys.excepthook
    busy: list[bool] = []

    def guard(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt) or busy:
            return
        busy.append(True)
        try:
            details = "".join(traceback.format_exception(kind, error, trace))
            _tell(window, details)
        finally:
            busy.clear()

    sys.excepthook = guard


def _tell(window: Window, details: str) -> None:
    kept = window.workbench.recovery.keep() if window.workbench is not None else None
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Something went wrong")
    box.setText("ResNet Studio met an error that it did not expect; your network is unharmed.")
    if kept is not None:
        box.setInformativeText(f"A copy of the unsaved work is kept in “{kept}”.")
    box.setDetailedText(details)
    box.open()
