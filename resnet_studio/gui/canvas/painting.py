"""How ports, wires and labels are painted, and the colours and texts of all that is painted."""

from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from resnet_studio.gui.canvas import ports
from resnet_studio.gui.theme import theme

FAR = 0.45
"""Below this zoom the whole graph is painted in one go, without texts."""
_LABEL_HEIGHT = 18.0


@dataclass(frozen=True, slots=True)
class Mood:
    """The passing state of a card or wire: what the pointer and the selection make of it."""

    selected: bool = False
    hovered: bool = False
    target: bool = False
    """A dragged wire would end here."""
    changed: bool = False
    """The repair in preview changes it."""


def tinted(color: QColor, alpha: float) -> QColor:
    """The colour let through by ``alpha``, from 0 to 1."""
    color = QColor(color)
    color.setAlphaF(alpha)
    return color


def mixed(ground: QColor, color: QColor, share: float) -> QColor:
    """An opaque mix, for what covers the things behind it."""
    return QColor.fromRgb(_mixed_rgb(ground.rgb(), color.rgb(), share))


@lru_cache(maxsize=256)
def _mixed_rgb(ground: int, color: int, share: float) -> int:
    found = 0xFF
    for shift in (16, 8, 0):
        a, b = ground >> shift & 0xFF, color >> shift & 0xFF
        found = found << 8 | round(a * (1 - share) + b * share)
    return found


@cache
def canvas_font(role: str, pixels: int | None = None) -> QFont:
    """A font of the theme that scales smoothly with the zoom."""
    font = theme().font(role)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if pixels is not None:
        font.setPixelSize(pixels)
    return font


def elided(
    role: str,
    text: str,
    room: float,
    pixels: int | None = None,
    where: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> str:
    """The text, shortened to the room there is."""
    return fitted(role, text, round(room), pixels, where)[0]


@lru_cache(maxsize=8192)
def fitted(
    role: str,
    text: str,
    room: float,
    pixels: int | None = None,
    where: Qt.TextElideMode | None = None,
) -> tuple[str, float]:
    """The text, shortened to the room there is, and its width."""
    metrics = QFontMetricsF(canvas_font(role, pixels))
    if where is None:
        # Names differ at their ends (``conv2_block1_2_conv``), calls and figures begin with the
        # gist.
        middle = role == "strong"
        where = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    shown = metrics.elidedText(text, where, room)
    return shown, metrics.horizontalAdvance(shown)


def paint_port(
    painter: QPainter, at: QPointF, wired: bool, hot: bool, opening: bool = False
) -> None:
    """A port; ``opening`` is the place where a merge takes its next wire."""
    now = theme()
    radius = ports.RADIUS + (2 if hot else 0) - (1 if opening and not hot else 0)
    color = now.color("accent" if hot else "wire")
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color if wired or hot else now.color("surface"))
    painter.drawEllipse(at, radius, radius)
    if opening:
        painter.setPen(QPen(now.color("surface") if hot else color, 1.25))
        painter.drawLine(QLineF(at.x() - 2, at.y(), at.x() + 2, at.y()))
        painter.drawLine(QLineF(at.x(), at.y() - 2, at.x(), at.y() + 2))


# Wires


def wire_color(identity: bool, faulty: bool, mood: Mood) -> QColor:
    now = theme()
    if mood.selected or mood.target:
        return now.color("accent")
    if faulty:
        return now.color("error")
    color = now.color("wire-identity" if identity else "wire")
    return color.lighter(120) if mood.hovered and now.dark else color


def paint_wire(
    painter: QPainter,
    path: QPainterPath,
    color: QColor,
    width: float,
    dashed: bool = False,
) -> None:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def label_font() -> QFont:
    return canvas_font("code", 11)


def label_rect(middle: QPointF, text: str) -> QRectF:
    """The pill that a label fills around its middle."""
    width = _label_width(text)
    return QRectF(middle.x() - width / 2, middle.y() - _LABEL_HEIGHT / 2, width, _LABEL_HEIGHT)


@lru_cache(maxsize=8192)
def _label_width(text: str) -> float:
    return QFontMetricsF(label_font()).horizontalAdvance(text) + 14


def paint_label(
    painter: QPainter,
    rect: QRectF,
    text: str,
    edge: QColor | None = None,
    strong: bool = False,
) -> None:
    """The shape that flows through a wire, in a pill upon it."""
    now = theme()
    painter.setPen(QPen(edge or now.color("border"), 1.0))
    painter.setBrush(now.color("surface"))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setFont(label_font())
    painter.setPen(edge if edge is not None and strong else now.color("text-muted"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
