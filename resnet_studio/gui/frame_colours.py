"""The menu with the colours that a frame may have."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from resnet_studio.core.frames import COLORS
from resnet_studio.gui.canvas.frame_painting import frame_color
from resnet_studio.gui.canvas.framing import Framing
from resnet_studio.gui.theme import theme_notifier

_SIDE = 16


class FrameColours(QObject):
    """Fills the menu, and keeps it true to the frame that is selected."""

    def __init__(self, menu: QMenu, framing: Framing) -> None:
        super().__init__(menu)
        self._framing = framing
        self._group = QActionGroup(self)
        self._by_color = {color: self._offer(menu, color) for color in ("", *COLORS)}
        self._mix()
        theme_notifier().changed.connect(self._mix)
        self.refresh()

    def _offer(self, menu: QMenu, color: str) -> QAction:
        action = menu.addAction(color.capitalize() or "Plain")
        action.triggered.connect(partial(self._paint, color))
        action.setCheckable(True)
        action.setStatusTip(f"Frame in {color}" if color else "Frame in the colour of all")
        self._group.addAction(action)
        return action

    def _paint(self, color: str, _checked: bool = False) -> None:
        self._framing.paint_in(color)

    def _mix(self) -> None:
        """Shows each colour as the theme has it."""
        for color, action in self._by_color.items():
            action.setIcon(_spot(color))

    def refresh(self) -> None:
        """Offers the colours while a frame is selected, its own checked."""
        framing = self._framing
        self._group.setEnabled(framing.selected is not None)
        if framing.selected is not None:
            color = framing.shown()[framing.selected].color
            self._by_color.get(color, self._by_color[""]).setChecked(True)


def _spot(color: str) -> QIcon:
    picture = QPixmap(2 * _SIDE, 2 * _SIDE)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(frame_color(color))
    painter.drawEllipse(2, 2, _SIDE - 4, _SIDE - 4)
    painter.end()
    return QIcon(picture)
