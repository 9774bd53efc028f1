"""Colours and type of the window, dark and light; switched at any time.

Every colour has a name (a *token*) in ``resources/themes/*.json``; widgets and the canvas ask
``theme().color("wire")`` when they paint, so that switching is one repaint.
"""

import json
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from resnet_studio import assets

Scheme = Literal["light", "dark", "system"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")

GRID = 8
"""All spacing is a multiple, or half, of this many pixels."""

BAR = 44
"""Height of the bars at the head of the panels and of the canvas, which stand side by side."""

_SETTING = "window/theme"
_TEXT_FAMILY, _CODE_FAMILY = "Inter", "JetBrains Mono"

_ROLES: dict[str, tuple[str, int, QFont.Weight]] = {
    "body": (_TEXT_FAMILY, 13, QFont.Weight.Normal),
    "strong": (_TEXT_FAMILY, 13, QFont.Weight.DemiBold),
    "caption": (_TEXT_FAMILY, 11, QFont.Weight.Normal),
    "label": (_TEXT_FAMILY, 11, QFont.Weight.DemiBold),
    "title": (_TEXT_FAMILY, 16, QFont.Weight.DemiBold),
    "figure": (_TEXT_FAMILY, 15, QFont.Weight.DemiBold),
    "code": (_CODE_FAMILY, 12, QFont.Weight.Normal),
    "code-strong": (_CODE_FAMILY, 12, QFont.Weight.DemiBold),
}


class Theme:
    """One scheme's colours by token, and the fonts by role."""

    def __init__(self, name: str) -> None:
        self.name = name
        text = assets.path("themes", f"{name}.json").read_text(encoding="utf-8")
        self._hex: dict[str, str] = json.loads(text)
        self._colors = {token: QColor(value) for token, value in self._hex.items()}

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    @property
    def tokens(self) -> dict[str, str]:
        """Every token with its colour as ``#RRGGBB`` or ``#AARRGGBB``."""
        return dict(self._hex)

    def color(self, token: str) -> QColor:
        """The colour of a token (a copy, free to change); KeyError for an unknown one."""
        return QColor(self._colors[token])

    def font(self, role: str = "body") -> QFont:
        """The font of a role: body, strong, caption, label, title, figure, code, code-strong."""
        load_fonts()
        family, pixels, weight = _ROLES[role]
        font = QFont(family)
        font.setPixelSize(pixels)
        font.setWeight(weight)
        if family == _TEXT_FAMILY:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def palette(self) -> QPalette:
        """What Qt's own style paints with where no style sheet reaches."""
        palette, role = QPalette(), QPalette.ColorRole
        pairs = {
            role.Window: "window",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "raised",
            role.Text: "text",
            role.Button: "raised",
            role.ButtonText: "text",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.PlaceholderText: "text-muted",
            role.Highlight: "accent",
            role.HighlightedText: "text-on-accent",
            role.Link: "accent",
            role.Accent: "accent",
            role.Mid: "border",
        }
        for target, token in pairs.items():
            palette.setColor(target, self.color(token))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.color("border-strong"))
        return palette


class Notifier(QObject):
    """Tells when the theme changed; ``theme()`` is already the new one."""

    changed = Signal()


class _State:
    chosen: Scheme = "system"
    current: Theme | None = None


_state = _State()


@cache
def theme_notifier() -> Notifier:
    return Notifier()


@cache
def _load(name: str) -> Theme:
    return Theme(name)


def theme() -> Theme:
    """The theme in force."""
    if _state.current is None:
        _state.current = _load(_effective(_state.chosen))
    return _state.current


def chosen_scheme() -> Scheme:
    """What the user chose: light, dark, or to follow the system."""
    return _state.chosen


def set_theme(scheme: Scheme) -> None:
    """Switches to a scheme; everything that shows colours hears of it."""
    _state.chosen = scheme
    new = _load(_effective(scheme))
    if new is not _state.current:
        _state.current = new
        theme_notifier().changed.emit()


def remember_theme() -> None:
    QSettings().setValue(_SETTING, _state.chosen)


def restore_theme() -> None:
    """Takes up the scheme of last time and follows the system from here on, if that is it."""
    stored = str(QSettings().value(_SETTING, "system"))
    set_theme(next((scheme for scheme in SCHEMES if scheme == stored), "system"))
    QGuiApplication.styleHints().colorSchemeChanged.connect(_follow_system)


def _follow_system(_scheme: Qt.ColorScheme) -> None:
    if _state.chosen == "system":
        set_theme("system")


def _effective(scheme: Scheme) -> str:
    if scheme != "system":
        return scheme
    hints = QGuiApplication.styleHints() if QGuiApplication.instance() else None
    dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


@cache
def load_fonts() -> None:
    """Registers the typefaces that ship with the program, once."""
    for file in sorted(assets.path("fonts").iterdir()):
        if file.suffix in (".otf", ".ttf"):
            QFontDatabase.addApplicationFont(str(file))
