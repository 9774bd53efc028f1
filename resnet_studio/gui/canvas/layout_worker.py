"""Layout off the window's thread: graphviz for what it is good at, the layered one otherwise."""

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from resnet_studio.core.layout import Plan, layered
from resnet_studio.formats import graphviz_layout


class LayoutJob(QObject):
    """One layout under way.  Keep it until ``done`` came."""

    done = Signal(object)
    """Carries the corners by node id."""

    def __init__(self, what: Plan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._what = what

    def start(self) -> None:
        QThreadPool.globalInstance().start(_Run(self))

    def work(self) -> None:
        """In the worker's thread: the signal is delivered in the window's."""
        self.done.emit(arranged(self._what))


class _Run(QRunnable):
    def __init__(self, job: LayoutJob) -> None:
        super().__init__()
        self._job = job

    def run(self) -> None:
        self._job.work()


def arranged(what: Plan) -> dict[str, tuple[float, float]]:
    """The corners by the best layout that this machine has for a graph of this size."""
    if len(what.extents) <= graphviz_layout.MOST_NODES and graphviz_layout.available():
        try:
            return graphviz_layout.arrange(what)
        except graphviz_layout.GraphvizError:
            # The picture matters more than who drew it.
            return layered(what)
    return layered(what)
