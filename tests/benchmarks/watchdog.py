"""How long the window's thread is held: a heart beats in its event loop, and the gaps count."""

import signal
import time
import traceback
from collections import Counter
from types import FrameType

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

BEAT = 2
"""Milliseconds between beats of a loop that has nothing else to do."""
LOOK = 0.005
"""Seconds between looks at what holds the loop."""


class Watchdog(QObject):
    """Remembers the longest pause between two beats and, where told to, what went on in it."""

    def __init__(self, curious: bool) -> None:
        super().__init__()
        self.longest = 0.0
        """Seconds, since ``forget``."""
        self.worked = 0.0
        """The most seconds that the thread itself worked in a pause: others' load left out."""
        self.found: list[tuple[float, Counter[str]]] = []
        """Every pause of more than ``limit``, with the stacks that were seen in it."""
        self.limit = 0.05
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._seen: list[str] = []
        self._timer = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        if curious:
            # Not from another thread: to hold a frame there keeps its painters alive too long.
            signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        pause = now - self._last - BEAT / 1e3
        if pause > self.limit:
            self.found.append((pause, Counter(self._seen)))
        self.longest = max(self.longest, pause)
        self.worked = max(self.worked, worked - self._worked)
        self._seen = []
        self._last, self._worked = now, worked

    def forget(self) -> None:
        """Starts anew, before the next action."""
        self.longest, self.worked, self.found, self._seen = 0.0, 0.0, [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        if frame is not None and time.perf_counter() - self._last > 2 * LOOK:
            self._seen.append(_told(frame))


def turn(milliseconds: int) -> None:
    """Lets the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _told(frame: FrameType) -> str:
    """The calls inside the product, the outermost first."""
    calls = [
        f"{part.f_code.co_filename.rpartition('resnet_studio/')[2]}:{line} {part.f_code.co_name}"
        for part, line in traceback.walk_stack(frame)
        if "resnet_studio/" in part.f_code.co_filename
    ]
    return " > ".join(reversed(calls)) or "elsewhere"
