"""Icons, fonts and themes: complete, drawable and readable."""

import itertools
import json
import re

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter, QRawFont
from PySide6.QtSvg import QSvgRenderer

from resnet_studio import assets
from resnet_studio.core.families import FAMILIES

KINDS = [*FAMILIES, "output", "block"]
SIGNS = "×·÷→Δ“”–…≥²∏∑"
THEMES = {
    name: json.loads(assets.path("themes", f"{name}.json").read_text(encoding="utf-8"))
    for name in ("light", "dark")
}
ICONS = sorted(assets.path("icons").glob("*.svg"))
FONTS = sorted(file for file in assets.path("fonts").iterdir() if file.suffix in {".otf", ".ttf"})
GROUNDS = ("window", "surface", "raised", "hover", "canvas")

# Text and what it may stand on.
TEXTS = [
    *itertools.product(("text", "text-muted"), (*GROUNDS, "accent-soft", "selection")),
    *itertools.product(("error", "warning", "ok"), ("window", "surface", "raised", "canvas")),
    *((state, f"{state}-soft") for state in ("error", "warning", "ok")),
    *(("text-on-accent", ground) for ground in ("accent", "accent-hover", *KINDS)),
    *itertools.product(
        [token for token in THEMES["light"] if token.startswith("code-")], ("surface", "raised")
    ),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_themes_have_the_same_tokens():
    assert THEMES["light"].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable(theme):
    tokens = THEMES[theme]
    weak = [(t, g) for t, g in TEXTS if contrast(tokens[t], tokens[g]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_lines_are_seen_on_the_canvas(theme):
    tokens = THEMES[theme]
    lines = ("wire", "wire-identity", "border-strong", "accent")
    assert [line for line in lines if contrast(tokens[line], tokens["canvas"]) < 3] == []


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_an_icon_draws_something_and_can_be_coloured(icon, qapp):
    source = icon.read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", "#ff0000").encode()))
    assert renderer.isValid()
    picture = QImage(48, 48, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    colours = {QColor(picture.pixelColor(x, y)).name() for x in range(48) for y in range(48)}
    if icon.stem == "app":
        assert len(colours) > 20
    else:
        assert "#ff0000" in colours
        assert re.findall(r"#[0-9A-Fa-f]{3,8}", source) == []


def test_every_family_has_an_icon_and_a_colour():
    names = {icon.stem for icon in ICONS}
    assert [family for family in KINDS if family not in names] == []
    for colours in THEMES.values():
        assert [family for family in KINDS if family not in colours] == []


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_a_font_loads_and_has_the_signs_we_write(font, qapp):
    number = QFontDatabase.addApplicationFont(str(font))
    assert {"Inter", "JetBrains Mono"} & set(QFontDatabase.applicationFontFamilies(number))
    raw = QRawFont(str(font), 16)
    assert [sign for sign in SIGNS if not raw.supportsCharacter(ord(sign))] == []


def test_each_font_comes_with_its_licence():
    licences = {file.name for file in assets.path("fonts").glob("*-OFL.txt")}
    assert {f"{font.stem.split('-')[0]}-OFL.txt" for font in FONTS} == licences
