"""The dependency rule, and that the contracts which watch it can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
]

VIOLATIONS = [
    ("core/shapes.py", "import resnet_studio.formats.native", "cli → gui"),
    ("rules/cycle.py", "import resnet_studio.layers.core", "cli → gui"),
    ("stray.py", "", "cli → gui"),
    ("core/shapes.py", "def late():\n    import PySide6.QtCore", "Qt stays"),
    ("formats/native.py", "def late():\n    from PySide6.QtGui import QColor", "Qt stays"),
    ("gui/session.py", "def late():\n    import keras", "Keras stays"),
    ("formats/native.py", "import tensorflow as tf", "Keras stays"),
    ("__main__.py", "import resnet_studio.keras_process.worker", "Nobody imports the worker"),
]


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [*LINTER, "--no-cache"]
    # The copy must be found before an installed package of the same name.
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "resnet_studio", folder / "resnet_studio", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_project_keeps_its_contracts(pristine):
    result = lint(pristine)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_planted_violation_is_found(pristine, file, line, contract):
    module = pristine / "resnet_studio" / file
    before = module.read_text(encoding="utf-8") if module.exists() else None
    module.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        result = lint(pristine)
    finally:
        if before is None:
            module.unlink()
        else:
            module.write_text(before, encoding="utf-8")
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert result.returncode != 0
    assert any(row.startswith(contract) for row in broken), result.stdout
