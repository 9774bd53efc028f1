"""How fast the engine is beside Keras and beside a bare pass over dictionaries."""

from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document
from tests.benchmarks.networks import chain, keras_model, resnet
from tests.benchmarks.timing import paired, ratio, seconds, show

pytestmark = pytest.mark.benchmark


def ask(analysis: Analysis) -> tuple[Any, ...]:
    """All that a view reads after an edit."""
    return analysis.totals, analysis.diagnostics, analysis.ok


class LocalEdit:
    """Switches one convolution's bias: its own count changes, no shape does.

    Each round sets another number of initial bias values, so nothing is remembered from before.
    """

    def __init__(self, document: Document, node_id: str) -> None:
        self.document, self.node_id = document, node_id
        self.analysis = analyse(document)
        ask(self.analysis)

    def __call__(self, k: int) -> None:
        after = edits.set_argument(self.document, "", self.node_id, "dilation_rate", k + 2)
        ask(analyse(after, self.analysis))


class FirstEdit:
    """Sets the image size, to another one each round: every shape changes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.analysis = analyse(document)

    def __call__(self, k: int) -> None:
        size = 225 + 2 * k
        after = edits.set_argument(self.document, "", "image", "shape", [size, size, 3])
        ask(analyse(after, self.analysis))


class BarePass:
    """Shapes and parameter counts in plain dictionaries, the order kept: the least one can do."""

    def __init__(self, document: Document) -> None:
        structure = document.network.structure
        self.order = [structure.ids[i] for i in structure.order]
        self.types = {key: node.type for key, node in document.network.nodes.items()}
        self.configs = {key: node.config for key, node in document.network.nodes.items()}
        self.sources: dict[str, list[str]] = {key: [] for key in self.order}
        for edge in document.network.edges:
            self.sources[edge.target].append(edge.source)

    def __call__(self, k: int) -> tuple[dict[str, Any], int]:
        shapes: dict[str, Any] = {}
        total = 0
        for key in self.order:
            sources = self.sources[key]
            shape = shapes[sources[0]] if sources else (None, 225 + k, 225 + k, 3)
            kind, config = self.types[key], self.configs[key]
            count = 0
            if kind == "Conv2D":
                shape, count = bare_convolution(shape, config)
            elif kind == "BatchNormalization":
                count = 4 * shape[-1]
            elif kind == "Add":
                if any(shapes[source] != shape for source in sources):
                    raise ValueError(key)
            elif kind == "ZeroPadding2D":
                pad = 2 * config["padding"]
                shape = (shape[0], shape[1] + pad, shape[2] + pad, shape[3])
            elif kind == "MaxPooling2D":
                shape = (shape[0], (shape[1] - 3) // 2 + 1, (shape[2] - 3) // 2 + 1, shape[3])
            elif kind == "GlobalAveragePooling2D":
                shape = (shape[0], shape[3])
            elif kind == "Dense":
                count = (shape[-1] + 1) * config["units"]
                shape = (shape[0], config["units"])
            shapes[key] = shape
            total += count
        return shapes, total


def bare_convolution(shape: tuple[Any, ...], config: Any) -> tuple[tuple[Any, ...], int]:
    kernel, stride, filters = config["kernel_size"], config.get("strides", 1), config["filters"]
    count = kernel * kernel * shape[3] * filters + filters
    if config.get("padding") == "same":
        return (shape[0], -(-shape[1] // stride), -(-shape[2] // stride), filters), count
    rows, columns = (shape[1] - kernel) // stride + 1, (shape[2] - kernel) // stride + 1
    return (shape[0], rows, columns, filters), count


def test_edits_of_resnet152_beside_keras() -> None:
    document = resnet()
    import keras

    def rebuild(k: int) -> None:
        keras.backend.clear_session()
        keras_model(document)

    with_keras = seconds(rebuild, 3)
    edit = LocalEdit(document, "conv4_block7_2_conv")
    local, first, bare = paired(150, edit, FirstEdit(document), BarePass(document))
    show(
        f"ResNet-152, {len(document.network.nodes)} nodes",
        [
            ("rebuilt with Keras", with_keras),
            ("one argument, effect local", local),
            ("the image size, every node changes", first),
            ("bare pass over dictionaries", bare),
        ],
    )
    assert ratio("Keras / local edit", with_keras / local, 20_000)
    assert ratio("Keras / edit at the start", with_keras / first, 800)
    assert ratio("edit at the start / bare pass", first / bare, 3, at_least=False)


def test_a_local_edit_among_ten_thousand_nodes() -> None:
    document = chain(10_000)
    edit = LocalEdit(document, "conv2_block500_2_conv")
    local, bare = paired(60, edit, BarePass(document))
    show(
        f"residual chain, {len(document.network.nodes)} nodes",
        [("one argument, effect local", local), ("bare pass over dictionaries", bare)],
    )
    assert ratio("local edit / bare pass", local / bare, 0.1, at_least=False)


def test_the_bare_pass_counts_as_the_engine_does() -> None:
    document = resnet(size=225)
    shapes, total = BarePass(document)(0)
    analysis = analyse(document)
    assert total == analysis.totals.params
    assert {key: analysis.root.outcome(key).output for key in shapes} == shapes
