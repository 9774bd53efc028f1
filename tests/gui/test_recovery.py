"""Copies of unsaved work: written beside the window's thread, and whole whatever comes."""

import os
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from resnet_studio.core.edits import set_argument
from resnet_studio.formats import files, native, native_writer
from resnet_studio.gui import recovery
from resnet_studio.gui.workbench import Workbench


@pytest.fixture
def edited(bench) -> Workbench:
    """A window with unsaved work."""
    workbench: Workbench = bench("resnet34-notebook")
    edit(workbench, 7)
    return workbench


def edit(workbench: Workbench, units: int) -> None:
    session = workbench.session
    key = next(k for k, n in session.document.network.nodes.items() if n.type == "Dense")
    session.apply("Edit", set_argument(session.document, "", key, "units", units))


@pytest.fixture
def gate(monkeypatch) -> threading.Event:
    """The first document is written only once it is set."""
    gate, first = threading.Event(), []
    write = native_writer.write

    def held(document):
        if not first:
            first.append(document)
            assert gate.wait(10)
        return write(document)

    monkeypatch.setattr(native_writer, "write", held)
    return gate


def copy() -> Path:
    return recovery.folder() / f"{os.getpid()}.rsnet"


def test_it_is_made_and_written_beside_the_windows_thread(edited, qtbot, monkeypatch) -> None:
    threads = []
    for module, name in ((native_writer, "write"), (files, "replace_file")):
        work = getattr(module, name)

        def noted(*given, work=work):
            threads.append(threading.get_ident())
            return work(*given)

        monkeypatch.setattr(module, name, noted)
    edited.recovery.follow()
    qtbot.waitUntil(copy().exists)
    assert native.load(copy()).document == edited.session.document
    assert len(threads) == 2
    assert threading.get_ident() not in threads


def test_the_last_state_is_kept_whatever_was_being_written(edited, gate) -> None:
    edited.recovery.follow()
    edit(edited, 8)
    edited.recovery.follow()
    threading.Timer(0.05, gate.set).start()
    assert edited.recovery.keep() == copy()
    assert native.load(copy()).document == edited.session.document


def test_a_copy_that_is_being_written_is_whole_before_the_program_ends(edited, gate) -> None:
    edited.recovery.follow()
    threading.Timer(0.05, gate.set).start()
    QCoreApplication.instance().aboutToQuit.emit()
    assert native.load(copy()).document == edited.session.document


def test_what_was_saved_or_given_up_meanwhile_does_not_come_back(edited, gate, qtbot) -> None:
    edited.recovery.follow()
    edited.session.mark_saved(Path("a.rsnet"), edited.session.document)
    threading.Timer(0.05, gate.set).start()
    edited.recovery.follow()
    assert not copy().exists()
    qtbot.wait(50)
    assert not copy().exists()


def test_what_could_not_be_written_is_tried_again(edited, qtbot) -> None:
    # A file where the folder belongs.
    recovery.folder().parent.mkdir(parents=True, exist_ok=True)
    recovery.folder().write_text("")
    assert edited.recovery.keep() is None
    recovery.folder().unlink()
    assert edited.recovery.keep() == copy()
    edited.recovery.forget()
    assert not copy().exists()
