"""Models that Keras 1.2.2, 2.12 and 2.15 themselves wrote, with what those said of every layer.

``generations/*.json`` hold the text of each model beside the output shapes (one for each call)
and the count of each of its layers.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.flatten import flatten
from resnet_studio.formats import keras_config
from resnet_studio.formats.keras_config import older

FILES = sorted((Path(__file__).parent / "generations").glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shape_and_count_is_what_the_generation_said(file):
    told = json.loads(file.read_text(encoding="utf-8"))
    result = keras_config.loads(json.dumps(told["model"]))
    analysis = analyse(result.document)
    assert [d.message for d in analysis.diagnostics if d.severity == "error"] == []
    assert result.notes == ()
    assert analysis.totals.params == told["params"]
    nodes = flatten(analysis).nodes
    found: dict[str, list[Any]] = {}
    for i, node in enumerate(nodes):
        owner = nodes[node.shared_with if node.shared_with is not None else i].path
        outputs = [list(shape) for shape in node.outcome.outputs or ()]
        shapes, params = found.setdefault(owner, [[], 0])
        found[owner] = [shapes + outputs, params + node.outcome.params]
    for name, (shapes, params) in told["layers"].items():
        # Those of nested models stand one level below.
        if name in found:
            assert found[name] == [shapes, params], name
        else:
            inside = [v[1] for k, v in found.items() if k.startswith((f"{name}/", f"{name}_"))]
            assert sum(inside) == params, name


def test_there_are_fixtures_of_every_generation():
    assert {file.name.rsplit("-", 1)[0] for file in FILES} == {
        "keras-1.2.2", "keras-2.12", "keras-2.15",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("class_name", "config", "expected"),
    [
        ("Dense", {"output_dim": 3, "init": "uniform", "bias": False, "input_dim": 8},
         ("Dense", {"units": 3, "kernel_initializer": "random_uniform", "use_bias": False})),
        ("Convolution2D", {"nb_filter": 8, "nb_row": 3, "nb_col": 5, "dim_ordering": "th"},
         ("Conv2D", {"filters": 8, "kernel_size": [3, 5], "data_format": "channels_first"})),
        ("MaxPooling2D", {"pool_size": [2, 2], "border_mode": "same", "dim_ordering": "default"},
         ("MaxPooling2D", {"pool_size": [2, 2], "padding": "same"})),
        ("Dense", {"output_dim": 3, "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0},
                   "W_regularizer": {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.5}},
         ("Dense", {"units": 3,
                    "kernel_constraint": {"class_name": "MaxNorm",
                                          "config": {"max_value": 2, "axis": 0}},
                    "kernel_regularizer": {"class_name": "L1L2",
                                           "config": {"l1": 0.0, "l2": 0.5}}})),
        ("Merge", {"mode": "cos", "dot_axes": 1}, ("Dot", {"axes": 1, "normalize": True})),
        ("Merge", {"mode": "join", "mode_type": "lambda"},
         ("Merge", {"mode": "join", "mode_type": "lambda"})),
        ("ThresholdedReLU", {"theta": 0.5}, ("ReLU", {"threshold": 0.5})),
        ("Dropout", {"p": 0.5}, ("Dropout", {"rate": 0.5})),
        ("Dropout", {"rate": 0.5}, ("Dropout", {"rate": 0.5})),
        ("Embedding", {"input_dim": 9, "output_dim": 4},
         ("Embedding", {"input_dim": 9, "output_dim": 4})),
    ],
)  # fmt: skip
def test_words_of_keras_1(class_name, config, expected):
    assert older.converted(class_name, config) == expected


@pytest.mark.parametrize("class_name", ["Highway", "MaxoutDense"])
def test_what_keras_gave_up_keeps_its_name_and_arguments(class_name):
    """Only what depends on it is unknown; the rest is open."""
    entries = [
        {"class_name": "Dense",
         "config": {"name": "d", "output_dim": 3, "batch_input_shape": [None, 4]}},
        {"class_name": class_name, "config": {"name": "gone", "nb_feature": 4, "init": "zero"}},
    ]  # fmt: skip
    result = keras_config.loads(json.dumps({"class_name": "Sequential", "config": entries}))
    node = result.document.network.nodes["gone"]
    assert node.type == class_name
    assert node.config["nb_feature"] == 4
    assert analyse(result.document).root.outcome("d").params == 15


def test_a_subclassed_model_is_told_in_a_sentence():
    """As Keras 2.15 writes one: its class and nothing of its layers."""
    raw = {
        "module": None, "class_name": "Mine", "config": {}, "registered_name": "Mine",
        "build_config": {"input_shape": [1, 3]},
    }  # fmt: skip
    with pytest.raises(keras_config.FormatError, match="class “Mine”, whose file holds no graph"):
        keras_config.loads(json.dumps(raw))
