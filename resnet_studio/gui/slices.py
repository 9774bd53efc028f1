"""Long work on the window's thread, a few milliseconds at a time."""

from collections.abc import Callable, Generator
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

SLICE = 0.008
"""Seconds of work between two looks at what the user does: half a frame."""

Made = TypeVar("Made")


class Slices(QObject, Generic[Made]):
    """Runs a generator's steps while the window has nothing else to do, and hands on its result.

    It is for work that reads what the window's thread alone may read; anything else is a Job.
    """

    def __init__(self, parent: QObject, done: Callable[[Made], None]) -> None:
        super().__init__(parent)
        self._done = done
        self._steps: Generator[None, None, Made] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._run_slice)

    def start(self, steps: Generator[None, None, Made]) -> None:
        """Begins the work; what was under way is dropped."""
        self._steps = steps
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()
        self._steps = None

    @property
    def running(self) -> bool:
        return self._steps is not None

    def finish(self) -> None:
        """Does now what is left of the work."""
        while self._steps is not None:
            self._step()

    def _run_slice(self) -> None:
        end = perf_counter() + SLICE
        while self._steps is not None and perf_counter() < end:
            self._step()

    def _step(self) -> None:
        assert self._steps is not None
        try:
            next(self._steps)
        except StopIteration as end:
            self.stop()
            self._done(end.value)
