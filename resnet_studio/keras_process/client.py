"""Verifying a network against the real Keras, and saving it as a .keras file.

Every function blocks until it is done, without Qt and without importing Keras.  A window calls
them on a thread (``QThread``, ``QThreadPool``): ``progress`` is called on that thread with what
is going on, in a few words, and ``cancel`` is polled there, so ``threading.Event().is_set``
serves.  One ``WorkerProcess`` may be kept for several calls, one after the other: starting Keras
takes seconds.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from resnet_studio.core.analysis import Analysis
from resnet_studio.core.layer import LAYERS
from resnet_studio.formats.keras_code import training_arguments, write
from resnet_studio.keras_process.expectation import expectation
from resnet_studio.keras_process.memory import gigabytes, memory_available
from resnet_studio.keras_process.process import (
    Cancel,
    Cancelled,
    Progress,
    Raised,
    WorkerError,
    WorkerProcess,
)
from resnet_studio.keras_process.report import (
    VerifyReport,
    VerifyRow,
    compare,
    format_report,
    refused,
)
from resnet_studio.keras_process.transfer import Saved, Transfer, planned, told

TIMEOUT = 600.0
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""Keras writes its reasons in bold for terminals."""
MOST_MACS = 2 * 10**12
"""Multiply-accumulates of a forward pass beyond which none is tried (about a minute)."""


def verify(
    analysis: Analysis,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    worker: WorkerProcess | None = None,
    timeout: float = TIMEOUT,
) -> VerifyReport:
    """Runs the exported code under the real Keras and compares every wire, shape and count.

    Then one sample runs through the real network, unless that would take too much memory or
    time.  Raises ExportError for a network with errors, WorkerError where Keras could not
    answer, and Cancelled.
    """
    return verify_code(write(analysis), analysis, progress, cancel, worker, timeout)


def verify_code(
    code: str,
    analysis: Analysis,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    worker: WorkerProcess | None = None,
    timeout: float = TIMEOUT,
) -> VerifyReport:
    """As ``verify``, for code that was written, or changed, beforehand."""
    expected = expectation(analysis)
    room = memory_available()
    # Filling a weight takes its size twice.
    weights = 2 * expected["weight_bytes"] < room
    with _started(worker) as running:

        def ask(method: str, **params: Any) -> dict[str, Any]:
            return running.request(method, params, timeout, progress, cancel)

        version = str(ask("hello")["keras"])
        try:
            observed = ask("build", code=code, expected=expected, weights=weights)
        except Raised as error:
            return refused(expected, f"Keras refuses the code: {error}", version)
        report = compare(expected, observed, version)
        if not report.identical:
            return report
        return _forward(report, expected, room, ask)


def _forward(report: VerifyReport, expected: dict[str, Any], room: int, ask: Any) -> VerifyReport:
    """The report with what came of one forward pass; only differing shapes spoil it."""
    needed = 2 * expected["forward_bytes"]
    if needed > room:
        text = f"no forward pass: it would take about {gigabytes(needed)} of memory"
        return replace(report, forward=text)
    if (expected["macs"] or 0) > MOST_MACS:
        text = f"no forward pass: {expected['macs']:,} multiply-accumulates take too long"
        return replace(report, forward=text)
    try:
        shapes = ask("forward")["outputs"]
    except Cancelled:
        raise
    except WorkerError as error:
        return replace(report, forward_error=_reason(error))
    wanted = [expected["nodes"][i]["outputs"][k] for i, k in expected["outputs"]]
    if len(shapes) == len(wanted) and all(map(_fits, shapes, wanted)):
        return report
    text = f"a forward pass gives {shapes}, where {wanted} is expected"
    return replace(report, general=(*report.general, text))


def _fits(shape: list[int], expected: list[int | None]) -> bool:
    sizes = zip(shape, expected, strict=False)
    return len(shape) == len(expected) and all(e in (None, s) for s, e in sizes)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")


def _reason(error: Exception) -> str:
    """What happened, in one line: Keras begins with the layer and tells the reason below it."""
    lines = [line.strip() for line in _COLOURS.sub("", str(error)).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(".call()."):
        layer = lines[0].removesuffix(".").rpartition(" ")[2]
        return f"{layer}: {lines[1]}"
    return lines[0] if lines else ""


def save_keras(
    analysis: Analysis,
    path: Path,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    worker: WorkerProcess | None = None,
    timeout: float = TIMEOUT,
    folder: Path | None = None,
) -> Saved:
    """Saves the network, compiled, in Keras' own format; what became of its weights.

    Layers that are still what they were in the file of the model that the network came from
    keep their weights, all others are freshly initialised.  ``folder`` is where the network's
    own file lies.  Each layer is named by its path.  The file is replaced as a whole or not at
    all.  Raises ExportError for a network with errors, WorkerError where Keras fails, and
    Cancelled.
    """
    code = write(analysis, "flat")
    expected = expectation(analysis)
    for node in expected["nodes"]:
        if node["type"] not in LAYERS or node["type"] == "Lambda":
            raise WorkerError(
                f"“{node['path']}” is a {node['type']}, whose code is in no file, so no .keras "
                "file can hold it; export Python code and write it there"
            )
    needed = 2 * expected["weight_bytes"]
    if needed > memory_available():
        raise WorkerError(f"the weights would take about {gigabytes(needed)} of memory to make")
    transfer = planned(analysis, folder)
    params = {
        "code": code,
        "path": str(path.absolute()),
        "training": training_arguments(analysis),
        "stored": transfer.request(expected) if isinstance(transfer, Transfer) else None,
    }
    with _started(worker) as running:
        try:
            answer = running.request("save", params, timeout, progress, cancel)
        except Raised as error:
            raise WorkerError(f"Keras cannot save “{path}”: {_first_line(error)}") from None
    if isinstance(transfer, str):
        return Saved(note=transfer)
    return told(analysis, transfer, answer["carried"], answer.get("fault", ""))


def application(
    name: str,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    worker: WorkerProcess | None = None,
    timeout: float = TIMEOUT,
) -> str:
    """The JSON of a model of ``keras.applications``, built without weights.

    Raises WorkerError where there is none of that name, and Cancelled.
    """
    with _started(worker) as running:
        try:
            answer = running.request("application", {"name": name}, timeout, progress, cancel)
        except Raised as error:
            raise WorkerError(error.message) from None
    return str(answer["config"])


def predicted_shapes(
    path: Path, worker: WorkerProcess | None = None, timeout: float = TIMEOUT
) -> list[list[int]]:
    """Loads a saved model, predicts on one sample; the shapes that come out, batch first."""
    with _started(worker) as running:
        answer = running.request("predict", {"path": str(path.absolute())}, timeout)
    shapes: list[list[int]] = answer["outputs"]
    return shapes


@contextmanager
def _started(worker: WorkerProcess | None) -> Iterator[WorkerProcess]:
    """The given worker, or one for this call alone."""
    if worker is not None:
        yield worker
        return
    with WorkerProcess() as own:
        yield own


__all__ = [
    "Cancelled",
    "Saved",
    "VerifyReport",
    "VerifyRow",
    "WorkerError",
    "WorkerProcess",
    "application",
    "format_report",
    "predicted_shapes",
    "save_keras",
    "verify",
    "verify_code",
]
