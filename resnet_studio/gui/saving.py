"""Writing the document to its file, beside the window's thread where it is large."""

import traceback
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Signal

from resnet_studio.core.document import Document
from resnet_studio.formats import native
from resnet_studio.formats.native import FormatError
from resnet_studio.gui.latest import Latest, is_few
from resnet_studio.gui.session import Session


class _Task(NamedTuple):
    document: Document
    path: Path
    identity: str
    """Of what was open when it was asked for."""


class Saving(QObject):
    """Writes what the session holds; one file is whole before the next one is begun."""

    told = Signal(str, str)
    """Kind and one sentence for the message bar."""
    saved = Signal(object)
    """Carries the path of a file that was written."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._writing = Latest(self)
        self._task: _Task | None = None
        """What was asked for last, until it is done."""
        self._failed = False
        program = QCoreApplication.instance()
        assert program is not None
        program.aboutToQuit.connect(self.finish)

    @property
    def path(self) -> Path | None:
        """The file that is being written."""
        return self._task.path if self._task is not None else None

    def write(self, path: Path) -> bool:
        """Writes the document as it is now; whether it is written, or will be."""
        path, session = path.resolve(), self._session
        if self.path not in (None, path):
            # Of what is asked for meanwhile only the last is done: so it may be for one file.
            self.finish()
        task = self._task = _Task(session.document, path, session.identity)
        self._writing.ask(partial(native.save, *task[:2]), partial(self._written, task))
        return not is_few(task.document) or self.finish()

    def finish(self) -> bool:
        """Waits for what is being written; whether the last file could be."""
        self._writing.finish()
        return not self._failed

    def _written(self, task: _Task, refused: Exception | None) -> None:
        self._task, self._failed = None, refused is not None
        if refused is not None:
            self._tell(task.path, refused)
            return
        if task.identity == self._session.identity:
            self._session.mark_saved(task.path, task.document)
        self.saved.emit(task.path)

    def _tell(self, path: Path, refused: Exception) -> None:
        reason = refused.strerror if isinstance(refused, OSError) else ""
        reason = (reason or str(refused) or type(refused).__name__).lower()
        if not isinstance(refused, OSError | FormatError):
            # Told all the same, not raised: whoever closes the window must learn of it first.
            traceback.print_exception(refused)
        text = f"“{path.name}” cannot be saved: {reason}. Save it in another place."
        self.told.emit("error", text)
