"""How frames look: their ground behind the network, their titles on plates above its wires.

Texts keep a size that can be read: from further away they are larger beside their frames.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from resnet_studio.core.frames import HEAD, Frame
from resnet_studio.gui.canvas.painting import canvas_font, fitted, mixed, tinted
from resnet_studio.gui.theme import theme

TEXT, SMALLEST_TEXT = 14, 11
"""Height of texts in the scene, and on the screen however far away."""
CORNER = 18.0
"""Side of the handle in the lower right corner."""
PAD = 10.0
_ROUND, _LINE, _PLATE, _INSET = 10.0, 19.0, 22.0, 5.0
_NARROWEST = 24.0
"""A frame of fewer pixels is too far away for a title."""
_LEGIBLE = 110.0
"""In a comment of fewer pixels there is no room for words."""
LONGEST = 170.0
"""So many pixels a title may take that is longer than its frame, seen from afar."""
CLEAR = 8.0
"""How far it keeps from what stands beside its frame."""
_TOKENS = {
    "": "accent",
    "grey": "text-muted",
    "blue": "convolution",
    "teal": "pooling",
    "green": "core",
    "orange": "activation",
    "red": "error",
    "pink": "merging",
    "violet": "attention",
}
"""The colours that frames may have, as the themes call them."""


def frame_color(name: str) -> QColor:
    """A frame's colour in the theme in force; the accent for one that is not known."""
    return theme().color(_TOKENS.get(name, "accent"))


def area_of(frame: Frame) -> QRectF:
    return QRectF(frame.left, frame.top, frame.width, frame.height)


def larger_at(zoom: float) -> float:
    """How many times larger than near by texts are, beside what they stand upon."""
    return max(1.0, SMALLEST_TEXT / (TEXT * zoom))


# The title


def title_of(frame: Frame, zoom: float, width: float) -> tuple[str, QRectF]:
    """The title on its one line, shortened to a width, and the plate it stands on."""
    larger = larger_at(zoom)
    if not frame.text or frame.width * zoom < _NARROWEST:
        return "", QRectF()
    room = int((width - 2 * _INSET) / larger - 2 * PAD)
    line = " ".join(frame.text.split())
    shown, length = fitted("strong", line, room, TEXT, Qt.TextElideMode.ElideRight)
    corner = QPointF(frame.left + _INSET, frame.top + _INSET)
    return shown, QRectF(corner.x(), corner.y(), (length + 2 * PAD) * larger, _PLATE * larger)


def head_of(frame: Frame, zoom: float) -> QRectF:
    """The row of the title, as high as it is painted, however far away."""
    height = max(HEAD, _PLATE * larger_at(zoom) + _INSET)
    return QRectF(frame.left, frame.top, frame.width, height)


def paint_title(painter: QPainter, frame: Frame, width: float) -> None:
    """Paints the title, as long as a width, which hides the wires that run behind it."""
    zoom = painter.worldTransform().m11()
    shown, plate = title_of(frame, zoom, width)
    if not shown:
        return
    painter.save()
    _begin_text(painter, plate.topLeft(), zoom)
    here = QRectF(QPointF(), plate.size() / larger_at(zoom))
    now = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    share = 0.26 if now.dark else 0.15
    painter.setBrush(mixed(now.color("canvas"), frame_color(frame.color), share))
    painter.drawRoundedRect(here, 6, 6)
    painter.setFont(canvas_font("strong", TEXT))
    painter.setPen(now.color("text"))
    painter.drawText(here.adjusted(PAD, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)
    painter.restore()


def _begin_text(painter: QPainter, corner: QPointF, zoom: float) -> None:
    """From here on one unit is one pixel of a text near by."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(corner)
    painter.scale(larger_at(zoom), larger_at(zoom))


# A comment


def comment_height(frame: Frame) -> float:
    """How high a comment must be to show all of its text, seen from near by."""
    return len(_lines(frame.text, int(frame.width - 2 * PAD))) * _LINE + 2 * PAD


def comment_of(frame: Frame, zoom: float) -> tuple[str, ...]:
    """The lines of a comment; the last has an ellipsis where there is no room for all."""
    larger = larger_at(zoom)
    room = int(frame.width / larger - 2 * PAD)
    found = _lines(frame.text, room)
    most = max(int((frame.height / larger - 2 * PAD) / _LINE + 0.05), 1)
    if len(found) <= most:
        return found
    last = f"{found[most - 1].rstrip()}…"
    metrics = QFontMetricsF(canvas_font("body", TEXT))
    return *found[: most - 1], metrics.elidedText(last, Qt.TextElideMode.ElideRight, room)


@lru_cache(maxsize=512)
def _lines(text: str, room: int) -> tuple[str, ...]:
    found: list[str] = []
    for paragraph in text.split("\n"):
        found += _wrapped(paragraph, max(room, 1))
    return tuple(found)


def _wrapped(paragraph: str, room: int) -> list[str]:
    """The lines of a paragraph, broken between words where that is possible."""
    if not paragraph:
        return [""]
    layout = QTextLayout(paragraph, canvas_font("body", TEXT))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    # Qt counts in UTF-16.
    units, found = paragraph.encode("utf-16-le", "surrogatepass"), []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        start, end = line.textStart(), line.textStart() + line.textLength()
        found.append(units[2 * start : 2 * end].decode("utf-16-le", "replace"))
    layout.endLayout()
    return found


def paint_comment(painter: QPainter, frame: Frame) -> None:
    """Paints the text of a comment."""
    zoom = painter.worldTransform().m11()
    if frame.width * zoom < _LEGIBLE:
        _paint_bars(painter, frame)
        return
    painter.save()
    _begin_text(painter, QPointF(frame.left, frame.top), zoom)
    painter.setFont(canvas_font("body", TEXT))
    painter.setPen(theme().color("text"))
    width = frame.width / larger_at(zoom) - 2 * PAD
    for i, line in enumerate(comment_of(frame, zoom)):
        row = QRectF(PAD, PAD + i * _LINE, width + 1, _LINE)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), line)
    painter.restore()


def _paint_bars(painter: QPainter, frame: Frame) -> None:
    """Paints bars for lines that are too far away to be read."""
    lines = _lines(frame.text, int(frame.width - 2 * PAD))
    metrics = QFontMetricsF(canvas_font("body", TEXT))
    most = max(int((frame.height - PAD) / _LINE), 1)
    bars = [
        QRectF(frame.left + PAD, frame.top + PAD + i * _LINE, metrics.horizontalAdvance(line), 8)
        for i, line in enumerate(lines[:most])
    ]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted(theme().color("text-muted"), 0.55))
    painter.drawRects([bar for bar in bars if bar.width() > 0])


# The ground


def paint_ground(painter: QPainter, frame: Frame, *, chosen: bool, behind: bool) -> None:
    """Paints the rectangle; from afar, above the cards, it has no ground but its colour's."""
    now, color = theme(), frame_color(frame.color)
    plain = mixed(now.color("canvas"), color, 0.6) if frame.color else now.color("border-strong")
    edge = QPen(now.color("accent") if chosen else plain, 2.0 if chosen else 1.2)
    edge.setCosmetic(True)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge)
    filled = behind or bool(frame.color)
    ground = tinted(color, 0.1 if now.dark else 0.06)
    painter.setBrush(ground if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area_of(frame), _ROUND, _ROUND)
    if behind:
        _paint_corner(painter, area_of(frame))
    painter.restore()


def _paint_corner(painter: QPainter, area: QRectF) -> None:
    painter.setPen(QPen(theme().color("border-strong"), 1.5))
    for step in (5.0, 9.0):
        start = QPointF(area.right() - step - 3, area.bottom() - 4)
        painter.drawLine(start, QPointF(area.right() - 4, area.bottom() - step - 3))
