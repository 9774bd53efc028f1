"""Icons: line drawings in ``resources/icons``, coloured when they are painted.

A drawing says ``currentColor``; the colour is a token of the theme (or a fixed colour), looked
up at each painting, so icons follow the theme and are sharp at any scale.
"""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap

from resnet_studio import assets
from resnet_studio.gui.theme import theme

Tint = str | QColor | None
"""A token of the theme, a colour, or None for the colour of text."""


def icon(name: str, color: Tint = None) -> QIcon:
    """The icon of a name, for actions and buttons."""
    return QIcon(_Engine(name, color))


def pixmap(name: str, size: int, color: Tint = None, scale: float = 1.0) -> QPixmap:
    """A picture ``size`` logical pixels wide; ``scale`` is the screen's device pixel ratio."""
    return _rendered(name, size, _resolved(color).rgba(), scale)


@cache
def exists(name: str) -> bool:
    return assets.path("icons", f"{name}.svg").is_file()


def coloured_svg(name: str, color: QColor) -> bytes:
    """The drawing as SVG text with its colour put in."""
    text = _source(name)
    return text.replace("currentColor", color.name()).encode()


class _Engine(QIconEngine):
    """Paints one drawing in the colours of the moment."""

    def __init__(self, name: str, color: Tint) -> None:
        super().__init__()
        self._name, self._color = name, color

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        device = painter.device()
        scale = device.devicePixelRatioF() if device is not None else 1.0
        picture = self._picture(side, mode, scale)
        corner = rect.center() - QPoint((side - 1) // 2, (side - 1) // 2)
        painter.drawPixmap(corner, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._picture(min(size.width(), size.height()), mode, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self._picture(min(size.width(), size.height()), mode, scale)

    def _picture(self, side: int, mode: QIcon.Mode, scale: float) -> QPixmap:
        color = _resolved(self._color)
        if mode == QIcon.Mode.Disabled:
            color = theme().color("border-strong")
        return _rendered(self._name, side, color.rgba(), scale)


def _resolved(color: Tint) -> QColor:
    if isinstance(color, QColor):
        return color
    return theme().color(color or "text")


@cache
def _source(name: str) -> str:
    return assets.path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _rendered(name: str, side: int, rgba: int, scale: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    color = QColor.fromRgba(rgba)
    renderer = QSvgRenderer(QByteArray(coloured_svg(name, color)))
    pixels = max(1, round(side * scale))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(color.alphaF())
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    image.setDevicePixelRatio(scale)
    return QPixmap.fromImage(image)
