"""The style sheet: ``resources/themes/window.qss`` with colours and icons put in."""

import re
from functools import cache
from pathlib import Path

from PySide6.QtCore import QTemporaryDir
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from resnet_studio import assets
from resnet_studio.gui.icons import coloured_svg
from resnet_studio.gui.theme import Theme, theme, theme_notifier


@cache
def apply_style() -> None:
    """Dresses the whole application in the theme, now and at every change of it."""
    _dress()
    theme_notifier().changed.connect(_dress)


def _dress() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setPalette(theme().palette())
        app.setFont(theme().font("body"))
        app.setStyleSheet(style_sheet(theme()))


def style_sheet(current: Theme) -> str:
    """The sheet for one theme; KeyError where it names a token that the theme lacks."""
    text = assets.path("themes", "window.qss").read_text(encoding="utf-8")
    text = re.sub(
        r"icon\(([\w-]+), ([\w-]+)\)",
        lambda found: f'url("{_icon_file(found[1], current.color(found[2]).rgba())}")',
        text,
    )
    return re.sub(r"@([\w-]+)", lambda found: css(current.color(found[1])), text)


def css(color: QColor) -> str:
    """A colour as style sheets write it."""
    if color.alpha() == 255:
        return color.name()
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"


@cache
def _folder() -> QTemporaryDir:
    return QTemporaryDir()


@cache
def _icon_file(name: str, rgba: int) -> str:
    """Style sheets take pictures from files alone, so a coloured drawing becomes one."""
    file = Path(_folder().path()) / f"{name}-{rgba:08x}.svg"
    file.write_bytes(coloured_svg(name, QColor.fromRgba(rgba)))
    return file.as_posix()
