"""Every command of the window, declared once: menus, shortcuts, tool bar and tips follow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from resnet_studio.gui import keymaps
from resnet_studio.gui.icons import icon


@dataclass(frozen=True, slots=True)
class Command:
    """One command: ``name`` finds its action, ``canvas`` keeps its keys to the canvas."""

    menu: str
    name: str
    text: str
    keys: str = ""
    icon: str = ""
    tip: str = ""
    canvas: bool = False
    checkable: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("File", "new", "&New", "Ctrl+N", "new", "Start an empty network"),
    Command("File", "open", "&Open…", "Ctrl+O", "open", "Open a network"),
    Command("File", "recent", "Open &recent"),
    Command("File", "templates", "New from &template", icon="template"),
    Command("File", "-", ""),
    Command("File", "save", "&Save", "Ctrl+S", "save", "Save the network"),
    Command("File", "save-as", "Save &as…", "Ctrl+Shift+S", "save-as"),
    Command("File", "export", "&Export…", "Ctrl+E", "export", "Write code, a model or a picture"),
    Command("File", "-", ""),
    Command("File", "quit", "&Quit", "Ctrl+Q"),
    Command("Edit", "undo", "&Undo", "Ctrl+Z", "undo"),
    Command("Edit", "redo", "&Redo", "Ctrl+Y", "redo"),
    Command("Edit", "-", ""),
    Command("Edit", "cut", "Cu&t", "Ctrl+X", "cut", canvas=True),
    Command("Edit", "copy", "&Copy", "Ctrl+C", "copy", canvas=True),
    Command("Edit", "paste", "&Paste", "Ctrl+V", "paste", canvas=True),
    Command("Edit", "duplicate", "&Duplicate", "Ctrl+D", "duplicate", canvas=True),
    Command("Edit", "paste-wired", "Paste &keeping inputs", "Ctrl+Shift+V", canvas=True),
    Command("Edit", "delete", "De&lete", "Del", "delete", canvas=True),
    Command("Edit", "bridge", "Delete and re&connect", "Ctrl+Del", "link", canvas=True),
    Command("Edit", "-", ""),
    Command("Edit", "add-node", "&Add a node…", "Shift+A", "plus", canvas=True),
    Command("Edit", "rename", "&Rename", "F2", tip="Rename the selected node", canvas=True),
    Command(
        "Edit", "bypass", "&Bypass", "M", "link", "Let the data pass by, or through again", True
    ),
    Command("Edit", "connect", "Co&nnect", "Ctrl+L", "", "Wire the selected in a chain", True),
    Command("Edit", "-", ""),
    Command(
        "Edit",
        "frame",
        "&Frame or comment",
        "Ctrl+J",
        "comment",
        "A frame round the selection, or a comment",
        canvas=True,
    ),
    Command("Edit", "frame-colour", "Frame c&olour"),
    Command("Edit", "select-all", "Select &all", "Ctrl+A", canvas=True),
    Command("Edit", "find", "&Find a node…", "Ctrl+F", "search", "Find a node in the document"),
    Command("Edit", "find-layer", "Find a &layer…", "Ctrl+Shift+F", "", "Search the palette"),
    Command("View", "zoom-in", "Zoom &in", "Ctrl++", "zoom-in"),
    Command("View", "zoom-out", "Zoom &out", "Ctrl+-", "zoom-out"),
    Command("View", "fit", "&Fit all", "F", "fit", "Fit the whole network", canvas=True),
    Command("View", "fit-selection", "Fit &selection", ".", canvas=True),
    Command("View", "-", ""),
    Command("View", "enter", "&Enter block", "Ctrl+Return", "enter-block"),
    Command("View", "leave", "&Leave block", "Ctrl+Backspace", "leave-block"),
    Command("View", "-", ""),
    Command(
        "View",
        "maps",
        "Feat&ure maps",
        "Shift+M",
        "",
        "Slabs as high as the maps and as thick as their channels",
        canvas=True,
        checkable=True,
    ),
    Command("View", "cost", "Cost &bars"),
    Command("View", "minimap", "&Minimap", "", "", "The whole graph in a corner", checkable=True),
    Command("View", "motion", "M&otion", "", "", "Cards glide to their places", checkable=True),
    Command("View", "panels", "&Panels"),
    Command("View", "theme", "&Theme"),
    Command("View", "keys", "&Keys"),
    Command("View", "reset-layout", "&Reset the panels"),
    Command("Network", "lay-out", "&Lay out", "L", "layout", "Arrange all nodes", canvas=True),
    Command("Network", "lay-out-selection", "Lay out &selection", "Shift+L", canvas=True),
    Command("Network", "-", ""),
    Command("Network", "properties", "Network &properties", "Ctrl+I", "settings"),
    Command("Network", "-", ""),
    Command("Network", "next-problem", "Next &problem", "F8", "warning"),
    Command(
        "Network", "verify", "&Verify with Keras", "F9", "verify", "Compare with the real Keras"
    ),
    Command("Arrange", "align-left", "Align &left", "Ctrl+Shift+Left", canvas=True),
    Command("Arrange", "align-centre", "Align &centres", "Ctrl+Shift+C", canvas=True),
    Command("Arrange", "align-right", "Align &right", "Ctrl+Shift+Right", canvas=True),
    Command("Arrange", "-", ""),
    Command("Arrange", "align-top", "Align &top", "Ctrl+Shift+Up", canvas=True),
    Command("Arrange", "align-middle", "Align &middles", "Ctrl+Shift+M", canvas=True),
    Command("Arrange", "align-bottom", "Align &bottom", "Ctrl+Shift+Down", canvas=True),
    Command("Arrange", "-", ""),
    Command("Arrange", "spread-across", "Spread &across", "Ctrl+Shift+H", canvas=True),
    Command("Arrange", "spread-down", "Spread &down", "Ctrl+Shift+J", canvas=True),
    Command("Arrange", "-", ""),
    Command(
        "Arrange",
        "lay-out-columns",
        "Lay out in col&umns",
        "Ctrl+Shift+L",
        "",
        "Arrange all nodes, or the selected, in columns that fit a screen",
        canvas=True,
    ),
    Command("Blocks", "new-block", "&New block…", "Ctrl+B", "block"),
    Command("Blocks", "group", "&Group into a block…", "Ctrl+G", "group", canvas=True),
    Command("Blocks", "ungroup", "&Ungroup", "Ctrl+Shift+G", "ungroup", canvas=True),
    Command("Blocks", "fold", "&Fold repeated parts…", "Ctrl+Shift+B", tip="Find what repeats"),
    Command("Blocks", "expand", "&Expand in place", "Alt+Return", "enter-block", canvas=True),
    Command("Blocks", "own-block", "&Own block for this call", icon="copy"),
    Command("Blocks", "shelve", "&Save to the library", icon="save"),
    Command("Blocks", "-", ""),
    Command("Blocks", "repeat-more", "Repeat once &more", "+", "plus", canvas=True),
    Command("Blocks", "repeat-less", "Repeat once &less", "-", "minus", canvas=True),
    Command("Help", "commands", "All &commands…", "Ctrl+Shift+P", "search", "Find a command"),
    Command("Help", "help-node", "&Help on the node", "F1", "help", canvas=True),
    Command("Help", "about", "&About ResNet Studio"),
)

MENUS = ("File", "Edit", "View", "Network", "Arrange", "Blocks", "Help")

_EXTRA_KEYS = {
    "redo": ["Ctrl+Shift+Z"],
    "zoom-in": ["Ctrl+="],
    "delete": ["Backspace"],
    "repeat-more": ["="],
}


def command_keys(name: str) -> tuple[str, ...]:
    """The keys of a command, or of what the canvas does itself, as they are chosen now."""
    return keymaps.keys_of(name, _studio_keys()[name])


@cache
def _studio_keys() -> dict[str, tuple[str, ...]]:
    found = dict(keymaps.ON_CANVAS)
    for command in COMMANDS:
        keys = all_keys(command)
        found[command.name] = tuple(keys)
    return found


class Actions(QObject):
    """The actions by name, in the menus of a window; their keys are those that are chosen."""

    def __init__(
        self, window: QWidget, bar: QMenuBar, handlers: dict[str, Callable[..., Any]]
    ) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for menu_name in MENUS:
            menu = bar.addMenu(f"&{menu_name}")
            menu.setObjectName(f"menu-{menu_name.lower()}")
            for command in (c for c in COMMANDS if c.menu == menu_name):
                if command.name == "-":
                    menu.addSeparator()
                elif command.name in handlers:
                    menu.addAction(self._make(command, window, handlers[command.name]))
                else:
                    submenu = menu.addMenu(command.text)
                    self._actions[command.name] = submenu.menuAction()
        # A method, not a lambda: Qt lets go of it when the menus are gone.
        keymaps.keymap_notifier().changed.connect(self._show_keys)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def menu(self, name: str) -> Any:
        """The submenu that a command without a handler opens."""
        return self._actions[name].menu()

    def bind_to(self, canvas: QWidget) -> None:
        """Lets the keys of canvas commands work on the canvas alone, not while one types."""
        for command in COMMANDS:
            if command.canvas:
                action = self._actions[command.name]
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                canvas.addAction(action)

    def _show_keys(self) -> None:
        for command in COMMANDS:
            action = self._actions.get(command.name)
            if action is not None and action.menu() is None:
                _give_keys(action, command)

    def _make(self, command: Command, window: QWidget, handler: Callable[..., Any]) -> QAction:
        action = QAction(command.text, window)
        action.setObjectName(command.name)
        if command.icon:
            action.setIcon(icon(command.icon))
        action.setStatusTip(_tip(command))
        _give_keys(action, command)
        if command.checkable:
            action.setCheckable(True)
            action.toggled.connect(handler)
        else:
            action.triggered.connect(lambda _checked=False: handler())
        self._actions[command.name] = action
        return action


def _tip(command: Command) -> str:
    return command.tip or command.text.replace("&", "").rstrip("…")


def _give_keys(action: QAction, command: Command) -> None:
    """The keys that are chosen, and the tip that tells them."""
    keys = command_keys(command.name)
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setToolTip(_tip(command) + (f" ({_native(keys[0])})" if keys else ""))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def all_keys(command: Command) -> list[str]:
    """The keys of a command, first those that are shown beside it."""
    return [command.keys, *_EXTRA_KEYS.get(command.name, [])] if command.keys else []
