"""Every block that ships, built by the real Keras: each shape and count as the program says."""

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.formats import library, native
from resnet_studio.keras_process.client import WorkerProcess, format_report, verify

pytestmark = pytest.mark.tensorflow


@pytest.mark.parametrize("entry", library.shipped(), ids=lambda entry: entry.name)
def test_blocks_that_ship_are_identical(entry: library.Entry, worker: WorkerProcess) -> None:
    report = verify(analyse(native.load(entry.path).document), worker=worker)
    assert report.identical, format_report(report)
    assert (report.forward, report.forward_error) == ("", "")
