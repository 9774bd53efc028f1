"""What the finder is opened for: the nodes of the document, the commands of the window."""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QMenuBar

from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.finder.entries import commands, nodes
from resnet_studio.gui.finder.finder import Finder
from resnet_studio.gui.session import Session

_AROUND = 60
"""Pixels between a node that was found and the edge of the canvas, at least."""


class Finding:
    """The finder over one canvas."""

    def __init__(self, session: Session, canvas: Canvas, menus: QMenuBar) -> None:
        self._session, self._canvas, self._menus = session, canvas, menus
        self.finder = Finder(canvas)
        session.selection_changed.connect(self._follow)

    def find_node(self) -> None:
        """Asks for a node anywhere in the document and shows it."""
        session = self._session
        trail, selection = session.trail, session.selection

        def back() -> None:
            session.go_to(trail, selection)

        entries = nodes(session, self._show)
        self.finder.open("Find a node: name, layer, shape", entries, back, aside=True)

    def _show(self, path: str) -> None:
        """Selects a node and puts it into the middle of what the finder leaves free."""
        self._session.reveal(path)
        canvas = self._canvas
        middle = canvas.network.bounds(self._session.selection).center()
        covered = self.finder.geometry().right() if self.finder.isVisible() else 0
        canvas.stay()
        canvas.centerOn(middle.x() - covered / 2 / canvas.zoom_level(), middle.y())

    def find_command(self) -> None:
        """Asks for a command of the menus and gives it."""
        self.finder.open("Find a command", commands(self._menus))

    def _follow(self) -> None:
        """A node that was selected elsewhere, in a table say, comes into sight."""
        canvas, chosen = self._canvas, self._session.selection
        if not chosen or canvas.underMouse() or canvas.hasFocus():
            return
        area = canvas.network.bounds(chosen)
        seen = QRectF(canvas.mapToScene(canvas.viewport().rect()).boundingRect())
        if not seen.contains(area):
            canvas.stay()
            canvas.ensureVisible(area, _AROUND, _AROUND)
