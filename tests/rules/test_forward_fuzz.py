"""Random networks really run: what fails has a warning, and what has none runs."""

from collections.abc import Iterator

import pytest

from resnet_studio.core.analysis import Analysis, analyse
from tests.layers import random_graphs
from tests.layers.random_graphs import RandomGraph
from tests.rules.forward import Runner, runner
from tests.rules.test_forward_passes import FORWARD
from tests.seeds import dice

pytestmark = pytest.mark.slow

NETWORKS = 200
LARGEST = 4096
"""Sizes beyond which a network is not run: memory is no matter of these warnings."""
FALSE_ALARMS = 0.03
"""Share of the networks that may be warned of although they run here: such as whole numbers of
which TensorFlow happens to take these."""
OPAQUE = {"Lambda", "TimeDistributed", "Bidirectional", "CustomScaleLayer", "LayerScale"}


@pytest.fixture(scope="module")
def running() -> Iterator[Runner]:
    with runner() as started:
        yield started


@pytest.fixture(autouse=True)
def without_opaque_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTHERS", "MERGES"):
        kinds = [k for k in getattr(random_graphs, name) if k not in OPAQUE and "." not in k]
        monkeypatch.setattr(random_graphs, name, kinds)


def runnable(analysis: Analysis) -> bool:
    """Whether Keras builds it, of sizes that a small machine holds."""
    outputs = [shape for o in analysis.root.outcomes for shape in o.outputs or ()]
    return analysis.ok and all((size or 0) <= LARGEST for shape in outputs for size in shape)


def test_random_networks_run_or_are_warned_of(running: Runner) -> None:
    rng = dice(always=True)
    missed: list[str] = []
    alarms = tried = 0
    while tried < NETWORKS:
        document = RandomGraph(rng, rng.choice([0, 0, 0.1, 0.2])).document
        analysis = analyse(document)
        if not runnable(analysis):
            continue
        tried += 1
        codes = {d.node: d.code for d in analysis.diagnostics if d.code in FORWARD}
        sizes = (rng.choice([8, 9, 12, 13, 15]),) * 4
        # Some of what is warned of fails in predict alone, where the batch is traced.
        whole = rng.random() < 0.2 or bool(codes)
        faults = running.faults(document, sizes, whole=whole)
        if faults and not (codes.keys() & faults.keys() or ("" in faults and codes)):
            missed.append(f"{sizes[0]}: {faults} in {random_graphs.plain(document)}")
        alarms += bool(codes and not faults and "unknown-size-fails" not in codes.values())
    assert not missed, f"{len(missed)} of {tried}:\n" + "\n".join(missed[:5])
    assert alarms <= FALSE_ALARMS * tried, f"{alarms} of {tried} run all the same"
