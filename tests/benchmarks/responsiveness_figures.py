"""Opens a file in the real window, works in it and measures how long each action holds its thread.

``responsiveness_figures.py FILE [--tell]`` prints one JSON object: by action, seconds of the
longest pause of the event loop and of the longest work in one; ``--tell`` also what held it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QThreadPool
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from resnet_studio.gui import app as application
from resnet_studio.gui.jobs import Job
from resnet_studio.gui.warming import warm_up
from resnet_studio.gui.window import Window
from resnet_studio.gui.workbench import Workbench
from tests.benchmarks.watchdog import Watchdog, turn

CALM = 60
"""Milliseconds without anything under way after which an action is over."""
PATIENCE = 40.0
LEFT = Qt.MouseButton.LeftButton


class Hands:
    """What a person does in one window, each action measured until nothing is under way."""

    def __init__(self, bench: Workbench, tell: bool) -> None:
        self.bench, self.session, self.canvas = bench, bench.session, bench.canvas
        self.dog, self.tell = Watchdog(tell), tell
        self.figures: dict[str, tuple[float, float]] = {}

    def do(self, name: str, *actions: Callable[[], object]) -> None:
        """Performs actions one after the other; the longest pause of them all counts."""
        self.dog.forget()
        start = time.perf_counter()
        for action in actions:
            action()
            turn(20)
        self.settle()
        self.figures[name] = (self.dog.longest, self.dog.worked)
        if self.tell:
            whole = time.perf_counter() - start
            times = f"{1e3 * self.dog.longest:7.0f} ms {1e3 * self.dog.worked:6.0f} worked"
            print(f"{times}  {name}  ({whole:.2f} s)", flush=True)
            for pause, stacks in self.dog.found:
                print(f"        {1e3 * pause:.0f} ms:")
                for stack, times in stacks.most_common(4):
                    print(f"          {times:3} {stack[-420:]}")

    def settle(self) -> None:
        """Waits until no work is under way beside the window, and the delayed is done."""
        limit = time.perf_counter() + PATIENCE
        calm = 0
        while calm < 6 and time.perf_counter() < limit:
            turn(CALM)
            busy = (
                self.bench.files.reading
                or QThreadPool.globalInstance().activeThreadCount()
                or any(job.running for job in self.bench.findChildren(Job))
            )
            calm = 0 if busy else calm + 1

    # Hands

    def mouse(self, kind: QEvent.Type, at: QPoint, held: bool) -> None:
        view = self.canvas.viewport()
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        buttons = LEFT if held else Qt.MouseButton.NoButton
        where, none = QPointF(at), Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, where, view.mapToGlobal(where), button, buttons, none)
        QApplication.sendEvent(view, event)

    def click(self, at: QPoint) -> None:
        self.mouse(QEvent.Type.MouseMove, at, held=False)
        self.mouse(QEvent.Type.MouseButtonPress, at, held=True)
        self.mouse(QEvent.Type.MouseButtonRelease, at, held=False)

    def drag(self, start: QPoint, end: QPoint, steps: int = 12) -> None:
        self.mouse(QEvent.Type.MouseMove, start, held=False)
        self.mouse(QEvent.Type.MouseButtonPress, start, held=True)
        for k in range(1, steps + 1):
            self.mouse(QEvent.Type.MouseMove, start + (end - start) * k / steps, held=True)
            turn(4)
        self.mouse(QEvent.Type.MouseButtonRelease, end, held=False)

    def at(self, key: str) -> QPoint:
        return self.canvas.mapFromScene(self.canvas.network.nodes[key].pos() + QPointF(60, 20))

    def near(self, key: str) -> None:
        self.canvas.resetTransform()
        self.canvas.centerOn(self.canvas.network.nodes[key].pos())
        self.canvas.viewport().update()

    def trigger(self, name: str) -> None:
        self.bench.actions[name].trigger()

    # Actions

    def work(self, path: Path) -> None:
        self.do("nothing")
        self.do("open", lambda: self.bench.files.load(path))
        self.do("fit all", self.canvas.fit_all)
        key = self._convolution()
        self.do("come near", lambda: self.near(key))
        self.do("select", lambda: self.click(self.at(key)))
        self.do("move", lambda: self.drag(self.at(key), self.at(key) + QPoint(70, 30)))
        self.type_filters(key)
        self.do("undo", *[lambda: self.trigger("undo")] * 3)
        self.do("redo", lambda: self.trigger("redo"))
        self.session.history.undo()
        self.settle()
        self.wire(key)
        self.copy(key)
        self.do("delete", lambda: self.session.select([key]), lambda: self.trigger("delete"))
        self.do("undo deleting", lambda: self.trigger("undo"))
        self.panels(key)
        self.dialogs()
        self.blocks()

    def _convolution(self) -> str:
        """One in the middle of the network, with a number of filters."""
        found = [key for key, node in self.session.graph.nodes.items() if node.type == "Conv2D"]
        return found[len(found) // 2]

    def type_filters(self, key: str, name: str = "type in the inspector") -> None:
        self.session.select([key])
        turn(CALM)
        field = self.bench.inspector.node_page.rows["filters"].editor.field
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        self.do(name, *[lambda k=k: QTest.keyClicks(field, k) for k in "128"])

    def wire(self, key: str) -> None:
        """From the output of one card to the input of another in sight."""
        seen = self.canvas.mapToScene(self.canvas.viewport().rect()).boundingRect()
        inside = self.canvas.network.nodes_in(seen.adjusted(60, 60, -260, -120))
        other = max(inside - {key}, key=lambda k: self.canvas.network.nodes[k].pos().y())
        nodes = self.canvas.network.nodes
        start = self.canvas.mapFromScene(nodes[key].output_point(0))
        end = self.canvas.mapFromScene(nodes[other].input_point(0))
        before = self.session.document
        self.do("wire", lambda: self.drag(start, end))
        if self.session.document is not before:
            self.do("undo wiring", lambda: self.trigger("undo"))

    def copy(self, key: str) -> None:
        """A few nodes copied, pasted, and made into a block."""
        structure = self.session.graph.structure
        at = structure.index[key]
        some = structure.ids[at : at + 4]
        self.session.select(some)
        self.do("copy", lambda: self.trigger("copy"))
        self.do("paste", lambda: self.trigger("paste"))
        self.do("undo pasting", lambda: self.trigger("undo"))
        self.session.select(some)
        turn(CALM)
        self.do("open the group dialog", lambda: self.trigger("group"))
        self.do("close the group dialog", self._close_dialogs)

    def panels(self, key: str) -> None:
        docks = self.bench.docks
        self.do("show the table", lambda: docks.reveal("tables"))
        self.do("table by stage", lambda: self.bench.tables.mode.choose("stage"))
        self.type_filters(key, "type, table in sight")
        self.do("show the problems", lambda: docks.reveal("problems"))
        self.do("undo, problems in sight", *[lambda: self.trigger("undo")] * 3)
        self.do("show the code", lambda: docks.reveal("code"))
        self.type_filters(key, "type, code in sight")
        self.do("undo, code in sight", *[lambda: self.trigger("undo")] * 3)
        self.do("select all", lambda: self.trigger("select-all"))
        self.do("select one", lambda: self.session.select([key]))

    def dialogs(self) -> None:
        self.do("open the export dialog", lambda: self.trigger("export"))
        self.do("close it", self._close_dialogs)
        self.do("find a node", lambda: self.trigger("find"))
        self.do(
            "close the finder",
            lambda: QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape),
        )

    def _close_dialogs(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()

    def _dialog(self) -> QDialog:
        return next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
        )

    def _fold_all(self) -> None:
        self._dialog().all.click()  # type: ignore[attr-defined]

    def blocks(self) -> None:
        self.do("open the fold dialog", lambda: self.trigger("fold"))
        self.do("fold all", self._fold_all)
        calls = [
            k for k, n in self.session.graph.nodes.items() if n.type in self.session.document.blocks
        ]
        if calls:
            self.do("enter a block", lambda: self.session.enter(calls[0]))
            self.do("leave it", self.session.leave)
        self.do("undo folding", lambda: self.trigger("undo"))
        self.do("lay out", lambda: self.trigger("lay-out"))


def main() -> None:
    app = application.application()
    window = Window()
    window.show()
    while not window.settled:
        turn(20)
    assert window.workbench is not None
    warm_up()
    turn(1500)
    hands = Hands(window.workbench, "--tell" in sys.argv)
    hands.work(Path(sys.argv[1]))
    print(json.dumps(hands.figures), flush=True)
    del app
    # Nothing is asked, nothing is saved.
    os._exit(0)


if __name__ == "__main__":
    main()
