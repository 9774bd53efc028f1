"""Opening, folding and writing each application, beside Keras' building of the same file.

Keras makes no weights here, as it does in ``keras.applications`` by default: that is its best
case.  Each is done once, in turn, in one run; what is imported late was imported before.  The
files are kept from run to run: to make them takes Keras as long as all that is measured.
"""

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import keras
import pytest
from PySide6.QtWidgets import QApplication

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.fold import fold_all
from resnet_studio.formats import keras_code, keras_config
from resnet_studio.gui.canvas.view import Canvas
from resnet_studio.gui.session import Session
from tests.benchmarks.timing import ratio
from tests.formats.keras_models import application

pytestmark = pytest.mark.benchmark

APPLICATIONS = sorted(name for name in dir(keras.applications) if name[:1].isupper())


class Row(NamedTuple):
    """One application; times in seconds."""

    name: str
    nodes: int
    folded: int
    blocks: int
    lines: int
    opening: float
    folding: float
    writing: float
    keras: float


def timed(action: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    # Keras leaves millions of objects: to look through them is not what anybody is measured by.
    gc.disable()
    start = time.perf_counter()
    result = action(*arguments)
    taken = time.perf_counter() - start
    gc.enable()
    return result, taken


def opened(text: str) -> Document:
    """What opening comes to before the window draws: the document, and all that is known of it."""
    document = keras_config.loads(text).document
    assert analyse(document).totals.params
    return document


def built(text: str) -> Any:
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return keras.Model.from_config(json.loads(text)["config"])


def model_file(folder: Path, name: str) -> str:
    """An application as Keras writes it down."""
    path = folder / f"{name}.json"
    if not path.exists():
        path.write_text(application(name).to_json())
    return path.read_text()


def measured(folder: Path, name: str) -> Row:
    text = model_file(folder, name)
    flat, opening = timed(opened, text)
    folded, folding = timed(fold_all, flat)
    analysis = analyse(folded)
    code, writing = timed(keras_code.write, analysis)
    model, building = timed(built, text)
    assert model.count_params() == analysis.totals.params
    sizes = (len(flat.network.nodes), len(folded.network.nodes), len(folded.blocks))
    return Row(name, *sizes, code.count("\n"), opening, folding, writing, building)


HEAD = f"{'application':<20} nodes folded blocks lines   open   fold  write    Keras  Keras/open"


def show(row: Row) -> None:
    times = "".join(f"{1e3 * value:7.0f}" for value in (row.opening, row.folding, row.writing))
    print(
        f"{row.name:<20} {row.nodes:5} {row.folded:6} {row.blocks:6} {row.lines:5}{times}"
        f" {1e3 * row.keras:8.0f} {row.keras / row.opening:11.1f}",
        flush=True,
    )


@pytest.fixture
def folder(pytestconfig: pytest.Config) -> Path:
    cache = pytestconfig.cache
    assert cache is not None
    return cache.mkdir(f"applications-{keras.__version__}")


def test_the_largest_is_drawn(
    capsys: pytest.CaptureFixture[str], folder: Path, qapp: QApplication
) -> None:
    """From the text of the file to the first frame, its layout included."""
    canvas = Canvas(Session())
    canvas.resize(1400, 860)
    canvas.show()
    canvas.session.load(opened(model_file(folder, "VGG16")), None)
    qapp.processEvents()
    text = model_file(folder, "NASNetLarge")

    def drawn() -> None:
        document = keras_config.loads(text).document
        canvas.session.load(document, None)
        canvas.viewport().repaint()

    gc.collect()
    _, ours = timed(drawn)
    model, building = timed(built, text)
    assert model.count_params() == canvas.session.analysis.totals.params
    with capsys.disabled():
        print(f"\n  NASNetLarge drawn in {ours:.2f} s, built by Keras in {building:.2f} s")
        assert ratio("Keras / opened and drawn, NASNetLarge", building / ours, 10)


def test_every_application(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    measured(folder, "VGG16")  # imports what is imported late
    rows = []
    with capsys.disabled():
        print(f"\n{HEAD}   (times in ms)")
        for name in APPLICATIONS:
            rows.append(measured(folder, name))
            show(rows[-1])
        total = sum(row.keras for row in rows)
        largest = max(rows, key=lambda row: row.nodes)
        alone = largest.keras / largest.opening
        whole = sum(row.opening + row.folding + row.writing for row in rows)
        holds = [
            ratio("Keras / opening, all together", total / sum(r.opening for r in rows), 10),
            ratio(f"Keras / opening, {largest.name}", alone, 10),
            ratio("Keras / opening, folding and writing, all together", total / whole, 3),
            ratio("longest folding, seconds", max(r.folding for r in rows), 1.0, at_least=False),
        ]
    assert all(holds)
