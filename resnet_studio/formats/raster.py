"""``.png`` and ``.pdf``: the SVG picture, drawn by Qt without a window.

Qt is imported when a picture is drawn.  A command without a window gets a Qt application that
draws off screen; within the window the one that runs is used.
"""

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from resnet_studio import assets
from resnet_studio.core.analysis import Analysis
from resnet_studio.formats import Style, Writer, picture

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

SCALE = 2.0
"""Pixels of a ``.png`` for each of the figure: crisp on any display."""
LARGEST_SIDE = 16_000
"""Pixels that a side may have: what viewers open and memory holds."""
_FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


def write_png(analysis: Analysis, style: Style = "blocks") -> bytes:
    """The picture at twice its size, or as large as an image may be."""
    renderer = _renderer(analysis, style)
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QImageWriter, QPainter

    size = renderer.defaultSize()
    scale = min(SCALE, LARGEST_SIDE / max(size.width(), size.height(), 1))
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(picture.colour("canvas"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return _collected(lambda device: QImageWriter(device, QByteArray(b"png")).write(image))


def write_pdf(analysis: Analysis, style: Style = "blocks") -> bytes:
    """The picture on one page of its size, as vectors and text."""
    renderer = _renderer(analysis, style)
    from PySide6.QtCore import QMarginsF, QSizeF
    from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

    def draw(device: Any) -> None:
        writer = QPdfWriter(device)
        writer.setTitle(analysis.document.name)
        points = QSizeF(renderer.defaultSize()) * 0.75
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        painter = QPainter(writer)
        renderer.render(painter)
        painter.end()

    return _collected(draw)


def _collected(save: Any) -> bytes:
    """What ``save`` writes to the device that it is given."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    save(buffer)
    buffer.close()
    return bytes(buffer.data().data())


def _renderer(analysis: Analysis, style: Style) -> "QSvgRenderer":
    _application()
    from PySide6.QtCore import QByteArray
    from PySide6.QtSvg import QSvgRenderer

    return QSvgRenderer(QByteArray(picture.render(analysis, style, "Inter").encode()))


@cache
def _application() -> Any:
    """Text needs a Qt application and a typeface; a program that has them is left alone.

    The cache keeps the application alive that a command made.
    """
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    if QGuiApplication.instance() is not None:
        return QGuiApplication.instance()
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(["resnet-studio"])
    for font in _FONTS:
        QFontDatabase.addApplicationFont(str(assets.path("fonts", font)))
    return application


WRITERS = (
    Writer(".png", "Picture", write_png),
    Writer(".pdf", "Picture, to print", write_pdf),
)
