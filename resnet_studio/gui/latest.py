"""Work beside the window's thread of which only the newest result is wanted."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.document import Document

FEW = 120
"""What looks at every layer of so many is done within a frame."""
_DRAWN = 150
"""What compares so many nodes with each other is done within a few frames."""

Work = Callable[[], Any]
"""Reads values that nobody changes, and returns what it makes of them."""


class _Post(QObject):
    """Tells every ``Latest`` what ended, in its thread."""

    ended = Signal(object)


_POST = _Post()
"""Never goes: what a worker lets go of last is taken apart in its thread."""


class Latest(QObject):
    """Does one piece of work at a time; of those asked for meanwhile, only the last is done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: _Run | None = None
        self._then: Callable[[Any], object] | None = None
        self._next: tuple[Work, Callable[[Any], object]] | None = None
        _POST.ended.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def ask(self, work: Work, then: Callable[[Any], object]) -> None:
        """Hands what ``work`` returns, or the exception it raises, to ``then``, in this thread."""
        if self._running is not None:
            self._next, self._then = (work, then), None
            return
        self._then = then
        self._running = _Run(work)
        # A function, not a QRunnable: it stays alive although whoever asked may be gone.
        QThreadPool.globalInstance().start(self._running.run)

    def settle(self, work: Work, then: Callable[[Any], object], small: bool) -> None:
        """As ``ask``, but there and then where what ``work`` looks at is small."""
        if small:
            self.drop()
            then(_attempted(work))
        else:
            self.ask(work, then)

    def drop(self) -> None:
        """What is under way is not wanted any more."""
        self._next = self._then = None

    def finish(self) -> None:
        """Waits for what is under way and asked for, and hands it on: before nobody is there."""
        while self._running is not None:
            self._take(self._running.finished())

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._then is not None or self._next is not None

    @Slot(object)
    def _take(self, run: "_Run") -> None:
        if run is not self._running:
            # Another's, or somebody waited for it and has it.
            return
        then, self._then, self._running = self._then, None, None
        if self._next is not None:
            (work, following), self._next = self._next, None
            self.ask(work, following)
        elif then is not None:
            then(run.made)


class _Run:
    """One piece of work, and what came of it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lock, self._over = Lock(), False
        self.made: Any = None

    def run(self) -> None:
        _POST.ended.emit(self.finished())

    def finished(self) -> "_Run":
        """Itself, once the work is done; where no thread had time for it yet, this one does it."""
        with self._lock:
            if not self._over:
                self.made, self._over = _attempted(self._work), True
        return self


def is_small(analysis: Analysis) -> bool:
    """Whether the network comes to few layers when it is unrolled."""
    return sum(outcome.layers for outcome in analysis.root.outcomes) <= FEW


def is_few(document: Document) -> bool:
    """Whether few nodes are drawn, in the network and in its blocks."""
    return sum(len(document.graph(scope).nodes) for scope in document.scopes()) <= _DRAWN


def _attempted(work: Work) -> Any:
    """What the work returns, or the exception that it raises."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 (whoever asked decides what it means)
        return error
