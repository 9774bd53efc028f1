"""What the finder is opened for: the nodes of the document, the commands of the window."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QMenuBar

from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.finder.entries import Entry, commands, nodes
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
        session.changed.connect(self._renew)
        # There is no way back into the document of before.
        session.loaded.connect(self.finder.hide)

    def find_node(self) -> None:
        """Asks for a node anywhere in the document and shows it."""
        self.finder.give_up()
        hint = "Find a node: name, layer, shape"
        self.finder.open(hint, self._nodes, self._way_back(), aside=True)

    def _nodes(self) -> Iterator[Entry]:
        return nodes(self._session, self._look, self._choose)

    def _way_back(self) -> Callable[[], None]:
        """What shows again the graph, the selection and the part of it that are in sight now."""
        session, look_again = self._session, self._canvas.way_back()
        trail, selection = session.trail, session.selection

        def back() -> None:
            session.go_to(trail, selection)
            if session.trail == trail:
                look_again()

        return back

    def _renew(self, _change: object) -> None:
        """What was found may be gone: an edit was undone by its keys, say."""
        if self.finder.isVisible():
            self.finder.renew()

    def _look(self, path: str) -> None:
        """Selects a node and puts it into the middle of what the finder leaves free."""
        self._looking = True
        try:
            self._session.reveal(path)
        finally:
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
        self.finder.give_up()
        self.finder.open("Find a command", partial(commands, self._menus))

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
