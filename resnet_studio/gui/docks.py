"""The docks: panels around the canvas that can be moved, hidden, and are remembered."""

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QTabWidget, QWidget

from resnet_studio.gui.skeleton import BOTTOM, LEFT, RIGHT
from resnet_studio.gui.widgets import icon_button, label, row

_STATE = "window/docks"
_VERSION = 1

_AREA = Qt.DockWidgetArea


class Docks:
    """Palette on the left, inspector on the right, the rest as tabs below the canvas."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.by_name: dict[str, QDockWidget] = {}
        window.setDockNestingEnabled(True)
        window.setTabPosition(_AREA.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)

    def add(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        """Puts a panel into a dock; below the canvas the tab is the title."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock-{name}")
        panel.setProperty("panel", "true")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(panel)
        if area == _AREA.BottomDockWidgetArea:
            dock.setTitleBarWidget(QWidget(dock))
            dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        else:
            dock.setTitleBarWidget(_TitleBar(title, dock))
        self._window.addDockWidget(area, dock)
        self.by_name[name] = dock
        return dock

    def arrange(self) -> None:
        """The sizes and tabs of a new window."""
        for dock in self.by_name.values():
            dock.show()
        below = [self.by_name[name] for name in ("code", "problems", "tables")]
        for other in below[1:]:
            self._window.tabifyDockWidget(below[0], other)
        below[0].raise_()
        sides = [self.by_name["palette"], self.by_name["inspector"]]
        self._window.resizeDocks(sides, [LEFT, RIGHT], Qt.Orientation.Horizontal)
        self._window.resizeDocks([below[0]], [BOTTOM], Qt.Orientation.Vertical)

    def restore(self) -> None:
        """The arrangement of last time, or the new one."""
        self.arrange()
        stored = QSettings().value(_STATE)
        if isinstance(stored, QByteArray):
            self._window.restoreState(stored, _VERSION)

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


class _TitleBar(QFrame):
    """The name of a panel and a button that hides it."""

    def __init__(self, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("panel-header")
        hide = icon_button("close", f"Hide the panel “{title}”", dock.close, size=12)
        box = row(label(title, "heading"), 1, hide, gap=4)
        box.setContentsMargins(16, 6, 8, 6)
        self.setLayout(box)
