"""Totals follow every edit."""

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
    assert "Δ" in bench("doubling-mismatch").totals.params._caption.toolTip()
    assert bench("resnet34").totals.params._caption.toolTip() == ""


def test_figures() -> None:
    assert figures.short(3_660_000_000) == "3.66 G"
    assert figures.short(115_605_504) == "115.6 M"
    assert figures.short(999) == "999"
    assert figures.change(8320, "parameters") == "+8,320 parameters"
    assert figures.change(-231_211_008, "MACs") == "−231.2 M MACs"
    assert figures.change(0, "parameters") == "no extra parameters"
    assert figures.storage(16_822_760) == "67.3 MB"
    assert figures.storage(9_472) == "37.9 kB"
    assert figures.storage(300_000_000) == "1.20 GB"
    assert [figures.storage(n) for n in (0, 9)] == ["0 B", "36 B"]


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
