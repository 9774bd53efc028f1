"""Keras' own JSON, loaded by the real Keras."""

import json
from typing import Any

import pytest

from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.flatten import flatten
from resnet_studio.formats import keras_json, templates
from resnet_studio.formats.checked import Checked, check
from tests.layers.oracle import keras, quiet, stateless

SOUND = [name for name in templates.names() if name != "doubling-mismatch"]


def loaded(analysis: Analysis) -> Any:
    """The model that Keras makes of the JSON, without compiling it and without weights."""
    model = json.loads(keras_json.write(analysis))
    del model["compile_config"]
    with quiet(), stateless():
        return keras.models.model_from_json(json.dumps(model))


def analysed(nodes: list[Node], edges: list[Edge]) -> Analysis:
    analysis = analyse(Document(network=Graph({node.id: node for node in nodes}, tuple(edges))))
    assert analysis.ok, analysis.diagnostics
    return analysis


@pytest.mark.parametrize("name", SOUND)
def test_keras_builds_every_template_with_the_same_shapes_and_counts(name: str) -> None:
    result = check(str(templates.path(name)))
    assert isinstance(result, Checked)
    model = loaded(result.analysis)
    nodes = flatten(result.analysis).nodes
    assert len(model.layers) == len(nodes)
    by_name = {layer.name: layer for layer in model.layers}
    for node in nodes:
        layer = by_name[node.path.replace("/", "_").replace("#", "_")]
        assert layer.output.shape == node.output
        assert layer.count_params() == node.outcome.params
    assert model.count_params() == result.analysis.totals.params


def test_the_training_is_compiled_in() -> None:
    result = check(str(templates.path("residual-block")))
    assert isinstance(result, Checked)
    with quiet():
        model = keras.models.model_from_json(keras_json.write(result.analysis))
    assert type(model.optimizer).__name__ == "Adam"
    assert model.loss == "categorical_crossentropy"


def test_shared_layers_several_ends_names_and_dtypes() -> None:
    analysis = analysed(
        [
            Node("left", "Input", {"shape": [8], "dtype": "float16"}),
            Node("right", "Input", {"shape": [8], "batch_size": 4, "name": "the right"}),
            Node("dense", "Dense", {"units": 8, "name": "twin", "dtype": "float16"}),
            Node("dense_again", "Dense", shared_with="dense"),
            Node("add", "Add"),
            Node("größe", "Concatenate", {"axis": 1}),
            Node("twin_relu", "ReLU", {"max_value": 6, "trainable": False}),
        ],
        [
            Edge("left", "dense"),
            Edge("right", "dense_again"),
            Edge("dense", "add", 0),
            Edge("dense_again", "add", 1),
            Edge("dense_again", "größe", 0),
            Edge("dense", "größe", 1),
            Edge("dense", "twin_relu"),
        ],
    )
    model = loaded(analysis)
    assert [tensor.name for tensor in model.inputs] == ["left", "the right"]
    assert [tensor.shape for tensor in model.outputs] == [(4, 8), (4, 16), (None, 8)]
    assert model.count_params() == analysis.totals.params == 72
    twin = model.get_layer("twin")
    assert len(twin._inbound_nodes) == 2
    first, second = model.get_layer("groe").input
    assert (first._keras_history.node_index, second._keras_history.node_index) == (1, 0)


def test_serialised_arguments_pass_through() -> None:
    config = {
        "units": 3,
        "kernel_initializer": {"class_name": "HeNormal", "config": {"seed": 7}},
        "kernel_regularizer": "l2",
        "activation": "gelu",
    }
    analysis = analysed(
        [Node("x", "Input", {"shape": [4]}), Node("dense", "Dense", config)], [Edge("x", "dense")]
    )
    dense = loaded(analysis).get_layer("dense")
    assert dense.kernel_initializer.seed == 7
    assert dense.kernel_regularizer.l2 == pytest.approx(0.01)
    assert dense.activation.__name__ == "gelu"


def test_one_end_stands_by_itself_as_keras_writes_it() -> None:
    analysis = analysed([Node("x", "Input", {"shape": [4]}), Node("y", "ReLU")], [Edge("x", "y")])
    config = json.loads(keras_json.write(analysis))["config"]
    assert (config["input_layers"], config["output_layers"]) == (["x", 0, 0], ["y", 0, 0])
    assert isinstance(loaded(analysis).output, keras.KerasTensor)
