"""Whole processes: checking a large file beside importing Keras, start-up beside a bare window."""

import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.formats import native
from tests.benchmarks.networks import resnet
from tests.benchmarks.timing import ratio, seconds, show
from tests.conftest import Screen

pytestmark = pytest.mark.benchmark

EMPTY = "empty"
STUDIO = "studio"


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, timeout=120)


def test_check_of_resnet152_beside_importing_keras(tmp_path: Path) -> None:
    file = tmp_path / "resnet152.rsnet"
    native.save(resnet(), file)
    check = seconds(lambda _: run("-m", "resnet_studio", "check", str(file)), 5)
    keras = seconds(lambda _: run("-c", "import keras"), 3)
    show("whole processes", [("check of ResNet-152", check), ("import keras", keras)])
    assert ratio("check / import keras", check / keras, 0.2, at_least=False)


def first_paint(what: str, environment: dict[str, str]) -> float:
    """Seconds from process start to the first painted window, as the process itself saw it."""
    script = Path(__file__).with_name("first_paint.py")
    result = subprocess.run(
        [sys.executable, str(script), what],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment | {"PYTHONPATH": str(script.parents[2])},
    )
    return float(result.stdout.split()[-1])


def test_start_to_first_painted_window_beside_an_empty_one(screen: Screen) -> None:
    times: dict[str, list[float]] = {EMPTY: [], STUDIO: []}
    for what in [EMPTY, STUDIO] * 12:
        times[what].append(first_paint(what, screen.environment))
    empty, studio = (median(times[what][1:]) for what in (EMPTY, STUDIO))
    show("first painted window", [("empty QMainWindow", empty), ("ResNet Studio", studio)])
    assert ratio("studio / empty window", studio / empty, 1.5, at_least=False)
