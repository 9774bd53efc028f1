"""The export dialog writes real files, or says why not."""

import ast
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from resnet_studio.gui.export_dialog import ExportDialog
from resnet_studio.gui.verify_dialog import VerifyDialog


@pytest.fixture
def dialog(bench, qtbot):
    made = ExportDialog(bench("resnet34-notebook").session)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def export(dialog, qtbot, suffix: str, path: Path) -> None:
    dialog._choose(suffix)
    dialog.path.setText(str(path))
    with qtbot.waitSignal(dialog.told, timeout=20_000) as told:
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert told.args == ["ok", f"Exported to “{path}”."]
    assert not dialog.isVisible()


def test_every_format_of_the_contract_is_offered(dialog) -> None:
    offered = {kind.suffix for kind in dialog.formats}
    assert {".py", ".ipynb", ".keras", ".json", ".dot", ".svg", ".png", ".pdf"} <= offered


@pytest.mark.parametrize(("flat", "has_loop"), [(False, True), (True, False)])
def test_code_in_both_styles(dialog, qtbot, tmp_path, flat, has_loop) -> None:
    dialog.flat.setChecked(flat)
    path = tmp_path / "network.py"
    export(dialog, qtbot, ".py", path)
    code = path.read_text(encoding="utf-8")
    ast.parse(code)
    assert ("for _ in range" in code) is has_loop


def test_pictures_and_json(dialog, qtbot, tmp_path) -> None:
    export(dialog, qtbot, ".svg", tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").lstrip().startswith("<")
    dialog._job = None
    dialog._show_working(working=False)
    dialog.show()
    export(dialog, qtbot, ".json", tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["class_name"] == "Functional"


def test_the_style_is_asked_for_code_alone(dialog) -> None:
    dialog._choose(".py")
    assert dialog.style_part.isVisible()
    dialog._choose(".svg")
    assert not dialog.style_part.isVisible()
    assert dialog.path.text().endswith(".svg")


def test_a_folder_that_is_not_there_is_told_as_one_types(dialog, tmp_path) -> None:
    dialog.path.setText(str(tmp_path / "no" / "a.py"))
    assert dialog.fault.text() == f"There is no folder “{tmp_path / 'no'}”."
    assert not dialog.go.isEnabled()


def test_a_file_that_cannot_be_written_keeps_the_dialog(dialog, qtbot, tmp_path) -> None:
    target = tmp_path / "taken.py"
    target.mkdir()
    dialog._choose(".py")
    dialog.path.setText(str(target))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.fault.text().startswith("Nothing was written"), timeout=5000)
    assert dialog.isVisible()
    assert dialog.go.isEnabled()


def test_verifying_can_be_cancelled_at_once(bench, qtbot) -> None:
    dialog = VerifyDialog(bench("residual-block").session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog._job.running
    assert dialog.table.rowCount() == 0


def test_the_real_keras_agrees(bench, qtbot) -> None:
    dialog = VerifyDialog(bench("residual-block").session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=120_000)
    assert dialog.verdict.text() == "Identical"
