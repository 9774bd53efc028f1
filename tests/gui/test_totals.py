"""Totals and tables follow every edit."""

from PySide6.QtCore import Qt

from resnet_studio.core.edits import set_argument
from resnet_studio.gui import figures


def test_totals_after_an_edit_and_its_undo(bench) -> None:
    workbench = bench("resnet34-notebook")
    totals, session = workbench.totals, workbench.session
    assert totals.params.text == "16,822,760"
    assert totals.trainable.text == "16,822,760"
    assert totals.storage.text == "67.3 MB"
    session.apply("Edit", set_argument(session.document, "", "classifier", "units", 10))
    assert totals.params.text == "16,314,890"
    session.history.undo()
    assert totals.params.text == "16,822,760"


def test_non_trainable_parameters_are_told_apart(bench) -> None:
    totals = bench("resnet34").totals
    assert totals.trainable.text == "21,797,672"
    assert totals.params.text != totals.trainable.text


def test_sums_that_leave_something_out_say_so(bench) -> None:
    assert bench("resnet34").totals.params._caption.text() == "parameters"
    assert bench("doubling-mismatch").totals.params._caption.text() == "parameters so far"


def rows(workbench) -> list[list[str]]:
    model = workbench.tables.sorted
    return [
        [model.index(r, c).data() for c in range(model.columnCount())]
        for r in range(model.rowCount())
    ]


def test_the_table_by_layer_adds_up(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("tables")
    workbench.tables.refresh_now()
    table = rows(workbench)
    assert table[0][:3] == ["image", "Input", "224×224×3"]
    assert sum(int(line[3].replace(",", "")) for line in table) == 16_822_760


def test_the_table_by_stage_follows_the_feature_maps(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("tables")
    workbench.tables.mode.choose("stage")
    table = rows(workbench)
    sizes = [line[0] for line in table]
    assert sizes[:3] == ["224×224", "112×112", "56×56"]
    assert sizes[-1] == "vectors"
    assert sum(int(line[3].replace(",", "")) for line in table) == 16_822_760


def test_sorting_by_parameters_is_by_number(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("tables")
    workbench.tables.refresh_now()
    workbench.tables.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    counts = [int(line[3].replace(",", "")) for line in rows(workbench)]
    assert counts == sorted(counts, reverse=True)


def test_a_row_leads_to_its_node(bench) -> None:
    workbench = bench("resnet34-notebook")
    workbench.docks.reveal("tables")
    workbench.tables.refresh_now()
    at = next(i for i, line in enumerate(rows(workbench)) if line[0] == "group_64#2/conv_b")
    workbench.tables.view.clicked.emit(workbench.tables.sorted.index(at, 0))
    assert workbench.session.trail == (("group_64", 2),)
    assert workbench.session.selection == {"conv_b"}


def test_figures() -> None:
    assert figures.short(3_660_000_000) == "3.66 G"
    assert figures.short(115_605_504) == "115.6 M"
    assert figures.short(999) == "999"
    assert figures.change(8320, "parameters") == "+8,320 parameters"
    assert figures.change(-231_211_008, "MACs") == "−231.2 M MACs"
    assert figures.change(0, "parameters") == "no extra parameters"
    assert figures.megabytes(16_822_760) == "67.3 MB"


def test_the_totals_give_way_to_the_breadcrumb_in_a_narrow_window(bench, qtbot) -> None:
    workbench = bench("resnet34-notebook")
    bar = workbench.totals
    figures = (bar.params, bar.trainable, bar.macs, bar.storage)
    workbench.window.resize(1280, 700)
    qtbot.waitUntil(lambda: all(figure.isVisible() for figure in figures))
    workbench.window.resize(900, 600)
    qtbot.waitUntil(lambda: not bar.storage.isVisible())
    crumb = workbench.breadcrumb
    qtbot.waitUntil(lambda: crumb.width() >= crumb.sizeHint().width())
    assert bar.params.isVisible()
