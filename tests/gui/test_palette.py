"""The palette: searching, adding, what a drag carries."""

from itertools import pairwise

from PySide6.QtCore import Qt

from resnet_studio.core.block_edits import add_block, new_block
from resnet_studio.core.layer import LAYERS
from resnet_studio.gui.palette import ENTRY, NODE_MIME, TEMPLATE_MIME


def shown(palette) -> list[str]:
    return [item.text(0) for item in palette.items() if not item.isHidden()]


def test_every_layer_and_template_is_offered(bench) -> None:
    palette = bench().palette
    assert set(LAYERS) <= {item.text(0) for item in palette.items()}
    assert "resnet34-notebook" in shown(palette)


def test_layers_of_every_day_come_first_and_the_rest_on_demand(bench) -> None:
    palette = bench().palette
    rest = {name for name, layer in LAYERS.items() if not layer.everyday}
    assert {"Conv1D", "Conv3D", "RandomFlip"} <= rest
    assert not {"Conv2D", "MaxPooling2D", "Dense", "Add"} & rest
    assert not rest & set(shown(palette))
    section = palette.entry("Conv2D").parent()
    more = section.child(section.childCount() - 1)
    inside = [section.child(at).text(0) for at in range(section.childCount() - 1)]
    assert more.text(0) == f"{len(rest & set(inside))} more…"
    palette.tree.itemClicked.emit(more, 0)
    assert set(inside) <= set(shown(palette))
    assert inside.index("Conv2DTranspose") < inside.index("Conv1D")
    palette.refresh()
    assert "Conv1D" in shown(palette)
    more = palette.entry("Conv2D").parent().child(len(inside))
    assert more.text(0) == "Fewer"
    palette.tree.itemActivated.emit(more, 0)
    assert not rest & set(shown(palette))


def test_the_best_hit_is_one_of_every_day(bench, qtbot) -> None:
    palette = bench().palette
    qtbot.keyClicks(palette.search, "conv")
    assert palette.first_shown().text(0) == "Conv2D"
    assert {"Conv1D", "Conv3D"} <= set(shown(palette))
    assert not any("more" in i.text(0) or "Fewer" in i.text(0) for i in palette.items())


def test_search_shows_what_has_every_word_in_its_name(bench, qtbot) -> None:
    palette = bench().palette
    qtbot.keyClicks(palette.search, "conv2 tran")
    assert shown(palette) == ["Conv2DTranspose"]
    qtbot.keyClicks(palette.search, "xyz")
    assert shown(palette) == []
    assert palette.nothing.isVisible()


def test_search_falls_back_to_the_help(bench, qtbot) -> None:
    palette = bench().palette
    qtbot.keyClicks(palette.search, "end of a residual")
    assert "Add" in shown(palette)


def test_enter_in_the_search_adds_the_best_hit_in_the_view(bench, qtbot) -> None:
    workbench = bench()
    qtbot.keyClicks(workbench.palette.search, "dense")
    qtbot.keyClick(workbench.palette.search, Qt.Key.Key_Return)
    node = workbench.session.graph.nodes["dense"]
    assert node.config == {"units": 10}
    assert workbench.session.selection == {"dense"}
    canvas = workbench.canvas
    middle = canvas.mapToScene(canvas.viewport().rect().center())
    assert abs(node.position[0] + 104 - middle.x()) < 16


def test_added_nodes_do_not_cover_each_other(bench) -> None:
    workbench = bench()
    for _ in range(3):
        workbench.add("Conv2D")
    tops = sorted(node.position[1] for node in workbench.session.graph.nodes.values())
    assert all(later - earlier > 56 for earlier, later in pairwise(tops))


def test_a_drag_carries_the_type_or_the_template(bench) -> None:
    palette = bench().palette
    data = palette.tree.mimeData([palette.entry("Conv2D")])
    assert bytes(data.data(NODE_MIME).data()) == b"Conv2D"
    data = palette.tree.mimeData([palette.entry("vgg16")])
    assert bytes(data.data(TEMPLATE_MIME).data()) == b"vgg16"
    assert not data.hasFormat(NODE_MIME)


def test_blocks_of_the_document_and_ports_inside_them(bench) -> None:
    workbench = bench("resnet34-notebook")
    palette = workbench.palette
    assert {"residual_block", "conv_block"} <= set(shown(palette))
    assert "BlockInput" not in shown(palette)
    workbench.session.enter("group_64")
    assert {"BlockInput", "BlockOutput"} <= set(shown(palette))
    assert "Input" not in shown(palette)


def test_a_new_block_appears_at_once_and_can_be_removed(bench) -> None:
    workbench = bench()
    session = workbench.session
    session.apply("Add", add_block(session.document, "stem", new_block()))
    assert workbench.palette.entry("stem").data(0, ENTRY).family == "block"
    workbench.add("stem")
    workbench.blocks.remove_block("stem")
    assert "still used in the network" in workbench.message_bar.text.text()
    session.history.undo()
    workbench.blocks.remove_block("stem")
    assert workbench.palette.entry("stem") is None
