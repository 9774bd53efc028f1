"""The library between windows: nothing in it is lost without a word, nothing old is placed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.core.block_edits import add_block, new_block
from resnet_studio.core.document import Block, Document
from resnet_studio.core.edits import set_argument
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
        ("Rename to “mine_2” and save", {"mine": "one", "mine_2": "two"}, "mine_2"),
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
    other = Shelf()
    (entry,) = [e for e in other.entries() if not e.shipped]
    other.remove(entry)
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


# Taking out


@pytest.fixture
def trash(tmp_path: Path) -> Path:
    """The trash of a desktop: Qt makes it where programs of the user keep their data."""
    place = tmp_path / ".qttest" / "share"
    place.mkdir(parents=True)
    return place / "Trash" / "files"


def test_a_removed_block_goes_to_the_trash_and_comes_back(bench: Bench, trash: Path, qtbot) -> None:
    shelve("mine", "one")
    opened = bench()
    opened.palette.unshelve_requested.emit("mine")
    assert [file.name for file in trash.iterdir()] == ["mine.rsnet"]
    assert own() == {}
    bar = opened.message_bar
    assert bar.text.text() == "“mine” of the library was moved to the trash."
    bar.button.click()
    assert own() == {"mine": "one"}
    qtbot.waitUntil(lambda: opened.palette.entry("mine") is not None)


def test_what_came_in_its_place_is_not_written_over(bench: Bench, trash: Path) -> None:
    shelve("mine", "one")
    opened = bench()
    opened.palette.unshelve_requested.emit("mine")
    shelve("mine", "two")
    opened.message_bar.button.click()
    assert own() == {"mine": "two"}
    assert opened.message_bar.text.text() == "The library has another “mine” by now."


def test_without_a_trash_it_asks(bench: Bench, answer: Answer) -> None:
    shelve("mine", "one")
    opened = bench()
    shown = answer("Cancel")
    opened.palette.unshelve_requested.emit("mine")
    assert shown == ["Remove “mine” from the library?"]
    assert own() == {"mine": "one"}
    answer("Remove")
    opened.palette.unshelve_requested.emit("mine")
    assert own() == {}
