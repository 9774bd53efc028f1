"""Layout off the window's thread: graphviz for what it is good at, the layered one otherwise."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from resnet_studio.core.columns import columned
from resnet_studio.core.layout import Plan, Position, layered, plan
from resnet_studio.core.stages import numbered
from resnet_studio.formats import graphviz_layout

if TYPE_CHECKING:
    from resnet_studio.core.document import Graph
    from resnet_studio.gui.canvas.view import Canvas


Corners = Mapping[str, Position]


class _Asked(NamedTuple):
    """What was asked for, and of what."""

    scope: str
    graph: "Graph"
    part: bool
    columns: bool


class Layouts(QObject):
    """The layouts of one canvas; of several under way only the last one counts."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._asked: _Asked | None = None
        self._number = 0

    def start(self, selection_only: bool, columns: bool = False) -> None:
        session, drawing = self._canvas.session, self._canvas.network.drawing
        graph = session.graph
        chosen = session.selection if selection_only else graph.nodes.keys()
        extents = {key: drawing.extent(key) for key in graph.nodes if key in chosen}
        if not extents:
            self._canvas.message.emit("There is nothing to lay out.")
            return
        self._asked = _Asked(session.scope, graph, selection_only, columns)
        self._number += 1
        what = plan(graph, extents)
        work = self._in_columns(graph, what) if columns else partial(arranged, what)
        run = _Run(work, self._number)
        run.result.done.connect(self._take)
        QThreadPool.globalInstance().start(run)

    def _in_columns(self, graph: "Graph", what: Plan) -> "Callable[[], Corners]":
        inside = self._canvas.network.drawing.shown.inside
        stage = numbered(inside.structure, inside.outcomes) if inside is not None else {}
        return lambda: columned(graph, arranged(what), what.extents, stage)

    @Slot(int, object)
    def _take(self, number: int, corners: Corners) -> None:
        if number != self._number or self._asked is None:
            return
        asked, self._asked = self._asked, None
        session = self._canvas.session
        if asked.scope != session.scope or session.graph.structure is not asked.graph.structure:
            self._canvas.message.emit(
                "The network changed while it was laid out; lay it out again."
            )
            return
        if asked.part:
            corners = self._where_it_was(corners)
        label = "Lay out in columns" if asked.columns else "Lay out"
        self._canvas.editing.place(corners, label=label, framed=True)
        if not asked.part:
            self._show(asked)

    def _show(self, asked: _Asked) -> None:
        """Columns are there to be seen whole."""
        if asked.columns:
            self._canvas.fit_all()
        else:
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
    def __init__(self, work: Callable[[], Corners], number: int) -> None:
        super().__init__()
        self._work, self._number = work, number
        self.result = _Result()

    def run(self) -> None:
        self.result.done.emit(self._number, self._work())


def arranged(what: Plan) -> dict[str, Position]:
    """The corners by the best layout that this machine has for a graph of this size."""
    if len(what.extents) <= graphviz_layout.MOST_NODES and graphviz_layout.available():
        try:
            return graphviz_layout.arrange(what)
        except graphviz_layout.GraphvizError:
            # The picture matters more than who drew it.
            return layered(what)
    return layered(what)
