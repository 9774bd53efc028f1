"""The library between windows: nothing in it is lost without a word, nothing old is placed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from resnet_studio.core.block_edits import add_block, new_block
from resnet_studio.core.document import Block, Document
from resnet_studio.core.edits import set_argument
from resnet_studio.formats.library import Entry, read
from resnet_studio.gui.shelf import Shelf
from resnet_studio.gui.workbench import Workbench

Bench = Callable[..., Workbench]
Answer = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's library lies in the test's folder."""
    place = tmp_path / "data" / "blocks"
    for module in ("shelf", "canvas.search.stock"):
        monkeypatch.setattr(f"resnet_studio.gui.{module}.folder", lambda: place)
    return place


def block(description: str) -> Block:
    return replace(new_block(), description=description)


def shelve(name: str, description: str) -> None:
    """What another window saves."""
    Shelf().save(add_block(Document(), name, block(description)), name)


def own_entry(name: str) -> Entry:
    (entry,) = [e for e in Shelf().entries() if e.name == name and not e.shipped]
    return entry


def own() -> dict[str, str]:
    return {e.name: e.description for e in Shelf().entries() if not e.shipped}


def with_block(opened: Workbench, name: str, description: str) -> None:
    session = opened.session
    session.apply("Add", add_block(session.document, name, block(description)))


# Saving


def test_a_new_block_is_saved_without_a_question(bench: Bench) -> None:
    opened = bench()
    with_block(opened, "mine", "one")
    opened.blocks.shelve("mine")
    assert own() == {"mine": "one"}


@pytest.mark.parametrize(
    ("button", "there", "called"),
    [
        ("Replace", {"mine": "two"}, "mine"),
        ("Keep both: rename to “mine_2”", {"mine": "one", "mine_2": "two"}, "mine_2"),
        ("Cancel", {"mine": "one"}, "mine"),
    ],
)
def test_another_block_of_the_name_is_not_replaced_without_a_word(
    bench: Bench, answer: Answer, button: str, there: dict[str, str], called: str
) -> None:
    shelve("mine", "one")
    opened = bench()
    with_block(opened, "mine", "two")
    shown = answer(button)
    opened.blocks.shelve("mine")
    assert shown == ["The library has another block called “mine”."]
    assert own() == there
    assert list(opened.session.document.blocks) == [called]


def test_an_equal_block_is_there_already(bench: Bench, qtbot) -> None:
    shelve("mine", "one")
    opened = bench()
    with_block(opened, "mine", "one")
    with qtbot.waitSignal(opened.canvas.message) as told:
        opened.blocks.shelve("mine")
    assert told.args == ["“mine” is in the library already."]


def test_a_block_with_a_fault_is_saved_only_when_that_is_wanted(
    bench: Bench, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    (name,) = {session.document.network.nodes["group_64"].type}
    broken = set_argument(session.document, name, "conv_a", "kernel_size", [0, 3])
    blocks = {("mine" if key == name else key): b for key, b in broken.blocks.items()}
    nodes = {
        key: replace(node, type="mine") if node.type == name else node
        for key, node in broken.network.nodes.items()
    }
    network = broken.network.with_nodes(nodes)
    session.apply("Break", replace(broken, blocks=blocks, network=network))
    shown = answer("Cancel")
    opened.blocks.shelve("mine")
    assert shown == ["“mine” has 1 problem."]
    assert own() == {}
    answer("Save all the same")
    opened.blocks.shelve("mine")
    assert list(own()) == ["mine"]


def test_a_file_of_another_block_is_left_alone(own_folder: Path) -> None:
    shelve("other", "one")
    (own_folder / "other.rsnet").rename(own_folder / "mine.rsnet")
    shelve("mine", "two")
    assert own() == {"other": "one", "mine": "two"}


# Other windows


def test_what_another_window_saves_and_removes_is_seen(bench: Bench, qtbot) -> None:
    opened = bench()
    shelve("mine", "one")
    qtbot.waitUntil(lambda: opened.palette.entry("mine") is not None)
    Shelf().remove(own_entry("mine"))
    qtbot.waitUntil(lambda: opened.palette.entry("mine") is None)


def test_no_block_is_placed_that_is_older_than_its_file(bench: Bench) -> None:
    shelve("mine", "one")
    opened = bench()
    shelve("mine", "two")
    opened.palette.shelved_requested.emit("mine")
    assert opened.session.document.blocks["mine"].description == "two"
    opened.session.history.undo()
    shelve("mine", "three")
    (item,) = [i for i in opened.palette.items() if i.text(0) == "mine"]
    dragged = opened.palette.tree.mimeData([item]).data("application/x-resnet-studio-blocks")
    assert b"three" in dragged.data()


def test_a_block_that_is_gone_is_not_placed(bench: Bench, own_folder: Path, qtbot) -> None:
    shelve("mine", "one")
    opened = bench()
    (own_folder / "mine.rsnet").unlink()
    with qtbot.waitSignal(opened.canvas.message) as told:
        opened.palette.shelved_requested.emit("mine")
    assert told.args == ["“mine” is no longer in the library."]
    assert opened.session.document.blocks == {}


def test_what_another_window_saves_while_one_is_asked_is_not_lost(
    bench: Bench, qtbot, own_folder: Path
) -> None:
    shelve("mine", "one")
    opened = bench()
    with_block(opened, "mine", "two")
    shown = []

    def click(text: str) -> None:
        boxes = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox))
        box = next(box for box in boxes if box.isVisible())
        shown.append(own())
        next(b for b in box.buttons() if b.text().replace("&", "") == text).click()

    def meanwhile() -> None:
        shelve("mine", "three")
        QTimer.singleShot(100, lambda: click("Cancel"))
        click("Replace")

    QTimer.singleShot(100, meanwhile)
    opened.blocks.shelve("mine")
    assert shown == [{"mine": "three"}] * 2
    assert own() == {"mine": "three"}


# Files


def test_a_damaged_file_is_told_once_and_left_alone(bench: Bench, own_folder: Path, qtbot) -> None:
    shelve("mine", "one")
    damaged = (own_folder / "mine.rsnet").read_text()[:-20]
    (own_folder / "mine.rsnet").write_text(damaged)
    opened = bench()
    bar = opened.message_bar
    assert bar.isVisible()
    assert bar.text.text().startswith("“mine.rsnet” of the library is passed over in line ")
    bar.hide()
    with_block(opened, "mine", "two")
    opened.blocks.shelve("mine")
    qtbot.waitUntil(lambda: opened.palette.entry("mine") is not None)
    assert own() == {"mine": "two"}
    assert (own_folder / "mine.rsnet").read_text() == damaged
    qtbot.wait(50)
    assert not bar.isVisible()


def test_several_damaged_files_are_one_message(bench: Bench, own_folder: Path, qtbot) -> None:
    opened = bench()
    shelve("mine", "one")
    for name in ("a", "b", "c"):
        (own_folder / f"{name}.rsnet").write_text("{")
    qtbot.waitUntil(lambda: "So are 2 other files." in opened.message_bar.text.text())


def test_where_nothing_can_be_written_it_says_so(bench: Bench, own_folder: Path) -> None:
    own_folder.parent.mkdir(parents=True, exist_ok=True)
    own_folder.write_text("no folder")
    opened = bench()
    with_block(opened, "mine", "one")
    opened.blocks.shelve("mine")
    bar = opened.message_bar
    assert bar.text.text() == f"“{own_folder / 'mine.rsnet'}” cannot be written: file exists."
    assert own_folder.read_text() == "no folder"


@pytest.mark.parametrize("name", ["n" * 300, "größe", "../mine", "a/b", "aux", "Mine", "名前" * 60])
def test_any_name_of_a_block_is_kept(bench: Bench, own_folder: Path, name: str) -> None:
    shelve("mine", "another")
    opened = bench()
    session = opened.session
    # Files may name blocks as no dialog does.
    session.apply("Add", replace(session.document, blocks={name: block("one")}))
    opened.blocks.shelve(name)
    assert own() == {"mine": "another", name: "one"}
    assert {path.parent for path in own_folder.parent.rglob("*.rsnet")} == {own_folder}


# Taking out


def test_a_removed_block_comes_back(bench: Bench, own_folder: Path, qtbot) -> None:
    shelve("mine", "one")
    before = (own_folder / "mine.rsnet").read_bytes()
    opened = bench()
    opened.palette.unshelve_requested.emit("mine")
    assert own() == {}
    bar = opened.message_bar
    assert bar.text.text() == "“mine” was removed from the library."
    bar.button.click()
    assert (own_folder / "mine.rsnet").read_bytes() == before
    qtbot.waitUntil(lambda: opened.palette.entry("mine") is not None)


def test_a_removed_block_is_in_the_trash_where_there_is_one(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / ".qttest" / "share").mkdir(parents=True)
    shelve("mine", "one")
    opened = bench()
    opened.palette.unshelve_requested.emit("mine")
    assert own() == {}
    (kept,) = (tmp_path / ".qttest").rglob("mine*.rsnet")
    assert read(kept).description == "one"


def test_what_came_in_its_place_is_not_written_over(bench: Bench) -> None:
    shelve("mine", "one")
    opened = bench()
    opened.palette.unshelve_requested.emit("mine")
    shelve("mine", "two")
    opened.message_bar.button.click()
    assert own() == {"mine": "two"}
    assert opened.message_bar.text.text() == "The library has another “mine” by now."


def test_a_shipped_block_cannot_be_removed(bench: Bench) -> None:
    opened = bench()
    opened.palette.unshelve_requested.emit("conv_block")
    assert not opened.message_bar.isVisible()
    assert Shelf().find("conv_block") is not None
