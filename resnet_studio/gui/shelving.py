"""What the user does with the library of blocks: add one, save one, take one out."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

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
        self._told: set[str] = set()
        self.shelf = shelf
        shelf.changed.connect(self._tell_unread)
        self._tell_unread()

    def _tell_unread(self) -> None:
        """Says what files of the library cannot be read, of each once."""
        told = [_passed_over(error) for error in self.shelf.unread()]
        new = [text for text in told if text not in self._told]
        self._told = set(told)
        if new:
            self._bar.tell("warning", new[0] + _so_are(len(new) - 1))

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
        faults = _faults(self._session.analysis.diagnostics, document, name)
        if entry is not None and same(entry, document):
            self._canvas.message.emit(f"“{name}” is in the library already.")
        elif entry is not None:
            self._ask(_another(entry), faults, self._ways_beside(entry))
        elif faults:
            text = f"“{name}” has {count(len(faults), 'problem')}."
            self._ask(text, faults, {"Save all the same": partial(self._write, name)})
        else:
            self._write(name)

    def _ways_beside(self, entry: library.Entry) -> dict[str, Callable[[], None]]:
        """How a block can be saved beside another of its name."""
        name, new = entry.name, self.shelf.free_name(self._session.document, entry.name)
        ways: dict[str, Callable[[], None]] = {}
        if not entry.shipped:  # else what goes by its name elsewhere would change
            ways["Replace"] = partial(self._replace, entry)
        ways[f"Keep both: rename to “{new}”"] = partial(self._rename_and_write, name, new)
        return ways

    def _replace(self, entry: library.Entry) -> None:
        """Replaces what was asked about; asks again where another came while one was asked."""
        if self.shelf.find(entry.name) in (entry, None):
            self._write(entry.name)
        else:
            self.save(entry.name)

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
        clicked = box.clickedButton()
        chosen = [
            way for button, way in zip(buttons, ways.values(), strict=True) if button is clicked
        ]
        box.deleteLater()
        for way in chosen:
            way()

    # Taking out

    def remove(self, name: str) -> None:
        """Takes a block of the user's from the library; the message bar puts it back."""
        entry = self.shelf.find(name)
        if entry is None or entry.shipped:
            return
        try:
            kept = self.shelf.remove(entry)
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
            return
        text = f"“{name}” was removed from the library."
        self._bar.tell("note", text, "Put it back", partial(self._put_back, kept))

    def _put_back(self, file: Kept) -> None:
        try:
            self.shelf.put_back(file)
        except FormatError as error:
            self._bar.tell("error", sentence(str(error)))
        else:
            self._canvas.message.emit(f"“{file.name}” is in the library again.")


def _another(entry: library.Entry) -> str:
    whose = ", which comes with the program" if entry.shipped else ""
    return f"The library has another block called “{entry.name}”{whose}."


def _passed_over(error: FormatError) -> str:
    line = f" in line {error.line}" if error.line is not None else ""
    name = Path(error.file or "").name
    return f"“{name}” of the library is passed over{line}: {error.message}."


def _so_are(more: int) -> str:
    verb = "is" if more == 1 else "are"
    return f" So {verb} {count(more, 'other file')}." if more else ""


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
