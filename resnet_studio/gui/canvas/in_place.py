"""What all editors that open upon the canvas share: the keys that end them, and how they go."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


def ended_by(event: QEvent, end: Callable[[Qt.Key], object]) -> bool:
    """Calls ``end`` on a press of Enter or Escape, and keeps these keys from being shortcuts.

    Returns whether the event is dealt with.
    """
    if not isinstance(event, QKeyEvent) or event.key() not in _ENDS:
        return False
    if event.type() == QEvent.Type.ShortcutOverride:
        event.accept()
        return True
    if event.type() == QEvent.Type.KeyPress:
        end(Qt.Key(event.key()))
        return True
    return False


def take_away(widget: QWidget, watcher: QObject) -> None:
    """Lets a widget go whose events were watched; it tells nothing more on its way."""
    widget.removeEventFilter(watcher)
    widget.hide()
    widget.deleteLater()
