"""How long the window's thread is held by what people do in large networks.

The real window on a virtual screen, in a process of its own.  A turn of its event loop in which
nothing happens is measured in the same run: it says how busy the machine is.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import pytest

from resnet_studio.core.document import Document, Graph
from resnet_studio.formats import native
from tests.benchmarks.networks import chain, resnet
from tests.benchmarks.timing import show
from tests.conftest import Screen
from tests.formats.keras_models import application

pytestmark = pytest.mark.benchmark

HERE = Path(__file__)


def without_places(document: Document) -> Document:
    nodes = {key: replace(n, position=None) for key, n in document.network.nodes.items()}
    return replace(document, network=Graph(nodes, document.network.edges))


def resnet152(folder: Path) -> Path:
    path = folder / "resnet152.rsnet"
    native.save(without_places(resnet()), path)
    return path


def chain_of_10_000(folder: Path) -> Path:
    path = folder / "chain.rsnet"
    native.save(without_places(chain(10_000)), path)
    return path


def nasnet_large(folder: Path) -> Path:
    path = folder / "nasnet_large.json"
    path.write_text(application("NASNetLarge").to_json())
    keras.utils.clear_session()
    return path


@pytest.mark.parametrize("make", [resnet152, nasnet_large, chain_of_10_000])
def test_the_longest_pause_of_each_action(
    screen: Screen,
    tmp_path: Path,
    make: Callable[[Path], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = subprocess.run(
        [sys.executable, str(HERE.with_name("responsiveness_figures.py")), str(make(tmp_path))],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
        env=screen.environment | {"PYTHONPATH": str(HERE.parents[2])},
    )
    found: dict[str, tuple[float, float]] = json.loads(result.stdout.splitlines()[-1])
    idle = max(found.pop("nothing")[0], 0.001)
    with capsys.disabled():
        waited = [(name, pause) for name, (pause, _) in found.items()]
        show(f"{make.__name__}: longest pause", [("nothing", idle), *waited])
        show("of which work", [(name, work) for name, (_, work) in found.items()])
        for name, pause in sorted(waited, key=lambda item: -item[1])[:5]:
            print(f"  {name}: {pause / idle:.0f} times that of an idle window")
    assert found.keys() >= {"open", "select", "type in the inspector", "undo", "select all"}
