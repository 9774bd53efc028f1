"""What is warned of really fails in TensorFlow, what is mended runs, and nothing is missed."""

from collections.abc import Iterator

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.rules.examples import EXAMPLES
from tests.rules.forward import Runner, runner

pytestmark = pytest.mark.slow

FORWARD = (
    "activation-fails", "adaptive-pooling-fails", "argument-fails", "attention-fails", "axis-fails",
    "channels-first-on-cpu", "dilated-transpose-on-cpu", "einsum-fails", "empty-map",
    "integer-input", "list-fails", "mask-fails", "not-an-image", "output-padding-fails",
    "unequal-strides-on-cpu", "unknown-size-fails", "unscoped-name", "wrapped-layer-fails",
)  # fmt: skip
INVALID = [(code, doc) for code in FORWARD for doc in EXAMPLES[code].invalid]
VALID = [(code, doc) for code in FORWARD for doc in EXAMPLES[code].valid]


@pytest.fixture(scope="module")
def running() -> Iterator[Runner]:
    with runner() as started:
        yield started


@pytest.mark.parametrize(("code", "document"), INVALID, ids=[code for code, _ in INVALID])
def test_an_example_fails_and_each_repair_of_it_runs(
    code: str, document: Document, running: Runner
) -> None:
    (diagnostic,) = [d for d in analyse(document).diagnostics if d.code == code]
    sizes = diagnostic.problem.data.get("sizes", (32, 32))
    assert running.faults(document, sizes * 3)
    for fix in diagnostic.fixes:
        assert running.faults(fix.document, (32, 32, 32)) == {}, fix.id


@pytest.mark.parametrize(("code", "document"), VALID, ids=[code for code, _ in VALID])
def test_a_valid_example_runs(code: str, document: Document, running: Runner) -> None:
    for size in (13, 32):
        assert running.faults(document, (size, size)) == {}
