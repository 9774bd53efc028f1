"""Dialogs and panels over large networks: there at once, the rest worked out when there is time."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from resnet_studio.core.analysis import analyse
from resnet_studio.core.edits import set_argument
from resnet_studio.gui import fold_dialog, group_dialog, problems
from resnet_studio.gui.block_choice import find, make, proposed
from resnet_studio.gui.figures import sentence
from resnet_studio.gui.fold_dialog import FoldDialog
from resnet_studio.gui.group_dialog import GroupDialog
from resnet_studio.gui.workbench import Workbench
from tests.benchmarks.networks import chain

PART = ("conv2_block5_1_conv", "conv2_block5_1_bn", "conv2_block5_1_relu")


@pytest.fixture
def opened(bench) -> Workbench:
    workbench: Workbench = bench()
    workbench.session.load(chain(300), None)
    workbench.canvas.setFocus()
    return workbench


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Nothing goes on beside the window until it is set."""
    event = threading.Event()
    yield event
    event.set()


def held(gate: threading.Event, work: Callable[..., object]) -> Callable[..., object]:
    def wait(*given: object) -> object:
        assert gate.wait(20)
        return work(*given)

    return wait


def dialog(kind: type[QDialog], qtbot) -> QDialog:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert len(found) == 1
    return found[0]


def grouping(opened: Workbench, qtbot) -> GroupDialog:
    opened.session.select(PART)
    opened.actions["group"].trigger()
    return dialog(GroupDialog, qtbot)


# Grouping


def test_it_is_there_before_anything_is_found(opened, qtbot, gate, monkeypatch) -> None:
    monkeypatch.setattr(group_dialog, "find", held(gate, find))
    asked = grouping(opened, qtbot)
    assert asked.border.text().startswith("Looking")
    assert asked.name.text() == ""
    assert not asked.also.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: bool(asked.call.text()))
    assert asked.border.text() == "3 layers · 1 input · 1 output"
    assert asked.also.text() == "Use it at 56 more places that are the same"
    assert asked.name.text()
    assert asked.call.text().startswith(f"{asked.name.text()}(")


def test_accepted_while_it_looks_it_closes_with_what_is_found(
    opened, qtbot, gate, monkeypatch
) -> None:
    monkeypatch.setattr(group_dialog, "find", held(gate, find))
    before = opened.session.analysis.totals
    asked = grouping(opened, qtbot)
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    assert asked.isVisible()
    assert asked.ok.text() == "Grouping …"
    assert not asked.ok.isEnabled()
    assert not asked.name.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    document = opened.session.document
    (name,) = document.blocks
    assert opened.session.selection == {
        node.id for node in document.network.nodes.values() if node.type == name
    }
    assert opened.session.analysis.totals == before == analyse(document).totals


def test_a_name_that_is_typed_while_it_looks_stays(opened, qtbot, gate, monkeypatch) -> None:
    monkeypatch.setattr(group_dialog, "find", held(gate, find))
    asked = grouping(opened, qtbot)
    qtbot.keyClicks(asked.name, "unit")
    gate.set()
    qtbot.waitUntil(lambda: asked.call.text().startswith("unit("))
    assert asked.name.text() == "unit"


def test_what_is_accepted_is_what_stands_there_not_what_was_judged(
    opened, qtbot, gate, monkeypatch
) -> None:
    asked = grouping(opened, qtbot)
    qtbot.waitUntil(lambda: bool(asked.call.text()))
    monkeypatch.setattr(group_dialog, "make", held(gate, make))
    asked.name.selectAll()
    qtbot.keyClicks(asked.name, "unit")
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    assert asked.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    assert list(opened.session.document.blocks) == ["unit"]


def test_a_choice_that_cannot_be_is_given_back_to_be_changed(
    opened, qtbot, gate, monkeypatch
) -> None:
    monkeypatch.setattr(group_dialog, "find", held(gate, find))
    asked = grouping(opened, qtbot)
    qtbot.keyClicks(asked.name, "Conv2D")
    assert asked.fault.isVisible()
    asked.accept()
    gate.set()
    qtbot.waitUntil(lambda: asked.name.isEnabled() and asked.fault.isVisible())
    assert asked.isVisible()
    assert asked.ok.text() == "Group"
    assert opened.session.document.blocks == {}
    asked.name.selectAll()
    qtbot.keyClicks(asked.name, "unit")
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "unit" in opened.session.document.blocks, timeout=20_000)


def test_given_up_while_it_looks_it_changes_nothing(opened, qtbot, gate, monkeypatch) -> None:
    monkeypatch.setattr(group_dialog, "find", held(gate, find))
    asked = grouping(opened, qtbot)
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    asked.reject()
    gate.set()
    qtbot.wait(300)
    assert opened.session.document.blocks == {}


def test_the_places_follow_the_tick(opened, qtbot) -> None:
    asked = grouping(opened, qtbot)
    qtbot.waitUntil(lambda: asked.call.text().endswith("more calls"))
    asked.also.click()
    qtbot.waitUntil(lambda: "\n" not in asked.call.text())
    asked.accept()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    (name,) = opened.session.document.blocks
    calls = [n for n in opened.session.graph.nodes.values() if n.type == name]
    assert len(calls) == 1


def test_a_choice_that_was_taken_back_is_not_accepted(opened, qtbot, gate, monkeypatch) -> None:
    """Its judgement arrives while the proposal is still made anew."""
    asked = grouping(opened, qtbot)
    qtbot.waitUntil(lambda: asked.call.text().endswith("more calls"))
    judged = threading.Event()
    monkeypatch.setattr(group_dialog, "make", held(judged, make))
    monkeypatch.setattr(group_dialog, "proposed", held(gate, proposed))
    asked.name.selectAll()
    qtbot.keyClicks(asked.name, "unit")
    qtbot.wait(400)
    asked.also.click()
    asked.accept()
    judged.set()
    qtbot.wait(300)
    assert opened.session.document.blocks == {}
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    calls = [n for n in opened.session.graph.nodes.values() if n.type == "unit"]
    assert len(calls) == 1


def test_an_older_judgement_does_not_wipe_a_newer_fault(opened, qtbot, gate, monkeypatch) -> None:
    asked = grouping(opened, qtbot)
    qtbot.waitUntil(lambda: bool(asked.call.text()))
    monkeypatch.setattr(group_dialog, "make", held(gate, make))
    asked.name.selectAll()
    qtbot.keyClicks(asked.name, "unit")
    qtbot.wait(400)
    qtbot.keyClicks(asked.name, "+")
    assert asked.fault.isVisible()
    gate.set()
    qtbot.wait(400)
    assert asked.fault.isVisible()
    assert not asked.ok.isEnabled()


# Folding


def test_the_fold_dialog_looks_beside_the_window(opened, qtbot, gate, monkeypatch) -> None:
    monkeypatch.setattr(fold_dialog, "candidates", held(gate, fold_dialog.candidates))
    opened.actions["fold"].trigger()
    asked = dialog(FoldDialog, qtbot)
    assert asked.head.text() == "Looking for what repeats …"
    assert not asked.one.isEnabled()
    assert not asked.all.isEnabled()
    gate.set()
    qtbot.waitUntil(lambda: bool(asked.found), timeout=20_000)
    assert asked.list.count() == len(asked.found)
    qtbot.waitUntil(lambda: bool(asked.calls.text()), timeout=20_000)
    assert asked.found[0].name in asked.calls.text()


def test_folding_all_waits_for_what_comes_of_it(opened, qtbot, gate, monkeypatch) -> None:
    before = opened.session.analysis.totals
    opened.actions["fold"].trigger()
    asked = dialog(FoldDialog, qtbot)
    qtbot.waitUntil(asked.all.isEnabled, timeout=20_000)
    monkeypatch.setattr(fold_dialog, "fold_all", held(gate, fold_dialog.fold_all))
    asked.all.click()
    assert asked.head.text() == "Folding …"
    assert not asked.all.isEnabled()
    assert not opened.session.document.blocks
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.document.blocks), timeout=20_000)
    assert opened.session.analysis.totals == before
    assert opened.session.history.undoText() == "Fold repeated parts"


def test_the_fold_dialog_closed_while_it_folds_changes_nothing(
    opened, qtbot, gate, monkeypatch
) -> None:
    opened.actions["fold"].trigger()
    asked = dialog(FoldDialog, qtbot)
    qtbot.waitUntil(asked.all.isEnabled, timeout=20_000)
    monkeypatch.setattr(fold_dialog, "fold_all", held(gate, fold_dialog.fold_all))
    asked.all.click()
    asked.reject()
    gate.set()
    qtbot.wait(300)
    assert not opened.session.document.blocks


def test_a_trial_of_before_is_not_shown_in_a_new_search(opened, qtbot, gate, monkeypatch) -> None:
    opened.actions["fold"].trigger()
    asked = dialog(FoldDialog, qtbot)
    qtbot.waitUntil(lambda: bool(asked.calls.text()), timeout=20_000)
    shown, plain = [], FoldDialog._show_applied

    def show(self, candidate, after):
        shown.append(candidate)
        plain(self, candidate, after)

    monkeypatch.setattr(FoldDialog, "_show_applied", show)
    kind = type(asked.found[1])
    monkeypatch.setattr(kind, "apply", held(gate, kind.apply))
    monkeypatch.setattr(fold_dialog, "candidates", lambda *_: ())
    asked.list.setCurrentRow(1)
    asked._search()
    qtbot.waitUntil(lambda: asked.head.text().startswith("Nothing repeats"), timeout=20_000)
    gate.set()
    qtbot.wait(300)
    assert shown == []
    assert asked.calls.text() == ""


# Finding


def listed(opened: Workbench) -> list[str]:
    box = opened.finding.finder.list
    return [box.item(k).text() for k in range(box.count())]


@pytest.fixture
def longer(opened) -> Workbench:
    """Of more nodes than the finder gathers at once."""
    opened.session.load(chain(700), None)
    return opened


def test_what_is_found_waits_for_the_last_node(longer, qtbot) -> None:
    longer.actions["find"].trigger()
    finder = longer.finding.finder
    before = listed(longer)
    assert "predictions" not in before
    qtbot.keyClicks(finder.line, "predictions")
    qtbot.waitUntil(lambda: listed(longer)[:1] == ["predictions"])
    assert longer.session.selection == {"predictions"}


def test_enter_while_it_gathers_takes_the_best_of_all(longer, qtbot) -> None:
    longer.actions["find"].trigger()
    finder = longer.finding.finder
    # At one go, so that the window has no moment between the typing and the key.
    finder.line.setText("predictions")
    assert "predictions" not in listed(longer)
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert longer.session.selection == {"predictions"}
    assert not finder.isVisible()


def test_escape_while_it_gathers_leaves_all_as_it_was(longer, qtbot) -> None:
    longer.session.select(["image"])
    longer.actions["find"].trigger()
    finder = longer.finding.finder
    finder.line.setText("predictions")
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    qtbot.wait(100)
    assert longer.session.selection == {"image"}


def test_no_node_stands_among_the_commands_that_are_asked_for_next(longer, qtbot) -> None:
    longer.actions["find"].trigger()
    finder = longer.finding.finder
    assert finder._gathering.running
    longer.actions["commands"].trigger()
    qtbot.wait(100)
    finder._gathering.finish()
    assert "predictions" not in [entry.title for entry in finder._entries]
    assert not [entry.title for entry in finder._entries if entry.family]


# Problems


def narrowed(opened: Workbench, filters: int) -> None:
    """A branch comes to a merge with too few channels."""
    session, key = opened.session, "conv2_block9_3_conv"
    session.apply("Set", set_argument(session.document, "", key, "filters", filters))


@pytest.fixture
def faulty(opened) -> Workbench:
    narrowed(opened, 100)
    opened.docks.reveal("problems")
    return opened


def text_of(opened: Workbench) -> str:
    (card,) = opened.problems.cards
    told: str = card.message.text()
    return told


def test_a_message_is_told_beside_the_window(faulty, qtbot) -> None:
    (card,) = faulty.problems.cards
    assert card.title.text() == "conv2_block9_add"
    qtbot.waitUntil(lambda: "100" in text_of(faulty), timeout=10_000)
    assert text_of(faulty) == sentence(card.diagnostic.message)


def test_the_message_of_a_problem_that_changed_is_replaced(
    faulty, qtbot, gate, monkeypatch
) -> None:
    qtbot.waitUntil(lambda: "100" in text_of(faulty), timeout=10_000)
    monkeypatch.setattr(problems, "_worked_out", held(gate, problems._worked_out))
    narrowed(faulty, 120)
    qtbot.wait(50)
    # While this one is under way the network changes again: the newest alone may stay.
    narrowed(faulty, 140)
    gate.set()
    qtbot.waitUntil(lambda: "140" in text_of(faulty), timeout=10_000)
    qtbot.wait(200)
    assert "140" in text_of(faulty)
    assert "120" not in text_of(faulty)
    assert "100" not in text_of(faulty)


def test_a_problem_that_is_gone_takes_its_card_with_it(faulty, qtbot, gate, monkeypatch) -> None:
    monkeypatch.setattr(problems, "_worked_out", held(gate, problems._worked_out))
    narrowed(faulty, 256)
    gate.set()
    qtbot.wait(200)
    assert faulty.problems.cards == []
    assert faulty.problems._empty.isVisible()
