"""F1: what a layer does and what its arguments mean, beside its card."""

from html import escape
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from resnet_studio.core.document import Document, Node
from resnet_studio.core.layer import LAYERS
from resnet_studio.gui.canvas.in_place import take_away
from resnet_studio.gui.canvas.looks import Shown
from resnet_studio.gui.canvas.walking import described
from resnet_studio.gui.style import css
from resnet_studio.gui.theme import theme
from resnet_studio.gui.widgets import column, label

if TYPE_CHECKING:
    from resnet_studio.gui.canvas.view import Canvas

_TURNS = {
    Qt.Key.Key_Down: 0.15,
    Qt.Key.Key_Up: -0.15,
    Qt.Key.Key_PageDown: 0.9,
    Qt.Key.Key_PageUp: -0.9,
}
"""Which part of the page a key turns."""
_WIDTH, _APART = 400, 18
_EDGE, _ACROSS, _DOWN = 8, 14, 12
"""What stays free of the window around the page, and of the page around its text."""
_BELOW = 4
"""Half of the gap between two paragraphs."""
_RIM = 4
"""What the page's border and the gap within it take of its width, and of its height."""


class Helping(QObject):
    """Owns the page; it goes with the next key, or when something else takes the keys."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.page: QFrame | None = None

    def start(self) -> None:
        """Opens beside the one selected node."""
        canvas, session = self._canvas, self._canvas.session
        self.close()
        if len(session.selection) != 1:
            canvas.message.emit("Select the one node to read about first.")
            return
        key = next(iter(session.selection))
        canvas.show_cards([key])
        text = page_text(session.document, session.graph.nodes[key])
        self.page = _page(canvas.window(), text)
        self.page.setAccessibleDescription(described(Shown.now(session), key))
        self._place(key)
        self.page.installEventFilter(self)
        self.page.show()
        self.page.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self, key: str) -> None:
        assert self.page is not None
        canvas, page = self._canvas, self.page
        card, room = canvas.network.nodes[key].card, canvas.window().rect()

        def in_window(at: QPointF) -> QPoint:
            return canvas.viewport().mapTo(canvas.window(), canvas.mapFromScene(at))

        corner = in_window(card.topRight()) + QPoint(_APART, 0)
        if corner.x() + page.width() > room.width() - 8:
            corner.setX(in_window(card.topLeft()).x() - page.width() - _APART)
        y = max(_EDGE, min(corner.y(), room.height() - page.height() - _EDGE))
        page.move(max(8, corner.x()), y)
        page.raise_()

    def close(self) -> None:
        """Takes the page away."""
        if self.page is not None:
            page, self.page = self.page, None
            take_away(page, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self._scroll(Qt.Key(event.key())):
                return True
            self.close()
            self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
            return True
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress):
            self.close()
            self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _scroll(self, key: Qt.Key) -> bool:
        """Whether the key turned the page."""
        area = self.page.findChild(QScrollArea) if self.page is not None else None
        if area is None or key not in _TURNS:
            return False
        bar = area.verticalScrollBar()
        bar.setValue(bar.value() + round(_TURNS[key] * bar.pageStep()))
        return True


def page_text(document: Document, node: Node) -> str:
    """The help of a node's type as rich text: what it does, then every argument."""
    muted = theme().color("text-muted").name()
    block = document.blocks.get(node.type)
    if block is not None:
        text = block.description or "A block of this network."
        rows = [(name, f"= {default}") for name, default in block.parameters.items()]
        return _text(node.type, "a block of this document", text, rows, muted)
    layer = LAYERS.get(node.type)
    if layer is None:
        return _text(node.type, "", "This version does not know the layer.", [], muted)
    rows = [(key, each.help) for key, each in layer.arguments.items() if not each.hidden]
    return _text(node.type, layer.source, layer.help, rows, muted)


def _text(name: str, source: str, text: str, rows: list[tuple[str, str]], muted: str) -> str:
    lines = "".join(
        f"<p style='margin: 7px 0 0 0'><span style='font-weight:600'>{escape(key)}</span>"
        f" <span style='color:{muted}'>{escape(told)}</span></p>"
        for key, told in rows
    )
    return (
        f"<p style='margin:0'><span style='font-size:16px; font-weight:600'>{escape(name)}</span>"
        f" &nbsp;<span style='color:{muted}; font-size:11px'>{escape(source)}</span></p>"
        f"<p style='margin: 6px 0 4px 0'>{escape(text)}</p>{lines}"
    )


def _page(parent: QWidget, text: str) -> QFrame:
    page = QFrame(parent)
    page.setObjectName("help-page")
    page.setAccessibleName("Help")
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    body = label("", wrap=True)
    body.setTextFormat(Qt.TextFormat.RichText)
    body.setText(text)
    body.setContentsMargins(_ACROSS, _DOWN, _ACROSS, _DOWN)
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusProxy(page)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page.setLayout(column(area, margin=1, gap=0))
    now = theme()
    page.setStyleSheet(
        f"QFrame#help-page {{ background: {css(now.color('surface'))};"
        f" border: 1px solid {css(now.color('border-strong'))}; border-radius: 10px; }}"
        "QScrollArea, QScrollArea > QWidget { background: transparent; }"
    )
    page.resize(_WIDTH, _height(area, body, parent.height() - 2 * _EDGE))
    return page


def _height(area: QScrollArea, body: QLabel, room: int) -> int:
    """The height at which the page shows all of its text, or else ends between paragraphs."""
    inside = _WIDTH - _RIM
    whole = body.heightForWidth(inside) + _RIM
    if whole <= room:
        # With the bar once there, the text is laid out beside it and seems not to fit.
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return whole
    inside -= area.verticalScrollBar().sizeHint().width()
    ends = [end + _DOWN + _RIM + _BELOW for end in _paragraphs(body, inside - 2 * _ACROSS)]
    return max((end for end in ends if end <= room), default=room)


def _paragraphs(body: QLabel, width: int) -> list[int]:
    """Where each paragraph of the text ends, from the text's top."""
    text = QTextDocument()
    text.setDefaultFont(body.font())
    text.setDocumentMargin(0)
    text.setHtml(body.text())
    text.setTextWidth(width)
    ends: list[int] = []
    layout = text.documentLayout()
    block = text.begin()
    while block.isValid():
        ends.append(ceil(layout.blockBoundingRect(block).bottom()))
        block = block.next()
    return ends
