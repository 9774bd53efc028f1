"""Small parts that every panel is made of, so that all look alike."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.gui.actions import COMMANDS, all_keys
from resnet_studio.gui.icons import Tint, icon, pixmap
from resnet_studio.gui.theme import GRID, theme, theme_notifier


def label(text: str = "", role: str = "body", wrap: bool = False) -> QLabel:
    """A text in a role of the style sheet, such as caption, muted, heading, title or figure."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def set_role(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the style sheet selects by, and dresses the widget again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def icon_button(
    name: str, tip: str, clicked: Callable[[], Any], color: Tint = "text-muted", size: int = 16
) -> QToolButton:
    """A button that is an icon alone; the tip is also what a screen reader says."""
    button = QToolButton()
    button.setIcon(icon(name, color))
    button.setIconSize(QSize(size, size))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(lambda _checked=False: clicked())
    return button


def column(*parts: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QVBoxLayout:
    """Parts from top to bottom; an integer is a stretch."""
    made = QVBoxLayout()
    _fill(made, parts, margin, gap)
    return made


def row(*parts: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QHBoxLayout:
    """Parts from left to right; an integer is a stretch."""
    made = QHBoxLayout()
    _fill(made, parts, margin, gap)
    return made


def _fill(
    box: QVBoxLayout | QHBoxLayout,
    parts: tuple[QWidget | QLayout | int, ...],
    margin: int,
    gap: int,
) -> None:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)


def rule() -> QFrame:
    """A hairline between two parts."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


def clear(box: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while (item := box.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def scrolled(page: QWidget) -> QScrollArea:
    """A page that scrolls up and down in its panel."""
    page.setProperty("page", True)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


class Picture(QWidget):
    """An icon in a colour of the theme, repainted when the theme changes."""

    def __init__(self, name: str, size: int = 16, color: str = "text-muted") -> None:
        super().__init__()
        self._name, self._side, self._color = name, size, color
        self.setFixedSize(size, size)
        theme_notifier().changed.connect(self.update)

    def show_icon(self, name: str, color: str) -> None:
        self._name, self._color = name, color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = pixmap(self._name, self._side, self._color, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, picture)


class FamilyBadge(QWidget):
    """A family's icon on a rounded tile in its colour."""

    def __init__(self, side: int = 32) -> None:
        super().__init__()
        self._family, self._side = "core", side
        self.setFixedSize(side, side)
        theme_notifier().changed.connect(self.update)

    def show_family(self, name: str) -> None:
        self._family = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self._family, self.devicePixelRatioF())


def paint_badge(painter: QPainter, where: QRectF, name: str, scale: float) -> None:
    """Paints the tile of a family: its icon over a tint of its colour."""
    token = "accent" if name == "template" else name
    color, tint = theme().color(token), theme().color(token)
    tint.setAlphaF(0.16)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(where, where.width() / 4, where.width() / 4)
    side = round(where.width() * 0.62)
    margin = (where.width() - side) / 2
    picture = pixmap(name, side, color, scale)
    painter.drawPixmap(where.topLeft() + QRectF(margin, margin, 0, 0).topLeft(), picture)


class Field(QLineEdit):
    """A line of text that leaves undo and redo to the document, and commands to the window."""

    def event(self, event: QEvent) -> bool:
        if belongs_to_window(event):
            event.ignore()
            return False
        return super().event(event)


def belongs_to_window(event: QEvent) -> bool:
    """Whether a text is asked if it wants keys for itself that are a command's of the window.

    Texts would take Ctrl+E for the end of the line and Ctrl+Z for what was typed in them alone;
    keys without a letter, such as Ctrl+Backspace, stay theirs.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return QKeySequence(event.keyCombination()).toString() in _letters_of_window()


@cache
def _letters_of_window() -> frozenset[str]:
    """Ctrl, maybe with Shift, and a letter: where a command works in the whole window."""
    keys = [key for command in COMMANDS if not command.canvas for key in all_keys(command)]
    shown = [QKeySequence(key).toString() for key in keys]
    return frozenset(key for key in shown if re.fullmatch(r"Ctrl\+(Shift\+)?[A-Z]", key))


def in_sight(widget: QWidget) -> bool:
    """Whether any of it can be seen: Qt calls a panel visible that another tab covers."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


class Debounce(QObject):
    """Runs an action once things have been quiet for a moment."""

    def __init__(self, parent: QObject, milliseconds: int, action: Callable[[], Any]) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(action)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def flush(self) -> None:
        """Runs what is pending now."""
        if self._timer.isActive():
            self._timer.stop()
            self._timer.timeout.emit()
