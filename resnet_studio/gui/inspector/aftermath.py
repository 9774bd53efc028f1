"""What the edit of an argument has changed in the network so far: told while one types."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from resnet_studio.core.effects import effect
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets import Debounce

_PAUSE = 80
"""Milliseconds: shapes come first, the sum of what changed when the hand rests."""


class Aftermath(QObject):
    """Compares with the analysis from before the first stroke in a field.

    ``tell`` is given the name of the argument, a sentence or nothing, and its token of the theme.
    """

    def __init__(
        self, session: Session, parent: QObject, tell: Callable[[str, str, str], None]
    ) -> None:
        super().__init__(parent)
        self._session, self._tell = session, tell
        self._key: object = None
        self._name = ""
        self._before = session.analysis
        self._own = False
        self._later = Debounce(self, _PAUSE, self._compare)
        session.changed.connect(self._changed)
        session.selection_changed.connect(self.end)

    def begin(self, key: object, name: str) -> None:
        """An edit of the field ``key`` comes next; edits of one field are looked at as one."""
        if key != self._key:
            self.end()
            self._before, self._key, self._name = self._session.analysis, key, name
        self._own = True

    def end(self) -> None:
        """Something else is done now: what was told is over."""
        if self._key is not None:
            self._later.stop()
            self._tell(self._name, "", "text")
            self._key = None

    def _changed(self, _change: object) -> None:
        own, self._own = self._own, False
        if own:
            self._later.start()
        else:
            self.end()

    def _compare(self) -> None:
        what = effect(self._before, self._session.analysis)
        text = str(what)
        self._tell(self._name, f"{text[:1].upper()}{text[1:]}", what.tone)
