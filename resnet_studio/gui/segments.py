"""A choice between a few views, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from resnet_studio.gui.widgets import row


class Segments(QWidget):
    """One button is pressed; ``current`` is its key."""

    changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.current = choices[0][0]
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for key, text in choices:
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(key == self.current)
            button.clicked.connect(lambda _checked=False, key=key: self.choose(key))
            group.addButton(button)
            self.buttons[key] = button
        self.setLayout(row(*self.buttons.values(), gap=4))

    def choose(self, key: str) -> None:
        self.buttons[key].setChecked(True)
        if key != self.current:
            self.current = key
            self.changed.emit(key)
