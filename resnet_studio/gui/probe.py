"""Tells a test driver where things are on the screen, in a file, if it asks for that.

The driver sets ``RESNET_STUDIO_PROBE`` to a path and moves the real mouse to what it finds there;
nothing in the window can be changed this way.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QPointF, QTimer
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas
    from resnet_studio.gui.palette import Palette
    from resnet_studio.gui.window import Window

VARIABLE = "RESNET_STUDIO_PROBE"
_EVERY = 100


def start_probe(window: "Window") -> None:
    """Writes the file from now on, where the environment asks for it."""
    path = os.environ.get(VARIABLE)
    if path:
        _Probe(window, Path(path))


class _Probe(QObject):
    def __init__(self, window: "Window", path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        timer = QTimer(self)
        timer.timeout.connect(self.write)
        timer.start(_EVERY)

    def write(self) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self.state()), encoding="utf-8")
        part.replace(self._path)

    def state(self) -> dict[str, Any]:
        workbench = self._window.workbench
        assert workbench is not None
        session, canvas = workbench.session, workbench.canvas
        bar = workbench.totals
        totals = (bar.params, bar.trainable, bar.macs, bar.storage)
        return {
            "active": self._window.isActiveWindow(),
            "title": self._window.windowTitle(),
            "widgets": list(_descriptions()),
            "palette": _palette_rows(workbench.palette),
            "canvas": _area(canvas.viewport()),
            "nodes": _canvas_nodes(canvas),
            "selection": sorted(session.selection),
            "totals": [figure.text for figure in totals],
            "problems": [[d.node, d.code] for d in session.analysis.diagnostics],
            "edges": [list(edge) for edge in session.graph.edges],
            "trail": [list(step) for step in session.trail],
        }


def _visible_widgets() -> list[QWidget]:
    found = []
    for top in QApplication.topLevelWidgets():
        if top.isVisible():
            found += [top, *(w for w in top.findChildren(QWidget) if w.isVisible())]
    return found


def _descriptions() -> Iterator[dict[str, Any]]:
    for widget in _visible_widgets():
        try:
            told = _described(widget)
        except RuntimeError:
            # The dialogs of Qt delete their completions and rows while they are asked for.
            continue
        if told["name"] or told["says"] or told["text"]:
            yield told


def _described(widget: QWidget) -> dict[str, Any]:
    return {
        "kind": type(widget).__name__,
        "name": widget.objectName(),
        "says": widget.accessibleName(),
        "text": _text(widget),
        "area": _area(widget),
        "enabled": widget.isEnabled(),
        "focus": widget.hasFocus(),
        "window": widget.window().objectName() or type(widget.window()).__name__,
    }


def _text(widget: QWidget) -> str:
    for reader in ("text", "currentText", "toPlainText"):
        read = getattr(widget, reader, None)
        if callable(read):
            return str(read())[:4000]
    return ""


def _area(widget: QWidget) -> list[int]:
    """Left, top, width and height on the screen, in logical pixels."""
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]


def _palette_rows(palette: "Palette") -> dict[str, list[int]]:
    tree = palette.tree
    view = tree.viewport()
    found = {}
    for item in palette.items():
        area = tree.visualItemRect(item)
        if not item.isHidden() and area.isValid() and view.rect().contains(area.center()):
            corner = view.mapToGlobal(area.topLeft())
            found[item.text(0)] = [corner.x(), corner.y(), area.width(), area.height()]
    return found


def _canvas_nodes(canvas: "Canvas") -> dict[str, Any]:
    """Each card with its ports, on the screen."""
    view, found = canvas.viewport(), {}

    def on_screen(at: QPointF) -> list[int]:
        place = view.mapToGlobal(canvas.mapFromScene(at))
        return [place.x(), place.y()]

    for key, item in canvas.network.nodes.items():
        look = item.look
        inputs = look.inputs + look.open_input
        found[key] = {
            "middle": on_screen(item.card.center()),
            "inputs": [on_screen(item.input_point(slot)) for slot in range(inputs)],
            "outputs": [on_screen(item.output_point(k)) for k in range(look.outputs)],
            "errors": look.findings.errors,
        }
    return found
