"""The whole graph from afar: rectangles and lines painted in a few calls, without items.

Names keep their size on the screen, as long as there is room for them on the cards.
"""

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from resnet_studio.core.routing import Route, along
from resnet_studio.gui.canvas.painting import canvas_font, elided, tinted
from resnet_studio.gui.canvas.scene import NetworkScene
from resnet_studio.gui.theme import theme

_LINE, _MARK = 1.25, 1.75
_BEND_STEPS = 3
_STRIPE = 14.0
_NAME_PIXELS, _NAME_MARGIN = 11, 4.0
_NAME_HEIGHT = 12.0
"""A card lower than this many pixels of the screen stands without its name."""


class FarView:
    """Lists of what is painted, gathered anew when the scene changed."""

    def __init__(self, scene: NetworkScene) -> None:
        self._scene = scene
        self._revision = -1
        self._cards: dict[str, list[QRectF]] = {}
        self._stripes: dict[str, list[QRectF]] = {}
        self._errors: list[QRectF] = []
        self._warnings: list[QRectF] = []
        self._plain: list[QLineF] = []
        self._identity: list[QLineF] = []
        self._faulty: list[QLineF] = []

    def paint(self, painter: QPainter, selection: frozenset[str]) -> None:
        """Paints in the coordinates of the scene; line widths are in pixels of the screen."""
        if self._revision != self._scene.revision:
            self._gather()
        now = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lines, token, width in (
            (self._plain, "wire", _LINE),
            (self._identity, "wire-identity", _MARK),
            (self._faulty, "error", _MARK),
        ):
            painter.setPen(_cosmetic(now.color(token), width))
            painter.drawLines(lines)
        for family, cards in self._cards.items():
            color = now.color(family)
            painter.setPen(_cosmetic(tinted(color, 0.55), 1.0))
            painter.setBrush(_mixed(now.color("surface"), color, 0.16))
            painter.drawRects(cards)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRects(self._stripes[family])
        self._paint_names(painter)
        self._paint_marks(painter, selection)

    def _paint_names(self, painter: QPainter) -> None:
        """The names of the cards in sight, in pixels of the screen."""
        to_screen, seen = painter.worldTransform(), painter.clipBoundingRect()
        painter.save()
        painter.resetTransform()
        painter.setFont(canvas_font("strong", _NAME_PIXELS))
        painter.setPen(theme().color("text"))
        for item in self._scene.nodes.values():
            if seen.intersects(item.card):
                inner = item.card.adjusted(_STRIPE, 0, 0, 0)
                _paint_name(painter, to_screen.mapRect(inner), item.look.face.title)
        painter.restore()

    def _paint_marks(self, painter: QPainter, selection: frozenset[str]) -> None:
        now, nodes = theme(), self._scene.nodes
        painter.setBrush(Qt.BrushStyle.NoBrush)
        chosen = [nodes[key].card for key in selection if key in nodes]
        for rects, token in (
            (self._warnings, "warning"),
            (self._errors, "error"),
            (chosen, "accent"),
        ):
            painter.setPen(_cosmetic(now.color(token), 2.0))
            painter.drawRects(rects)

    def _gather(self) -> None:
        self._revision = self._scene.revision
        self._cards, self._stripes, self._errors, self._warnings = {}, {}, [], []
        for item in self._scene.nodes.values():
            card, look = item.card, item.look
            self._cards.setdefault(look.family, []).append(card)
            stripe = QRectF(card.left(), card.top(), _STRIPE, card.height())
            self._stripes.setdefault(look.family, []).append(stripe)
            if look.findings.errors:
                self._errors.append(card)
            elif look.findings.warnings:
                self._warnings.append(card)
        self._plain, self._identity, self._faulty = [], [], []
        for wire in self._scene.wires.values():
            lines = self._identity if wire.identity else self._plain
            (self._faulty if wire.faulty else lines).extend(_lines(wire.route))


def _paint_name(painter: QPainter, card: QRectF, name: str) -> None:
    if card.height() < _NAME_HEIGHT:
        return
    room = card.adjusted(_NAME_MARGIN, 0, -_NAME_MARGIN, 0)
    painter.drawText(
        room,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        elided("strong", name, room.width(), _NAME_PIXELS),
    )


def _lines(route: Route) -> list[QLineF]:
    points = route.points
    if len(points) == 2 and abs(points[0][0] - points[1][0]) > 1:
        points = tuple(along(*points))[::_BEND_STEPS]
    corners = [QPointF(*point) for point in points]
    return [QLineF(a, b) for a, b in pairwise(corners)]


def _cosmetic(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    return pen


def _mixed(ground: QColor, color: QColor, share: float) -> QColor:
    """An opaque mix, since cards cover the wires behind them."""

    def mixed(a: int, b: int) -> int:
        return round(a * (1 - share) + b * share)

    return QColor(
        mixed(ground.red(), color.red()),
        mixed(ground.green(), color.green()),
        mixed(ground.blue(), color.blue()),
    )
