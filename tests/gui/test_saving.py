"""Saving a large network: written beside the window's thread, and nothing is lost by it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog

from resnet_studio.core.edits import rename_node
from resnet_studio.formats import native
from resnet_studio.gui import files, recovery
from resnet_studio.gui.workbench import Workbench
from tests.benchmarks.networks import chain


class Gate(threading.Event):
    """Nothing is written until it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()
        self.paths: list[str] = []


@pytest.fixture
def gate(monkeypatch) -> Iterator[Gate]:
    gate, save = Gate(), native.save

    def held(document, path) -> None:
        gate.threads.add(threading.get_ident())
        assert gate.wait(20)
        gate.paths.append(path.name)
        save(document, path)

    monkeypatch.setattr(native, "save", held)
    yield gate
    gate.set()


@pytest.fixture
def large(bench, tmp_path) -> Workbench:
    """A large network that was edited after it was opened from ``a.rsnet``."""
    workbench: Workbench = bench()
    path = tmp_path / "a.rsnet"
    native.save(chain(300), path)
    workbench.session.load(native.load(path).document, path)
    edit(workbench, "first")
    return workbench


def edit(workbench: Workbench, name: str) -> None:
    document = workbench.session.document
    key = next(iter(document.network.nodes))
    workbench.session.apply("Rename", rename_node(document, "", key, name))


def first(path: Path) -> str:
    return next(iter(native.load(path).document.network.nodes))


def later(gate: Gate) -> None:
    """The gate opens while somebody waits in the window's thread."""
    timer = threading.Timer(0.05, gate.set)
    timer.daemon = True
    timer.start()


def choose(monkeypatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(path), ""))


def test_the_window_goes_on_while_it_is_written(large, gate, qtbot) -> None:
    large.actions["save"].trigger()
    assert large.session.unsaved
    assert large.window.isWindowModified(), "not before it is there"
    gate.set()
    qtbot.waitUntil(lambda: not large.session.unsaved)
    assert not large.window.isWindowModified()
    assert first(large.session.path) == "first"
    assert threading.get_ident() not in gate.threads


def test_what_is_edited_while_it_is_written_is_not_saved(large, gate, qtbot) -> None:
    session = large.session
    large.files.save()
    edit(large, "second")
    gate.set()
    qtbot.waitUntil(lambda: first(session.path) == "first")
    qtbot.wait(50)
    assert session.unsaved
    assert large.window.isWindowModified()
    session.history.undo()
    assert not session.unsaved, "that is what the file holds"
    assert not large.window.isWindowModified()
    session.history.undo()
    assert session.unsaved


def test_an_edit_of_the_same_kind_after_saving_is_a_step_of_its_own(large, gate, qtbot) -> None:
    session = large.session
    session.apply("A", rename_node(session.document, "", "first", "a"), merge="name")
    gate.set()
    large.files.save()
    qtbot.waitUntil(lambda: not session.unsaved)
    session.apply("B", rename_node(session.document, "", "a", "b"), merge="name")
    session.history.undo()
    assert "a" in session.document.network.nodes
    assert not session.unsaved


def test_saved_twice_the_file_holds_what_was_there_last(large, gate, qtbot) -> None:
    large.files.save()
    edit(large, "second")
    large.files.save()
    edit(large, "third")
    large.files.save()
    gate.set()
    qtbot.waitUntil(lambda: not large.session.unsaved)
    assert first(large.session.path) == "third"
    assert len(gate.paths) == 2, "the one between was never wanted"


def test_each_of_two_files_is_written(large, gate, qtbot, tmp_path, monkeypatch) -> None:
    large.files.save()
    edit(large, "second")
    choose(monkeypatch, tmp_path / "b.rsnet")
    later(gate)
    large.files.save_as()
    edit(large, "third")
    large.files.save()
    qtbot.waitUntil(lambda: not large.session.unsaved)
    assert large.session.path == tmp_path / "b.rsnet"
    assert first(tmp_path / "a.rsnet") == "first"
    assert first(tmp_path / "b.rsnet") == "third", "it was “b” that was being saved to"
    assert large.files.recent()[:2] == [tmp_path / "b.rsnet", tmp_path / "a.rsnet"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(28, "No space left on device"), "no space left on device"),
        (ValueError("Out of range"), "out of range"),
    ],
)
def test_what_cannot_be_written_is_told_and_stays_unsaved(
    large, qtbot, monkeypatch, capsys, error, why
) -> None:
    def refuse(_document, _path) -> None:
        raise error

    monkeypatch.setattr(native, "save", refuse)
    large.files.save()
    said = f"“a.rsnet” cannot be saved: {why}. Save it in another place."
    qtbot.waitUntil(lambda: large.message_bar.text.text() == said)
    assert large.session.unsaved
    assert ("Traceback" in capsys.readouterr().err) == isinstance(error, ValueError)


def test_closing_waits_for_what_is_written(large, gate, answer) -> None:
    later(gate)
    large.files.save()
    assert large.window.close(), "nothing is unsaved: nobody is asked"
    assert first(large.session.path) == "first"


def test_closing_saves_what_it_was_told_to(large, gate, answer) -> None:
    gate.set()
    shown = answer("Save")
    assert large.window.close()
    assert shown
    assert first(large.session.path) == "first"


def test_the_window_stays_where_it_cannot_be_saved(large, answer, monkeypatch) -> None:
    def refuse(_document, _path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(native, "save", refuse)
    answer("Save")
    assert not large.window.close()
    assert large.session.unsaved


def test_a_file_is_whole_before_the_program_ends(large, gate) -> None:
    later(gate)
    large.files.save()
    QCoreApplication.instance().aboutToQuit.emit()
    assert first(large.session.path) == "first"


def test_another_network_is_not_taken_for_what_was_saved(large, gate, qtbot, tmp_path) -> None:
    large.files.save()
    large.session.load(chain(20), None)
    edit(large, "other")
    gate.set()
    qtbot.waitUntil(lambda: bool(gate.paths))
    qtbot.wait(50)
    assert large.session.path is None
    assert large.session.unsaved
    assert first(tmp_path / "a.rsnet") == "first"


def test_large_work_that_was_kept_is_read_beside_the_window(bench, qtbot, monkeypatch) -> None:
    kept = recovery.folder() / "1.rsnet"
    kept.parent.mkdir(parents=True, exist_ok=True)
    native.save(chain(600), kept)
    threads, read = set(), files.read

    def noted(path):
        threads.add(threading.get_ident())
        return read(path)

    monkeypatch.setattr(files, "read", noted)
    workbench = bench()
    workbench.files.recover(kept)
    assert kept.exists(), "it goes only once what it holds is open"
    qtbot.waitUntil(lambda: not workbench.files.reading, timeout=10_000)
    assert len(workbench.session.document.network.nodes) > 500
    assert workbench.session.unsaved
    assert not kept.exists()
    assert threading.get_ident() not in threads
