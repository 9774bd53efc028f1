"""The commands that build and arrange on the canvas, and what deleting would do, told before."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import QObject

from resnet_studio.core import arranging
from resnet_studio.gui.actions import Actions
from resnet_studio.gui.canvas.view import Canvas

_DELETIONS = {"delete": False, "bridge": True}
"""The commands that delete, and whether the data flows on past what is gone."""


class Building(QObject):
    """Ties commands to the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def handlers(self) -> dict[str, Callable[[], Any]]:
        """What the commands do, by name."""
        canvas, editing = self._canvas, self._canvas.editing
        found: dict[str, Callable[[], Any]] = {
            "add-node": canvas.adding.after_selection,
            "paste-wired": partial(canvas.paste, keep_inputs=True),
            "bypass": editing.toggle_bypass,
            "connect": editing.connect,
            "rename": canvas.rename,
            "help-node": canvas.helping.start,
            "spread-across": partial(editing.distribute, 0),
            "spread-down": partial(editing.distribute, 1),
        }
        for edge in get_args(arranging.Edge):
            found[f"align-{edge}"] = partial(editing.align, edge)
        return found

    def bind(self, actions: Actions) -> None:
        """Lets the commands that delete say what that would change, while they are pointed at."""
        for name, bridge in _DELETIONS.items():
            actions[name].hovered.connect(partial(self._tell_deletion, actions, name, bridge))

    def _tell_deletion(self, actions: Actions, name: str, bridge: bool) -> None:
        text = self._canvas.editing.deletion_told(bridge)
        if text:
            actions[name].setStatusTip(text)
            self._canvas.message.emit(text)
