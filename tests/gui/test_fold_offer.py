"""A model of Keras is opened: one click folds what repeats in it, one key unfolds it."""

import threading
from itertools import pairwise
from pathlib import Path

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.edits import move_nodes
from resnet_studio.core.placing import places_of
from resnet_studio.formats import keras_json
from resnet_studio.gui import fold_dialog
from resnet_studio.gui.fold_dialog import FoldDialog
from tests.core.sketch import Sketch, resnet


def model(tmp_path: Path, document: Document, name: str = "model.json") -> Path:
    path = tmp_path / name
    path.write_text(keras_json.write(analyse(document)))
    return path


@pytest.fixture
def opened(bench, qtbot, tmp_path):
    workbench = bench()
    workbench.files.load(model(tmp_path, resnet((3, 4, 6, 3))))
    button = workbench.message_bar.button
    qtbot.waitUntil(lambda: button.text().startswith("Fold"), timeout=20_000)
    return workbench


def fold(opened, qtbot) -> None:
    with qtbot.waitSignal(opened.session.changed, timeout=20_000):
        opened.message_bar.button.click()


def test_one_click_folds_and_one_step_back_unfolds(opened, qtbot) -> None:
    flat = opened.session.document
    bar = opened.message_bar
    assert bar.button.text() == "Fold 16 repeated blocks"
    assert bar.text.text() == "The network repeats itself: folded, its 169 nodes are 9."
    fold(opened, qtbot)
    folded = opened.session.document
    assert {"bottleneck_block", "projection_block", "stage"} <= set(folded.blocks)
    assert opened.session.analysis.totals == analyse(flat).totals
    assert not bar.isVisible()
    opened.actions["undo"].trigger()
    assert opened.session.document.blocks == {}
    assert opened.session.document.network.edges == flat.network.edges


def test_what_is_folded_stands_together_in_sight_and_undo_brings_the_old_picture(
    opened, qtbot
) -> None:
    canvas, session = opened.canvas, opened.session
    flat = dict(canvas.network.places)
    assert {key: node.position for key, node in session.graph.nodes.items()} == flat
    fold(opened, qtbot)
    folded = dict(canvas.network.places)
    assert_afresh(canvas)
    assert_together(canvas)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.network.nodes[canvas.network.drawing.highest()].area)
    session.history.undo()
    assert dict(canvas.network.places) == flat
    session.history.redo()
    assert dict(canvas.network.places) == folded


def test_one_part_folded_of_many_leaves_no_gap(opened, qtbot) -> None:
    canvas, session = opened.canvas, opened.session
    flat = dict(canvas.network.places)
    dialog = FoldDialog(session, canvas)
    qtbot.waitUntil(lambda: bool(dialog.found), timeout=20_000)
    dialog.fold_one()
    dialog.close()
    assert_afresh(canvas)
    assert_together(canvas)
    session.history.undo()
    assert dict(canvas.network.places) == flat


def test_undo_of_a_first_move_brings_back_what_nobody_placed(opened) -> None:
    canvas, session = opened.canvas, opened.session
    bare = dict.fromkeys(session.graph.nodes)
    session.load(move_nodes(session.document, NETWORK, bare), None)
    assert all(node.position is None for node in session.graph.nodes.values())
    flat = dict(canvas.network.places)
    key = next(iter(flat))
    canvas.editing.place({key: (flat[key][0] + 480, flat[key][1])})
    session.history.undo()
    assert dict(canvas.network.places) == flat


def assert_afresh(canvas) -> None:
    """Cards stand where they would if what is shown were opened now."""
    shown = canvas.network.drawing.shown
    assert dict(canvas.network.places) == places_of(shown.document, shown.graph)


def assert_together(canvas) -> None:
    """No empty stretch of the height of two calls lies between one row and the next."""
    cards = sorted((card.card for card in canvas.network.nodes.values()), key=lambda c: c.top())
    assert all(lower.top() - upper.bottom() < 200 for upper, lower in pairwise(cards))


def test_an_offer_goes_with_its_document(opened) -> None:
    opened.files.open_template("vgg16")
    assert not opened.message_bar.isVisible()


def test_what_was_edited_meanwhile_is_kept(opened, qtbot) -> None:
    opened.add("Dropout")
    fold(opened, qtbot)
    types = {node.type for node in opened.session.document.network.nodes.values()}
    assert {"Dropout", "stage"} <= types


@pytest.fixture
def gate(monkeypatch):
    """No layout of what was folded is worked out until it is set."""
    event, threads, whole = threading.Event(), set(), fold_dialog.laid_out

    def held(*given):
        threads.add(threading.get_ident())
        assert event.wait(20)
        return whole(*given)

    monkeypatch.setattr(fold_dialog, "laid_out", held)
    event.threads = threads
    yield event
    event.set()


def test_it_folds_beside_the_windows_thread_and_says_so(opened, qtbot, gate) -> None:
    bar, flat = opened.message_bar, opened.session.document
    bar.button.click()
    assert opened.session.document is flat
    assert (bar.text.text(), bar.button.text()) == ("Folding the network …", "Cancel")
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    assert not bar.isVisible()
    assert threading.get_ident() not in gate.threads


def test_folding_that_is_given_up_changes_nothing(opened, qtbot, gate) -> None:
    flat = opened.session.document
    opened.message_bar.button.click()
    opened.message_bar.button.click()
    assert not opened.message_bar.isVisible()
    gate.set()
    qtbot.wait(300)
    assert opened.session.document is flat


def test_what_was_edited_while_it_folds_is_kept_and_folded_again(opened, qtbot, gate) -> None:
    bar = opened.message_bar
    bar.button.click()
    opened.add("Dropout")
    edited = opened.session.document
    gate.set()
    qtbot.waitUntil(lambda: bar.button.text() == "Fold it again", timeout=20_000)
    assert opened.session.document is edited
    fold(opened, qtbot)
    types = {node.type for node in opened.session.document.network.nodes.values()}
    assert {"Dropout", "stage"} <= types


def test_another_network_opened_while_it_folds_is_left_alone(opened, qtbot, gate) -> None:
    opened.message_bar.button.click()
    opened.files.open_template("vgg16")
    other = opened.session.document
    assert not opened.message_bar.isVisible()
    gate.set()
    qtbot.wait(300)
    assert opened.session.document is other
    assert not opened.session.unsaved


def test_what_the_bar_says_of_something_else_is_left_there(opened, qtbot, gate) -> None:
    opened.message_bar.button.click()
    opened.message_bar.tell("error", "The disk is full.")
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    assert opened.message_bar.isVisible()
    assert opened.message_bar.text.text() == "The disk is full."


def test_nothing_is_offered_where_nothing_repeats(bench, qtbot, tmp_path) -> None:
    sketch = Sketch()
    sketch.conv("only", 4)
    workbench = bench()
    workbench.files.load(model(tmp_path, sketch.document()))
    qtbot.wait(500)
    assert not workbench.message_bar.button.text().startswith("Fold")
