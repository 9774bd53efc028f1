"""The inside of a block as a picture, in the dialogs that make one."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.core.document import Block, Document
from resnet_studio.gui.canvas.inside import inside_of, paint_inside
from resnet_studio.gui.canvas.painting import tinted
from resnet_studio.gui.theme import theme, theme_notifier


class BlockPicture(QWidget):
    """The inside of a block, drawn as on the cards of its calls."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Block, Document] | None = None
        self.setFixedWidth(132)
        self.setMinimumHeight(180)
        self.setAccessibleName("Picture of the block")
        theme_notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(132, 240)

    def show_block(self, block: Block, document: Document) -> None:
        self._shown = (block, document)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = theme().color("block")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tinted(color, 0.14 if theme().dark else 0.07))
        painter.drawRoundedRect(self.rect(), 10, 10)
        if self._shown is not None:
            painter.scale(2, 2)
            where = QRectF(0, 0, self.width() / 2, self.height() / 2)
            paint_inside(painter, inside_of(*self._shown), where.adjusted(6, 4, -6, -4))
