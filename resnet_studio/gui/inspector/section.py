"""A part of a page that folds; its contents are made when it is first unfolded."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from resnet_studio.gui.icons import icon
from resnet_studio.gui.widgets import column


class Section(QWidget):
    """A heading with a chevron over its contents."""

    def __init__(self, title: str, fill: Callable[[QVBoxLayout], None]) -> None:
        super().__init__()
        self._fill: Callable[[QVBoxLayout], None] | None = fill
        self.heading = QPushButton(title)
        self.heading.setProperty("flat-row", "true")
        self.heading.setIconSize(QSize(12, 12))
        self.heading.setCheckable(True)
        self.heading.setCursor(Qt.CursorShape.PointingHandCursor)
        self.heading.toggled.connect(self._toggle)
        self._body = QWidget()
        self._box = column(gap=6)
        self._body.setLayout(self._box)
        self._body.hide()
        self.setLayout(column(self.heading, self._body, gap=4))
        self._show_chevron(False)

    def _toggle(self, open_: bool) -> None:
        if open_ and self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self._box)
        self._body.setVisible(open_)
        self._show_chevron(open_)

    def _show_chevron(self, open_: bool) -> None:
        self.heading.setIcon(icon("chevron-down" if open_ else "chevron-right", "accent"))
