"""The repeat count changed on the card: a spin box over its “× 3”."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QSpinBox

from resnet_studio.core.calls import MOST_COPIES
from resnet_studio.core.edits import set_repeat
from resnet_studio.gui.canvas.card_painting import repeat_chip
from resnet_studio.gui.canvas.in_place import ended_by, take_away
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_BEYOND = 6.0
"""So far, in the scene's units, a chip may reach above its card."""
_WIDTH, _HEIGHT = 84, 30


class RepeatBox(QObject):
    """Opens on a click on the chip; wheel, arrows and typing change the count at once.

    All that is changed while it is open is one step to undo.  Enter, or a click elsewhere, closes
    it; Escape first brings back the count that there was.
    """

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._key = ""
        self._before = 1
        self._openings = 0
        self._applying = False
        self.box: QSpinBox | None = None
        canvas.session.changed.connect(self._on_changed)
        canvas.session.scope_changed.connect(self.close)
        canvas.zoom_changed.connect(self._place)

    def press(self, at: QPointF) -> bool:
        """Whether a press at this place of the scene was on a chip; the box is open then."""
        canvas = self._canvas
        # The chip stands on the card's upper edge, a little of it beyond.
        key = canvas.network.node_at(at) or canvas.network.node_at(at + QPointF(0, _BEYOND))
        key = None if canvas.is_far() else key
        if key is None or key in canvas.network.covered:
            return False
        card = canvas.network.nodes[key]
        chip = repeat_chip(card.look, card.mood)
        if chip is None or not chip.translated(card.pos()).contains(at):
            return False
        canvas.session.select([key])
        self.start(key)
        return True

    def start(self, key: str) -> None:
        """Opens over the chip of a node."""
        self.close()
        repeat = self._canvas.session.graph.nodes[key].repeat
        if not isinstance(repeat, int):
            text = f"“{key}” is repeated “{repeat}” times: change that in the inspector."
            self._canvas.message.emit(text)
            return
        self._key, self._before = key, repeat
        self._openings += 1
        box = self.box = QSpinBox(self._canvas.viewport())
        box.setObjectName("repeat-on-card")
        box.setAccessibleName(f"How many times {key} is repeated")
        box.setPrefix("× ")
        box.setRange(1, MOST_COPIES)
        box.setFont(theme().font("strong"))
        box.setValue(repeat)
        box.setMouseTracking(True)
        box.installEventFilter(self)
        box.valueChanged.connect(self._apply)
        self._place()
        box.show()
        box.setFocus(Qt.FocusReason.PopupFocusReason)
        box.selectAll()

    def _place(self, _zoom: float = 1.0) -> None:
        """Over the chip, its right side where the chip's is."""
        if self.box is None:
            return
        canvas, card = self._canvas, self._canvas.network.nodes[self._key]
        corner = canvas.mapFromScene(card.card.topRight())
        down = round(-8 * canvas.zoom_level())
        self.box.setGeometry(QRect(corner.x() - _WIDTH - 4, corner.y() + down, _WIDTH, _HEIGHT))

    def _apply(self, times: int) -> None:
        session, key = self._canvas.session, self._key
        after = set_repeat(session.document, session.scope, key, times)
        self._applying = True
        label = f"Set repeat of “{key}”"
        session.apply(label, after, merge=("repeat-box", self._openings))
        self._applying = False

    def _on_changed(self, _change: object) -> None:
        if not self._applying:
            self.close()

    def close(self) -> None:
        """Takes the box away; what it changed stays."""
        if self.box is not None:
            box, self.box = self.box, None
            take_away(box, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if ended_by(event, self._end):
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self.close()
        return super().eventFilter(watched, event)

    def _end(self, key: Qt.Key) -> None:
        if self.box is not None:
            if key == Qt.Key.Key_Escape:
                self.box.setValue(self._before)
            else:
                self.box.interpretText()
        self.close()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
