"""A call opened in its place: the inside of one copy with its shapes, in a frame."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.document import Document, Node
from resnet_studio.core.faces import call_text
from resnet_studio.core.propagation import GraphAnalysis
from resnet_studio.gui.canvas.near_view import NearView
from resnet_studio.gui.canvas.painting import canvas_font, elided, label_rect, paint_label, tinted
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.canvas.showing import Showing
from resnet_studio.gui.icons import pixmap
from resnet_studio.gui.session import Session, Trail, graph_along, scope_at
from resnet_studio.gui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resnet_studio.core.layout import Position

HEAD = 36.0
_MARGIN = 28.0
_BUTTON = 24.0
_NARROWEST = 320.0


class Within:
    """What a scene asks of a session, of the inside of a call."""

    def __init__(self, session: Session, trail: Trail) -> None:
        self._session, self.trail = session, trail
        self.selection: frozenset[str] = frozenset()

    @property
    def document(self) -> Document:
        return self._session.document

    @property
    def analysis(self) -> Analysis:
        return self._session.analysis

    @property
    def scope(self) -> str:
        return scope_at(self.document, self.trail) or ""

    @property
    def graph_analysis(self) -> GraphAnalysis | None:
        return graph_along(self.analysis, self.trail)

    @property
    def prefix(self) -> str:
        key, copy = self.trail[-1]
        node = self.document.graph(self._session.scope).nodes[key]
        part = key if node.repeat == 1 else f"{key}#{copy}"
        return f"{self._session.prefix}{part}/"


class OpenedCall(QGraphicsItem):
    """Stands over the card of the call; it shows and is not edited in."""

    def __init__(self, session: Session, key: str, showing: Showing) -> None:
        super().__init__()
        self._session, self.key, self.copy = session, key, 1
        self._remember()
        self._within = Within(session, (*session.trail, (key, 1)))
        self._inner = NetworkScene(cast("Session", self._within))
        self._inner.showing = showing
        self._near = NearView(self._inner)
        self._content = self._inner.bounds()
        self.results: list[tuple[QPointF, str]] = []
        """Labels of wires that lie behind the frame, and where they are shown below it instead."""
        self._unfolded = 1.0
        self.setZValue(6)

    def unfold(self, share: float) -> None:
        """Shows so much of the frame, from its head down: 1 is all of it."""
        self._unfolded = share
        self.update()

    def _remember(self) -> None:
        """Takes the call as it is now.

        It is asked where it lies and painted also after an edit that removed the call.
        """
        self.node: Node = self._session.graph.nodes[self.key]
        self._block = self._session.document.blocks[self.node.type]

    @property
    def copies(self) -> int:
        repeat = self.node.repeat
        return repeat if isinstance(repeat, int) else 1

    def show_copy(self, copy: int) -> None:
        """Shows a round of a loop, and the document as it is now."""
        self.prepareGeometryChange()
        self._remember()
        self.copy = max(1, min(copy, self.copies))
        self._within.trail = (*self._session.trail, (self.key, self.copy))
        if self._inner.drawing.shown.scope == self._within.scope:
            self._inner.sync()
        else:
            self._inner.restart()
        self._content = self._inner.bounds()
        self.update()

    @property
    def places(self) -> "Mapping[str, Position]":
        return self._inner.places

    # Geometry, in the units of the canvas; the origin is the middle of the upper edge

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        reach = max(self._axis - self._content.left(), self._content.right() - self._axis)
        width = max(2 * (reach + _MARGIN), _NARROWEST)
        return width, self._content.height() + HEAD + _MARGIN

    @property
    def _axis(self) -> float:
        """The x of the first port of the inside, which stands below that of the card."""
        key = next((port for port in self._block.inputs() if port in self._inner.places), None)
        return (
            self._content.center().x() if key is None else self._inner.nodes[key].card.center().x()
        )

    @property
    def body(self) -> QRectF:
        width, height = self.size
        return QRectF(-width / 2, 0, width, height)

    @property
    def _in_sight(self) -> QRectF:
        """What is shown of the body while it opens."""
        body = self.body
        body.setHeight(HEAD + (body.height() - HEAD) * self._unfolded)
        return body

    def boundingRect(self) -> QRectF:
        rect = self.body.adjusted(-6, -4, 6, 8)
        for at, text in self.results:
            rect |= label_rect(at, text)
        return rect

    def show_results(self, results: list[tuple[QPointF, str]]) -> None:
        """Labels below the frame, in its own units."""
        if results != self.results:
            self.prepareGeometryChange()
            self.results = results

    def button_at(self, at: QPointF) -> str:
        """``close``, ``before``, ``after``, or nothing, at a place of the item."""
        return next((name for name, rect in self._buttons().items() if rect.contains(at)), "")

    def _buttons(self) -> dict[str, QRectF]:
        right, top = self.body.right() - 8, 6.0
        close = QRectF(right - _BUTTON, top, _BUTTON, _BUTTON)
        if self.copies < 2:
            return {"close": close}
        after = close.translated(-_BUTTON - 4, 0)
        return {"close": close, "after": after, "before": after.translated(-_BUTTON - 62, 0)}

    # Painting

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_panel(painter)
        self._paint_head(painter)
        painter.save()
        offset = self._offset()
        painter.translate(offset)
        painter.setClipRect(self._in_sight.adjusted(1, HEAD, -1, -1).translated(-offset))
        self._near.paint(painter, self._content.adjusted(-20, -20, 20, 20))
        painter.restore()
        for at, text in self.results if self._unfolded == 1.0 else ():
            paint_label(painter, label_rect(at, text), text)

    def _offset(self) -> QPointF:
        return QPointF(-self._axis, HEAD + 4 - self._content.top())

    def _paint_panel(self, painter: QPainter) -> None:
        now, body = theme(), self._in_sight
        painter.setPen(Qt.PenStyle.NoPen)
        shadow = now.color("shadow")
        painter.setBrush(tinted(shadow, shadow.alphaF() * 0.5))
        painter.drawRoundedRect(body.adjusted(-2, 1, 2, 5), 13, 13)
        painter.setBrush(now.color("canvas"))
        painter.drawRoundedRect(body, 12, 12)
        painter.setBrush(tinted(now.color("block"), 0.10 if now.dark else 0.05))
        painter.setPen(QPen(now.color("block"), 1.5))
        painter.drawRoundedRect(body.adjusted(0.75, 0.75, -0.75, -0.75), 12, 12)

    def _paint_head(self, painter: QPainter) -> None:
        now, body, buttons = theme(), self.body, self._buttons()
        line = QRectF(body.left() + 16, 6, 0, _BUTTON)
        line.setRight(min(rect.left() for rect in buttons.values()) - 8)
        self._paint_title(painter, line)
        ratio = painter.worldTransform().m11() * painter.device().devicePixelRatioF()
        icons = {"close": "close", "before": "chevron-left", "after": "chevron-right"}
        for name, rect in buttons.items():
            picture = pixmap(icons[name], 14, "text-muted", min(max(ratio, 1.0), 4.0))
            painter.drawPixmap(rect.adjusted(5, 5, -5, -5), picture, QRectF(picture.rect()))
        if "before" in buttons:
            between = QRectF(buttons["before"].topRight(), buttons["after"].bottomLeft())
            painter.setFont(canvas_font("label"))
            painter.setPen(now.color("block"))
            count = f"#{self.copy} of {self.copies}"
            painter.drawText(between, Qt.AlignmentFlag.AlignCenter, count)

    def _paint_title(self, painter: QPainter, line: QRectF) -> None:
        """The call's name, and the call itself where there is room."""
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(canvas_font("strong"))
        painter.setPen(theme().color("text"))
        name = elided("strong", self.key, line.width())
        painter.drawText(line, middle, name)
        line.setLeft(line.left() + QFontMetricsF(painter.font()).horizontalAdvance(name) + 8)
        painter.setFont(canvas_font("caption"))
        painter.setPen(theme().color("text-muted"))
        if line.width() > 40:
            call = elided("caption", call_text(self.node, self._block), line.width())
            painter.drawText(line, middle, call)

    def node_at(self, at: QPointF) -> str | None:
        """The node of the inside at a place of the item."""
        return self._inner.node_at(at - self._offset())
