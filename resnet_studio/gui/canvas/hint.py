"""The note beside the pointer while something is dragged."""

from html import escape

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.gui.theme import theme

_OFFSET = QPoint(18, 20)
_WIDEST = 340


class Hint(QLabel):
    """A head line, and below it what more there is to say."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.hide()

    def tell(self, at: QPoint, head: str, more: str = "", tone: str = "text") -> None:
        """Shows the note near a place of the viewport; ``tone`` is a token of the theme."""
        now = theme()
        lines = [
            f"<span style='font-weight:600; color:{now.color(tone).name()}'>{escape(head)}</span>"
        ]
        if more:
            muted = now.color("text-muted").name()
            lines.append(f"<span style='color:{muted}'>{escape(more)}</span>")
        self.setFont(now.font("body"))
        self.setStyleSheet(
            f"background: {now.color('raised').name()}; border-radius: 7px; padding: 6px 9px;"
            f"border: 1px solid {now.color('border-strong').name()};"
        )
        self.setText("<br>".join(lines))
        self._place(at)
        self.show()
        self.raise_()

    def _place(self, at: QPoint) -> None:
        self.setMinimumWidth(0)
        self.setWordWrap(False)
        width = min(self.sizeHint().width(), _WIDEST)
        self.setWordWrap(True)
        self.resize(width, self.heightForWidth(width))
        room = self._viewport.rect()
        corner = at + _OFFSET
        corner.setX(max(4, min(corner.x(), room.width() - self.width() - 4)))
        if corner.y() + self.height() > room.height() - 4:
            corner.setY(at.y() - self.height() - 12)
        self.move(corner)
