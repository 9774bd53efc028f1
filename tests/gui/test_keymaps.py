"""Keys as other programs have them: chosen in the menu, shown there, remembered, and they act."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from resnet_studio.core import edits
from resnet_studio.core.document import NETWORK, Node
from resnet_studio.gui import keymaps
from resnet_studio.gui.actions import COMMANDS, command_keys
from resnet_studio.gui.canvas.keys import acts

NAMES = [known.name for known in keymaps.KEYMAPS]
TAB, SHIFT, NONE = Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def studio_afterwards(own_settings) -> Iterator[None]:
    keymaps.choose_keymap("studio")
    yield
    keymaps.choose_keymap("studio")


def choose(workbench, title: str) -> None:
    """As one does in the menu."""
    entries = workbench.actions.menu("keys").actions()
    next(entry for entry in entries if entry.text() == title).trigger()


def press(workbench, key: Qt.Key, modifiers=NONE) -> None:
    workbench.canvas.setFocus()
    QTest.keyClick(workbench.window.focusWidget(), key, modifiers)


@pytest.mark.parametrize("name", NAMES)
def test_no_key_means_two_things(name):
    keymaps.choose_keymap(name)
    own = [command.name for command in COMMANDS if command.name != "-"]
    names = {*own, *keymaps.ON_CANVAS}
    given = Counter(QKeySequence(key).toString() for one in names for key in command_keys(one))
    assert "" not in given, "each is a key that Qt knows"
    assert [key for key, count in given.items() if count > 1] == []


@pytest.mark.parametrize("known", keymaps.KEYMAPS, ids=lambda known: known.name)
def test_a_keymap_names_commands_that_there_are(known):
    commands = {command.name for command in COMMANDS}
    assert known.keys.keys() <= commands | keymaps.ON_CANVAS.keys()
    assert keymaps.ON_CANVAS.keys() <= acts().keys() <= commands | keymaps.ON_CANVAS.keys()


def test_the_menus_show_the_chosen_keys_at_once_and_the_choice_is_kept(bench):
    workbench = bench("resnet34-notebook")
    actions = workbench.actions
    assert actions["fit"].shortcut() == QKeySequence("F")
    choose(workbench, "Blender")
    assert actions["fit"].shortcut() == QKeySequence("Home")
    assert actions["fit"].toolTip() == "Fit the whole network (Home)"
    assert actions["cut"].shortcuts() == []
    assert actions["save"].shortcut() == QKeySequence("Ctrl+S"), "what does not differ stays"
    checked = [a.text() for a in actions.menu("keys").actions() if a.isChecked()]
    assert checked == ["Blender"]
    assert QSettings().value("window/keys") == "blender"
    keymaps._take_up("studio")
    keymaps.restore_keymap()
    assert keymaps.keymap().name == "blender"
    choose(workbench, "Studio")
    assert actions["cut"].shortcut() == QKeySequence("Ctrl+X")


def test_what_was_stored_by_another_version_is_studios(bench):
    QSettings().setValue("window/keys", "emacs")
    keymaps.restore_keymap()
    assert keymaps.keymap().name == "studio"


def test_blenders_keys_act(bench):
    workbench = bench("resnet34-notebook")
    session, before = workbench.session, workbench.session.document
    choose(workbench, "Blender")
    session.select(["group_64"])
    press(workbench, Qt.Key.Key_D, SHIFT)
    assert len(session.graph.nodes) == 13
    press(workbench, Qt.Key.Key_X)
    assert session.graph.nodes.keys() == before.network.nodes.keys()
    session.select(["group_64"])
    press(workbench, TAB)
    assert session.scope == "residual_block"
    press(workbench, TAB)
    assert session.scope == NETWORK


def test_f_links_in_blender_and_fits_elsewhere(bench):
    workbench = bench()
    session = workbench.session
    nodes = [
        Node("low", "ReLU", position=(0, 300)),
        Node("high", "Input", {"shape": [8, 8, 4]}, position=(0, 0)),
        Node("middle", "ReLU", position=(0, 150)),
    ]
    session.apply("Add", edits.add_nodes(session.document, NETWORK, nodes))
    session.select(["low", "high", "middle"])
    press(workbench, Qt.Key.Key_F)
    assert not session.graph.edges
    choose(workbench, "Blender")
    press(workbench, Qt.Key.Key_F)
    assert [(e.source, e.target) for e in session.graph.edges] == [
        ("high", "middle"), ("middle", "low"),
    ]  # fmt: skip
    assert session.history.undoText() == "Connect 3 nodes"
    count = session.history.count()
    press(workbench, Qt.Key.Key_F)
    assert session.history.count() == count, "they are connected"


@pytest.mark.parametrize(("title", "key"), [("NodeGraphQt", TAB), ("Orange", Qt.Key.Key_Space)])
def test_the_key_that_adds(bench, title, key):
    workbench = bench("resnet34-notebook")
    workbench.session.select(["group_64"])
    press(workbench, key)
    assert not workbench.canvas.adding.open, "in Studio it walks, or pans"
    choose(workbench, title)
    workbench.session.select(["group_64"])
    press(workbench, key)
    assert workbench.canvas.adding.open
    assert workbench.canvas.adding.popup.field.placeholderText() == "What follows “group_64”?"


def test_comfyuis_keys_bypass_and_frame(bench):
    workbench = bench("resnet34-notebook")
    choose(workbench, "ComfyUI")
    workbench.session.select(["group_64"])
    press(workbench, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert workbench.session.graph.nodes["group_64"].bypassed
    assert workbench.actions["group"].shortcut() == QKeySequence("Ctrl+Shift+E")
