"""What is painted from afar, and on the minimap, after edits for which cards make room."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from resnet_studio.core.document import Document, Node
from resnet_studio.gui.canvas.batches import Gatherer
from resnet_studio.gui.canvas.splicing import spliced
from resnet_studio.gui.canvas.stage_bands import StageBands
from resnet_studio.gui.workbench import Workbench
from tests.gui.canvas.test_large import content


def splice(opened: Workbench) -> None:
    canvas, node = opened.canvas, Node("spliced", "ReLU")
    wire = opened.session.graph.edges[3]
    look = canvas.network.nodes["classifier"].look
    opened.session.apply("Splice", spliced(canvas, wire, node, look))


def ungroup(opened: Workbench) -> None:
    opened.session.select(["group_128"])
    opened.actions["ungroup"].trigger()


def lay_out(opened: Workbench) -> None:
    before = opened.session.history.count()
    places = opened.canvas.network.places
    opened.canvas.editing.place({"classifier": (places["classifier"][0] + 960, 96.0)})
    opened.canvas.lay_out()
    while opened.session.history.count() < before + 2:
        QTest.qWait(5)


def undo(opened: Workbench) -> None:
    splice(opened)
    opened.session.history.undo()


def fold(opened: Workbench) -> None:
    from resnet_studio.core.fold import fold_all
    from resnet_studio.gui.fold_dialog import laid_out

    ungroup(opened)
    flat = opened.canvas.pinned()
    opened.session.apply("Fold", laid_out(fold_all(flat), flat), select=())


def spoil(opened: Workbench) -> None:
    """A card changes, and a merge elsewhere is at fault."""
    from resnet_studio.core import edits

    opened.session.enter("group_128")
    document, scope = opened.session.document, opened.session.scope
    opened.session.apply("", edits.set_argument(document, scope, "conv_b", "filters", 7))


def preview(opened: Workbench) -> None:
    opened.canvas.expanding.toggle("group_64")
    opened.canvas.expanding.toggle("group_64")


EDITS = [splice, ungroup, lay_out, undo, fold, spoil, preview]


@pytest.mark.parametrize("motion", [True, False])
@pytest.mark.parametrize("edit", EDITS)
def test_what_is_kept_is_what_would_be_gathered_afresh(
    bench, qtbot, edit: Callable[[Workbench], None], motion: bool
) -> None:
    opened = bench("resnet34-notebook")
    opened.canvas.motion.wanted = motion
    opened.canvas.zoom_by(0.1)
    settle(opened.canvas)
    edit(opened)
    qtbot.waitUntil(lambda: not opened.canvas.motion.under_way)
    assert_as_afresh(opened.canvas)


def test_a_card_put_back_is_painted_with_the_others(hand, residual) -> None:
    it = hand(residual)
    settle(it.canvas)
    middle = it.canvas.network.nodes["b"].card.center()
    it.press("b")
    it.move(middle + QPointF(120, 30))
    it.key(Qt.Key.Key_Escape)
    assert_as_afresh(it.canvas)


def test_cards_on_their_way_are_on_the_minimap(bench, qtbot) -> None:
    opened: Workbench = bench("resnet34-notebook")
    canvas, session = opened.canvas, opened.session
    canvas.motion.wanted = True
    settle(canvas)
    canvas.editing.place({"classifier": (960.0, 96.0)})
    settle(canvas)
    assert canvas.motion.under_way
    assert cards_shown(canvas) == len(session.graph.nodes)
    qtbot.waitUntil(lambda: not canvas.motion.under_way)
    settle(canvas)
    assert cards_shown(canvas) == len(session.graph.nodes)


def cards_shown(canvas) -> int:
    return sum(len(found) for batch in canvas.far.batches() for found in batch.cards.values())


def settle(canvas) -> None:
    while not canvas.far._whole.work():
        pass
    while not canvas.far._stages.work():
        pass


def assert_as_afresh(canvas) -> None:
    settle(canvas)
    drawing = canvas.network.drawing
    (kept,) = canvas.far.batches()
    assert content(kept) == content(Gatherer(drawing).batch(drawing.graph.nodes))
    afresh = StageBands(drawing)
    while not afresh.work():
        pass
    assert canvas.far.bands() == [band.areas for band in afresh.bands]


def test_where_a_fault_comes_the_wires_show_it_from_afar(hand, residual: Document) -> None:
    from resnet_studio.core import edits

    it = hand(residual)
    settle(it.canvas)
    session = it.session
    session.apply("", edits.set_argument(session.document, "", "b", "filters", 7))
    assert_as_afresh(it.canvas)
    assert it.canvas.far.batches()[0].faulty
