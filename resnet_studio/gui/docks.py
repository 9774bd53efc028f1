"""The docks: panels around the canvas that can be moved, hidden, and are remembered."""

from functools import partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QTabWidget, QWidget
from shiboken6 import isValid

from resnet_studio.gui.skeleton import LEFT, RIGHT, bottom
from resnet_studio.gui.theme import BAR, theme
from resnet_studio.gui.widgets import icon_button, label, row

_STATE = "window/docks"
_VERSION = 1

_AREA = Qt.DockWidgetArea
_BELOW = ("code", "problems", "tables")
_LEAST = {"palette": 176, "inspector": 296}
"""Widths at which nothing in a panel is cut off."""

_KEYS = {"palette": "F3", "inspector": "F4", "code": "F5", "problems": "F6", "tables": "F7"}

_CANVAS = 480
"""Width of the canvas below which the panels beside it begin with their least."""


@runtime_checkable
class SeenPanel(Protocol):
    """A panel that does its work only while it is in sight, and catches up."""

    def come_into_sight(self) -> None: ...


def _tell_seen(panel: SeenPanel, seen: bool) -> None:
    if seen:
        panel.come_into_sight()


class Docks:
    """Palette on the left, inspector on the right, the rest as tabs below the canvas."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.by_name: dict[str, QDockWidget] = {}
        self.toggles: dict[str, QAction] = {}
        """What shows and hides each panel, in the menu and by its key."""
        self._in_front: set[str] = set()
        window.setDockNestingEnabled(True)
        window.setTabPosition(_AREA.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)

    def add(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        """Puts a panel into a dock; below the canvas the tab is the title."""
        dock = _Dock(title, self._window)
        dock.setObjectName(f"dock-{name}")
        panel.setProperty("panel", "true")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        panel.setMinimumWidth(_LEAST.get(name, 0))
        dock.setWidget(panel)
        dock.setTitleBarWidget(_TitleBar(title, dock))
        self._window.addDockWidget(area, dock)
        self.by_name[name] = dock
        if isinstance(panel, SeenPanel):
            dock.visibilityChanged.connect(partial(_tell_seen, panel))
        self.toggles[name] = self._make_toggle(name, title)
        if area == _AREA.BottomDockWidgetArea:
            # At once: side by side for a moment, they would widen a small window.
            self._make_tabs()
        return dock

    def _make_toggle(self, name: str, title: str) -> QAction:
        dock = self.by_name[name]
        made = QAction(title, self._window)
        made.setCheckable(True)
        made.setShortcut(QKeySequence(_KEYS[name]))
        made.triggered.connect(lambda _on=False: self.toggle(name))
        dock.toggleViewAction().toggled.connect(made.setChecked)
        dock.visibilityChanged.connect(lambda seen: self._on_seen(name, seen))
        for signal in (dock.topLevelChanged, dock.dockLocationChanged, dock.visibilityChanged):
            signal.connect(lambda *_what: self._show_titles())
        return made

    def _on_seen(self, name: str, seen: bool) -> None:
        (self._in_front.add if seen else self._in_front.discard)(name)

    def _show_titles(self) -> None:
        """A panel among tabs is named by its tab; any other has a title bar, to be moved by."""
        if not isValid(self._window):
            return  # the panels go with their window, and say so
        for dock in self.by_name.values():
            beside = self._window.tabifiedDockWidgets(dock)
            bar = dock.titleBarWidget()
            if isinstance(bar, _TitleBar):
                bar.fold(any(not other.isHidden() for other in beside))

    def toggle(self, name: str) -> None:
        """Brings a panel to the front, the keyboard with it; one that is there is hidden."""
        dock = self.by_name[name]
        if name in self._in_front:
            dock.close()
        else:
            self.reveal(name)
            _give_keyboard(dock.widget())
        self.toggles[name].setChecked(not dock.isHidden())

    def _make_tabs(self) -> None:
        below = [self.by_name[name] for name in _BELOW if name in self.by_name]
        for other in below[1:]:
            self._window.tabifyDockWidget(below[0], other)

    def arrange(self) -> None:
        """The sizes and tabs of a new window."""
        for dock in self.by_name.values():
            dock.show()
        self._make_tabs()
        first = self.by_name[_BELOW[0]]
        first.raise_()
        sides = [self.by_name["palette"], self.by_name["inspector"]]
        roomy = self._window.width() >= LEFT + RIGHT + _CANVAS
        widths = [LEFT, RIGHT] if roomy else list(_LEAST.values())
        self._window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)
        self._window.resizeDocks([first], [bottom(self._window.height())], Qt.Orientation.Vertical)

    def restore(self) -> None:
        """The arrangement of last time, or the new one."""
        self.arrange()
        stored = QSettings().value(_STATE)
        if isinstance(stored, QByteArray):
            self._window.restoreState(stored, _VERSION)
        for dock in self.by_name.values():
            # The window may be asleep until it is filled. What floats is a window of its own,
            # which it does not wake: it would stay blank, put back among the others too.
            if dock.isFloating():
                dock.setUpdatesEnabled(True)

    def remember(self) -> None:
        QSettings().setValue(_STATE, self._window.saveState(_VERSION))

    def reset(self) -> None:
        """Back to the arrangement of a new window."""
        areas = {"palette": _AREA.LeftDockWidgetArea, "inspector": _AREA.RightDockWidgetArea}
        for name, dock in self.by_name.items():
            dock.setFloating(False)
            self._window.addDockWidget(areas.get(name, _AREA.BottomDockWidgetArea), dock)
        self.arrange()

    def reveal(self, name: str) -> None:
        """Shows a dock and brings its tab to the front."""
        self.by_name[name].show()
        self.by_name[name].raise_()


class _Dock(QDockWidget):
    """A panel with a line around it where it floats: the code below may have its colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isFloating():
            # The style leaves a margin around the contents of what floats; it shows this.
            QPainter(self).fillRect(event.rect(), theme().color("border-strong"))


class _TitleBar(QFrame):
    """The name of a panel and a button that hides it."""

    def __init__(self, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("panel-header")
        hide = icon_button("close", f"Hide the panel “{title}”", dock.close, size=12)
        # A focus that lost its widget would fall on it, and the space bar hide the panel.
        hide.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = row(label(title, "heading"), 1, hide, gap=4)
        box.setContentsMargins(16, 0, 8, 0)
        self.setLayout(box)
        self._folded = False

    def fold(self, folded: bool) -> None:
        """Takes no room, where a tab bears the name."""
        if folded != self._folded:
            self._folded = folded
            self.setFixedHeight(0 if folded else BAR)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 0 if self._folded else BAR)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0) if self._folded else super().minimumSizeHint()


def _give_keyboard(panel: QWidget) -> None:
    """Gives the focus to the first part of a panel that takes it."""
    takes = Qt.FocusPolicy.TabFocus.value
    for part in panel.findChildren(QWidget):
        if part.isVisible() and part.isEnabled() and part.focusPolicy().value & takes:
            part.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
