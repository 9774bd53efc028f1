"""Measures the canvas beside its peers in a process of its own; prints one JSON object.

``canvas_figures.py NODES beside`` or ``canvas_figures.py NODES nodegraphqt``.
"""

import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401 (both fill their registries)
from resnet_studio.core.document import Document, Graph
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.memory import spare_collector
from resnet_studio.gui.session import Session
from tests.benchmarks.canvas_peers import BareView, Floor
from tests.benchmarks.networks import chain
from tests.benchmarks.timing import paired

SIZE = (1400, 860)
PITCH = (304.0, 120.0)
_TURNS = 160
"""Frames of each hand: the median of forty swings by a fifth from run to run."""


def folded(nodes: int) -> Document:
    """A residual chain in columns, about as wide as high on the screen."""
    document = chain(nodes)
    count = len(document.network.nodes)
    rows = max(8, round(math.sqrt(count * PITCH[0] / PITCH[1] * SIZE[1] / SIZE[0])))
    placed = {
        key: replace(node, position=(PITCH[0] * (i // rows), PITCH[1] * (i % rows)))
        for i, (key, node) in enumerate(document.network.nodes.items())
    }
    return replace(document, network=Graph(placed, document.network.edges))


def shown(widget: QWidget) -> QWidget:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    return widget


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def idle(canvas: Canvas) -> tuple[float, float]:
    """Lets the canvas do what it does between events: the thread's work, and its longest turn.

    How long it waits for a pause before is no work.
    """
    worked = longest = 0.0
    turn = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    while any(timer.isActive() for timer in canvas.far.findChildren(QTimer)):
        start = time.thread_time()
        QApplication.processEvents(turn)
        held = time.thread_time() - start
        worked, longest = worked + held, max(longest, held)
    return worked, longest


# Opening


def opened(document: Document) -> tuple[Canvas, dict[str, float]]:
    """A canvas with the document, and how long it took; the analysis is not the canvas' own."""
    session = Session()
    canvas = Canvas(session)
    shown(canvas)
    found = {}
    after = Session(document)
    session.document, session.analysis = after.document, after.analysis
    spare_collector()

    def first_frame() -> None:
        session.scope_changed.emit()
        canvas.viewport().repaint()

    found["first frame"] = seconds(first_frame)
    worked, found["held"] = idle(canvas)
    found["whole"] = found["first frame"] + worked
    return canvas, found


# Hands


def turn(view: QGraphicsView, notches: int) -> None:
    at = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        at,
        view.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def mouse(view: QGraphicsView, kind: QEvent.Type, at: QPoint) -> None:
    place, left = QPointF(at), Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, place, view.viewport().mapToGlobal(place), button, held, none)
    QApplication.sendEvent(view.viewport(), event)


class Pan:
    def __init__(self, view: QGraphicsView) -> None:
        self._bar = view.verticalScrollBar()

    def __call__(self, k: int) -> None:
        self._bar.setValue(self._bar.value() + (9 if k % 40 < 20 else -9))
        QApplication.processEvents()


class Zoom:
    def __init__(self, view: QGraphicsView) -> None:
        self._view = view

    def __call__(self, k: int) -> None:
        turn(self._view, 1 if k % 4 < 2 else -1)
        QApplication.processEvents()


class Drag:
    """Moves what is at a place of the viewport, a card or the end of a wire, in circles."""

    def __init__(self, view: QGraphicsView, at: QPoint) -> None:
        self._view, self._at = view, at
        mouse(view, QEvent.Type.MouseButtonPress, at)

    def __call__(self, k: int) -> None:
        by = QPoint(round(40 * math.cos(k / 4)), round(40 * math.sin(k / 4)))
        mouse(self._view, QEvent.Type.MouseMove, self._at + by)
        QApplication.processEvents()

    def end(self) -> None:
        mouse(self._view, QEvent.Type.MouseMove, self._at)
        mouse(self._view, QEvent.Type.MouseButtonRelease, self._at)
        QApplication.processEvents()


def near(view: QGraphicsView, key: str, document: Document) -> QPoint:
    """Brings a card to the middle at zoom 1; returns where it is."""
    x, y = document.network.nodes[key].position or (0.0, 0.0)
    view.resetTransform()
    view.centerOn(x + 104, y + 28)
    QApplication.processEvents()
    QApplication.processEvents()
    return view.mapFromScene(QPointF(x + 60, y + 20))


# What is asked for


def beside(nodes: int) -> dict[str, float]:
    document = folded(nodes)
    floor = Floor(document)
    shown(floor)
    bare: list[BareView] = []
    figures = {"bare: items": seconds(lambda: bare.append(BareView(document)))}
    canvas, opening = opened(document)
    figures |= {f"open: {name}": value for name, value in opening.items()}
    view = bare[0]
    shown(view)
    _frames(figures, floor, view, canvas)
    _hands(figures, view, canvas, document)
    return figures


def _frames(figures: dict[str, float], floor: Floor, view: BareView, canvas: Canvas) -> None:
    canvas.fit_all()
    QApplication.processEvents()
    idle(canvas)
    view.fitInView(view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def floor_frame(k: int) -> None:
        floor.shift = k % 2
        floor.repaint()

    def our_frame(_k: int) -> None:
        canvas.far.forget()
        canvas.viewport().repaint()

    def bare_frame(_k: int) -> None:
        view.viewport().repaint()

    runs = 25 if len(view.cards) < 20_000 else 9
    ours, least, items = paired(runs, our_frame, floor_frame, bare_frame)
    figures |= {"frame: ours": ours, "frame: floor": least, "frame: bare": items}
    figures["frame: ours, nothing moved"] = paired(runs, lambda _k: canvas.viewport().repaint())[0]


def _hands(figures: dict[str, float], view: BareView, canvas: Canvas, document: Document) -> None:
    key = list(document.network.nodes)[len(document.network.nodes) // 2]
    at = near(view, key, document)
    here = near(canvas, key, document)
    for name, hand in (("pan", Pan), ("zoom", Zoom)):
        ours, items = paired(_TURNS, hand(canvas), hand(view))
        figures |= {f"{name}: ours": ours, f"{name}: bare": items}
    at, here = near(view, key, document), near(canvas, key, document)
    drags = Drag(canvas, here), Drag(view, at)
    ours, items = paired(_TURNS, *drags)
    figures |= {"drag: ours": ours, "drag: bare": items}
    for drag in drags:
        drag.end()
    near(canvas, key, document)
    wire = Drag(canvas, canvas.mapFromScene(canvas.network.nodes[key].output_point(0)))
    figures["wire: ours"] = paired(40, wire)[0]
    canvas.escaping.press()
    wire.end()
    canvas.fit_all()
    QApplication.processEvents()
    x, y = document.network.nodes[key].position or (0.0, 0.0)
    far = Drag(canvas, canvas.mapFromScene(QPointF(x + 104, y + 28)))
    figures["drag from afar: ours"] = paired(30, far)[0]
    far.end()


def nodegraphqt(nodes: int) -> dict[str, float]:
    """Opening and a frame of the whole graph, of NodeGraphQt and of the canvas."""
    from NodeGraphQt import BaseNode, NodeGraph

    class Layer(BaseNode):  # type: ignore[misc]
        __identifier__ = "bench"
        NODE_NAME = "layer"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("x", multi_input=True)
            self.add_output("y")

    document = folded(nodes)
    graph = NodeGraph()
    graph.register_node(Layer)
    # Its search for circles keeps no visited set: residual blocks would take it for ever.
    graph.set_acyclic(False)

    def fill() -> None:
        made = {
            key: graph.create_node(
                "bench.Layer", name=key, pos=list(node.position or ()), push_undo=False
            )
            for key, node in document.network.nodes.items()
        }
        for edge in document.network.edges:
            made[edge.target].input(0).connect_to(made[edge.source].output(0), push_undo=False)
        graph.viewer().viewport().repaint()

    shown(graph.widget)
    figures = {"peer: open": seconds(fill)}
    for node in graph.all_nodes():
        node.set_selected(True)
    graph.fit_to_selection()
    graph.clear_selection()
    QApplication.processEvents()
    figures["peer: frame"] = paired(9, lambda _k: graph.viewer().viewport().repaint())[0]
    # Else what a window manager has it paint meanwhile would be counted as ours.
    graph.widget.hide()
    QApplication.processEvents()
    canvas, opening = opened(document)
    session = Session()
    figures["ours: open, analysis included"] = opening["whole"] + seconds(
        lambda: session.load(folded(nodes), None)
    )
    figures["ours: open"] = opening["whole"]
    canvas.fit_all()
    QApplication.processEvents()
    idle(canvas)

    def ours(_k: int) -> None:
        canvas.far.forget()
        canvas.viewport().repaint()

    return figures | {"ours: frame": paired(9, ours)[0]}


def main() -> None:
    nodes, what = int(sys.argv[1]), sys.argv[2]
    app = QApplication.instance() or QApplication(sys.argv[:1])
    figures = nodegraphqt(nodes) if what == "nodegraphqt" else beside(nodes)
    print(json.dumps(figures), flush=True)
    del app
    # What the peers leave behind is not ours to tidy up.
    os._exit(0)


if __name__ == "__main__":
    main()
