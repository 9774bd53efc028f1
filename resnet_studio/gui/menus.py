"""Menus whose entries come and go: recent files, templates, panels, themes, the canvas' own."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.formats import templates
from resnet_studio.gui import keymaps
from resnet_studio.gui.actions import Actions
from resnet_studio.gui.canvas.showing import Cost, Showing
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.files import Files
from resnet_studio.gui.theme import SCHEMES, Scheme, chosen_scheme, theme_notifier

_ON_CANVAS = (
    ("enter",),
    ("add-node",),
    ("cut", "copy", "paste", "paste-wired", "duplicate", "delete", "bridge"),
    ("rename", "bypass"),
    ("group", "ungroup", "own-block"),
    ("select-all", "fit", "lay-out"),
    ("leave",),
)
_ON_FRAME = (
    ("rename", "frame-colour"),
    ("copy", "paste", "duplicate", "delete"),
    ("select-all", "fit"),
)
"""What is done with the frame that is selected."""
_COSTS: dict[Cost, str] = {"macs": "&MACs", "parameters": "&Parameters", "off": "&Off"}
_ONLY_WHERE_POSSIBLE = ("enter", "leave", "group", "ungroup", "own-block")


class Menus(QObject):
    """Fills the submenus and keeps them true."""

    def __init__(
        self,
        actions: Actions,
        files: Files,
        toggles: Iterable[QAction],
        choose_theme: Callable[[Scheme], None],
    ) -> None:
        super().__init__(files)
        self._actions, self._files = actions, files
        self._themes: dict[Scheme, QAction] = {}
        for toggle in toggles:
            actions.menu("panels").addAction(toggle)
        for name in templates.names():
            actions.menu("templates").addAction(name, partial(files.open_template, name))
        self._fill_themes(choose_theme)
        self._fill_keymaps()
        self.fill_recent()
        files.recent_changed.connect(self.fill_recent)
        theme_notifier().changed.connect(self._check_theme)

    def _fill_themes(self, choose: Callable[[Scheme], None]) -> None:
        group = QActionGroup(self)
        for scheme in SCHEMES:
            text = "Follow the system" if scheme == "system" else scheme.capitalize()
            action = self._actions.menu("theme").addAction(text, partial(choose, scheme))
            action.setCheckable(True)
            group.addAction(action)
            self._themes[scheme] = action
        self._check_theme()

    def _check_theme(self) -> None:
        self._themes[chosen_scheme()].setChecked(True)

    def fill_costs(self, showing: Showing) -> None:
        """Lets one choose what the bars of cards measure."""
        menu: QMenu = self._actions.menu("cost")
        group = QActionGroup(self)
        for cost, text in _COSTS.items():
            action = menu.addAction(text, partial(showing.show_cost, cost))
            action.setCheckable(True)
            action.setChecked(showing.cost == cost)
            group.addAction(action)

    def _fill_keymaps(self) -> None:
        group = QActionGroup(self)
        self._keymaps: dict[str, QAction] = {}
        for known in keymaps.KEYMAPS:
            choose = partial(keymaps.choose_keymap, known.name)
            action = self._actions.menu("keys").addAction(known.title, choose)
            action.setCheckable(True)
            action.setStatusTip(f"Keys as in {known.title}")
            group.addAction(action)
            self._keymaps[known.name] = action
        keymaps.keymap_notifier().changed.connect(self._check_keymap)
        self._check_keymap()

    def _check_keymap(self) -> None:
        self._keymaps[keymaps.keymap().name].setChecked(True)

    def fill_recent(self) -> None:
        """Lists the files opened last, the latest first."""
        menu: QMenu = self._actions.menu("recent")
        menu.clear()
        for path in self._files.recent():
            action = menu.addAction(path.name, partial(self._files.open, path))
            action.setToolTip(str(path))
            action.setStatusTip(str(path))
        menu.addSeparator()
        menu.addAction("Clear this list", self._files.clear_recent)
        menu.setEnabled(bool(self._files.recent()))

    def canvas_menu(self, parent: QWidget) -> QMenu:
        """What a click with the right button offers."""
        menu = QMenu(parent)
        framed = self._actions["frame-colour"].isEnabled()
        for group in _ON_FRAME if framed else _ON_CANVAS:
            for name in group:
                if name not in _ONLY_WHERE_POSSIBLE or self._actions[name].isEnabled():
                    menu.addAction(self._actions[name])
            menu.addSeparator()
        return menu

    def show_canvas_menu(self, canvas: Canvas, at: QPoint) -> None:
        if canvas.pointer.place == canvas.mapToScene(at):
            # It was asked for by a click, not by a key.
            canvas.framing.point_at(canvas.mapToScene(at))
        self.canvas_menu(canvas).exec(canvas.mapToGlobal(at))
