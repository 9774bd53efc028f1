"""Blocks by hand: grouping a selection, ungrouping, repeating, a block of its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QSpinBox

from resnet_studio.core.analysis import analyse
from resnet_studio.core.block_edits import rename_block
from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.ungrouping import ungroup
from resnet_studio.gui.canvas.card_painting import repeat_chip
from resnet_studio.gui.canvas.search.stock import Stock
from resnet_studio.gui.fold_dialog import FoldDialog
from resnet_studio.gui.group_dialog import GroupDialog
from resnet_studio.gui.shelf import Shelf
from resnet_studio.gui.workbench import Workbench
from tests.core.sketch import resnet

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def own_shelf(monkeypatch, tmp_path) -> None:
    """The user's library lies in the test's folder."""
    for module in ("shelf", "canvas.search.stock"):
        monkeypatch.setattr(f"resnet_studio.gui.{module}.folder", lambda: tmp_path / "blocks")


@pytest.fixture
def flat(bench) -> Workbench:
    """The notebook's network with its first two groups as layers, and no block of theirs left."""
    opened: Workbench = bench("resnet34-notebook")
    document = opened.session.document
    for call in ("group_64", "group_128", "group_256", "group_512"):
        document, _ids = ungroup(document, "", call)
    opened.session.apply("Ungroup", document)
    opened.canvas.setFocus()
    return opened


@pytest.fixture
def press(qtbot) -> Callable[..., None]:
    def keys(opened: Workbench, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        qtbot.keyClick(opened.canvas, key, held)

    return keys


def dialog(qtbot) -> GroupDialog:
    def shown() -> list[GroupDialog]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, GroupDialog)]
        return [w for w in found if w.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def chosen_three(opened: Workbench) -> None:
    opened.session.select(["conv_a", "conv_b", "add"])


# Grouping


def test_enter_accepts_the_proposal_at_every_equal_place(flat, qtbot, press) -> None:
    before = flat.session.analysis.totals
    chosen_three(flat)
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    assert asked.also.text().startswith("Use it at 10 more places")
    assert [p.name for p in asked.parameters()] == ["n_filters"]
    asked.instead.setChecked(False)
    assert asked.call.text().startswith("residual_block_2(n_filters=64) × 2")
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    calls = [n for n in flat.session.document.network.nodes.values() if "residual" in n.type]
    assert [(n.config["n_filters"], n.repeat) for n in calls] == [
        (64, 2), (128, 3), (256, 5), (512, 1),
    ]  # fmt: skip
    assert flat.session.analysis.totals == before
    assert flat.session.selection == {n.id for n in calls}
    press(flat, Qt.Key.Key_Z, CONTROL)
    assert "residual_block_2" not in flat.session.document.blocks
    assert flat.session.selection == {"conv_a", "conv_b", "add"}


def test_what_a_block_holds_already_may_call_it(flat, qtbot, press) -> None:
    before = flat.session.analysis.totals
    chosen_three(flat)
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    assert asked.instead.text() == "Call “residual_block”, which holds the same"
    assert asked.instead.isChecked()
    assert (asked.name.text(), asked.ok.text()) == ("residual_block", "Call")
    assert asked.call.text().startswith("residual_block(n_filters=64) × 2")
    asked.instead.click()
    assert (asked.name.text(), asked.ok.text()) == ("residual_block_2", "Group")
    assert asked.call.text().startswith("residual_block_2(n_filters=64) × 2")
    asked.instead.click()
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    document = flat.session.document
    assert "residual_block_2" not in document.blocks
    chosen = [document.network.nodes[key] for key in flat.session.selection]
    assert sorted((n.type, n.config["n_filters"]) for n in chosen) == [
        ("residual_block", 64), ("residual_block", 128), ("residual_block", 256),
        ("residual_block", 512),
    ]  # fmt: skip
    assert flat.session.analysis.totals == before
    assert flat.session.history.undoText() == "Call “residual_block”"


def test_a_name_that_is_typed_makes_a_new_block(flat, qtbot, press) -> None:
    chosen_three(flat)
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    qtbot.keyClicks(asked.name, "residual")
    assert not asked.instead.isChecked()
    assert asked.ok.text() == "Group"
    assert asked.rows[0].isEnabled()
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert "residual" in flat.session.document.blocks


def test_only_the_selection_and_other_names(flat, qtbot, press) -> None:
    chosen_three(flat)
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    qtbot.keyClicks(asked.name, "unit")
    qtbot.mouseClick(asked.also, Qt.MouseButton.LeftButton, pos=asked.also.rect().center() / 8)
    assert not asked.also.isChecked()
    (row,) = [r for r in asked.rows if r.chosen.isChecked()]
    row.name.selectAll()
    qtbot.keyClicks(row.name, "width")
    (kernel,) = [r for r in asked.rows if r.offer.parameter.name == "kernel_size"]
    kernel.chosen.click()
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    block = flat.session.document.blocks["unit"]
    assert dict(block.parameters) == {"width": 64, "kernel_size": [3, 3]}
    calls = [n for n in flat.session.document.network.nodes.values() if n.type == "unit"]
    assert len(calls) == 1
    assert flat.session.analysis.ok


def test_a_bad_name_is_told_as_one_types(flat, qtbot, press) -> None:
    chosen_three(flat)
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    qtbot.keyClicks(asked.name, "conv block")
    assert "cannot name a block" in asked.fault.text()
    assert not asked.ok.isEnabled()
    qtbot.keyClick(asked.name, Qt.Key.Key_Return)
    assert asked.isVisible()
    asked.name.selectAll()
    qtbot.keyClicks(asked.name, "conv_block")
    assert "already" in asked.fault.text()
    before = flat.session.document
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert flat.session.document is before


def test_what_cannot_be_a_block_says_why_and_how(flat, qtbot, press) -> None:
    flat.session.select(["conv_a", "add"])
    press(flat, Qt.Key.Key_G, CONTROL)
    bar = flat.message_bar
    assert bar.isVisible()
    assert "leaves it at “conv_a”, runs through “conv_b” and comes back at “add”" in bar.text.text()
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert flat.session.selection == {"conv_a", "conv_b", "add"}


# Ungrouping


def test_ungrouping_brings_the_layers_out_and_undo_back(bench, press) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    before, totals = session.document, session.analysis.totals
    opened.canvas.setFocus()
    session.select(["group_128"])
    press(opened, Qt.Key.Key_G, CONTROL, SHIFT)
    assert session.selection == {
        f"{name}{n}" for name in ("conv_a", "conv_b", "add") for n in ("", "_2", "_3")
    }
    assert session.analysis.totals == totals
    press(opened, Qt.Key.Key_Z, CONTROL)
    assert session.document.network == before.network
    assert session.selection == {"group_128"}


def test_a_repeat_that_is_an_expression_is_not_ungrouped(bench, press) -> None:
    opened = bench("vgg16")
    opened.canvas.setFocus()
    opened.session.enter("block2")
    (conv,) = [n.id for n in opened.session.graph.nodes.values() if n.type == "Conv2D"]
    opened.session.select([conv])
    assert not opened.actions["ungroup"].isEnabled()


# Calls


def test_plus_and_minus_change_the_repeat_in_one_step_to_undo(bench, press) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    opened.canvas.setFocus()
    session.select(["group_64"])
    for _ in range(2):
        press(opened, Qt.Key.Key_Plus)
    assert session.graph.nodes["group_64"].repeat == 4
    press(opened, Qt.Key.Key_Minus)
    assert session.graph.nodes["group_64"].repeat == 3
    press(opened, Qt.Key.Key_Z, CONTROL)
    assert session.graph.nodes["group_64"].repeat == 2
    session.select(["group_512"])
    assert not opened.actions["repeat-less"].isEnabled()


def test_a_call_gets_a_block_of_its_own(bench) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    session.select(["group_512"])
    opened.actions["own-block"].trigger()
    assert session.graph.nodes["group_512"].type == "residual_block_2"
    assert session.document.blocks["residual_block_2"] == session.document.blocks["residual_block"]
    assert not opened.actions["own-block"].isEnabled()
    assert analyse(session.document).totals == session.analysis.totals


# The repeat count on the card


def chip_of(opened: Workbench, key: str):
    card = opened.canvas.network.nodes[key]
    chip = repeat_chip(card.look, card.mood)
    assert chip is not None
    return opened.canvas.mapFromScene(chip.translated(card.pos()).center())


def click_chip(opened: Workbench, qtbot, key: str) -> QSpinBox:
    opened.canvas.fit_all()
    opened.session.select([key])
    opened.canvas.zoom_by(1 / opened.canvas.zoom_level())
    opened.canvas.show_cards([key])
    place = chip_of(opened, key)
    qtbot.mouseClick(opened.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    box = opened.canvas.repeating.box
    assert box is not None
    assert box.isVisible()
    assert box.geometry().contains(place)
    return box


def test_wheel_arrows_and_typing_in_the_box_on_the_card(bench, qtbot, press) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    box = click_chip(opened, qtbot, "group_64")
    assert box.hasFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert session.graph.nodes["group_64"].repeat == 3
    wheel(box, 120)
    assert session.graph.nodes["group_64"].repeat == 4
    box.selectAll()
    qtbot.keyClicks(box, "12")
    assert session.graph.nodes["group_64"].repeat == 12
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert opened.canvas.repeating.box is None
    assert opened.canvas.hasFocus()
    press(opened, Qt.Key.Key_Z, CONTROL)
    assert session.graph.nodes["group_64"].repeat == 2


def wheel(box: QSpinBox, by: int) -> None:
    at = QPointF(box.rect().center())
    event = QWheelEvent(
        at, box.mapToGlobal(at), QPoint(), QPoint(0, by), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)


def test_escape_brings_the_old_count_back_and_a_single_call_can_begin(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    box = click_chip(opened, qtbot, "group_512")
    assert box.value() == 1
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert session.graph.nodes["group_512"].repeat == 2
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert session.graph.nodes["group_512"].repeat == 1
    assert opened.canvas.repeating.box is None


def test_an_expression_is_left_to_the_inspector(bench, qtbot) -> None:
    opened = bench("vgg16")
    opened.session.enter("block2")
    (conv,) = [n.id for n in opened.session.graph.nodes.values() if n.type == "Conv2D"]
    told: list[str] = []
    opened.canvas.message.connect(told.append)
    qtbot.mouseClick(opened.canvas.viewport(), Qt.MouseButton.LeftButton, pos=chip_of(opened, conv))
    assert opened.canvas.repeating.box is None
    assert any("in the inspector" in text for text in told)


# The library


def test_a_block_of_the_library_is_added_with_what_it_calls(bench, qtbot) -> None:
    opened = bench()
    palette, session = opened.palette, opened.session
    qtbot.keyClicks(palette.search, "dense_block")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert list(session.document.blocks) == ["dense_layer", "dense_block"]
    assert session.graph.nodes["dense_block"].type == "dense_block"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert set(session.document.blocks) == {"dense_layer", "dense_block"}
    assert len(session.graph.nodes) == 2


def test_a_block_dragged_from_the_library_lands_on_a_wire(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    session, canvas = opened.session, opened.canvas
    (item,) = [i for i in opened.palette.items() if i.text(0) == "squeeze_excitation_block"]
    data = opened.palette.tree.mimeData([item])
    (edge,) = session.graph.into("double_to_128")
    canvas.fit_selection()
    at = QPointF(*canvas.network.drawing.output_at("group_64", 0)) + QPointF(0, 32)
    canvas.centerOn(at)
    place = QPointF(canvas.mapFromScene(at))
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    for made in (
        QDragEnterEvent(place.toPoint(), copy, data, left, none),
        QDragMoveEvent(place.toPoint(), copy, data, left, none),
        QDropEvent(place, copy, data, left, none),
    ):
        QApplication.sendEvent(canvas.viewport(), made)
    assert "squeeze_excitation_block" in session.document.blocks
    assert edge not in session.graph.edges
    assert session.graph.into("double_to_128")[0].source == "squeeze_excitation_block"
    assert session.analysis.ok


def test_a_saved_block_is_there_in_another_network_and_can_be_removed(bench) -> None:
    opened = bench("resnet34-notebook")
    opened.session.select(["double_to_128"])
    assert rename_to(opened, "conv_block", "quartering_block")
    opened.actions["shelve"].trigger()
    (entry,) = [e for e in Shelf().entries() if not e.shipped]
    assert entry.name == "quartering_block"
    other = bench()
    assert other.palette.entry("quartering_block") is not None
    other.palette.shelved_requested.emit("quartering_block")
    assert list(other.session.document.blocks) == ["quartering_block"]
    other.palette.shelf.remove(entry)
    assert [e for e in Shelf().entries() if not e.shipped] == []


def test_a_shipped_block_is_never_replaced(bench, answer) -> None:
    opened = bench("resnet34-notebook")
    ships = Shelf().find("conv_block")
    session = opened.session
    mine = replace(session.document.blocks["conv_block"], description="mine")
    session.apply("Describe", replace(session.document, blocks={"conv_block": mine}))
    shown = answer("Cancel")
    opened.palette.shelve_requested.emit("conv_block")
    assert "comes with the program" in shown[0]
    assert [e for e in Shelf().entries() if not e.shipped] == []
    answer("Keep both: rename to “conv_block_2”")
    opened.palette.shelve_requested.emit("conv_block")
    assert "conv_block" not in session.document.blocks
    (own,) = [e for e in Shelf().entries() if not e.shipped]
    assert (own.name, own.blocks) == ("conv_block_2", {"conv_block_2": mine})
    assert Shelf().find("conv_block") == ships
    assert Stock(Document()).document.blocks["conv_block"] == ships.blocks["conv_block"]


def test_what_a_block_of_ones_own_calls_does_not_stand_for_a_shipped_one(bench) -> None:
    ships = Shelf().find("conv_block")
    inner = replace(ships.blocks["conv_block"], description="mine")
    outer = Block(Graph({"call": Node("call", "conv_block")}))
    Shelf().save(Document(blocks={"conv_block": inner, "mine": outer}), "mine")
    stock = Stock(Document())
    assert stock.document.blocks["conv_block"] == ships.blocks["conv_block"]
    called = stock.document.blocks["mine"].graph.nodes["call"].type
    assert stock.document.blocks[called] == inner
    assert called in stock.hidden


def test_a_block_of_the_library_is_itself_beside_another_of_its_name(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    mine = replace(session.document.blocks["conv_block"], description="mine")
    blocks = {**session.document.blocks, "conv_block": mine}
    session.apply("Describe", replace(session.document, blocks=blocks))
    with qtbot.waitSignal(opened.canvas.message) as told:
        opened.palette.shelved_requested.emit("conv_block")
    assert "“conv_block” of the library is “conv_block_2” here" in told.args[0]
    (added,) = session.selection
    assert session.graph.nodes[added].type == "conv_block_2"
    ships = Shelf().find("conv_block").blocks["conv_block"]
    assert session.document.blocks["conv_block_2"] == ships
    assert session.document.blocks["conv_block"] == mine


def test_a_name_of_the_library_is_not_proposed(flat, qtbot, press) -> None:
    flat.session.select(["entry_conv", "entry_pool"])
    press(flat, Qt.Key.Key_G, CONTROL)
    asked = dialog(qtbot)
    assert asked.name.text() == "conv_pool_block"
    asked.reject()


def rename_to(opened: Workbench, old: str, new: str) -> bool:
    opened.session.apply("Rename", rename_block(opened.session.document, old, new))
    return new in opened.session.document.blocks


# Folding


def fold_dialog(qtbot) -> FoldDialog:
    def shown() -> list[FoldDialog]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, FoldDialog)]
        return [w for w in found if w.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def test_repeated_parts_are_listed_and_folded_each_a_step_to_undo(flat, qtbot, press) -> None:
    session, totals = flat.session, flat.session.analysis.totals
    layers = len(session.document.network.nodes)
    flat.actions["fold"].trigger()
    asked = fold_dialog(qtbot)
    assert asked.list.count() == len(asked.found) >= 1
    first = asked.found[0]
    assert f"saves {first.gain} lines" in asked.list.item(0).text()
    assert asked.calls.text().startswith(f"{first.name}(")
    qtbot.keyClick(asked.list, Qt.Key.Key_Return)
    assert first.name in session.document.blocks
    assert session.analysis.totals == totals
    assert len(session.document.network.nodes) < layers
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    flat.canvas.setFocus()
    press(flat, Qt.Key.Key_Z, CONTROL)
    assert len(session.document.network.nodes) == layers


@pytest.mark.parametrize("by", ["return", "double click"])
def test_one_part_is_folded_at_a_time(bench, qtbot, by) -> None:
    opened = bench()
    opened.session.load(resnet((3, 4)), None)
    opened.actions["fold"].trigger()
    asked = fold_dialog(qtbot)
    assert len(asked.found) > 1
    asked.list.setFocus()
    if by == "return":
        qtbot.keyClick(asked.list, Qt.Key.Key_Return)
    else:
        place = asked.list.visualItemRect(asked.list.item(0)).center()
        qtbot.mouseClick(asked.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(asked.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.session.history.count() == 1
    asked.reject()


def test_the_parts_that_save_most_stand_first(bench, qtbot) -> None:
    opened = bench()
    opened.session.load(resnet((3, 4, 6, 3)), None)
    opened.actions["fold"].trigger()
    asked = fold_dialog(qtbot)
    qtbot.waitUntil(lambda: bool(asked.found), timeout=10_000)
    gains = [candidate.gain for candidate in asked.found]
    assert len(set(gains)) > 1
    assert gains == sorted(gains, reverse=True)
    asked.reject()


def test_all_at_once(flat, qtbot) -> None:
    session, totals = flat.session, flat.session.analysis.totals
    flat.actions["fold"].trigger()
    asked = fold_dialog(qtbot)
    qtbot.mouseClick(asked.all, Qt.MouseButton.LeftButton)
    assert session.analysis.totals == totals
    assert sorted(str(n.repeat) for n in session.document.network.nodes.values() if n.repeat != 1)
    flat.actions["fold"].trigger()
    again = fold_dialog(qtbot)
    assert again.found == ()
    assert "Nothing repeats" in again.head.text()
    again.reject()


# Expanding in place

ALT = Qt.KeyboardModifier.AltModifier


def double_click(opened: Workbench, qtbot, key: str, *modifiers: Qt.KeyboardModifier) -> None:
    canvas = opened.canvas
    held = modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier
    place = canvas.mapFromScene(canvas.network.nodes[key].card.center())
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(canvas.viewport(), left, held, place)
    qtbot.mouseDClick(canvas.viewport(), left, held, place)


def test_alt_double_click_opens_a_call_in_its_place_and_the_others_make_room(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    canvas.fit_all()
    document, before = session.document, dict(canvas.network.places)
    double_click(opened, qtbot, "group_64", ALT)
    frame = canvas.expanding.opened["group_64"]
    assert session.trail == ()
    assert set(frame.places) == {"x", "conv_a", "conv_b", "add", "y"}
    lower = frame.pos().y() + frame.size[1]
    assert all(
        canvas.network.places[key][1] >= lower
        for key, place in before.items()
        if place[1] > before["group_64"][1]
    )
    assert session.document is document
    session.select(["group_64"])
    opened.actions["expand"].trigger()
    assert canvas.expanding.opened == {}
    assert canvas.network.places == before


def test_an_open_call_follows_edits_and_goes_with_its_call(bench, qtbot, press) -> None:
    opened = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    before = dict(canvas.network.places)
    canvas.expanding.toggle("group_128")
    frame = canvas.expanding.opened["group_128"]
    room = {key: place for key, place in canvas.network.places.items() if place != before[key]}
    session.select(["group_256"])
    canvas.setFocus()
    press(opened, Qt.Key.Key_Plus)
    assert {key: canvas.network.places[key] for key in room} == room
    session.select(["group_128"])
    press(opened, Qt.Key.Key_Plus)
    assert frame.copies == 4
    press(opened, Qt.Key.Key_Delete)
    assert canvas.expanding.opened == {}
    press(opened, Qt.Key.Key_Z, CONTROL)
    assert "group_128" in session.graph.nodes


def test_the_copy_is_chosen_in_the_frame_and_entered_from_it(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    canvas.expanding.toggle("group_64")
    frame = canvas.expanding.opened["group_64"]
    canvas.zoom_by(1 / canvas.zoom_level())
    canvas.centerOn(frame)
    left = Qt.MouseButton.LeftButton
    width, _height = frame.size
    after = canvas.mapFromScene(frame.pos() + QPointF(width / 2 - 48, 18))
    assert frame.button_at(QPointF(width / 2 - 48, 18)) == "after"
    qtbot.mouseClick(canvas.viewport(), left, pos=after)
    assert frame.copy == 2
    middle = canvas.mapFromScene(frame.pos() + QPointF(0, frame.size[1] / 2))
    qtbot.mouseDClick(canvas.viewport(), left, pos=middle)
    assert session.trail == (("group_64", 2),)
    assert canvas.expanding.opened == {}


# The copy that one looks at


def test_the_breadcrumb_chooses_the_copy_and_says_its_shapes(bench, qtbot) -> None:
    opened = bench("resnet50")
    session, crumbs = opened.session, opened.breadcrumb
    stage = next(n.id for n in session.graph.nodes.values() if n.type == "stage")
    session.enter(stage)
    assert crumbs.copies == {}
    inner = next(n.id for n in session.graph.nodes.values() if n.repeat != 1)
    session.enter(inner)
    (box,) = crumbs.copies.values()
    assert (box.value(), box.maximum()) == (1, 2)
    assert crumbs.shapes.text() == "56×56×256"
    chosen = next(iter(session.graph.nodes))
    session.select([chosen])
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert session.trail[-1] == (inner, 2)
    assert session.prefix.endswith(f"{inner}#2/")
    assert session.selection == {chosen}
    assert [text for text, _trail in crumbs.steps()][-1] == f"{inner} #2"
    session.leave()
    assert crumbs.copies == {}


def test_the_inspector_gives_a_call_its_own_block(bench, qtbot) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    session.select(["group_64"])
    page = opened.inspector.call_page
    assert page.own.isVisible()
    qtbot.mouseClick(page.own, Qt.MouseButton.LeftButton)
    assert session.graph.nodes["group_64"].type == "residual_block_2"
    assert not page.own.isVisible()
    assert opened.canvas.hasFocus()
    session.history.undo()
    assert page.own.isVisible()


def test_one_copy_of_a_loop_gets_its_own_block(bench, press) -> None:
    opened = bench("resnet34-notebook")
    session = opened.session
    before, totals = session.document, session.analysis.totals
    session.enter("group_128", 2)
    opened.actions["own-block"].trigger()
    assert session.scope == "residual_block_own"
    network = list(session.document.network.nodes.values())
    names = [node.id for node in network]
    group = network[names.index("double_to_128") + 1 : names.index("double_to_256")]
    types = [(node.type, node.repeat) for node in group]
    assert types == [("residual_block", 1), ("residual_block_own", 1), ("residual_block", 1)]
    assert session.analysis.totals == totals
    opened.canvas.setFocus()
    press(opened, Qt.Key.Key_Z, CONTROL)
    assert session.document is before


def test_a_card_says_what_a_call_makes_of_what_it_is_given(bench) -> None:
    nodes = bench("resnet34-notebook").canvas.network.nodes
    assert nodes["double_to_128"].look.flow == "56×56×64 → 14×14×128"
    assert nodes["group_64"].look.flow == "56×56×64"
    assert nodes["image"].look.flow == ""
    inside = nodes["group_64"].look.inside
    assert [name for name, _cell in inside.boxes] == ["convolution", "convolution", "merging"]
    assert len(inside.arcs) == 1
    assert nodes["group_128"].look.inside is inside
    mismatch = bench("doubling-mismatch").canvas.network.nodes
    assert mismatch["group_128"].look.flow == "56×56×64 → ?"
