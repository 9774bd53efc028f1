"""A switch as telephones have it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from resnet_studio.gui.theme import theme, theme_notifier

_WIDTH, _HEIGHT = 32, 18


class Toggle(QAbstractButton):
    """Checked is on."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(_WIDTH + 4, _HEIGHT + 8)
        theme_notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 4, _HEIGHT + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 4, _WIDTH, _HEIGHT)
        if self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-1.5, -1.5, 1.5, 1.5), 11, 11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent" if self.isChecked() else "border-strong"))
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        x = track.right() - _HEIGHT / 2 if self.isChecked() else track.left() + _HEIGHT / 2
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(QPointF(x, track.center().y()), 6.5, 6.5)
