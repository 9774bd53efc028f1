"""One node on the canvas: a single painted item, its ports included."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.routing import Rect
from resnet_studio.gui.canvas import painting
from resnet_studio.gui.canvas.looks import Look
from resnet_studio.gui.canvas.painting import Mood
from resnet_studio.gui.canvas.ports import Port, input_points, output_points
from resnet_studio.gui.theme import theme

_MARGIN = 14.0
_RESULT_GAP = 30.0
_DIMMED = 0.3


class NodeItem(QGraphicsItem):
    """The card of a node.  The scene places it and tells it what to show."""

    def __init__(self, key: str, look: Look) -> None:
        super().__init__()
        self.key, self.look = key, look
        self.mood = Mood()
        self.wired_inputs: frozenset[int] = frozenset()
        self.wired_outputs: frozenset[int] = frozenset()
        self.hot_port: Port | None = None
        self._inputs, self._outputs = input_points(look), output_points(look)
        self.setZValue(2)

    # What it shows

    def set_look(self, look: Look) -> None:
        if look is self.look:
            return
        self.prepareGeometryChange()
        self.look = look
        self._inputs, self._outputs = input_points(look), output_points(look)
        self.update()

    def set_mood(self, mood: Mood) -> None:
        if mood != self.mood:
            self.mood = mood
            self.setZValue(3 if mood.selected else 2)
            self.update()

    def set_wired(self, inputs: frozenset[int], outputs: frozenset[int]) -> None:
        if (inputs, outputs) != (self.wired_inputs, self.wired_outputs):
            self.wired_inputs, self.wired_outputs = inputs, outputs
            self.update()

    def set_hot_port(self, port: Port | None) -> None:
        if port != self.hot_port:
            self.hot_port = port
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        self.setOpacity(_DIMMED if dimmed else 1.0)

    # Where it is

    @property
    def card(self) -> QRectF:
        """The card in the scene's coordinates."""
        return QRectF(self.pos().x(), self.pos().y(), *self.look.extent)

    @property
    def obstacle(self) -> Rect:
        card = self.card
        return Rect(self.key, card.left(), card.top(), card.right(), card.bottom())

    def input_point(self, slot: int) -> QPointF:
        """An input port in the scene; a slot beyond the last is at the last."""
        points = self._inputs or [QPointF(self.look.extent[0] / 2, 0)]
        return self.pos() + points[min(slot, len(points) - 1)]

    def output_point(self, output: int) -> QPointF:
        points = self._outputs or [QPointF(self.look.extent[0] / 2, self.look.extent[1])]
        return self.pos() + points[min(output, len(points) - 1)]

    def port_near(self, at: QPointF, reach: float) -> Port | None:
        """The port within ``reach`` of a place in the scene."""
        here = at - self.pos()
        candidates = [(p, Port.input(self.key, i)) for i, p in enumerate(self._inputs)]
        candidates += [(p, Port.output(self.key, i)) for i, p in enumerate(self._outputs)]
        near = [((p - here).manhattanLength(), port) for p, port in candidates]
        distance, port = min(near, default=(reach, None), key=lambda pair: pair[0])
        return port if distance < reach else None

    def result_point(self) -> QPointF:
        """The middle of the label below the card."""
        return QPointF(self.look.extent[0] / 2, self.look.extent[1] + _RESULT_GAP)

    # What Qt asks

    def boundingRect(self) -> QRectF:
        rect = QRectF(0, 0, *self.look.extent).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        if self.look.result:
            rect |= painting.label_rect(self.result_point(), self.look.result).adjusted(
                -2, -2, 2, 2
            )
        return rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.look.result:
            self._paint_result(painter)
        painting.paint_card(painter, self.look, self.mood, zoom)
        self._paint_ports(painter)
        painting.paint_badge(painter, self.look)

    def _paint_result(self, painter: QPainter) -> None:
        middle = self.result_point()
        start = QPointF(middle.x(), self.look.extent[1])
        painter.setPen(theme().color("wire"))
        painter.drawLine(start, middle)
        rect = painting.label_rect(middle, self.look.result)
        painting.paint_label(painter, rect, self.look.result)

    def _paint_ports(self, painter: QPainter) -> None:
        for slot, point in enumerate(self._inputs):
            opening = self.look.open_input and slot == len(self._inputs) - 1
            hot = self.hot_port == Port.input(self.key, slot)
            painting.paint_port(painter, point, slot in self.wired_inputs, hot, opening)
        for output, point in enumerate(self._outputs):
            hot = self.hot_port == Port.output(self.key, output)
            painting.paint_port(painter, point, output in self.wired_outputs, hot)
