"""The problems list: what it says, where it leads, how it mends."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.edits import add_nodes, connect, remove_nodes
from resnet_studio.gui.problems import MOST_SHOWN
from resnet_studio.gui.repairs import RepairButton
from resnet_studio.gui.session import Edit


def repairs(card) -> list[RepairButton]:
    return card.findChildren(RepairButton)


def chosen(workbench, qtbot):
    """The first card, chosen with the mouse, its repairs worked out."""
    workbench.docks.reveal("problems")
    card = workbench.problems.cards[0]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(repairs(card)), timeout=5000)
    return card


def test_no_problems_is_said(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("problems")
    assert workbench.problems.cards == []
    assert workbench.problems._empty.isVisible()
    assert workbench.health.text() == "No problems"


def test_an_empty_network_is_no_problem_yet(bench) -> None:
    workbench = bench()
    assert workbench.problems.cards == []
    assert workbench.health.text() == "No problems"


def test_what_is_only_not_wired_yet_is_no_error_in_the_status_bar(bench) -> None:
    workbench = bench("residual-block")
    workbench.add("Conv2D")
    assert workbench.health.text() == "1 node without input"
    workbench.add("Dense")
    assert workbench.health.text() == "2 nodes without input"
    assert bench("doubling-mismatch").health.text() == "1 error"


def told_about(workbench, key: str) -> tuple[str, str, str, str]:
    """What the status bar, the inspector, the code and the totals make of a node."""
    workbench.session.select([key])
    workbench.code_view.write_now()
    return (
        workbench.health.text(),
        workbench.inspector.node_page.header.problem.property("kind"),
        workbench.code_view.banner.property("kind"),
        workbench.totals.params._caption.toolTip(),
    )


def test_what_merely_waits_is_calm_everywhere(bench) -> None:
    workbench = bench("residual-block")
    workbench.add("Subtract")
    tip = "Without “subtract”, which has no input yet, and what lies behind it."
    assert told_about(workbench, "subtract") == ("1 node without input", "note", "note", tip)


def test_a_merge_that_is_wired_by_half_is_an_error_everywhere(bench) -> None:
    workbench = bench("residual-block")
    session = workbench.session
    source = next(node.id for node in session.graph.nodes.values() if node.type == "Input")
    document = add_nodes(session.document, "", [Node("half", "Subtract")])
    session.apply("Wire", connect(document, "", source, "half", 0))
    bar, inspector, code, tip = told_about(workbench, "half")
    assert (bar, inspector, code) == ("1 error", "error", "warning")
    assert tip.startswith("What lies behind an error")


def test_a_node_of_a_block_that_is_called_often_waits_once(bench) -> None:
    workbench = bench("resnet34-notebook")
    session = workbench.session
    loose = add_nodes(session.document, "residual_block", [Node("loose", "ReLU")])
    session.apply("Add", loose)
    assert workbench.health.text() == "1 node without input"
    workbench.code_view.write_now()
    told = workbench.code_view.banner.text.text()
    assert told == "Without “group_64#1/loose”, which has no input yet."
    assert "“group_64#1/loose”" in workbench.totals.params._caption.toolTip()


def test_the_mismatch_of_the_document_is_told_and_found(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    first = workbench.session.analysis.diagnostics[0]
    assert first.code == "shortcut-mismatch"
    card = chosen(workbench, qtbot)
    assert "cannot be broadcast" in card.message.text()
    *trail, node = first.node.split("/")
    assert workbench.session.selection == {node}
    assert len(workbench.session.trail) == len(trail)
    assert "Problems (" in workbench.docks.by_name["problems"].windowTitle()


def test_repairs_are_worked_out_only_when_asked_for(bench, qtbot) -> None:
    workbench = bench("residual-block")
    for type_name in ("Conv2D", "Add"):
        workbench.add(type_name)
    assert all(d._fixes is None for d in workbench.session.analysis.diagnostics)
    workbench = bench("doubling-mismatch")
    card = chosen(workbench, qtbot)
    assert len(repairs(card)) >= 3
    assert all("parameters" in button.accessibleName() for button in repairs(card))


def test_a_repair_is_one_undo_step_and_does_what_it_says(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    session = workbench.session
    broken = session.document
    button = repairs(chosen(workbench, qtbot))[0]
    fix = button.fix
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.document is fix.document
    assert session.history.count() == 1
    assert session.history.undoText() == fix.title
    session.history.undo()
    assert session.document is broken
    assert workbench.problems.cards


def test_a_repair_under_the_pointer_shows_as_a_ghost(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    card = chosen(workbench, qtbot)
    button = repairs(card)[0]
    with qtbot.waitSignal(workbench.problems.ghost) as shown:
        button.setFocus()
    assert shown.args == [button.fix]
    with qtbot.waitSignal(workbench.problems.ghost) as gone:
        card.setFocus()
    assert gone.args == [None]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_makes_the_repair_that_has_the_focus(bench, qtbot, key) -> None:
    workbench = bench("doubling-mismatch")
    card = chosen(workbench, qtbot)
    button = repairs(card)[1]
    button.setFocus()
    qtbot.keyClick(button, key)
    assert workbench.session.history.undoText() == button.fix.title
    assert workbench.session.analysis.ok


def test_the_next_problem_goes_round(bench, qtbot) -> None:
    workbench = bench()
    for _ in range(2):
        workbench.add("Conv2D")
    cards = workbench.problems.cards
    assert len(cards) == 2
    for expected in (0, 1, 0):
        workbench.next_problem()
        assert [card.chosen for card in cards] == [at == expected for at in (0, 1)]


@pytest.fixture
def many(bench):
    """A window on 230 convolutions without filters, all of them problems."""
    nodes = {"image": Node("image", "Input", {"shape": [8, 8, 3]}, position=(0, 0))}
    wrong = {"filters": 0, "kernel_size": 3}
    for k in range(230):
        place = 300 * (k % 20), 120 + 120 * (k // 20)
        nodes[f"conv_{k}"] = Node(f"conv_{k}", "Conv2D", wrong, position=place)
    wires = tuple(Edge("image", key) for key in nodes if key != "image")
    workbench = bench()
    workbench.session.load(Document(network=Graph(nodes, wires)), None)
    workbench.docks.reveal("problems")
    return workbench


def marked(workbench) -> list[str]:
    return [card.diagnostic.node for card in workbench.problems.cards if card.chosen]


def test_the_next_problem_goes_through_all_of_them_and_round(many) -> None:
    found = [diagnostic.node for diagnostic in many.session.analysis.diagnostics]
    assert len(found) > 2 * MOST_SHOWN
    many.session.select(["image"])
    for card in many.problems.cards:
        card.choose(chosen=False)
    gone_to = []
    for _ in range(len(found) + 1):
        many.next_problem()
        gone_to += marked(many)
        assert many.session.selection == {gone_to[-1]}
    assert gone_to == [*found, found[0]]
    assert len(many.problems.cards) == MOST_SHOWN


def test_what_is_before_and_behind_the_problems_that_are_listed_is_counted(many) -> None:
    found = [diagnostic.node for diagnostic in many.session.analysis.diagnostics]
    last = found[-1]
    many.session.select([last])
    assert marked(many) == [last]
    assert many.problems.before.text() == "200 problems before these"
    assert many.problems.before.isVisible()
    assert not many.problems.behind.isVisible()
    many.session.select([found[120]])
    assert many.problems.before.text() == "100 problems before these"
    behind = len(found) - 200
    assert many.problems.behind.text() == f"and {behind} problems more"
    assert many.problems.behind.isVisible()


def test_the_page_of_problems_follows_what_is_mended(many) -> None:
    session = many.session
    found = [diagnostic.node for diagnostic in session.analysis.diagnostics]
    session.select([found[210]])
    session.apply("Remove", remove_nodes(session.document, "", found[:50]))
    assert marked(many) == [found[210]]
    session.apply("Remove", remove_nodes(session.document, "", found[50:200]))
    assert marked(many) == [found[210]]
    assert [card.diagnostic.node for card in many.problems.cards] == [
        d.node for d in session.analysis.diagnostics
    ]
    assert not many.problems.before.isVisible()
    session.history.undo()
    session.history.undo()
    session.select([found[5]])
    assert marked(many) == [found[5]]


def test_selecting_a_faulty_node_unfolds_its_card(bench, qtbot) -> None:
    workbench = bench()
    workbench.add("Conv2D")
    workbench.add("Dense")
    workbench.session.select(["dense"])
    marked = [card.diagnostic.node for card in workbench.problems.cards if card.chosen]
    assert marked == ["dense"]


def test_export_and_verify_open_the_problem_instead(bench) -> None:
    workbench = bench("doubling-mismatch")
    workbench.export()
    assert "cannot be exported while it has errors" in workbench.message_bar.text.text()
    workbench.verify()
    assert "cannot be verified while it has errors" in workbench.message_bar.text.text()


def test_opening_a_document_with_errors_shows_the_first_and_its_repairs(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    card = workbench.problems.cards[0]
    qtbot.waitUntil(lambda: len(repairs(card)) >= 3, timeout=5000)
    qtbot.wait(50)
    assert workbench.problems.isVisible()
    assert card.chosen
    assert workbench.session.trail == ()
    assert workbench.session.selection == {"group_128"}


def test_all_repairs_are_in_view_without_scrolling(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    card = workbench.problems.cards[0]
    qtbot.waitUntil(lambda: len(repairs(card)) == 5, timeout=5000)
    qtbot.wait(50)
    for button in repairs(card):
        assert button.visibleRegion().boundingRect() == button.rect(), button.fix.title
        assert button.height() == 25


def test_a_row_of_a_repair_tells_its_cost_and_all_of_its_title(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    buttons = {b.fix.id: b for b in repairs(chosen(workbench, qtbot))}
    costs = {key: [cost.text() for cost in b.costs] for key, b in buttons.items()}
    assert costs["projection"] == ["+8,320", "+25.7 M"]
    assert costs["pool-and-pad"] == ["±0", "±0"]
    good = [cost.property("good") for cost in buttons["conv-block"].costs]
    assert good == ["false", "true"]
    long, short = buttons["projection"], buttons["concatenate"]
    assert long.fix.title == "Projection (1×1, 128 filters) before “add”"
    assert not long.title.elided
    assert not short.title.elided
    assert short.toolTip() == ""
    said = [b.accessibleName() for b in buttons.values()]
    assert ["recommended" in name for name in said] == [True, False, False, False, False]
    assert long.accessibleName().startswith(long.fix.title)
    assert "+25.7 M MACs" in long.accessibleName()


def test_the_inspector_of_a_call_leads_to_the_repairs_inside_it(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    header = workbench.inspector.call_page.header
    assert header.problem.text.text().startswith("group_128#1/add: 56×56×64 and 56×56×128")
    workbench.docks.reveal("code")
    qtbot.waitUntil(lambda: workbench.problems.visibleRegion().isEmpty())
    qtbot.mouseClick(header.repairs, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not workbench.problems.visibleRegion().isEmpty())
    assert workbench.problems.cards[0].chosen
    assert workbench.session.trail == ()
    assert workbench.session.selection == {"group_128"}
    workbench.session.select(["group_64"])
    assert not header.problem.isVisible()
    assert not header.repairs.isVisible()


def test_a_repair_of_the_network_is_previewed_there_and_back(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    card = chosen(workbench, qtbot)
    session, button = workbench.session, repairs(card)[0]
    assert session.trail == (("group_128", 1),)
    button.setFocus()
    assert session.trail == ()
    assert set(button.fix.document.network.nodes) > set(session.document.network.nodes)
    card.setFocus()
    assert session.trail == (("group_128", 1),)
    assert session.selection == {"add"}


def test_a_press_into_the_canvas_meets_what_the_preview_shows_there(bench, qtbot) -> None:
    from tests.core.test_fix_all import branches

    workbench = bench()
    workbench.session.load(branches(1), None)
    canvas, card = workbench.canvas, chosen(workbench, qtbot)
    button = repairs(card)[0]
    canvas.centerOn(-4000, 3000)
    before = canvas.mapToScene(QPoint(0, 0))
    button.setFocus()
    shown = canvas.mapToScene(QPoint(0, 0))
    assert shown != before, "the preview was out of sight"
    card.setFocus()
    assert canvas.mapToScene(QPoint(0, 0)) == before
    button.setFocus()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert canvas.preview.ghost is None
    assert canvas.mapToScene(QPoint(0, 0)) == shown


@pytest.mark.parametrize("way", ["undo", "new"])
def test_a_preview_does_not_lead_back_into_a_document_that_is_gone(bench, qtbot, way) -> None:
    workbench = bench("doubling-mismatch")
    session, faulty = workbench.session, workbench.session.document
    session.load(Document(), None)
    session.apply("Paste", faulty)
    card = chosen(workbench, qtbot)
    repairs(card)[0].setFocus()
    assert session.trail == (), "the repair is seen around the block"
    if way == "undo":
        session.history.undo()
    else:
        session.load(Document(), None)
    workbench.problems.preview(None)
    assert session.trail == ()
    assert workbench.problems._came_from is None


def test_all_problems_alike_are_mended_at_once(bench, qtbot) -> None:
    from tests.core.test_fix_all import branches

    workbench = bench()
    workbench.session.load(branches(2), None)
    card = workbench.problems.cards[0]
    workbench.problems.show_first()
    qtbot.waitUntil(lambda: any(b.fix.id.endswith("-everywhere") for b in card.repairs.buttons))
    button = card.repairs.buttons[-1]
    assert "and the same at one more place" in button.title.whole
    button.click()
    assert workbench.session.analysis.ok
    assert workbench.session.history.count() == 1


def test_the_repairs_of_the_documents_mismatch_are_in_sight_in_a_small_window(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch", size=(1280, 720))
    card = chosen(workbench, qtbot)
    qtbot.waitUntil(lambda: len(repairs(card)) >= 5)
    view = workbench.problems._area.viewport()

    def in_sight() -> bool:
        return all(
            view.rect().contains(button.rect().translated(button.mapTo(view, QPoint(0, 0))))
            for button in repairs(card)[:5]
        )

    qtbot.waitUntil(in_sight)


def test_a_repair_that_is_undone_is_offered_again(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    button = repairs(chosen(workbench, qtbot))[0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not workbench.problems.cards
    workbench.session.history.undo()
    card = workbench.problems.cards[0]
    qtbot.waitUntil(lambda: card.chosen and len(repairs(card)) >= 3, timeout=5000)


def test_where_names_are_cut_both_their_ends_are_left(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch", size=(1280, 720))
    buttons = repairs(chosen(workbench, qtbot))
    shown = [button.title.text() for button in buttons]
    assert len(set(shown)) == len(shown)
    button = buttons[0]
    button.title.resize(120, button.title.height())
    start, _, end = button.title.text().partition("…")
    assert len(start) > 3
    assert len(end) > 3
    assert button.fix.title.startswith(start)
    assert button.fix.title.endswith(end)


def test_the_whole_name_covers_no_row(bench, qtbot, monkeypatch) -> None:
    told: list[tuple[QPoint, str]] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, _widget: told.append((at, text)))
    workbench = bench("doubling-mismatch")
    button = repairs(chosen(workbench, qtbot))[2]
    button.title.resize(60, button.title.height())
    assert button.toolTip() == button.fix.title
    at = button.rect().center()
    QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, at, button.mapToGlobal(at)))
    first = repairs(workbench.problems.cards[0])[0]
    ((place, text),) = told
    assert text == button.fix.title
    # Qt puts a tooltip some 20 pixels below its point.
    assert place.y() + 20 + QToolTip.font().pointSize() < first.mapToGlobal(QPoint(0, 0)).y()


def test_messages_are_worked_out_while_they_can_be_seen(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch")
    workbench.docks.reveal("tables")
    session = workbench.session
    qtbot.waitUntil(lambda: workbench.problems.visibleRegion().isEmpty())
    first = session.analysis.diagnostics[0]
    session.history.push(Edit(session, "Rename", replace(session.document, name="other"), None))
    again = session.analysis.diagnostics[0]
    assert again is not first
    assert again._message is None
    workbench.docks.reveal("problems")
    assert workbench.problems.cards[0].diagnostic is again
    assert "cannot be broadcast" in workbench.problems.cards[0].message.text()


def test_the_next_problem_stands_comfortably_in_sight(bench, qtbot, monkeypatch) -> None:
    workbench = bench("doubling-mismatch", size=(1280, 720))
    canvas = workbench.canvas
    monkeypatch.setattr(canvas, "underMouse", lambda: True)
    canvas.setFocus()
    workbench.actions["next-problem"].trigger()
    qtbot.wait(50)
    (key,) = workbench.session.selection
    painted = canvas.mapFromScene(canvas.network.nodes[key].card).boundingRect()
    assert workbench.session.trail
    room = min(96, (canvas.viewport().height() - painted.height()) // 4) - 2
    assert canvas.viewport().rect().contains(painted.adjusted(-room, -room, room, room))


def test_a_card_is_scrolled_to_so_that_its_title_shows(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch", size=(1280, 720))
    workbench.docks.by_name["problems"].setMaximumHeight(110)
    card = chosen(workbench, qtbot)
    qtbot.wait(50)
    area = workbench.problems._area
    assert card.height() > area.viewport().height()
    at = card.mapTo(area.viewport(), QPoint(0, 0)).y()
    assert 0 <= at < 20


def test_titles_of_repairs_can_be_read_in_a_small_window(bench, qtbot) -> None:
    workbench = bench("doubling-mismatch", size=(1280, 720))
    buttons = repairs(chosen(workbench, qtbot))
    qtbot.waitUntil(lambda: all(button.title.width() > 200 for button in buttons))
    shown = [button.title.text() for button in buttons]
    assert not [text for text in shown if "…" in text]
    assert shown[0] == "Convolutional block before “group_128”"
    assert buttons[0].toolTip() == buttons[0].fix.title
    for button in buttons:
        for cost in button.costs:
            assert cost.fontMetrics().horizontalAdvance("+999,999") <= cost.width()
