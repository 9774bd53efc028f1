"""What the program is."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

import resnet_studio
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.widgets import column, label, row
from resnet_studio.gui.window import PRODUCT


class AboutDialog(QDialog):
    """Name, version, what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {PRODUCT}")
        self.setMinimumWidth(420)
        picture = label()
        picture.setPixmap(pixmap("app", 64, "accent", self.devicePixelRatioF()))
        version = getattr(resnet_studio, "__version__", "")
        lines = column(
            label(PRODUCT, "title"),
            label(f"Version {version}" if version else "", "caption"),
            label(
                "Design convolutional networks on a canvas: shapes, counts and repairs as you "
                "draw, and Keras code that reads as if an expert had written it.",
                wrap=True,
            ),
            label("Typefaces: Inter and JetBrains Mono, SIL Open Font Licence.", "caption"),
            gap=8,
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        head = row(picture, lines, gap=16)
        head.setStretch(1, 1)
        self.setLayout(column(head, buttons, margin=24, gap=16))


def show_about(parent: QWidget) -> None:
    AboutDialog(parent).open()
