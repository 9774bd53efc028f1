"""Layout off the window's thread: graphviz for what it is good at, the layered one otherwise."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from resnet_studio.core.layout import Plan, Position, layered, plan
from resnet_studio.formats import graphviz_layout

if TYPE_CHECKING:
    from resnet_studio.core.document import Graph
    from resnet_studio.gui.canvas.view import Canvas


class Layouts(QObject):
    """The layouts of one canvas; of several under way only the last one counts."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._asked: tuple[str, Graph, bool] | None = None
        self._number = 0

    def start(self, selection_only: bool) -> None:
        session, drawing = self._canvas.session, self._canvas.network.drawing
        graph = session.graph
        chosen = session.selection if selection_only else graph.nodes.keys()
        extents = {key: drawing.extent(key) for key in graph.nodes if key in chosen}
        if not extents:
            self._canvas.message.emit("There is nothing to lay out.")
            return
        self._asked, self._number = (session.scope, graph, selection_only), self._number + 1
        run = _Run(plan(graph, extents), self._number)
        run.result.done.connect(self._take)
        QThreadPool.globalInstance().start(run)

    @Slot(int, object)
    def _take(self, number: int, corners: Mapping[str, Position]) -> None:
        if number != self._number or self._asked is None:
            return
        (scope, graph, part), self._asked = self._asked, None
        session = self._canvas.session
        if scope != session.scope or session.graph.structure is not graph.structure:
            self._canvas.message.emit(
                "The network changed while it was laid out; lay it out again."
            )
            return
        if part:
            corners = self._where_it_was(corners)
        self._canvas.editing.place(corners, label="Lay out", framed=True)
        if not part:
            self._canvas.show_home()

    def _where_it_was(self, corners: Mapping[str, Position]) -> dict[str, Position]:
        """A part keeps its upper left corner."""
        old = [self._canvas.network.places[key] for key in corners]
        across = min(x for x, _ in old) - min(x for x, _ in corners.values())
        down = min(y for _, y in old) - min(y for _, y in corners.values())
        return {key: (x + across, y + down) for key, (x, y) in corners.items()}


class _Result(QObject):
    done = Signal(int, object)
    """Carries the number of the run and the corners; delivered in the window's thread."""


class _Run(QRunnable):
    def __init__(self, what: Plan, number: int) -> None:
        super().__init__()
        self._what, self._number = what, number
        self.result = _Result()

    def run(self) -> None:
        self.result.done.emit(self._number, arranged(self._what))


def arranged(what: Plan) -> dict[str, Position]:
    """The corners by the best layout that this machine has for a graph of this size."""
    if len(what.extents) <= graphviz_layout.MOST_NODES and graphviz_layout.available():
        try:
            return graphviz_layout.arrange(what)
        except graphviz_layout.GraphvizError:
            # The picture matters more than who drew it.
            return layered(what)
    return layered(what)
