"""Opening, saving, recent files, the guard, and files that cannot be read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from resnet_studio.core.document import Document, Graph
from resnet_studio.core.edits import rename_node
from resnet_studio.formats import native, templates
from resnet_studio.gui import files
from resnet_studio.gui.palette import TEMPLATE_MIME
from tests.benchmarks.networks import chain


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "mine.rsnet"
    path.write_bytes(templates.path("residual-block").read_bytes())
    return path


def choose(monkeypatch: pytest.MonkeyPatch, which: str, path: Path) -> None:
    """What the user picks in the system's file dialog, which no test can reach."""
    monkeypatch.setattr(QFileDialog, which, lambda *_args, **_more: (str(path), ""))


def test_opening_shows_the_network_and_remembers_it(bench, network) -> None:
    workbench = bench()
    workbench.files.open(network)
    assert workbench.session.document == native.load(network).document
    assert workbench.window.windowTitle() == "mine.rsnet[*] — ResNet Studio"
    assert workbench.files.recent() == [network.resolve()]
    shown = [action.text() for action in workbench.actions.menu("recent").actions()]
    assert shown[0] == "mine.rsnet"


def test_saving_writes_what_is_on_the_canvas(bench, network, monkeypatch) -> None:
    workbench = bench()
    workbench.files.open(network)
    workbench.add("Dense")
    assert workbench.window.isWindowModified()
    workbench.actions["save"].trigger()
    assert not workbench.window.isWindowModified()
    assert native.load(network).document == workbench.session.document


def test_saving_an_untitled_network_asks_where(bench, tmp_path, monkeypatch) -> None:
    workbench = bench("vgg16")
    choose(monkeypatch, "getSaveFileName", tmp_path / "copy")
    assert workbench.files.save()
    assert workbench.session.path == tmp_path / "copy.rsnet"
    assert native.load(tmp_path / "copy.rsnet").document == workbench.session.document


def test_a_place_that_cannot_be_written_is_told(bench, tmp_path, monkeypatch) -> None:
    workbench = bench("vgg16")
    choose(monkeypatch, "getSaveFileName", tmp_path / "missing" / "a.rsnet")
    assert not workbench.files.save()
    assert "“a.rsnet” cannot be saved: no such file or directory" in (
        workbench.message_bar.text.text()
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "“bad.rsnet” cannot be opened: line 1:"),
        ("[]", "the file must hold one JSON object"),
    ],
)
def test_a_broken_file_is_one_sentence_and_changes_nothing(bench, tmp_path, text, said) -> None:
    workbench = bench("vgg16")
    before = workbench.session.document
    path = tmp_path / "bad.rsnet"
    path.write_text(text)
    workbench.files.open(path)
    assert said in workbench.message_bar.text.text()
    assert workbench.session.document is before


def test_a_missing_file_is_told(bench, tmp_path) -> None:
    workbench = bench()
    workbench.files.open(tmp_path / "gone.rsnet")
    assert "“gone.rsnet” cannot be opened: it cannot be read: no such file" in (
        workbench.message_bar.text.text()
    )


def test_what_was_not_understood_is_told_and_the_rest_opens(bench, network) -> None:
    text = network.read_text(encoding="utf-8")
    network.write_text(text.replace('"network": {', '"colour": 3,\n"network": {'), "utf-8")
    workbench = bench()
    workbench.files.open(network)
    assert "The rest is open." in workbench.message_bar.text.text()
    assert workbench.session.document.network.nodes


def test_the_guard_keeps_discards_and_saves(bench, network, answer) -> None:
    workbench = bench()
    workbench.files.open(network)
    workbench.add("Dense")
    edited = workbench.session.document
    shown = answer("Cancel")
    workbench.actions["new"].trigger()
    assert "Save the changes to" in shown[0]
    assert workbench.session.document is edited
    answer("Save")
    workbench.actions["new"].trigger()
    assert workbench.session.document.network.nodes == {}
    assert native.load(network).document == edited
    workbench.add("Dense")
    answer("Discard")
    workbench.files.open_template("vgg16")
    assert "vgg16" in workbench.session.document.name


def test_the_window_does_not_close_over_unsaved_changes(bench, answer) -> None:
    workbench = bench()
    workbench.add("Dense")
    answer("Cancel")
    assert not workbench.window.close()
    answer("Discard")
    assert workbench.window.close()


def drop(workbench, data: QMimeData) -> None:
    middle = workbench.window.centralWidget()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none, at = Qt.KeyboardModifier.NoModifier, QPointF(50, 50)
    QApplication.sendEvent(middle, QDragEnterEvent(at.toPoint(), copy, data, left, none))
    QApplication.sendEvent(middle, QDropEvent(at, copy, data, left, none))


def test_templates_and_files_dropped_on_the_window_open(bench, network) -> None:
    workbench = bench()
    data = QMimeData()
    data.setData(TEMPLATE_MIME, b"conv-block")
    drop(workbench, data)
    assert workbench.session.document == native.load(templates.path("conv-block")).document
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(network))])
    drop(workbench, data)
    assert workbench.session.path == network.resolve()
    data.setUrls([QUrl.fromLocalFile(str(model_file(network.parent)))])
    drop(workbench, data)
    assert list(workbench.session.document.network.nodes) == ["sequential_input", "a_b", "c"]


def model_file(folder: Path, name: str = "tiny.json") -> Path:
    entries = [
        {
            "class_name": "Dense",
            "config": {"name": "a/b", "units": 3, "batch_input_shape": [None, 5]},
        },
        {"class_name": "Dense", "config": {"name": "c", "units": 2}},
    ]
    path = folder / name
    path.write_text(json.dumps({"class_name": "Sequential", "config": entries}), encoding="utf-8")
    return path


def test_a_model_of_keras_opens_as_an_untitled_network(bench, tmp_path, monkeypatch) -> None:
    workbench, path = bench(), model_file(tmp_path)
    before = path.read_bytes()
    choose(monkeypatch, "getOpenFileName", path)
    workbench.actions["open"].trigger()
    assert [node.type for node in workbench.session.document.network.nodes.values()] == [
        "Input", "Dense", "Dense",
    ]  # fmt: skip
    assert workbench.session.path is None
    assert "“a_b”: the name “a/b”" in workbench.message_bar.text.text()
    assert workbench.files.recent() == [path.resolve()]
    choose(monkeypatch, "getSaveFileName", tmp_path / "mine.rsnet")
    assert workbench.files.save()
    assert path.read_bytes() == before


def test_opening_a_model_lays_it_out(bench, tmp_path, qtbot) -> None:
    workbench = bench()
    workbench.files.open(model_file(tmp_path))

    def places() -> set[tuple[float, float]]:
        cards = workbench.canvas.scene().nodes.values()
        return {(card.pos().x(), card.pos().y()) for card in cards}

    qtbot.waitUntil(lambda: len(places()) == 3, timeout=5000)


def test_a_damaged_model_is_told(bench, tmp_path, qtbot) -> None:
    workbench = bench("vgg16")
    before = workbench.session.document
    path = tmp_path / "m.keras"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    workbench.files.open(path)
    qtbot.waitUntil(lambda: not workbench.files.reading)
    assert workbench.session.document is before
    assert "“m.keras” cannot be opened: the archive is damaged" in workbench.message_bar.text.text()


def test_a_large_file_is_read_beside_the_window(bench, tmp_path, qtbot) -> None:
    workbench = bench("vgg16")
    before, path = workbench.session.document, tmp_path / "large.rsnet"
    native.save(without_places(chain(600)), path)
    workbench.files.open(path)
    assert workbench.session.document is before
    qtbot.waitUntil(lambda: not workbench.files.reading, timeout=10_000)
    assert len(workbench.session.document.network.nodes) > 500
    assert workbench.session.path == path.resolve()
    assert workbench.session.analysis.ok
    assert len(set(workbench.canvas.network.places.values())) > 500


def test_what_has_no_places_gets_them_beside_the_window(bench, tmp_path, qtbot) -> None:
    workbench = bench()
    path = tmp_path / "large.rsnet"
    native.save(without_places(chain(600)), path)
    workbench.files.open(path)
    qtbot.waitUntil(lambda: not workbench.files.reading, timeout=10_000)
    opened = workbench.session.document
    assert not workbench.session.unsaved
    # The first edit on the canvas has no places to write down.
    assert workbench.canvas.pinned() is opened
    placed = {key: node.position for key, node in opened.network.nodes.items()}
    assert placed == dict(workbench.canvas.network.places)


def test_what_is_wrong_in_a_network_is_known_when_it_is_read(tmp_path) -> None:
    path = tmp_path / "open.rsnet"
    document = chain(20)
    native.save(replace(document, network=document.network.with_edges(())), path)
    found = files.read(path).analysis
    # Worked out once, by whoever asks first: that is not to be the window's thread.
    assert vars(found)["diagnostics"]


def test_a_file_that_is_given_up_is_not_opened(bench, tmp_path, qtbot) -> None:
    workbench = bench("vgg16")
    before, path = workbench.session.document, tmp_path / "large.rsnet"
    native.save(chain(600), path)
    workbench.files.open(path)
    workbench.files.cancel()
    assert not workbench.files.reading
    # What is opened after it waits for it to end, and is what is shown.
    native.save(chain(700), path)
    workbench.files.open(path)
    qtbot.waitUntil(lambda: workbench.session.document is not before, timeout=10_000)
    assert len(workbench.session.document.network.nodes) > 650


def test_work_done_while_a_file_is_read_is_not_thrown_away(
    bench, tmp_path, qtbot, monkeypatch
) -> None:
    workbench = bench("vgg16")
    session, path = workbench.session, tmp_path / "large.rsnet"
    native.save(chain(600), path)
    asked = []
    monkeypatch.setattr(workbench.files, "may_leave", lambda: bool(asked.append(1)))
    workbench.files.load(path)
    key = next(iter(session.document.network.nodes))
    session.apply("Rename", rename_node(session.document, "", key, "mine"))
    edited = session.document
    qtbot.waitUntil(lambda: bool(asked), timeout=10_000)
    assert session.document is edited


def without_places(document: Document) -> Document:
    nodes = {k: replace(n, position=None) for k, n in document.network.nodes.items()}
    return replace(document, network=Graph(nodes, document.network.edges))
