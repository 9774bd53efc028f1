"""Every model of ``keras.applications``, folded: the same network, and code that builds it."""

import keras
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from resnet_studio.core.fold import fold_all
from resnet_studio.formats import keras_code, keras_config
from resnet_studio.keras_process.client import format_report, verify
from resnet_studio.keras_process.process import WorkerProcess
from tests.core.unfolding import same_network
from tests.formats.keras_models import application

pytestmark = pytest.mark.tensorflow

APPLICATIONS = sorted(name for name in dir(keras.applications) if name[:1].isupper())
SHORT = {
    "ResNet50": 80, "ResNet101": 80, "ResNet152": 80, "VGG16": 40, "VGG19": 40, "MobileNetV2": 80,
    "DenseNet121": 65, "DenseNet201": 65, "InceptionV3": 135,
}  # fmt: skip
"""Lines that the code may have: what is folded badly is longer."""


def opened(name: str) -> Document:
    return keras_config.loads(application(name).to_json()).document


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_folded_application(
    name: str, worker: WorkerProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = opened(name)
    folded = fold_all(flat)
    same_network(flat, folded)
    analysis = analyse(folded)
    lines = keras_code.write(analysis).count("\n")
    with capsys.disabled():
        nodes = f"{len(flat.network.nodes)} nodes, {len(folded.network.nodes)} folded"
        print(f"\n{name}: {nodes}, {len(folded.blocks)} blocks, {lines} lines of code")
    assert lines <= SHORT.get(name, 400)
    report = verify(analysis, worker=worker)
    assert report.identical, format_report(report)


# The shapes of the papers' tables


def blocks_in_order(document: Document) -> list[tuple[str, int | str]]:
    """What the network calls, block by block, with how often."""
    network = document.network
    nodes = [network.nodes[network.structure.ids[i]] for i in network.structure.order]
    return [(node.type, node.repeat) for node in nodes if node.type in document.blocks]


def test_resnet50_is_four_stages() -> None:
    folded = fold_all(opened("ResNet50"))
    stages = [dict(node.config) for node in folded.network.nodes.values() if node.type == "stage"]
    assert [(stage["filters"], 1 + stage["repeats"]) for stage in stages] == [
        (64, 3), (128, 4), (256, 6), (512, 3)
    ]  # fmt: skip
    assert stages[0]["strides"] == 1
    assert all("strides" not in stage for stage in stages[1:])
    assert folded.blocks["stage"].parameters["strides"] == 2


def test_vgg16_is_blocks_of_convolutions() -> None:
    folded = fold_all(opened("VGG16"))
    calls = [node for node in folded.network.nodes.values() if node.type == "vgg_block"]
    assert [(n.config["filters"], n.config["repeats"], n.repeat) for n in calls] == [
        (64, 2, 1), (128, 2, 1), (256, 3, 1), (512, 3, 2)
    ]  # fmt: skip


@pytest.mark.slow
def test_mobilenet_v2_is_the_table_of_its_paper() -> None:
    """t, c, n, s of its table 2; the first of each n has no identity link."""
    folded = fold_all(opened("MobileNetV2"))
    found = [
        (node.type, node.config["filters"], node.repeat)
        for node in folded.network.nodes.values()
        if node.type in folded.blocks
    ]
    down, plain, rest = "strided_inverted_bottleneck", "inverted_bottleneck", "inverted_residual"
    assert found == [
        (plain, 16, 1),
        (down, 24, 1), (rest, 24, 1),
        (down, 32, 1), (rest, 32, 2),
        (down, 64, 1), (rest, 64, 3),
        (plain, 96, 1), (rest, 96, 2),
        (down, 160, 1), (rest, 160, 2),
        (plain, 320, 1),
    ]  # fmt: skip


@pytest.mark.slow
def test_densenet121_is_dense_blocks_and_transitions() -> None:
    dense, transition = "dense_layer", "transition_block"
    assert blocks_in_order(fold_all(opened("DenseNet121"))) == [
        (dense, 6), (transition, 1), (dense, 12), (transition, 1), (dense, 24), (transition, 1),
        (dense, 16),
    ]  # fmt: skip


@pytest.mark.slow
def test_efficientnet_b0_is_stages_of_bottlenecks() -> None:
    """Layers of each of the seven stages in table 1 of its paper: 1, 2, 2, 3, 3, 4, 1."""
    folded = fold_all(opened("EfficientNetB0"))
    starts = [kind != "inverted_residual" for kind, _ in blocks_in_order(folded)]
    sizes: list[int] = []
    for start in starts:
        if start:
            sizes.append(0)
        sizes[-1] += 1
    assert sizes == [1, 2, 2, 3, 3, 4, 1]
