"""Keeps unsaved work through a crash: a copy beside the settings, offered at the next start."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer

from resnet_studio.formats import native
from resnet_studio.gui.session import Session

_EVERY = 20_000
"""Milliseconds between two copies of unsaved work."""


def folder() -> Path:
    """Where copies lie; made when first needed."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "recovery"


class Recovery(QObject):
    """Copies the session's unsaved document from time to time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._kept: object = None
        self._file = folder() / f"{os.getpid()}{native.SUFFIX}"
        timer = QTimer(self)
        timer.timeout.connect(self.keep)
        timer.start(_EVERY)

    def keep(self) -> Path | None:
        """Writes the copy if there is something unsaved that it lacks; returns its path."""
        document = self._session.document
        if not self._session.unsaved:
            self.forget()
            return None
        if document is not self._kept:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                native.save(document, self._file)
            except OSError:
                return None
            self._kept = document
        return self._file

    def forget(self) -> None:
        """Removes the copy: the work is saved or given up."""
        if self._kept is not None:
            self._kept = None
            self._file.unlink(missing_ok=True)


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
