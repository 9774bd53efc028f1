"""Layout off the window's thread: graphviz for what it is good at, the layered one otherwise."""

import traceback
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from resnet_studio.core.columns import columned
from resnet_studio.core.faces import card_extent
from resnet_studio.core.layout import Plan, Position, layered, plan
from resnet_studio.core.stages import numbered
from resnet_studio.formats import graphviz_layout
from resnet_studio.gui.latest import Latest

if TYPE_CHECKING:
    from resnet_studio.core.document import Document, Graph
    from resnet_studio.core.propagation import GraphAnalysis
    from resnet_studio.gui.canvas.view import Canvas

Corners = Mapping[str, Position]


class _Asked(NamedTuple):
    """What was asked for, and of what: values alone, read beside the window's thread."""

    document: "Document"
    scope: str
    chosen: frozenset[str] | None
    """The nodes to lay out; None for all of them."""
    stages_of: "GraphAnalysis | None"
    """What tells where columns may be cut; None where the shapes are unknown."""
    columns: bool

    @property
    def graph(self) -> "Graph":
        return self.document.graph(self.scope)


class Layouts(QObject):
    """The layouts of one canvas; of several under way only the last one counts."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._working = Latest(self)

    def start(self, selection_only: bool, columns: bool = False) -> None:
        session = self._canvas.session
        chosen = session.selection if selection_only else None
        if not (session.graph.nodes if chosen is None else chosen):
            self._canvas.message.emit("There is nothing to lay out.")
            return
        inside = self._canvas.network.drawing.shown.inside
        asked = _Asked(session.document, session.scope, chosen, inside, columns)
        self._working.ask(partial(_laid_out, asked), partial(self._take, asked))

    def _take(self, asked: _Asked, corners: Corners | Exception) -> None:
        if isinstance(corners, Exception):
            self._fail(corners)
            return
        session = self._canvas.session
        if asked.scope != session.scope or session.graph.structure is not asked.graph.structure:
            self._canvas.message.emit(
                "The network changed while it was laid out; lay it out again."
            )
            return
        if asked.chosen is not None:
            corners = self._where_it_was(corners)
        label = "Lay out in columns" if asked.columns else "Lay out"
        self._canvas.editing.place(corners, label=label, framed=True)
        if asked.chosen is None:
            self._show(asked)

    def _fail(self, error: Exception) -> None:
        """One sentence for the user, who loses nothing; the trace for whoever looks into it."""
        traceback.print_exception(error)
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        self._canvas.refused.emit(f"The layout failed ({what}); every card stays where it was")

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


def _laid_out(asked: _Asked) -> Corners:
    """The corners that were asked for."""
    graph, chosen, inside = asked.graph, asked.chosen, asked.stages_of
    extents = {
        key: card_extent(node, asked.document)
        for key, node in graph.nodes.items()
        if chosen is None or key in chosen
    }
    corners = arranged(plan(graph, extents))
    if not asked.columns:
        return corners
    stage = numbered(inside.structure, inside.outcomes) if inside is not None else {}
    return columned(graph, corners, extents, stage)


def arranged(what: Plan) -> dict[str, Position]:
    """The corners by the best layout that this machine has for a graph of this size."""
    if len(what.extents) <= graphviz_layout.MOST_NODES and graphviz_layout.available():
        try:
            return graphviz_layout.arrange(what)
        except graphviz_layout.GraphvizError:
            # The picture matters more than who drew it.
            return layered(what)
    return layered(what)
