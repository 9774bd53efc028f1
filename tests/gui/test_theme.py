"""Dark and light: every token in both, switched at any time, remembered."""

import re

import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from resnet_studio import assets
from resnet_studio.gui import icons
from resnet_studio.gui.actions import COMMANDS
from resnet_studio.gui.style import style_sheet
from resnet_studio.gui.theme import (
    Theme,
    chosen_scheme,
    restore_theme,
    set_theme,
    theme,
    theme_notifier,
)


def test_both_themes_have_the_same_tokens() -> None:
    assert Theme("light").tokens.keys() == Theme("dark").tokens.keys()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_uses_only_tokens_and_icons_that_exist(name) -> None:
    sheet = style_sheet(Theme(name))
    assert "@" not in sheet.split("*/", 1)[1]
    assert "icon(" not in sheet.split("*/", 1)[1]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_stands_out_from_what_it_stands_on(name) -> None:
    """WCAG's 4.5:1 for text, on every ground that text stands on."""
    used = Theme(name)
    for ink, ground in (
        ("text", "surface"), ("text", "window"), ("text-muted", "surface"),
        ("text-muted", "window"), ("text-on-accent", "accent"), ("error", "surface"),
        ("warning", "surface"), ("ok", "surface"), ("accent", "surface"),
    ):  # fmt: skip
        assert _contrast(used.color(ink), used.color(ground)) >= 4.5, (ink, ground)


def _contrast(a: QColor, b: QColor) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_the_button_switches_the_window_and_is_remembered(bench, qtbot) -> None:
    workbench = bench("residual-block")
    with qtbot.waitSignal(theme_notifier().changed):
        qtbot.mouseClick(workbench.toolbar.theme_button, Qt.MouseButton.LeftButton)
    assert theme().dark
    assert Theme("dark").tokens["surface"].lower() in QApplication.instance().styleSheet().lower()
    assert workbench.toolbar.theme_button.toolTip() == "Switch to light"
    assert QSettings().value("window/theme") == "dark"
    checked = [a.text() for a in workbench.actions.menu("theme").actions() if a.isChecked()]
    assert checked == ["Dark"]
    set_theme("light")
    restore_theme()
    assert chosen_scheme() == "dark"


def test_a_wire_has_another_colour_in_the_dark(bench) -> None:
    workbench = bench("residual-block")
    light = workbench.canvas.grab().toImage()
    set_theme("dark")
    dark = workbench.canvas.grab().toImage()
    assert light.pixelColor(4, 4) != dark.pixelColor(4, 4)


def test_every_icon_that_a_command_names_is_there() -> None:
    missing = [c.name for c in COMMANDS if c.icon and not icons.exists(c.icon)]
    assert missing == []


def test_icons_take_the_colour_of_the_theme_and_the_size_of_the_screen(qapp) -> None:
    made = icons.icon("plus", "error")
    ordinary, sharp = made.pixmap(QSize(16, 16), 1.0), made.pixmap(QSize(16, 16), 2.0)
    assert (ordinary.width(), sharp.width()) == (16, 32)
    light = sharp.toImage().pixelColor(16, 16)
    set_theme("dark")
    dark = made.pixmap(QSize(16, 16), 2.0).toImage().pixelColor(16, 16)
    assert light != dark


def test_every_drawing_says_current_colour() -> None:
    plain = [p.stem for p in assets.path("icons").glob("*.svg") if p.stem != "app"]
    for name in plain:
        text = assets.path("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert "currentColor" in text, name
        assert not re.search(r"#[0-9A-Fa-f]{6}", text), name
