"""Recurrent layers and wrappers through every format: code, Keras' JSON, and back again."""

import json
from itertools import pairwise
from typing import Any

import pytest

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.core.layer import Layer, layer_for
from resnet_studio.formats import keras_code, keras_config, keras_json, native
from tests.formats.keras_models import document_facts, real_facts
from tests.layers.oracle import keras, quiet, stateless

layers = keras.layers
INNER = ({"class_name": "Dense", "config": {"units": 4}}, "layers.Dense(4)")


def chain(*nodes: Node, outputs: int = 1) -> Document:
    """The nodes one behind the other; ``outputs`` of the last but one go into the last."""
    edges = [Edge(a.id, b.id, 0) for a, b in pairwise(nodes)]
    edges += [Edge(nodes[-2].id, nodes[-1].id, k, k) for k in range(1, outputs)]
    return Document(network=Graph({node.id: node for node in nodes}, tuple(edges)))


def sound(document: Document) -> Analysis:
    analysis = analyse(document)
    assert analysis.ok, analysis.diagnostics
    return analysis


FILM = chain(
    Node("film", "Input", {"shape": [6, 8, 8, 3]}),
    Node("conv", "TimeDistributed", {"layer": {
        "class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 3, "strides": 2}}}),
    Node("scaled", "TimeDistributed", {"layer": {
        "class_name": "Rescaling", "config": {"scale": 0.5}}}),
    Node("flat", "TimeDistributed", {"layer": {"class_name": "Flatten", "config": {}}}),
    Node("both", "Bidirectional", {
        "layer": {"class_name": "LSTM", "config": {"units": 5, "return_sequences": True}},
        "merge_mode": "sum"}),
    Node("ends", "Bidirectional", {
        "layer": {"class_name": "GRU", "config": {"units": 3, "return_state": True}},
        "backward_layer": {"class_name": "GRU", "config": {
            "units": 3, "return_state": True, "go_backwards": True, "use_bias": False}},
        "merge_mode": None}),
    Node("sum", "Add"),
    outputs=4,
)  # fmt: skip


def test_keras_reads_the_json_and_it_comes_back_the_same() -> None:
    text = keras_json.write(sound(FILM))
    model = json.loads(text)
    del model["compile_config"]
    with quiet(), stateless():
        real = keras.models.model_from_json(json.dumps(model))
    assert document_facts(FILM) == real_facts(real)
    for again in (keras_config.loads(text), keras_config.loads(real.to_json())):
        assert again.notes == ()
        assert _meaning(again.document) == _meaning(FILM)


def _meaning(document: Document) -> Any:
    nodes = {}
    for node in document.network.nodes.values():
        layer = layer_for(node.type, node.config)
        assert isinstance(layer, Layer)
        nodes[node.id] = (node.type, layer.non_defaults())
    return nodes, sorted(map(repr, document.network.edges))


def test_native_files_keep_wrappers() -> None:
    assert native.loads(native.dumps(FILM)).document == FILM


def test_code_calls_the_constructor_inside() -> None:
    code = keras_code.write(sound(FILM))
    assert "layers.TimeDistributed(layers.Conv2D(4, 3, strides=2)" in code
    assert 'layers.LSTM(5, return_sequences=True), merge_mode="sum"' in code
    assert "ends, ends_1, ends_2, ends_3 = layers.Bidirectional(" in code
    assert "class_name" not in code


def test_expressions_over_parameters_reach_inside() -> None:
    """A block's parameter sizes the layer inside the wrapper of a full dictionary too."""
    inner = {
        "module": "keras.layers", "class_name": "Convolution2D", "registered_name": None,
        "config": {"filters": "=2 * width", "kernel_size": ["=width", 1]},
    }  # fmt: skip
    nodes = [
        Node("x", "BlockInput"),
        Node("each", "TimeDistributed", {"layer": inner}),
        Node("y", "BlockOutput"),
    ]
    block = Block(
        Graph({n.id: n for n in nodes}, (Edge("x", "each", 0), Edge("each", "y", 0))),
        {"width": 2},
    )
    call = chain(Node("film", "Input", {"shape": [6, 8, 8, 3]}), Node("call", "step"))
    document = Document(network=call.network, blocks={"step": block})
    code = keras_code.write(sound(document))
    assert "layers.TimeDistributed(layers.Conv2D(2 * width, (width, 1)))" in code


def test_what_older_versions_wrote_inside_is_forgiven() -> None:
    """Keras 2 noted arguments that Keras 3 refuses, and what the layer was built for."""
    model = keras.Model(
        film := keras.Input((6, 8, 4)), layers.TimeDistributed(layers.SimpleRNN(3))(film)
    )
    config = json.loads(model.to_json())
    wrapper = config["config"]["layers"][1]
    inner = wrapper["config"]["layer"]
    assert inner["build_config"]
    inner["config"] |= {"time_major": False, "implementation": 2, "seed": None}
    inner["module"] = "tf_keras.layers"
    opened = keras_config.loads(json.dumps(config))
    (found,) = [n for n in opened.document.network.nodes.values() if n.type == "TimeDistributed"]
    assert found.config["layer"] == {"class_name": "SimpleRNN", "config": {"units": 3}}
    assert document_facts(opened.document) == real_facts(model)


def test_unknown_classes_inside_are_kept_and_refused() -> None:
    model = keras.Model(film := keras.Input((6, 4)), layers.TimeDistributed(layers.Dense(3))(film))
    text = model.to_json().replace('"class_name": "Dense"', '"class_name": "Deep"')
    opened = keras_config.loads(text)
    (problem,) = analyse(opened.document).diagnostics
    assert problem.code == "invalid-argument"
    assert "none called “Deep”" in problem.message
    again = native.loads(native.dumps(opened.document)).document
    assert again == opened.document


@pytest.mark.parametrize("key", ["layer", "backward_layer"])
def test_wrappers_nested_thousands_deep_are_refused_in_time(key: str) -> None:
    inner: dict[str, Any] = {"class_name": "LSTM", "config": {"units": 2}}
    for _ in range(300):
        inner = {"class_name": "Bidirectional", "config": {"layer": INNER[0], key: inner}}
    document = chain(Node("x", "Input", {"shape": [6, 4]}), Node("deep", "Bidirectional", {
        "layer": inner}))  # fmt: skip
    assert not analyse(document).ok
