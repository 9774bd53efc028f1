"""Opening, folding and writing each application, beside Keras' building of the same file.

Keras makes no weights here, as it does in ``keras.applications`` by default: that is its best
case.  Each is done once, in turn, in one run; what is imported late was imported before.
"""

import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.fold import fold_all
from resnet_studio.formats import keras_code, keras_config
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
    start = time.perf_counter()
    result = action(*arguments)
    return result, time.perf_counter() - start


def opened(text: str) -> Document:
    """What opening comes to before the window draws: the document, and all that is known of it."""
    document = keras_config.loads(text).document
    assert analyse(document).totals.params
    return document


def built(text: str) -> Any:
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return keras.Model.from_config(json.loads(text)["config"])


def measured(name: str) -> Row:
    text = application(name).to_json()
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


def test_every_application(capsys: pytest.CaptureFixture[str]) -> None:
    measured("VGG16")  # imports what is imported late
    rows = []
    with capsys.disabled():
        print(f"\n{HEAD}   (times in ms)")
        for name in APPLICATIONS:
            rows.append(measured(name))
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
