"""Opening and saving: dialogs, recent files, and the guard over unsaved changes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, QSettings, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.edits import move_nodes
from resnet_studio.core.placing import places_of
from resnet_studio.formats import native, templates
from resnet_studio.formats.files import MODEL_SUFFIXES
from resnet_studio.formats.native import FormatError, Opened
from resnet_studio.gui.latest import Latest
from resnet_studio.gui.saving import Saving
from resnet_studio.gui.session import Session

_RECENT = "files/recent"
_FOLDER = "files/folder"
_MOST_RECENT = 10
_FILTER = f"Networks (*{native.SUFFIX})"
_OPENED = (native.SUFFIX, *MODEL_SUFFIXES)
_OPEN_FILTER = f"Networks and models ({' '.join(f'*{suffix}' for suffix in _OPENED)})"


_SMALL = 40_000
"""Bytes of a text that is read, worked out and shown within a few frames."""
_LONG = 40
"""Layers one after the other above which a network is hard to overlook."""
_PATIENCE = 400
"""Milliseconds of reading before somebody wants to know what the window is waiting for."""


class Reading(NamedTuple):
    """A file that was read: all that the window needs to show it."""

    document: Document
    analysis: Analysis
    model: bool
    """Whether it is a model of Keras, which is opened untitled."""
    note: str
    """What was not understood, in a sentence; empty where nothing is."""


class _Take(Protocol):
    """Shows what was read from a file, ``before`` being what was open when it was asked for."""

    def __call__(self, path: Path, before: Document, read: Reading | Exception) -> bool: ...


class Files(QObject):
    """The document's way from and to the disk."""

    told = Signal(str, str)
    """Kind (error, warning, note) and one sentence for the message bar."""
    imported = Signal(str)
    """A model of Keras was opened; carries what could not be carried over, in a sentence."""
    flat_opened = Signal(str)
    """A long network without blocks was opened for the first time; carries what is said of it."""
    recent_changed = Signal()
    waiting = Signal(str)
    """A file takes its time to be read; carries a sentence, an empty one when it is over."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._reading = Latest(self)
        self._saving = Saving(session, self)
        self._saving.told.connect(self.told)
        self._saving.saved.connect(self._remember)
        # One for all: each that goes writes the file, and Qt writes by itself once there is time.
        self._settings = QSettings()
        self._waits = ""
        """What is said of a file that is being read."""
        self._seen_flat: set[Path] = set()
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._patience.timeout.connect(lambda: self.waiting.emit(self._waits))

    # Opening

    def new(self) -> None:
        """An empty network, once unsaved changes are dealt with."""
        if self.may_leave():
            self._session.load(Document(), None)

    def ask_and_open(self) -> None:
        if not self.may_leave():
            return
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, "Open a network", self._folder(), _OPEN_FILTER
        )
        if chosen:
            self.load(Path(chosen))

    def open(self, path: Path) -> None:
        """Opens a file, once unsaved changes are dealt with."""
        if self.may_leave():
            self.load(path)

    def load(self, path: Path) -> bool:
        """Opens a file; what cannot be read leaves the session as it is and says why.

        A large one is read beside the window's thread; whether it is open, or will be.
        """
        return self._read(path, f"Opening “{path.name}” …", self._take)

    def _read(self, path: Path, waits: str, then: "_Take") -> bool:
        self.cancel()
        take = partial(then, path, self._session.document)
        if _is_small(path):
            return take(_attempt(path))
        self._waits = waits
        self._patience.start()
        self._reading.ask(partial(_attempt, path), take)
        return True

    @property
    def reading(self) -> bool:
        """Whether a file is under way."""
        return self._reading.busy

    def cancel(self) -> None:
        """The file that is being read is not wanted any more."""
        self._reading.drop()
        if self._patience.isActive():
            self._patience.stop()
        elif self._waits:
            self.waiting.emit("")
        self._waits = ""

    def _take(self, path: Path, before: Document, read: Reading | Exception) -> bool:
        """Shows what was read, or says why it cannot be."""
        self.cancel()
        if isinstance(read, FormatError):
            self.told.emit("error", f"“{path.name}” cannot be opened: {_where(read)}.")
            self._forget(path)
            return False
        if isinstance(read, Exception):
            raise read
        # The window went on: what was done in it meanwhile is not thrown away unasked.
        if self._session.document is not before and not self.may_leave():
            return False
        home = None if read.model else path.resolve()
        self._session.load(read.document, home, analysis=read.analysis)
        if read.note:
            self.told.emit("warning", read.note)
        if read.model:
            self.imported.emit(read.note)
        elif _is_flat(read.document) and path.resolve() not in self._seen_flat:
            self._seen_flat.add(path.resolve())
            self.flat_opened.emit(read.note)
        self._remember(path.resolve())
        return True

    def open_template(self, name: str) -> None:
        """Starts from a template: an untitled network."""
        if not self.may_leave():
            return
        try:
            opened = native.load(templates.path(name))
        except (FormatError, KeyError):
            self.told.emit("error", f"The template “{name}” is missing from this installation.")
            return
        self._session.load(opened.document, None)

    def recover(self, path: Path) -> None:
        """Opens what was kept of unsaved work, as unsaved work."""
        if self.may_leave():
            self._read(path, "Opening the kept work …", self._take_kept)

    def _take_kept(self, path: Path, before: Document, read: Reading | Exception) -> bool:
        """The copy goes only once the window has what it held."""
        self.cancel()
        if isinstance(read, FormatError):
            self.told.emit("error", f"The kept work cannot be opened: {_where(read)}.")
            return False
        if isinstance(read, Exception):
            raise read
        if self._session.document is not before and not self.may_leave():
            return False
        self._session.load(read.document, None, saved=False, analysis=read.analysis)
        path.unlink(missing_ok=True)
        return True

    # Saving

    def save(self) -> bool:
        """Saves where the document lies, or asks where; whether it is saved, or will be.

        A large one is written beside the window's thread.
        """
        path = self._saving.path or self._session.path
        return self.save_as() if path is None else self._saving.write(path)

    def save_as(self) -> bool:
        name = self._session.path or Path(self._folder()) / self.suggested_name()
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Save the network", str(name), _FILTER
        )
        if not chosen:
            return False
        path = Path(chosen)
        return self._saving.write(path if path.suffix else path.with_suffix(native.SUFFIX))

    def suggested_name(self) -> str:
        """A file name from the network's name."""
        kept = [c if c.isalnum() or c in "-_ " else "-" for c in self._session.document.name]
        return ("".join(kept).strip() or "network") + native.SUFFIX

    # The guard

    def may_leave(self) -> bool:
        """Asks what is to become of unsaved changes; False keeps everything as it is.

        What is being written is waited for.
        """
        self._saving.finish()
        if not self._session.unsaved:
            return True
        answer = self.guard_box().exec()
        if answer == QMessageBox.StandardButton.Save:
            return self.save() and self._saving.finish()
        return bool(answer == QMessageBox.StandardButton.Discard)

    def guard_box(self) -> QMessageBox:
        """The question whether to save."""
        name = self._session.document.name or "network"
        box = QMessageBox(self._window)
        box.setObjectName("unsaved-guard")
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to “{name}”?")
        box.setInformativeText("What is not saved will be lost.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        return box

    # Recent files

    def recent(self) -> list[Path]:
        """Files opened or saved last, the latest first."""
        stored = self._settings.value(_RECENT, [])
        names = [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[call-overload]
        return [Path(name) for name in names if name]

    def clear_recent(self) -> None:
        self._settings.setValue(_RECENT, [])
        self.recent_changed.emit()

    def _remember(self, path: Path) -> None:
        kept = [path, *(other for other in self.recent() if other != path)][:_MOST_RECENT]
        self._store(kept)
        self._settings.setValue(_FOLDER, str(path.parent))

    def _forget(self, path: Path) -> None:
        self._store([other for other in self.recent() if other != path.resolve()])

    def _store(self, paths: list[Path]) -> None:
        self._settings.setValue(_RECENT, [str(path) for path in paths])
        self.recent_changed.emit()

    def _folder(self) -> str:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return str(self._settings.value(_FOLDER, QStandardPaths.writableLocation(place)))


def opens(path: Path) -> bool:
    """Whether a file's name says that it holds a network or a model."""
    return path.suffix.lower() in _OPENED


def _where(error: FormatError) -> str:
    """The sentence without the path, which the message names by itself."""
    return f"line {error.line}: {error.message}" if error.line else error.message


def _is_small(path: Path) -> bool:
    """Whether a file is read at once; one that is not there is."""
    text = path.suffix.lower() in (native.SUFFIX, ".json")
    try:
        return text and path.stat().st_size <= _SMALL
    except OSError:
        return True


def _is_flat(document: Document) -> bool:
    """Whether a network is long, and no part of it is a block yet."""
    return not document.blocks and len(document.network.nodes) > _LONG


def _attempt(path: Path) -> Any:
    """What a file holds, or why it cannot be read."""
    try:
        return read(path)
    except FormatError as error:
        return error


def read(path: Path) -> Reading:
    """Reads a file and works out all that the window shows of it; raises FormatError."""
    model = path.suffix.lower() in MODEL_SUFFIXES
    if model:
        from resnet_studio.formats import keras_config

        imported = keras_config.load(path)
        document, note = imported.document, _noted(path.name, imported.notes)
    else:
        opened = native.load(path)
        document, note = opened.document, _problems(path.name, opened)
    # What the file gives no place stands where it is shown first, before and after every edit.
    network = document.network
    document = move_nodes(document, NETWORK, places_of(document, network))
    analysis = analyse(document)
    _ = analysis.diagnostics  # Found when first asked for: here, not on the window's thread.
    return Reading(document, analysis, model, note)


def _noted(name: str, notes: Sequence[str]) -> str:
    return f"“{name}”, {notes[0]}.{_rest(notes)}" if notes else ""


def _problems(name: str, opened: Opened) -> str:
    if not opened.problems:
        return ""
    first = opened.problems[0]
    at = f" at “{first.node}”" if first.node else ""
    text = f"“{name}”, line {first.line}{at}: {first.message}. The rest is open."
    return text + _rest(opened.problems)


def _rest(told: Sequence[object]) -> str:
    more = len(told) - 1
    return f" And {more} more like this." if more else ""
