"""Search-to-add: opened at the pointer, from a selection, from a wire; ranked, tried, added."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Edge
from resnet_studio.formats import native, templates
from resnet_studio.gui.canvas.search.rows import CANDIDATE

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ENTER, DOWN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


def rows(it) -> list:
    items = it.canvas.adding.popup.list
    return [items.item(i).data(CANDIDATE) for i in range(items.count())]


def type_in(it, text: str, *keys) -> None:
    QTest.keyClicks(it.canvas.adding.popup.field, text)
    for key in keys:
        # Whoever goes on has another line before them.
        field = it.canvas.adding.popup.field
        QTest.keyClick(field, *key) if isinstance(key, tuple) else QTest.keyClick(field, key)


def double_click(it, place: QPointF) -> None:
    it.click(place)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(it.canvas.viewport(), left, none, it.at(place))
    # QTest holds the button until it is told otherwise, through all tests that follow.
    it.release(place)


def test_a_double_click_on_the_sheet_adds_at_the_pointer(hand, residual):
    it = hand(residual)
    double_click(it, QPointF(420, 320))
    type_in(it, "c2d", ENTER)
    assert it.session.graph.nodes["conv2d"].type == "Conv2D"
    card = it.canvas.network.nodes["conv2d"].card
    assert (card.center() - QPointF(420, 320)).manhattanLength() < 10
    assert it.session.selection == {"conv2d"}
    assert it.session.history.undoText() == "Add “conv2d”"
    assert not it.canvas.adding.open
    assert it.canvas.window().focusWidget() is it.canvas
    it.session.history.undo()
    assert it.session.document is residual


def test_a_double_click_on_a_card_asks_nothing(hand, residual):
    it = hand(residual)
    double_click(it, it.canvas.network.nodes["a"].card.center())
    assert not it.canvas.adding.open


def test_tab_without_a_selection_and_shift_a_always(hand, residual):
    it = hand(residual)
    it.key(Qt.Key.Key_Tab)
    assert it.canvas.adding.open
    type_in(it, "", ESCAPE)
    assert not it.canvas.adding.open
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    assert it.canvas.adding.open
    assert it.canvas.adding.popup.field.placeholderText() == "What follows “b”?"


def test_what_is_added_follows_the_selection(hand, residual):
    it = hand(residual)
    it.session.select(["add"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "bn", ENTER)
    assert ("add", "batch_normalization", 0) in it.wires
    places = it.canvas.network.places
    assert places["batch_normalization"][1] > places["add"][1]
    assert it.session.graph.nodes["batch_normalization"].position is not None


def test_one_goes_on_adding_with_control(hand):
    it = hand(Document())
    it.key(Qt.Key.Key_Tab)
    assert rows(it)[0].name == "Input", "an empty network begins with one"
    type_in(it, "input 56x56x3", (ENTER, CONTROL))
    assert it.canvas.adding.open
    type_in(it, "conv 64 7 /2 relu", (ENTER, CONTROL))
    type_in(it, "maxpool 3 /2", (ENTER, CONTROL))
    type_in(it, "gap", (ENTER, CONTROL))
    type_in(it, "dense 10 softmax", ENTER)
    nodes = list(it.session.graph.nodes.values())
    assert [n.type for n in nodes] == [
        "Input", "Conv2D", "MaxPooling2D", "GlobalAveragePooling2D", "Dense",
    ]  # fmt: skip
    assert nodes[1].config == {
        "filters": 64, "kernel_size": [7, 7], "strides": [2, 2],
        "padding": "same", "activation": "relu",
    }  # fmt: skip
    analysis = analyse(it.session.document)
    assert analysis.ok
    assert len(it.wires) == 4
    cards = [it.canvas.network.nodes[n.id].card for n in nodes]
    assert not any(a.intersects(b) for i, a in enumerate(cards) for b in cards[:i])


def test_what_would_be_refused_is_last_and_says_why(hand, residual):
    flat = edits.add_nodes(
        residual, NETWORK, [edits.Node("pool", "GlobalAveragePooling2D")], [Edge("add", "pool")]
    )
    it = hand(flat)
    it.session.select(["pool"])
    it.key(Qt.Key.Key_A, SHIFT)
    found = rows(it)
    assert found[0].fits
    order = [c.fits for c in found]
    assert order == sorted(order, reverse=True)
    conv = next(c for c in found if c.name == "Conv2D")
    assert "height×width×channels" in conv.fit.why
    type_in(it, "conv2d")
    assert "height×width×channels" in it.canvas.adding.popup.note.text()


def test_the_rows_tell_the_shape_that_comes_out(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "conv 128 3 /2")
    assert rows(it)[0].fit.outcome.output == (None, 28, 28, 128)


def test_a_word_that_says_nothing_is_told_and_nothing_is_added(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "add 64")
    add = next(c for c in rows(it) if c.name == "Add")
    assert add.fit.why == "Add has no argument left for “64”"


def test_of_two_selected_a_merge_takes_both(hand, residual):
    it = hand(residual)
    it.session.select(["a", "spare"])
    it.key(Qt.Key.Key_A, SHIFT)
    assert rows(it)[0].name == "Add"
    dense = next(c for c in rows(it) if c.name == "Dense")
    assert dense.fit.why == "it takes one tensor, and 2 are offered"
    type_in(it, "concat", ENTER)
    assert {("a", "concatenate", 0), ("spare", "concatenate", 1)} <= it.wires


def test_shift_and_enter_insert_before_what_follows(hand, residual):
    it = hand(residual)
    it.session.select(["a"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "bn", (ENTER, SHIFT))
    assert {("a", "batch_normalization", 0), ("batch_normalization", "b", 0)} <= it.wires
    assert ("a", "b", 0) not in it.wires
    cards = {k: v.card for k, v in it.canvas.network.nodes.items()}
    assert not cards["batch_normalization"].intersects(cards["b"]), "the neighbours made room"
    assert it.session.history.count() == 1


def test_arrows_choose_and_clicks_do_too(hand, residual):
    it = hand(residual)
    it.key(Qt.Key.Key_Tab)
    second = rows(it)[1].name
    type_in(it, "", DOWN, ENTER)
    assert it.session.graph.nodes[next(iter(it.session.selection))].type == second
    it.canvas.adding.at(QPointF(500, 40))
    items = it.canvas.adding.popup.list
    wanted = rows(it)[3].name
    middle = items.visualItemRect(items.item(3)).center()
    QTest.mouseClick(
        items.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle
    )
    assert it.session.graph.nodes[next(iter(it.session.selection))].type == wanted


def test_a_press_on_the_sheet_ends_the_search(hand, residual):
    it = hand(residual)
    it.key(Qt.Key.Key_Tab)
    it.click(QPointF(-60, 330))
    assert not it.canvas.adding.open
    assert it.session.document is residual


def test_what_was_added_before_comes_first_next_time(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    names = [c.name for c in rows(it)]
    assert names.index("LayerNormalization") > 3
    type_in(it, "", ESCAPE)
    for _ in range(3):
        it.session.select(["b"])
        it.key(Qt.Key.Key_A, SHIFT)
        type_in(it, "layernorm", ENTER)
    again = hand(residual)
    again.session.select(["b"])
    again.key(Qt.Key.Key_A, SHIFT)
    assert rows(again)[0].name == "LayerNormalization", "after a Conv2D, remembered"


def test_a_wire_let_go_on_the_sheet_is_connected_to_what_is_chosen(hand, residual):
    it = hand(residual)
    it.drag(it.output("spare"), QPointF(420, 320))
    type_in(it, "maxpool", ENTER)
    assert ("spare", "max_pooling2d", 0) in it.wires
    port = it.input("max_pooling2d")
    assert (port - QPointF(420, 320)).manhattanLength() < 10, "the port is where the wire ended"
    assert not it.canvas._overlays


def test_backwards_the_wire_asks_what_feeds_it(hand, residual):
    it = hand(residual)
    it.drag(it.input("spare"), QPointF(420, 40))
    assert it.canvas.adding.popup.field.placeholderText() == "What feeds “spare”?"
    assert rows(it)[0].name == "Input"
    type_in(it, "relu", ENTER)
    assert ("re_lu", "spare", 0) in it.wires


def test_escape_lets_the_wire_go(hand, residual):
    it = hand(residual)
    it.drag(it.output("spare"), QPointF(420, 320))
    type_in(it, "", ESCAPE)
    assert not it.canvas._overlays
    assert it.session.document is residual


def test_inside_a_block_its_own_calls_are_not_offered(hand, with_block):
    it = hand(with_block)
    it.session.enter("call")
    it.key(Qt.Key.Key_Tab)
    names = [c.name for c in rows(it)]
    assert "stage" not in names
    assert "BlockInput" in names


@pytest.mark.parametrize("typed", ["stage 32 x3", "st 32 x3"])
def test_a_block_is_called_with_its_arguments(hand, with_block, typed):
    it = hand(with_block)
    it.session.select(["call"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, typed, ENTER)
    node = it.session.graph.nodes["stage"]
    assert (node.config, node.repeat) == ({"n": 32}, 3)
    assert ("call", "stage", 0) in it.wires


def test_the_notebooks_resnet34_is_built_in_twelve_lines(hand):
    """Each line is typed and sent with one key; the whole network stands, connected, laid out."""
    it = hand(Document())
    it.key(Qt.Key.Key_Tab)
    lines = (
        "in 224x224x3", "conv 64 7 /2 relu", "maxp 3 /2 same", "res 64 x2",
        "conv_ 128", "res 128 x3", "conv_ 256", "res 256 x5", "conv_ 512", "res 512",
        "gap", "dense 1000 softmax",
    )  # fmt: skip
    for line in lines[:-1]:
        type_in(it, line, (ENTER, CONTROL))
    type_in(it, lines[-1], ENTER)
    assert it.session.analysis.ok
    assert it.session.analysis.totals.params == 16_822_760
    assert list(it.session.document.blocks) == ["residual_block", "conv_block"]
    cards = [it.canvas.network.nodes[key].card for key in it.session.graph.nodes]
    assert not any(a.intersects(b) for i, a in enumerate(cards) for b in cards[:i])
    assert 1 + 2 * len(lines) == 25, "actions: a key to begin, then a line and a key each"
    assert sum(map(len, lines)) + 1 + len(lines) < 180, "strokes of single keys"


def test_the_notebooks_resnet34_is_built_in_21_keys(hand):
    """Every key pressed counts, two for Ctrl+Enter; nothing else is done.

    ====  ===============  =====================================  ==========
    keys  pressed          adds                                   gives
    ====  ===============  =====================================  ==========
    1     Tab              (asks what to add)
    2     Ctrl+Enter       Input 224×224×3                        224×224×3
    1     Enter            Conv2D 7×7, 64, /2, relu               112×112×64
    1     Enter            MaxPooling2D 3×3, /2                   56×56×64
    3     x 2 Enter        residual_block(n_filters=64) × 2       56×56×64
    1     Enter            conv_block(n_filters=128)              14×14×128
    3     x 3 Enter        residual_block(n_filters=128) × 3      14×14×128
    1     Enter            conv_block(n_filters=256)              4×4×256
    3     x 5 Enter        residual_block(n_filters=256) × 5      4×4×256
    1     Enter            conv_block(n_filters=512)              1×1×512
    1     Enter            residual_block(n_filters=512)          1×1×512
    1     Enter            GlobalAveragePooling2D                 512
    1     Enter            Dense 1000, softmax                    1000
    1     Escape           (ends)
    ====  ===============  =====================================  ==========
    """
    it = hand(Document())
    pressed = 0

    def press(*keys) -> None:
        nonlocal pressed
        for key in keys:
            pressed += 2 if isinstance(key, tuple) else 1
        for key in keys:
            type_in(it, key) if isinstance(key, str) else type_in(it, "", key)

    it.key(Qt.Key.Key_Tab)
    pressed += 1
    press((ENTER, CONTROL))
    for typed in ("", "", "x2", "", "x3", "", "x5", "", "", "", ""):
        press(*typed, ENTER)
        assert it.canvas.adding.open, "one goes on until Escape"
    press(ESCAPE)
    assert not it.canvas.adding.open
    notebook = native.load(templates.path("resnet34-notebook")).document
    assert it.session.analysis.ok
    assert it.session.analysis.totals.params == 16_822_760
    built = [(n.type, n.config, n.repeat) for n in it.session.graph.nodes.values()]
    assert built == [(n.type, n.config, n.repeat) for n in notebook.network.nodes.values()]
    assert len(it.wires) == 11
    assert it.session.history.count() == 12, "each node is one step to undo"
    last = it.canvas.network.nodes["dense"].card
    seen = it.canvas.mapToScene(it.canvas.viewport().rect()).boundingRect()
    assert seen.contains(last), "the view follows"
    assert pressed == 21


def test_a_double_click_on_a_wire_inserts_there(hand, residual):
    it = hand(residual)
    double_click(it, QPointF(104, 185))
    assert it.canvas.adding.popup.field.placeholderText() == "What goes between “a” and “b”?"
    type_in(it, "bn", ENTER)
    assert {("a", "batch_normalization", 0), ("batch_normalization", "b", 0)} <= it.wires
    assert ("a", "b", 0) not in it.wires
    cards = {k: v.card for k, v in it.canvas.network.nodes.items()}
    assert not cards["batch_normalization"].intersects(cards["b"])
    assert it.session.history.count() == 1


def test_a_block_of_the_library_brings_what_it_calls(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "dense_")
    names = [c.name for c in rows(it)]
    assert names[0] == "dense_block"
    assert "dense_layer" not in names, "it is only called by the other"
    type_in(it, "block 4 16", ENTER)
    assert it.session.graph.nodes["dense_block"].config == {"n_layers": 4, "growth_rate": 16}
    assert set(it.session.document.blocks) == {"dense_layer", "dense_block"}
    assert ("b", "dense_block", 0) in it.wires


def test_what_usually_follows_comes_first_and_says_why(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_A, SHIFT)
    found = rows(it)
    assert [(c.name, bool(c.reason)) for c in found[:3]] == [
        ("BatchNormalization", True), ("ReLU", True), ("Conv2D", False),
    ]  # fmt: skip
    assert "the activation that the convolution lacks" in it.canvas.adding.popup.note.text()
    assert len({(c.name, repr(c.node.config)) for c in found}) == len(found), "each row once"


def test_figures_alone_are_arguments_of_what_usually_follows(hand, with_block):
    it = hand(with_block)
    it.session.select(["call"])
    it.key(Qt.Key.Key_A, SHIFT)
    assert (rows(it)[0].name, rows(it)[0].node.config) == ("residual_block", {"n_filters": 16})
    type_in(it, "64")
    fitting = rows(it)[0]
    assert (fitting.name, fitting.node.config["filters"]) == ("Conv2D", 64), "the block refuses 64"
    assert fitting.node.config["activation"] == "relu", "the rest stays as it usually is"
    it.canvas.adding.popup.field.clear()
    type_in(it, "x2", ENTER)
    node = it.session.graph.nodes["residual_block"]
    assert (node.config, node.repeat) == ({"n_filters": 16}, 2)


def test_a_block_called_by_its_name_takes_the_filters_that_arrive(hand, residual):
    wide = edits.set_argument(residual, NETWORK, "x", "shape", [56, 56, 96])
    it = hand(edits.remove_nodes(wide, NETWORK, ["a", "b", "add", "spare"]))
    it.session.select(["x"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "res", ENTER)
    assert it.session.graph.nodes["residual_block"].config == {"n_filters": 96}
    assert it.session.analysis.ok


def test_on_a_wire_only_what_keeps_the_shape_is_usual(hand, residual):
    it = hand(residual)
    double_click(it, QPointF(104, 185))
    usual = [c for c in rows(it) if c.reason]
    assert [c.name for c in usual] == ["BatchNormalization", "ReLU"]
    assert all(c.fit.outcome.output == (None, 56, 56, 64) for c in usual)


def test_enter_goes_on_only_after_it_was_asked_to(hand):
    it = hand(Document())
    it.key(Qt.Key.Key_Tab)
    type_in(it, "", ENTER)
    assert not it.canvas.adding.open
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "", (ENTER, CONTROL))
    type_in(it, "", ENTER)
    assert it.canvas.adding.open
    assert "Esc end" in it.canvas.adding.popup.keys.text()
    type_in(it, "", ESCAPE)
    assert [n.type for n in it.session.graph.nodes.values()] == [
        "Input", "Conv2D", "MaxPooling2D",
    ]  # fmt: skip
    it.key(Qt.Key.Key_A, SHIFT)
    assert "Ctrl" in it.canvas.adding.popup.keys.text(), "the next search begins afresh"


def test_backspace_takes_the_last_back_and_asks_again(hand):
    it = hand(Document())
    it.key(Qt.Key.Key_Tab)
    type_in(it, "", Qt.Key.Key_Backspace)
    assert it.canvas.adding.open, "nothing was added yet"
    type_in(it, "", (ENTER, CONTROL), ENTER)
    type_in(it, "x", Qt.Key.Key_Backspace)
    assert len(it.session.graph.nodes) == 2, "of a line with text, a letter"
    type_in(it, "", Qt.Key.Key_Backspace)
    assert list(it.session.graph.nodes) == ["input"]
    assert it.canvas.adding.popup.field.placeholderText() == "What follows “input”?"
    type_in(it, "", DOWN, ENTER, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert it.session.document == Document()
    assert it.canvas.adding.open
    type_in(it, "", Qt.Key.Key_Backspace, ENTER)
    assert list(it.session.graph.nodes) == ["input"]
    assert not it.canvas.adding.open, "the chain has ended with its first"


def test_backspace_undoes_nothing_that_was_there_before(hand, residual):
    it = hand(residual)
    it.session.select(["b"])
    it.key(Qt.Key.Key_D, CONTROL)
    it.session.select(["add"])
    it.key(Qt.Key.Key_A, SHIFT)
    type_in(it, "", (ENTER, CONTROL), Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert it.session.history.index() == 1
    assert "b_2" in it.session.graph.nodes


def test_the_line_stays_where_it_is_while_one_types(hand, residual):
    it = hand(residual)
    low = it.canvas.mapToScene(60, it.canvas.viewport().height() - 30)
    double_click(it, low)
    popup = it.canvas.adding.popup
    before, rows_before = popup.y(), popup.list.count()
    type_in(it, "dropout")
    assert popup.list.count() < min(rows_before, 8)
    assert popup.y() == before
