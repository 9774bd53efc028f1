"""A bar above the canvas that says one thing and may offer one way on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from resnet_studio.gui.inspector.header import Banner
from resnet_studio.gui.widgets import icon_button


class MessageBar(Banner):
    """Stays until it is closed, followed, or replaced by the next message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__()
        self.setParent(parent)
        self.setObjectName("banner")
        self._follow: Callable[[], None] | None = None
        self.button = QPushButton()
        self.button.clicked.connect(self._followed)
        close = icon_button("close", "Close this message", self.hide)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.button)
        layout.addWidget(close)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.setAlignment(self.picture, Qt.AlignmentFlag.AlignVCenter)

    def tell(
        self, kind: str, text: str, way_on: str = "", follow: Callable[[], None] | None = None
    ) -> None:
        """Shows a sentence; ``way_on`` is the text of the button that calls ``follow``."""
        self._follow = follow
        self.button.setText(way_on)
        self.button.setVisible(bool(way_on))
        self.show_text(kind, text)

    def take_back(self, text: str) -> None:
        """Closes a message if it still stands there, and none that came after it."""
        if self.text.text() == text:
            self.hide()

    def _followed(self) -> None:
        follow, self._follow = self._follow, None
        self.hide()
        if follow is not None:
            follow()
