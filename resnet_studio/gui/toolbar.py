"""The tool bar: the commands of every day, verify and export at its end."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QToolBar, QToolButton, QWidget

from resnet_studio.gui.actions import Actions
from resnet_studio.gui.icons import icon
from resnet_studio.gui.theme import remember_theme, set_theme, theme, theme_notifier
from resnet_studio.gui.widgets import icon_button

_GROUPS = (
    ("new", "open", "save"),
    ("undo", "redo"),
    ("delete", "duplicate"),
    ("lay-out", "fit", "zoom-out", "zoom-in"),
)


class ToolBar(QToolBar):
    """Icons in groups, then on the right the theme, verify and export."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__("Tools", window)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.toggleViewAction().setVisible(False)
        for group in _GROUPS:
            if group is not _GROUPS[0]:
                self.addSeparator()
            for name in group:
                self.addAction(actions[name])
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.theme_button = icon_button("theme-dark", "Switch to dark", self._switch, "text", 18)
        self.addWidget(self.theme_button)
        self.verify_button = self._wordy(actions, "verify", "Verify")
        self.export_button = self._wordy(actions, "export", "Export")
        self.export_button.setProperty("primary", "true")
        self.export_button.setIcon(icon("export", "text-on-accent"))
        theme_notifier().changed.connect(self._show_theme)
        self._show_theme()
        window.addToolBar(self)
        window.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _wordy(self, actions: Actions, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"tool-{name}")
        button.setText(text)
        button.setIcon(actions[name].icon())
        button.setToolTip(actions[name].toolTip())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda _checked=False: actions[name].trigger())
        self.addWidget(button)
        return button

    def _switch(self) -> None:
        set_theme("light" if theme().dark else "dark")
        remember_theme()

    def _show_theme(self) -> None:
        other = "light" if theme().dark else "dark"
        self.theme_button.setIcon(icon(f"theme-{other}"))
        self.theme_button.setToolTip(f"Switch to {other}")
        self.theme_button.setAccessibleName(f"Switch to {other}")
