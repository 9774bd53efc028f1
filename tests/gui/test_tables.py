"""The table by layer and by stage: what it lists, and that a choice is one everywhere."""

import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication

from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.edits import set_argument


@pytest.fixture
def table(bench):
    """A window with the table in sight and filled."""

    def open_table(template: str = "resnet34-notebook"):
        workbench = bench(template)
        workbench.docks.reveal("tables")
        workbench.tables.refresh_now()
        return workbench

    return open_table


def rows(workbench) -> list[list[str]]:
    model = workbench.tables.model
    return [
        [model.index(r, c).data() for c in range(model.columnCount())]
        for r in range(model.rowCount())
    ]


def row_of(workbench, path: str) -> int:
    return next(i for i, line in enumerate(rows(workbench)) if line[0] == path)


def chosen(workbench) -> list[str]:
    model = workbench.tables.model
    return [model.index(at, 0).data() for at in workbench.tables.view.rows]


def choose(workbench, *paths: str) -> None:
    """Chooses rows as the mouse with Ctrl does."""
    view, model = workbench.tables.view, workbench.tables.model
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().clearSelection()
    for path in paths:
        at = model.index(row_of(workbench, path), 0)
        view.selectionModel().select(at, flags.Select | flags.Rows)


# What it lists


def test_by_layer_it_adds_up(table) -> None:
    lines = rows(table())
    assert lines[0][:3] == ["image", "Input", "224×224×3"]
    assert sum(int(line[3].replace(",", "")) for line in lines) == 16_822_760


def test_by_stage_it_follows_the_feature_maps(table) -> None:
    workbench = table()
    workbench.tables.mode.choose("stage")
    lines = rows(workbench)
    sizes = [line[0] for line in lines]
    assert sizes[:3] == ["112×112", "56×56", "28×28"]
    assert sizes[-1] == "vectors"
    assert sum(int(line[3].replace(",", "")) for line in lines) == 16_822_760


def test_it_follows_an_edit(table, qtbot) -> None:
    workbench = table()
    session = workbench.session
    session.apply("Edit", set_argument(session.document, "", "classifier", "units", 10))
    qtbot.waitUntil(lambda: rows(workbench)[-1][2] == "10", timeout=5000)


@pytest.mark.parametrize("column", [3, 4])
def test_counts_sort_by_number(table, column) -> None:
    workbench = table()
    workbench.tables.view.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    counts = [int(line[column].replace(",", "")) for line in rows(workbench)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_names_sort_by_the_order_in_the_network(table) -> None:
    workbench = table()
    before = [line[0] for line in rows(workbench)]
    workbench.tables.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert [line[0] for line in rows(workbench)] == before[::-1]


def test_the_filter_takes_words_of_any_cell(table, qtbot) -> None:
    workbench = table()
    tables = workbench.tables
    qtbot.keyClicks(tables.search, "conv2d 56×56")
    lines = rows(workbench)
    assert lines
    assert all(line[1] == "Conv2D" and line[2].startswith("56×56") for line in lines)
    assert tables.summary.whole.startswith(f"{len(lines)} of ")
    tables.search.setText("nothing like it")
    assert rows(workbench) == []
    assert tables.nothing.isVisible()
    assert "nothing like it" in tables.nothing.text()
    tables.search.clear()
    assert not tables.nothing.isVisible()


def test_rows_are_copied_for_a_spreadsheet(table, qtbot) -> None:
    workbench = table()
    choose(workbench, "image", "classifier")
    workbench.tables.view.setFocus()
    qtbot.keyClick(workbench.tables.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, first, last = QApplication.clipboard().text().splitlines()
    assert head == "Layer\tType\tOutput\tParameters\tMACs"
    assert first == "image\tInput\t224×224×3\t0\t0"
    assert last.split("\t")[3] == "513000"


def test_without_a_choice_all_that_is_shown_is_copied(table) -> None:
    workbench = table()
    workbench.tables.search.setText("dense")
    workbench.tables.view.copy()
    assert len(QApplication.clipboard().text().splitlines()) == 2


# One choice everywhere


def test_a_row_leads_to_its_node(table) -> None:
    workbench = table()
    choose(workbench, "group_64#2/conv_b")
    assert workbench.session.trail == (("group_64", 2),)
    assert workbench.session.selection == {"conv_b"}
    assert chosen(workbench) == ["group_64#2/conv_b"]


def test_several_rows_select_several_nodes(table) -> None:
    workbench = table()
    choose(workbench, "group_64#2/conv_b", "group_64#2/add")
    assert workbench.session.trail == (("group_64", 2),)
    assert workbench.session.selection == {"conv_b", "add"}
    assert chosen(workbench) == ["group_64#2/conv_b", "group_64#2/add"]
    assert workbench.tables.summary.whole.startswith("2 of 44 layers: 36,928 parameters")


def test_rows_of_several_graphs_select_what_holds_them(table) -> None:
    workbench = table()
    choose(workbench, "group_64#2/conv_b", "group_64#1/add", "classifier")
    assert workbench.session.trail == ()
    assert workbench.session.selection == {"group_64", "classifier"}
    assert len(chosen(workbench)) == 3


def test_a_stage_selects_its_layers(table) -> None:
    workbench = table()
    workbench.tables.mode.choose("stage")
    workbench.tables.view.selectRow(0)
    assert workbench.session.selection == {"image", "entry_conv"}


def test_what_is_selected_elsewhere_is_chosen_and_in_sight(table) -> None:
    workbench = table()
    view = workbench.tables.view
    workbench.session.select(["classifier"])
    assert chosen(workbench) == ["classifier"]
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))
    workbench.session.select(["group_64"])
    assert len(chosen(workbench)) == 6
    assert all(path.startswith("group_64#") for path in chosen(workbench))
    workbench.session.select([])
    assert chosen(workbench) == []


def test_a_call_marks_the_stages_that_it_lies_in(table) -> None:
    workbench = table()
    workbench.tables.mode.choose("stage")
    workbench.session.select(["group_64"])
    assert chosen(workbench) == ["56×56"]


def test_the_choice_outlives_sorting_filtering_and_an_edit(table) -> None:
    workbench = table()
    session, tables = workbench.session, workbench.tables
    session.select(["classifier"])
    tables.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert chosen(workbench) == ["classifier"]
    tables.search.setText("dense")
    assert chosen(workbench) == ["classifier"]
    session.apply("Edit", set_argument(session.document, "", "classifier", "units", 10))
    tables.refresh_now()
    assert chosen(workbench) == ["classifier"]
    assert session.selection == {"classifier"}


def test_arrow_keys_go_from_layer_to_layer(table, qtbot) -> None:
    workbench = table()
    choose(workbench, "image")
    view = workbench.tables.view
    view.setCurrentIndex(workbench.tables.model.index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert workbench.session.selection == {rows(workbench)[1][0]}


# Ten thousand layers


def chain(count: int) -> Document:
    nodes = [Node("image", "Input", {"shape": [8, 8, 4]}, position=(0, 0))]
    nodes += [
        Node(f"conv{i}", "Conv2D", {"filters": 4, "kernel_size": [1, 1]}, position=(0, 100 * i))
        for i in range(1, count)
    ]
    edges = tuple(Edge(a.id, b.id, 0) for a, b in pairwise(nodes))
    return Document("chain", network=Graph({n.id: n for n in nodes}, edges))


def test_ten_thousand_layers_are_filled_in_between(bench, qtbot) -> None:
    """No slice of the work keeps the window long; the rows are those of the whole network."""
    workbench = bench()
    workbench.session.load(chain(10_000), None)
    tables = workbench.tables
    workbench.docks.reveal("tables")
    tables._fill()
    pauses = []
    while tables._filling.running:
        begin = time.perf_counter()
        tables._filling._run_slice()
        pauses.append(time.perf_counter() - begin)
    assert tables.model.rowCount() == 10_000
    assert len(pauses) > 5, "it was not done a little at a time"
    # A busy machine may stop the process at any of them, not at most.
    assert sorted(pauses)[len(pauses) // 2] < 0.05
