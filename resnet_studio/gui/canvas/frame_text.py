"""Writing in place: one line for the title of a frame, several for a comment.

Whatever ends the writing keeps what was typed; only Escape gives it up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from resnet_studio.core.frames import Frame
from resnet_studio.gui.canvas.frame_painting import SMALLEST_TEXT, TEXT, area_of
from resnet_studio.gui.canvas.in_place import take_away
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Field, belongs_to_window

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

TITLE_TIP = "Return names the frame, Escape leaves it as it was."
COMMENT_TIP = "Return ends the comment, Shift+Return begins a line, Escape leaves it as it was."
_LEAST, _LEAST_COMMENT = (160, 28), (220, 72)
_LARGEST_TEXT = 28
_AROUND = 18
"""Height of border and padding of the box, above and below together."""
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta)
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class FrameText(QObject):
    """The field over a frame, until ``take`` gets what was typed, or None where it was given up."""

    def __init__(
        self, canvas: "Canvas", frame: Frame, comment: bool, take: Callable[[str | None], object]
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._frame, self._take = canvas, frame, take
        self.field: Field | QPlainTextEdit = self._box() if comment else self._line()
        self.field.setObjectName("frame-text")
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.field.setToolTip(COMMENT_TIP if comment else TITLE_TIP)
        self.stand()
        self.field.installEventFilter(self)
        self.field.selectAll()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        canvas.zoom_changed.connect(self.stand)
        # The buttons of the tool bar take no focus: a click on them ends the writing, too.
        _everything().installEventFilter(self)
        if comment:
            canvas.message.emit(COMMENT_TIP)

    def _line(self) -> Field:
        line = Field(self._canvas.viewport())
        line.setAccessibleName("Title of the frame")
        line.setPlaceholderText("Title")
        line.setText(self._frame.text)
        return line

    def _box(self) -> QPlainTextEdit:
        box = QPlainTextEdit(self._canvas.viewport())
        box.setAccessibleName("Text of the comment")
        box.setPlaceholderText("Comment")
        box.setTabChangesFocus(True)
        box.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box.setPlainText(self._frame.text)
        box.textChanged.connect(self.stand)
        return box

    # Where it stands

    def stand(self, _zoom: object = None) -> None:
        """Covers the text that is written, as high as it is, and keeps in sight."""
        zoom, view = self._canvas.zoom_level(), self._canvas.viewport().rect()
        area = self._canvas.mapFromScene(area_of(self._frame)).boundingRect()
        if isinstance(self.field, QPlainTextEdit):
            width, height = self._room_for_text(self.field, area, zoom)
        else:
            width, height = max(area.width() - 8, _LEAST[0]), _LEAST[1]
        width, height = min(width, view.width() - 8), min(height, view.height() - 8)
        room = view.adjusted(4, 4, -4 - width, -4 - height)
        corner = area.topLeft() + (QPoint() if height > _LEAST[1] else QPoint(4, 2))
        x = min(max(corner.x(), room.left()), room.right() + 1)
        y = min(max(corner.y(), room.top()), room.bottom() + 1)
        self.field.setGeometry(QRect(x, y, width, height))

    def _room_for_text(self, box: QPlainTextEdit, area: QRect, zoom: float) -> tuple[int, int]:
        font = theme().font("body")
        font.setPixelSize(round(min(max(TEXT * zoom, SMALLEST_TEXT), _LARGEST_TEXT)))
        box.setFont(font)
        width = max(area.width(), _LEAST_COMMENT[0])
        box.resize(width, box.height())
        lines = box.document().size().height() * box.fontMetrics().lineSpacing()
        return width, round(max(lines + _AROUND, area.height(), _LEAST_COMMENT[1]))

    # How it ends

    def finish(self) -> None:
        """Takes the field away and hands over what was typed."""
        field = self.field
        text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
        self.close()
        self._take(text.strip())

    def close(self) -> None:
        """Takes the field away, and what was typed with it."""
        _everything().removeEventFilter(self)
        self._canvas.zoom_changed.disconnect(self.stand)
        take_away(self.field, self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is not self.field:
            if kind == QEvent.Type.MouseButtonPress and self._is_outside(watched):
                self.finish()
            return False
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                return self._claim(event)
            return kind == QEvent.Type.KeyPress and self._on_key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self.finish()
        return False

    def _is_outside(self, watched: QObject) -> bool:
        inside = isinstance(watched, QWidget) and self.field.isAncestorOf(watched)
        return isinstance(watched, QWidget) and not inside and watched is not self.field

    def _claim(self, event: QKeyEvent) -> bool:
        """Keeps keys from being shortcuts that mean something here; before others, it ends."""
        mine = event.key() in (*_RETURNS, Qt.Key.Key_Escape) or any(
            event.matches(key) for key in (QKeySequence.StandardKey.Undo, _REDO)
        )
        if mine:
            event.accept()
            return True
        event.ignore()
        if not belongs_to_window(event):
            self.field.event(event)
        if not event.isAccepted() and _is_command(event):
            self.finish()
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _on_key(self, event: QKeyEvent) -> bool:
        """Ends the writing where a key says so; whether it did."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            self._take(None)
        elif event.key() in _RETURNS and not (shift and isinstance(self.field, QPlainTextEdit)):
            self.finish()
        else:
            return False
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
        return True


_REDO = QKeySequence.StandardKey.Redo


def _everything() -> QCoreApplication:
    found = QCoreApplication.instance()
    assert found is not None
    return found


def _is_command(event: QKeyEvent) -> bool:
    """Whether a key does not write and could be a command's."""
    plain = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
    return event.key() not in _MODIFIERS and (plain or bool(event.modifiers() & _COMMAND))
