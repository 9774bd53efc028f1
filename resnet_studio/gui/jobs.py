"""Work off the window's thread, with progress, and a way to stop it."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

Progress = Callable[[str], None]
"""Takes a few words on what is being done."""
Work = Callable[[Progress, threading.Event], Any]
"""Does the work; watches the event and ends early, by any way, once it is set."""


class Job(QObject):
    """Runs ``work`` in a thread of its own; its signals arrive in the window's thread."""

    progress = Signal(str)
    done = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self._thread = _Thread(self._run)
        self._thread.finished.connect(self.ended)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Asks the work to stop; nothing is reported any more."""
        self._stop.set()

    @property
    def running(self) -> bool:
        return self._thread.isRunning()

    def wait(self) -> None:
        """Waits until the thread has ended: before the window goes."""
        self._thread.wait()

    def _run(self) -> None:
        try:
            result = self._work(self._tell, self._stop)
        except Exception as error:  # noqa: BLE001 (whatever went wrong is told, in the window)
            if not self._stop.is_set():
                self.failed.emit(str(error) or type(error).__name__)
            return
        if not self._stop.is_set():
            self.done.emit(result)

    def _tell(self, text: str) -> None:
        if not self._stop.is_set():
            self.progress.emit(text)


class _Thread(QThread):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        self._work()
