"""Work beside the window's thread of which only the newest result is wanted."""

from collections.abc import Callable
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


class Latest(QObject):
    """Does one piece of work at a time; of those asked for meanwhile, only the last is done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: _Run | None = None
        self._then: Callable[[Any], object] | None = None
        self._next: tuple[Work, Callable[[Any], object]] | None = None

    def ask(self, work: Work, then: Callable[[Any], object]) -> None:
        """Hands what ``work`` returns, or the exception it raises, to ``then``, in this thread."""
        if self._running is not None:
            self._next, self._then = (work, then), None
            return
        self._then = then
        self._running = _Run(work)
        self._running.result.done.connect(self._take, Qt.ConnectionType.QueuedConnection)
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

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._then is not None or self._next is not None

    @Slot(object)
    def _take(self, made: Any) -> None:
        then, self._then, self._running = self._then, None, None
        if self._next is not None:
            (work, following), self._next = self._next, None
            self.ask(work, following)
        elif then is not None:
            then(made)


class _Result(QObject):
    done = Signal(object)


class _Run:
    def __init__(self, work: Work) -> None:
        self._work = work
        self.result = _Result()

    def run(self) -> None:
        self.result.done.emit(_attempted(self._work))


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
