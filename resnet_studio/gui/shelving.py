"""What the user does with the library of blocks: add one, save one, take one out."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from resnet_studio.core.block_edits import rename_block
from resnet_studio.core.diagnostics import Diagnostic
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.edits import EditError, add_nodes
from resnet_studio.core.paths import split_path
from resnet_studio.core.shapes import Shape
from resnet_studio.formats import library
from resnet_studio.formats.files import FormatError
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.figures import count, sentence
from resnet_studio.gui.message_bar import MessageBar
from resnet_studio.gui.placing import node_in_view
from resnet_studio.gui.session import Session
from resnet_studio.gui.shelf import Kept, Shelf, called_otherwise, same, with_entry

_TOLD = 3
"""So many of a block's problems stand in the question; the panel shows all."""


class Shelving(QObject):
    """The commands on the library; nothing in it is replaced or lost without a word."""

    def __init__(self, session: Session, canvas: Canvas, bar: MessageBar, shelf: Shelf) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._bar = session, canvas, bar
        self.shelf = shelf

    def add(self, name: str) -> None:
        """Adds a call of a block of the library; the block comes along, if it is not there."""
        entry = self.shelf.find(name)
        if entry is None:
            self._canvas.message.emit(f"“{name}” is no longer in the library.")
            return
        session = self._session
        document, there = with_entry(self._canvas.pinned(), entry)
        node = node_in_view(self._canvas, there, document)
        after = add_nodes(document, session.scope, [node])
        session.apply(f"Add “{node.id}”", after, select=[node.id])
        self._canvas.setFocus()
        if there != name:
            self._canvas.message.emit(called_otherwise(name, there))

    # Saving

    def save(self, name: str) -> None:
        """Saves a block of the document; asks where another goes by its name, or it is at fault."""
        document = self._session.document
        entry = self.shelf.find(name)
        if entry is not None and same(entry, document):
            self._canvas.message.emit(f"“{name}” is in the library already.")
            return
        text = "" if entry is None else _another(name, entry.shipped)
        new = "" if entry is None else self.shelf.free_name(document, name)
        faults = _faults(self._session.analysis.diagnostics, document, name)
        if not text and not faults:
            self._write(name)
            return
        ways = {"Replace" if text else "Save all the same": partial(self._write, name)}
        if entry is not None and entry.shipped:
            ways.clear()  # what goes by its name elsewhere would change
        if new:
            ways[f"Rename to “{new}” and save"] = partial(self._rename_and_write, name, new)
        self._ask(text or f"“{name}” has {count(len(faults), 'problem')}.", faults, ways)

    def _rename_and_write(self, name: str, new: str) -> None:
        session = self._session
        try:
            session.apply(f"Rename the block to “{new}”", rename_block(session.document, name, new))
        except EditError as error:
            self._bar.tell("warning", sentence(str(error)))
            return
        self._write(new)

    def _write(self, name: str) -> None:
        session = self._session
        try:
            self.shelf.save(session.document, name, _shapes_given(session, name))
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
            return
        self._canvas.message.emit(f"“{name}” is in the library now, for every network.")

    def _ask(self, text: str, more: Iterable[str], ways: Mapping[str, Callable[[], None]]) -> None:
        """Asks before anything is lost; the last way is the one that Enter takes."""
        box = QMessageBox(self._canvas.window())
        box.setObjectName("library-question")
        box.setWindowTitle("Library")
        box.setText(text)
        box.setInformativeText("\n".join(list(more)[:_TOLD]))
        buttons = [box.addButton(way, QMessageBox.ButtonRole.AcceptRole) for way in ways]
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(buttons[-1])
        box.exec()
        for button, way in zip(buttons, ways.values(), strict=True):
            if box.clickedButton() is button:
                way()

    # Taking out

    def remove(self, name: str) -> None:
        """Moves a block of the user's to the trash, or asks where there is none."""
        entry = self.shelf.find(name)
        if entry is None or entry.shipped:
            return
        try:
            kept = self.shelf.kept(entry)
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
            return
        if self.shelf.to_trash(entry):
            text = f"“{name}” of the library was moved to the trash."
            self._bar.tell("note", text, "Put it back", partial(self._put_back, kept))
        else:
            text = f"Remove “{name}” from the library?"
            why = "It cannot be moved to a trash, and would be gone."
            self._ask(text, [why], {"Remove": partial(self._remove_for_good, entry)})

    def _remove_for_good(self, entry: library.Entry) -> None:
        try:
            self.shelf.remove(entry)
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
        else:
            self._canvas.message.emit(f"“{entry.name}” was removed from the library.")

    def _put_back(self, file: Kept) -> None:
        try:
            self.shelf.put_back(file)
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
        else:
            self._canvas.message.emit(f"“{file.name}” is in the library again.")


def _another(name: str, shipped: bool) -> str:
    whose = ", which comes with the program" if shipped else ""
    return f"The library has another block called “{name}”{whose}."


def _faults(found: Iterable[Diagnostic], document: Document, name: str) -> list[str]:
    """What is wrong inside a block, each fault of it once, wherever it is called."""
    faults = [
        f"At “{place}”: {diagnostic.message}"
        for diagnostic in found
        if diagnostic.severity == "error" and (place := _inside(diagnostic.node, document, name))
    ]
    return list(dict.fromkeys(faults))


def _inside(path: str, document: Document, name: str) -> str:
    """The node of a path that stands in the block itself; nothing where it passes it by."""
    scope = NETWORK
    for node_id, _copy in split_path(path, document):
        node = document.graph(scope).nodes.get(node_id)
        if scope == name:
            return node_id
        if node is None or node.type not in document.blocks:
            return ""
        scope = node.type
    return ""


def _shapes_given(session: Session, name: str) -> tuple[Shape | None, ...]:
    """What a call of the block is given somewhere; nothing where none is known."""
    graph = session.graph_analysis
    if graph is None:
        return ()
    for node in session.graph.nodes.values():
        if node.type == name:
            return graph.input_shapes(node.id)
    return ()
