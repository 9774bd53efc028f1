"""How fast the canvas is beside NodeGraphQt, beside a bare view and beside the least of paintings.

Each size is measured in a process of its own, on a virtual screen with real painting; only the
ratios of one run mean anything.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.timing import ratio, show
from tests.conftest import Screen

pytestmark = pytest.mark.benchmark

SIZES = (1_000, 5_000, 10_000, 50_000)
HERE = Path(__file__)


def figures(screen: Screen, nodes: int, what: str) -> dict[str, float]:
    found = told(screen, "canvas_figures.py", str(nodes), what)
    show(f"{nodes:,} nodes", list(found.items()))
    return found


def told(screen: Screen, script: str, *arguments: str) -> dict[str, float]:
    """What a program that measures prints."""
    result = subprocess.run(
        [sys.executable, str(HERE.with_name(script)), *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=400,
        env=screen.environment | {"PYTHONPATH": str(HERE.parents[2])},
    )
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def measured(screen: Screen) -> dict[int, dict[str, float]]:
    return {nodes: figures(screen, nodes, "beside") for nodes in SIZES}


def test_whole_graph_frame_beside_the_floor(measured: dict[int, dict[str, float]]) -> None:
    met = [
        ratio(f"{n:,} nodes: frame / floor", f["frame: ours"] / f["frame: floor"], 2, False)
        for n, f in measured.items()
    ]
    for n, f in measured.items():
        print(f"  {n:,} nodes: bare view / ours {f['frame: bare'] / f['frame: ours']:.1f}")
    assert all(met)


@pytest.mark.parametrize("hand", ["pan", "zoom", "drag"])
def test_hands_near_beside_a_bare_view(measured: dict[int, dict[str, float]], hand: str) -> None:
    met = [
        ratio(f"{n:,} nodes: {hand} / bare", f[f"{hand}: ours"] / f[f"{hand}: bare"], 1.5, False)
        for n, f in measured.items()
    ]
    assert all(met)


def test_a_drag_costs_the_same_at_any_size(measured: dict[int, dict[str, float]]) -> None:
    """Ten times the nodes may cost no more than the noise of the machine."""
    small, large = measured[5_000], measured[50_000]
    met = [
        ratio(f"{drag} at 50,000 / at 5,000", large[drag] / small[drag], 2, False)
        for drag in ("drag: ours", "drag from afar: ours", "wire: ours")
    ]
    assert all(met)


def test_fifty_thousand_nodes_open(measured: dict[int, dict[str, float]]) -> None:
    found = measured[50_000]
    items = found["bare: items"]
    assert ratio("first frame / bare items", found["open: first frame"] / items, 0.5, False)
    assert ratio("all gathered / bare items", found["open: whole"] / items, 1.0, False)


FRAME = 0.016


def test_from_a_key_in_the_inspector_to_shapes_on_the_canvas(screen: Screen) -> None:
    """Within a frame of the screen; what other programs took from the thread is not counted."""
    found = told(screen, "typing_figures.py")
    show("keys in the inspector, ResNet-152", list(found.items()))
    worked = {name: value for name, value in found.items() if name.endswith("at work")}
    assert worked
    met = [ratio(f"{n} / frame", v / FRAME, 1, False) for n, v in worked.items()]
    assert all(met)


@pytest.mark.parametrize("nodes", [1_000, 2_000])
def test_beside_nodegraphqt(screen: Screen, nodes: int) -> None:
    if importlib.util.find_spec("NodeGraphQt") is None:
        pytest.skip("NodeGraphQt is not installed: “pip install NodeGraphQt” brings it")
    found = figures(screen, nodes, "nodegraphqt")
    mine = found["ours: open, analysis included"]
    assert ratio("opening: theirs / ours", found["peer: open"] / mine, 10)
    assert ratio("frame: theirs / ours", found["peer: frame"] / found["ours: frame"], 10)
