"""Keeps unsaved work through a crash: a copy beside the settings, offered at the next start."""

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, QTimer

from resnet_studio.core.document import Document
from resnet_studio.formats import native
from resnet_studio.formats.native import FormatError
from resnet_studio.gui.latest import Latest
from resnet_studio.gui.session import Session

_EVERY = 20_000
"""Milliseconds between two copies of unsaved work."""


def folder() -> Path:
    """Where copies lie; made when first needed."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "recovery"


class Recovery(QObject):
    """Copies the session's unsaved document from time to time, beside the window's thread."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._asked: Document | None = None
        """What was written last, or is being written; None where that was not possible."""
        self._lies = False
        """Whether there is a copy, or there may be soon."""
        self._writing = Latest(self)
        self._file = folder() / f"{os.getpid()}{native.SUFFIX}"
        timer = QTimer(self)
        timer.timeout.connect(self.follow)
        timer.start(_EVERY)
        # Ended from outside, nobody was asked about the work: the copy must be whole.
        program = QCoreApplication.instance()
        assert program is not None
        program.aboutToQuit.connect(self._writing.finish)

    def follow(self) -> None:
        """Begins to write the copy if there is something unsaved that it lacks."""
        document = self._session.document
        if not self._session.unsaved:
            self.forget()
        elif document is not self._asked:
            self._asked, self._lies = document, True
            self._writing.ask(partial(_write, document, self._file), self._written)

    def keep(self) -> Path | None:
        """The copy of what is unsaved now, written when this returns; None where there is none."""
        self.follow()
        self._writing.finish()
        return self._file if self._asked is not None else None

    def forget(self) -> None:
        """Removes the copy: the work is saved or given up."""
        if self._lies:
            # What is being written would come back.
            self._writing.drop()
            self._writing.finish()
            self._asked, self._lies = None, False
            self._file.unlink(missing_ok=True)

    def _written(self, refused: Exception | None) -> None:
        """Where it could not be written it is tried again."""
        if refused is not None:
            self._asked = None
            if not isinstance(refused, (OSError, FormatError)):
                raise refused


def _write(document: Document, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    native.save(document, file)


def orphans() -> list[Path]:
    """Copies whose process is gone, the latest first."""
    if not folder().is_dir():
        return []
    left = [path for path in folder().glob(f"*{native.SUFFIX}") if not _is_alive(path.stem)]
    return sorted(left, key=lambda path: path.stat().st_mtime, reverse=True)


def _is_alive(number: str) -> bool:
    if not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
