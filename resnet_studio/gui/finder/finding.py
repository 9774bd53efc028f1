"""What the finder is opened for: the nodes of the document, the commands of the window."""

from functools import partial

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QMenuBar

from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.finder.entries import commands, nodes
from resnet_studio.gui.finder.finder import Finder
from resnet_studio.gui.session import Session


class Finding:
    """The finder over one canvas."""

    def __init__(self, session: Session, canvas: Canvas, menus: QMenuBar) -> None:
        self._session, self._canvas, self._menus = session, canvas, menus
        self.finder = Finder(canvas)
        self._looking = False
        """Whether the finder leads the canvas, while somebody types in it."""
        session.selection_changed.connect(self._follow)
        session.revealed.connect(self._show_revealed)

    def find_node(self) -> None:
        """Asks for a node anywhere in the document and shows it."""
        session = self._session
        trail, selection = session.trail, session.selection

        def back() -> None:
            session.go_to(trail, selection)

        entries = nodes(session, self._look, self._choose)
        self.finder.open("Find a node: name, layer, shape", entries, back, aside=True)

    def _look(self, path: str) -> None:
        """Selects a node and puts it into the middle of what the finder leaves free."""
        self._looking = True
        self._session.reveal(path)
        self._looking = False
        canvas = self._canvas
        middle = canvas.network.bounds(self._session.selection).center()
        covered = self.finder.geometry().right() if self.finder.isVisible() else 0
        canvas.stay()
        canvas.centerOn(middle.x() - covered / 2 / canvas.zoom_level(), middle.y())

    def _choose(self, path: str) -> None:
        """Puts a node into the middle of the canvas, near enough to be read."""
        self._look(path)
        self._canvas.look_at(self._session.selection)

    def find_command(self) -> None:
        """Asks for a command of the menus and gives it."""
        self.finder.open("Find a command", commands(self._menus))

    def _follow(self) -> None:
        """A node that was selected elsewhere, in the code say, comes into sight."""
        canvas, chosen = self._canvas, self._session.selection
        if chosen and not (canvas.underMouse() or canvas.hasFocus()):
            canvas.show_cards(chosen)

    def _show_revealed(self) -> None:
        """What was asked for in a list, a table or by a key comes near enough to be read."""
        if self._looking:
            return
        self._come_near()
        # A panel that opens for it takes its part of the canvas only later.
        again = partial(self._come_near_again, self._canvas.viewport().size())
        QTimer.singleShot(0, self._canvas, again)

    def _come_near(self) -> None:
        self._canvas.look_at(self._session.selection)

    def _come_near_again(self, before: QSize) -> None:
        """Where the canvas kept its size, whatever was done since, such as a fit, has its way."""
        if self._canvas.viewport().size() != before:
            self._come_near()
