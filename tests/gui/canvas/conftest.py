"""A canvas on a real (offscreen) window, and a hand that holds the mouse."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.gui.canvas.pointer import NODE_MIME
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.session import Session

CONV = {"filters": 64, "kernel_size": [3, 3], "padding": "same"}


def graph_of(nodes: list[Node], *wires: str) -> Graph:
    """``a-b`` wires a to the next slot of b."""
    edges: list[Edge] = []
    for wire in wires:
        source, target = wire.split("-")
        edges.append(Edge(source, target, sum(edge.target == target for edge in edges)))
    return Graph({node.id: node for node in nodes}, tuple(edges))


@pytest.fixture
def residual() -> Document:
    """x → a → b → add, with the identity link x → add; a spare Conv2D on the right."""
    nodes = [
        Node("x", "Input", {"shape": [56, 56, 64]}, position=(0, 0)),
        Node("a", "Conv2D", CONV, position=(0, 120)),
        Node("b", "Conv2D", CONV, position=(0, 240)),
        Node("add", "Add", position=(0, 360)),
        Node("spare", "Conv2D", CONV, position=(320, 120)),
    ]
    return Document(network=graph_of(nodes, "x-a", "a-b", "x-add", "b-add"))


@pytest.fixture
def with_block() -> Document:
    inside = graph_of(
        [
            Node("x", "BlockInput", position=(0, 0)),
            Node("conv", "Conv2D", {**CONV, "filters": "=n"}, position=(0, 96)),
            Node("y", "BlockOutput", position=(0, 216)),
        ],
        "x-conv",
        "conv-y",
    )
    nodes = [
        Node("image", "Input", {"shape": [32, 32, 3]}, position=(0, 0)),
        Node("call", "stage", {"n": 16}, repeat=2, position=(0, 120)),
    ]
    return Document(
        network=graph_of(nodes, "image-call"), blocks={"stage": Block(inside, {"n": 8})}
    )


class Hand:
    """Mouse and keyboard of one canvas, in the coordinates of its scene."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self._held = Qt.KeyboardModifier.NoModifier

    @property
    def session(self) -> Session:
        return self.canvas.session

    @property
    def wires(self) -> set[tuple[str, str, int]]:
        return {(e.source, e.target, e.slot) for e in self.session.graph.edges}

    def at(self, place: QPointF | str) -> QPoint:
        """A place of the viewport: of the scene, or the middle of a card."""
        if isinstance(place, str):
            place = self.canvas.network.nodes[place].card.center()
        return self.canvas.mapFromScene(place)

    def output(self, key: str, number: int = 0) -> QPointF:
        return self.canvas.network.nodes[key].output_point(number)

    def input(self, key: str, slot: int = 0) -> QPointF:
        return self.canvas.network.nodes[key].input_point(slot)

    def hold(self, keys: Qt.KeyboardModifier) -> Qt.KeyboardModifier:
        """Keeps keys down while the pointer moves."""
        self._held = keys
        return keys

    def press(self, place, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        QTest.mousePress(self.canvas.viewport(), button, keys, self.at(place))

    def move(self, place, button=Qt.MouseButton.LeftButton) -> None:
        """QTest.mouseMove has no buttons, so the event is made by hand."""
        at = QPointF(self.at(place))
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            self.canvas.viewport().mapToGlobal(at),
            Qt.MouseButton.NoButton,
            button,
            self._held,
        )
        QApplication.sendEvent(self.canvas.viewport(), event)

    def release(self, place, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        QTest.mouseRelease(self.canvas.viewport(), button, keys, self.at(place))

    def click(self, place, keys=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, keys, self.at(place))

    def drag(self, start, end, button=Qt.MouseButton.LeftButton, keys=None) -> None:
        keys = self._held = keys or Qt.KeyboardModifier.NoModifier
        self.press(start, button, keys)
        first, last = self._point(start), self._point(end)
        for step in (0.1, 0.5, 1.0):
            self.move(first + (last - first) * step, button)
        self.release(end, button, keys)

    def _point(self, place) -> QPointF:
        return self.canvas.network.nodes[place].card.center() if isinstance(place, str) else place

    def key(self, key: Qt.Key, keys=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, keys)

    def drop(self, type_name: str, place: QPointF, let_go: bool = True) -> None:
        """What a drag from the palette sends to the canvas."""
        data = QMimeData()
        data.setData(NODE_MIME, type_name.encode())
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none, at = Qt.KeyboardModifier.NoModifier, self.at(place)
        viewport = self.canvas.viewport()
        QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, left, none))
        QApplication.sendEvent(viewport, QDragMoveEvent(at, copy, data, left, none))
        if let_go:
            QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, left, none))


@pytest.fixture
def hand(qtbot) -> Iterator:
    """Opens a document on a canvas of 1000 by 800 pixels, at zoom 1."""

    def open_document(document: Document | None = None) -> Hand:
        session = Session(document)
        canvas = Canvas(session)
        qtbot.addWidget(canvas)
        canvas.resize(1000, 800)
        canvas.show()
        qtbot.waitExposed(canvas)
        canvas.zoom_by(1 / canvas.zoom_level())
        canvas.centerOn(150, 200)
        return Hand(canvas)

    return open_document


@pytest.fixture
def workbench(bench):
    """The window on the network of the notebook, the canvas in focus."""
    workbench = bench("resnet34-notebook")
    workbench.canvas.setFocus()
    return workbench
