"""Layers that nobody here knows, and functions: believed, kept, marked, never run."""

import json

import keras
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.layer import layer_for
from resnet_studio.formats import keras_code, keras_config, keras_json, native
from resnet_studio.keras_process.client import WorkerError, save_keras, verify
from tests.layers.oracle import quiet

layers = keras.layers

FILE = """{
  "format": "resnet-studio/1",
  "network": {
    "nodes": [
      {"id": "image", "type": "Input", "config": {"shape": [8, 8, 3]}},
      {"id": "own", "type": "package>Hologram", "config": {"depth": 4, "text": "');exit()#"},
       "output_shape": [null, 4, 4, 16], "params": 112},
      {"id": "flat", "type": "Flatten"}
    ],
    "edges": [["image", "own", 0], ["own", "flat", 0]]
  }
}"""


@keras.saving.register_keras_serializable(package="tests")
class Halved(layers.Layer):
    """Somebody's own layer."""

    def __init__(self, depth, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}

    def compute_output_shape(self, shape):
        return (shape[0], shape[1] // 2, self.depth)

    def call(self, x):
        return x[:, ::2, : self.depth]


def test_a_declared_output_is_believed_with_a_warning() -> None:
    reading = native.loads(FILE)
    assert not reading.findings
    analysis = analyse(reading.document)
    assert [(d.code, d.severity, d.node) for d in analysis.diagnostics] == [
        ("opaque-layer", "warning", "own")
    ]
    assert analysis.ok
    assert analysis.root.outcome("flat").output == (None, 256)
    assert analysis.totals.params == 112
    assert analysis.totals.macs is None


def test_what_is_declared_is_saved_again() -> None:
    document = native.loads(FILE).document
    assert native.loads(native.dumps(document)).document == document


@pytest.mark.parametrize("shape", ["[null, -1]", '"4"', "[true]", "[[4], 3]", "4", "[1e3]"])
def test_a_shape_that_is_none_leaves_the_layer_unknown(shape: str) -> None:
    document = native.loads(FILE.replace("[null, 4, 4, 16]", shape)).document
    assert "unknown-layer" in {d.code for d in analyse(document).diagnostics}


def test_a_known_layer_declares_nothing() -> None:
    reading = native.loads(FILE.replace("package>Hologram", "ReLU"))
    assert {finding.code for finding in reading.findings} == {"unknown-key"}


@pytest.mark.parametrize("style", ["blocks", "flat"])
def test_the_code_marks_the_place_and_builds(style) -> None:
    analysis = analyse(native.loads(FILE).document)
    code = keras_code.write(analysis, style)
    assert "class StandIn(layers.Layer):" in code
    report = verify(analysis)
    assert report.identical, report
    assert "package>Hologram" in report.forward_error


def test_no_keras_file_is_made_of_it(tmp_path) -> None:
    with pytest.raises(WorkerError, match=r"“own” is a package>Hologram.*export Python code"):
        save_keras(analyse(native.loads(FILE).document), tmp_path / "m.keras")


def test_an_own_layer_and_a_lambda_of_a_keras_file() -> None:
    x = keras.Input((8, 6), name="x")
    h = Halved(4, name="halved")(x)
    y = layers.Lambda(lambda t: t * 2, name="twice")(h)
    model = keras.Model(x, layers.Dense(3, name="d")(y))
    document = keras_config.loads(model.to_json()).document
    nodes = document.network.nodes
    assert nodes["halved"].type == "tests>Halved"
    assert nodes["halved"].extra["output_shape"] == [None, 4, 4]
    assert nodes["twice"].config["output_shape"] == [4, 4]
    analysis = analyse(document)
    assert analysis.ok
    assert analysis.root.outcome("d").output == (None, 4, 3)
    assert analysis.totals.params == model.count_params()
    code = keras_code.write(analysis)
    assert "layers.Lambda(unwritten, output_shape=(4, 4)" in code
    written = keras_json.write(analysis)
    assert keras_config.loads(written).document.network == document.network
    entry = json.loads(written)["config"]["layers"][1]
    entry.pop("inbound_nodes")
    assert keras.saving.deserialize_keras_object(entry).depth == 4


@pytest.mark.parametrize("shape", [[4], [2, 3], [None, 3], [], [[4], [2, 2]]])
@pytest.mark.parametrize("given", [[(None, 5)], [(2, 5, 6)], [(3, 4), (None, 4)], [()], [(7,)]])
def test_lambda_believes_its_shape_as_keras_does(shape, given) -> None:
    outcome = layer_for("Lambda", {"function": "f", "output_shape": shape}).infer(tuple(given))
    several = shape and isinstance(shape[0], list)
    declared = [tuple(each) for each in shape] if several else tuple(shape)
    tensors = [keras.Input(batch_shape=each) for each in given]
    try:
        with quiet():
            made = layers.Lambda(lambda t: t, output_shape=declared)
            found = made(tensors[0] if len(tensors) == 1 else tensors)
    except Exception:  # noqa: BLE001 - Keras refuses with any type
        assert outcome.outputs is None
        return
    found = found if isinstance(found, list) else [found]
    assert outcome.outputs == tuple(tuple(each.shape) for each in found)


def test_a_lambda_without_a_shape_is_refused() -> None:
    nodes = [Node("x", "Input", {"shape": [4]}), Node("f", "Lambda", {"function": "f"})]
    graph = Graph({node.id: node for node in nodes}, (Edge("x", "f"),))
    (diagnostic,) = analyse(Document(network=graph)).diagnostics
    assert diagnostic.severity == "error"
    assert "output_shape" in diagnostic.message
