"""Renaming in place: a field upon the card, from F2 to Enter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QFocusEvent

from resnet_studio.core import edits
from resnet_studio.gui.canvas.in_place import ended_by, take_away
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import Field

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_TITLE_LEFT, _TITLE_TOP, _HEIGHT = 50.0, 5.0, 28
_NARROWEST = 150


class Naming(QObject):
    """The field over the selected card's title; Enter renames, Escape leaves it as it was."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._key: str | None = None
        self.field: Field | None = None

    @property
    def open(self) -> bool:
        return self._key is not None

    def start(self) -> None:
        """Opens over the one selected node."""
        canvas = self._canvas
        if len(canvas.session.selection) != 1:
            canvas.message.emit("Select the one node to rename first.")
            return
        self.close()
        self._key = next(iter(canvas.session.selection))
        canvas.show_cards([self._key])
        field = self.field = Field(canvas.viewport())
        field.setObjectName("name-on-card")
        field.setAccessibleName(f"Name of {self._key}")
        field.setText(self._key)
        field.setFont(theme().font("strong"))
        field.setGeometry(self._area(self._key))
        field.installEventFilter(self)
        field.selectAll()
        field.show()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _area(self, key: str) -> QRect:
        canvas = self._canvas
        card = canvas.network.nodes[key].card
        corner = canvas.mapFromScene(card.topLeft() + QPointF(_TITLE_LEFT, _TITLE_TOP))
        width = round((card.width() - _TITLE_LEFT - 6) * canvas.zoom_level())
        return QRect(corner.x(), corner.y(), max(width, _NARROWEST), _HEIGHT)

    def close(self) -> None:
        """Takes the field away without renaming."""
        if self.field is not None:
            field, self.field, self._key = self.field, None, None
            take_away(field, self)

    def _finish(self) -> None:
        assert self.field is not None
        assert self._key is not None
        session, old, new = self._canvas.session, self._key, self.field.text().strip()
        try:
            after = edits.rename_node(self._canvas.pinned(), session.scope, old, new)
        except edits.EditError as error:
            self._refuse(str(error))
            return
        self.close()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
        if new != old:
            session.apply(f"Rename “{old}” to “{new}”", after, select=[new])

    def _refuse(self, why: str) -> None:
        assert self.field is not None
        self.field.setProperty("fault", True)
        self.field.style().polish(self.field)
        sentence = f"{why[0].upper()}{why[1:]}"
        self._canvas.hint.tell(self.field.geometry().bottomLeft(), sentence, tone="error")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if ended_by(event, self._end):
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self._canvas.hint.hide()
            self.close()
        return super().eventFilter(watched, event)

    def _end(self, key: Qt.Key) -> None:
        self._canvas.hint.hide()
        if key == Qt.Key.Key_Escape:
            self.close()
            self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self._finish()
