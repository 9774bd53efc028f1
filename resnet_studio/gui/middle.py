"""The middle of the window: the strip of totals, the message bar and the canvas."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.files import Files, opens
from resnet_studio.gui.palette import TEMPLATE_MIME
from resnet_studio.gui.widgets import column


class Middle(QWidget):
    """The strip, the message bar and the canvas; takes templates and files dropped on it."""

    def __init__(self, strip: QWidget, bar: QWidget, canvas: QWidget, files: Files) -> None:
        super().__init__()
        self._files = files
        self.setAcceptDrops(True)
        box = column(strip, bar, canvas, gap=0)
        box.setStretch(2, 1)
        self.setLayout(box)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasFormat(TEMPLATE_MIME) or any(map(_is_network, data.urls())):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        event.acceptProposedAction()
        if data.hasFormat(TEMPLATE_MIME):
            self._files.open_template(bytes(data.data(TEMPLATE_MIME).data()).decode())
        else:
            url = next(filter(_is_network, data.urls()))
            self._files.open(Path(url.toLocalFile()))


def _is_network(url: QUrl) -> bool:
    return url.isLocalFile() and opens(Path(url.toLocalFile()))
