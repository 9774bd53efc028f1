"""Models of Keras opened as data: real ones, ones of older generations, and hostile ones."""

import json
import subprocess
import sys
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.expressions import resolve
from resnet_studio.formats import keras_config, keras_json, native
from resnet_studio.formats.files import FormatError
from resnet_studio.formats.keras_config.container import LARGEST_CONFIG
from tests.formats.keras_models import application, document_facts, real_facts, wires

layers = keras.layers


@pytest.fixture(autouse=True)
def fresh_names():
    keras.utils.clear_session()


def imported(config: Any) -> keras_config.Imported:
    return keras_config.loads(config if isinstance(config, str) else json.dumps(config))


def same_as(model: Any) -> keras_config.Imported:
    """The model's import, every shape and count of which is the real one, reopened too."""
    result = imported(model.to_json())
    expected = real_facts(model)
    found = document_facts(result.document)
    assert {key: found[key] for key in found if key in expected} == expected
    assert native.loads(native.dumps(result.document)).document == result.document
    return result


def whole(model: Any) -> keras_config.Imported:
    """As ``same_as``, and the document holds nothing besides and has no error."""
    result = same_as(model)
    assert document_facts(result.document).keys() == real_facts(model).keys()
    assert analyse(result.document).ok
    return result


# Real models


@pytest.mark.parametrize("name", ["ResNet50", "MobileNetV2", "MobileNetV3Small", "DenseNet121"])
def test_an_application_arrives_node_by_node(name):
    model = application(name)
    result = whole(model)
    assert result.notes == ()
    assert len(result.document.network.edges) == count_of_wires(model)


def count_of_wires(model: Any) -> int:
    calls = [node for depth in model._nodes_by_depth.values() for node in depth]
    return sum(len(node.input_tensors) for node in calls)


def test_saved_files_hold_what_the_json_says(tmp_path):
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, name="conv")(image)
    model = keras.Model(image, layers.BatchNormalization(name="norm")(x), name="small")
    model.save(tmp_path / "small.keras")
    with warnings.catch_warnings(action="ignore"):  # Keras calls the format old
        model.save(tmp_path / "small.h5")
    (tmp_path / "small.json").write_text(model.to_json(), encoding="utf-8")
    (tmp_path / "twice.json").write_text(json.dumps(model.to_json()), encoding="utf-8")
    documents = [
        keras_config.load(tmp_path / name).document
        for name in ("small.keras", "small.h5", "small.json", "twice.json")
    ]
    # The two that hold weights are remembered as their source.
    assert [Path(d.source.get("file", "")).name for d in documents] == [
        "small.keras",
        "small.h5",
        "",
        "",
    ]
    bare = [replace(document, source={}) for document in documents]
    assert bare[0] == bare[1] == bare[2] == bare[3]
    assert document_facts(documents[0]) == real_facts(model)


def test_sequential():
    model = keras.Sequential(
        [keras.Input((32, 32, 3)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)]
    )
    result = whole(model)
    assert [node.type for node in result.document.network.nodes.values()] == [
        "Input", "Conv2D", "Flatten", "Dense",
    ]  # fmt: skip


def test_sequential_without_an_input_takes_the_size_it_was_built_for():
    model = keras.Sequential([layers.Dense(4, name="a"), layers.Dense(2, name="b")])
    model.build((None, 7))
    result = imported(model.to_json())
    assert document_facts(result.document)["a"] == ([(None, 4)], 32, 32)


def test_nested_models_become_blocks():
    inner_image = keras.Input((8, 8, 4), name="x")
    inner = keras.Model(inner_image, layers.Conv2D(6, 1, name="mix")(inner_image), name="inner")
    chain = keras.Sequential([layers.Conv2D(4, 3, padding="same", name="conv")], name="chain")
    image = keras.Input((8, 8, 3), name="image")
    outer = keras.Model(image, inner(chain(image)), name="outer")
    model_input = keras.Input((8, 8, 3), name="photo")
    model = keras.Model(model_input, layers.Flatten(name="flat")(outer(model_input)), name="top")
    result = same_as(model)
    assert {"inner", "chain", "outer"} <= set(result.document.blocks)
    assert wires(result.document) == {("photo", "outer"), ("outer", "flat")}
    assert analyse(result.document).totals.params == model.count_params()
    assert analyse(result.document).ok


def test_several_outputs_of_a_nested_model():
    x = keras.Input((8,), name="x")
    two = keras.Model(x, [layers.Dense(3)(x), layers.Dense(5)(x)], name="two")
    start = keras.Input((8,), name="start")
    small, large = two(start)
    model = keras.Model(start, [layers.Dense(1, name="a")(large), layers.Dense(1, name="b")(small)])
    result = same_as(model)
    params = {key: facts[1] for key, facts in document_facts(result.document).items()}
    assert (params["a"], params["b"]) == (6, 4)


def test_a_shared_layer_is_counted_once():
    a, b = keras.Input((8,), name="a"), keras.Input((8,), name="b")
    shared = layers.Dense(4, name="shared")
    model = keras.Model([a, b], layers.Add(name="add")([shared(a), shared(b)]))
    result = whole(model)
    nodes = result.document.network.nodes
    assert nodes["shared_1"].shared_with == "shared"
    assert analyse(result.document).totals.params == model.count_params() == 36


def test_a_nested_model_called_twice_shares_its_weights():
    x = keras.Input((8,), name="x")
    encoder = keras.Model(x, layers.Dense(4, name="d")(layers.ReLU(name="r")(x)), name="encoder")
    a, b = keras.Input((8,), name="a"), keras.Input((8,), name="b")
    outputs = [encoder(a), encoder(b)]
    model = keras.Model([a, b], [layers.Subtract(name="sub")(outputs), outputs[1]])
    result = imported(model.to_json())
    assert analyse(result.document).totals.params == model.count_params() == 36
    assert {("a", "encoder_r"), ("b", "encoder_r_1"), ("encoder_d_1", "sub")} <= wires(
        result.document
    )
    into = {edge.slot: edge.source for edge in result.document.network.into("sub")}
    assert into == {0: "encoder_d", 1: "encoder_d_1"}
    # The second encoding is an output too, and stays one.
    assert ("encoder_d_1", "encoder_d_1_output") in wires(result.document)
    assert len(result.notes) == 1


def test_inputs_by_name_find_their_ports():
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    inner = keras.Model({"b": b, "a": a}, layers.Concatenate()([b, a]), name="inner")
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    model = keras.Model([left, right], inner({"b": right, "a": left}))
    document = same_as(model).document
    ports = document.blocks["inner"].inputs()
    into = {ports[edge.slot]: edge.source for edge in document.network.into("inner")}
    assert into == {"a": "left", "b": "right"}


def test_frozen_models_stay_frozen():
    x = keras.Input((8,), name="x")
    base = keras.Model(x, layers.Dense(4)(x), name="base")
    base.trainable = False
    start = keras.Input((8,), name="start")
    model = keras.Model(start, layers.Dense(2)(base(start, training=False)))
    result = same_as(model)
    assert analyse(result.document).totals.trainable_params == 10
    assert "training=false" in result.notes[0]


def test_a_constant_at_its_default_stays_a_constant():
    """EfficientNetV2's head: the bare name “constant” would not say which."""
    zero = keras.initializers.Constant(0.0)
    whole(keras.Sequential([keras.Input((8,)), layers.Dense(4, bias_initializer=zero)]))


# Operators


def test_tensors_of_one_shape_are_merged_and_numbers_stay_in_operators():
    x = keras.Input((8, 8, 4), name="x")
    y = layers.Conv2D(4, 1, name="conv")(x)
    model = keras.Model(x, (x + y) * (x - y) * 0.5 + 3.0 - 1)
    result = whole(model)
    found = [(node.type, node.config) for node in result.document.network.nodes.values()]
    assert [type_name for type_name, _ in found[2:5]] == ["Add", "Subtract", "Multiply"]
    assert [(t, config["x2"]) for t, config in found[5:]] == [
        ("ops.multiply", 0.5), ("ops.add", 3.0), ("ops.subtract", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("shapes", [((8, 8, 4), (4,)), ((None, 4), (5, 4)), ((4,), ())])
def test_operators_that_no_layer_equals_stay_operators(shapes):
    a, b = (keras.Input(shape, name=name) for shape, name in zip(shapes, "ab", strict=True))
    try:
        model = keras.Model([a, b], a + b)
    except ValueError:
        pytest.skip("Keras does not add these")
    result = whole(model)
    assert result.document.network.nodes["add"].type == "ops.add"


def test_operators_of_all_kinds_arrive_with_their_shapes():
    x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
    ops = keras.ops
    model = keras.Model([x, y], [
        2.0 - x, x / 3, (-3) ** x, x // 2, x % 2, -x, abs(x), x > 1, x[:, 0], x[..., 1:3],
        x[:, ::2, None], x @ ops.transpose(y, (0, 2, 1)), ops.mean(x, axis=1, keepdims=True),
        ops.sum(x), ops.max(x, axis=(1, 2)), ops.reshape(x, (-1, 24)), ops.sqrt(x),
        ops.squeeze(ops.expand_dims(x, 1), 1), ops.concatenate([x, y], axis=-1), ops.clip(x, 0, 1),
        ops.stack([x, y], axis=1), ops.where(x > 0, x, 0.0), ops.softmax(x, axis=1),
        ops.pad(x, [[0, 0], [1, 1], [0, 0]], constant_values=3), ops.cast(x, "float16"),
    ])  # fmt: skip
    document = whole(model).document
    keys = [n.config["key"] for n in document.network.nodes.values() if n.type == "ops.get_item"]
    assert keys == [":, 0", "..., 1:3", ":, ::2, None"]
    again = imported(keras_json.write(analyse(document))).document
    assert again.network == document.network
    assert keras.models.model_from_json(keras_json.write(analyse(document)))


def test_classes_of_others_never_pass_for_those_of_keras():
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4, name="d")])
    config = json.loads(model.to_json())
    config["config"]["layers"][1] |= {"module": "os", "registered_name": "Dense"}
    node = imported(config).document.network.nodes["d"]
    assert node.type == "os.Dense"
    assert node.config["units"] == 4


# Keras 2


def keras2(name: str, class_name: str, inbound: list[Any], **config: Any) -> dict[str, Any]:
    return {
        "name": name,
        "class_name": class_name,
        "config": {"name": name, **config},
        "inbound_nodes": inbound,
    }


def functional2(*entries: dict[str, Any], outputs: Any, inputs: Any = None) -> dict[str, Any]:
    config = {
        "name": "model",
        "layers": list(entries),
        "input_layers": inputs or [["image", 0, 0]],
        "output_layers": outputs,
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0"}


IMAGE = keras2(
    "image", "InputLayer", [], batch_input_shape=[None, 8, 8, 4], dtype="float32", sparse=False
)
KERAS2 = functional2(
    IMAGE,
    keras2(
        "depth", "DepthwiseConv2D", [[["image", 0, 0, {}]]], kernel_size=[3, 3], padding="same",
        groups=1, kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
        dtype={"class_name": "Policy", "config": {"name": "float32"}},
    ),
    keras2(
        "block/bn", "BatchNormalization", [[["depth", 0, 0, {}]]], axis=[3], epsilon=0.001,
        beta_initializer={"class_name": "Zeros", "config": {"dtype": "float32"}},
    ),
    keras2("leaky", "LeakyReLU", [[["block/bn", 0, 0, {}]]], alpha=0.2),
    keras2("drop", "SpatialDropout2D", [[["leaky", 0, 0, {}]]], rate=0.2, noise_shape=None,
           trainable=True),
    keras2("tf.plus", "TFOpLambda", [["drop", 0, 0, {"y": ["image", 0, 0], "name": None}]],
           function="__operators__.add"),
    keras2("tf.half", "TFOpLambda", [["tf.plus", 0, 0, {"y": 0.5, "name": None}]],
           function="math.multiply"),
    keras2("both", "Concatenate", [[["tf.half", 0, 0, {}], ["image", 0, 0, {}]]], axis=-1),
    outputs=[["both", 0, 0]],
)  # fmt: skip


def test_keras_2_functional():
    result = imported(KERAS2)
    found = document_facts(result.document)
    assert found["both"][0] == [(None, 8, 8, 8)]
    assert found["depth"][1] == 40
    assert found["block_bn"][1:] == (16, 8)
    assert analyse(result.document).ok
    assert "block/bn" in result.notes[0]
    leaky = result.document.network.nodes["leaky"].config
    assert leaky == {"negative_slope": 0.2}


def test_the_mixture_of_both_generations():
    """New descriptions of layers with the calls of Keras 2, as TF 2.12 to 2.15 wrote."""
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, name="conv")(image)
    model = keras.Model(image, layers.Add(name="add")([x, x]), name="m")
    config = json.loads(model.to_json())
    for entry, inbound in zip(
        config["config"]["layers"],
        ([], [[["image", 0, 0, {}]]], [[["conv", 0, 0, {}], ["conv", 0, 0, {}]]]),
        strict=True,
    ):
        entry["inbound_nodes"] = inbound
    assert imported(config).document == imported(model.to_json()).document


def test_keras_2_counts_a_nested_model_s_own_call():
    inner = functional2(
        keras2("x", "InputLayer", [], batch_input_shape=[None, 8, 8, 4]),
        keras2("mix", "Conv2D", [[["x", 0, 0, {}]]], filters=2, kernel_size=[1, 1]),
        inputs=[["x", 0, 0]],
        outputs=[["mix", 0, 0]],
    )
    entry = {**keras2("inner", "Functional", [[["image", 0, 0, {}]]]), "config": inner["config"]}
    result = imported(
        functional2(
            IMAGE,
            entry,
            keras2("flat", "Flatten", [[["inner", 1, 0, {}]]]),
            outputs=[["flat", 0, 0]],
        )
    )
    assert document_facts(result.document)["flat"][0] == [(None, 128)]
    assert result.notes == ()


@pytest.mark.parametrize("as_list", [True, False])
def test_keras_2_sequential(as_list):
    entries = [
        {
            "class_name": "Dense",
            "config": {"name": "a", "units": 3, "batch_input_shape": [None, 5]},
        },
        {"class_name": "Dense", "config": {"name": "b", "units": 2}},
    ]
    config = entries if as_list else {"name": "chain", "layers": entries}
    found = document_facts(imported({"class_name": "Sequential", "config": config}).document)
    assert found["b"] == ([(None, 2)], 8, 8)
    assert found["a"][1] == 18


# Names


def test_names_become_ids_and_are_kept():
    names = ["a'b\n", "x#1", "../up", "=2*3", "class", "a\u202eb", "q:1"]
    entries = [IMAGE, *(keras2(n, "ReLU", [[["image", 0, 0, {}]]]) for n in names)]
    result = imported(functional2(*entries, outputs=[[n, 0, 0] for n in names]))
    nodes = result.document.network.nodes
    assert list(nodes)[1:] == ["a'b_", "x_1", ".._up", "=2*3", "class", "a_b", "q_1"]
    kept = {key: node.config["name"] for key, node in nodes.items() if "name" in node.config}
    assert kept == {"a'b_": "a'b\n", "x_1": "x#1", "a_b": "a\u202eb", "q_1": "q:1"}
    reopened = native.loads(native.dumps(result.document))
    assert reopened.document == result.document
    assert len(result.notes) == 1


def test_texts_that_look_like_expressions_stay_texts():
    entry = keras2("a", "Mine", [[["image", 0, 0, {}]]], rule="=2*3", deep={"x": ["=n", "=="]})
    document = imported(functional2(IMAGE, entry, outputs=[["a", 0, 0]])).document
    reopened = native.loads(native.dumps(document)).document
    meant = resolve(reopened.network.nodes["a"].config, {})
    assert meant == {"rule": "=2*3", "deep": {"x": ["=n", "=="]}}
    assert {d.code for d in analyse(document).diagnostics} == {"unknown-layer"}


# Hostile files


def refusal(path: Path) -> str:
    with pytest.raises(FormatError) as caught:
        keras_config.load(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def archive(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        ("{", "ends in the middle"),
        ("[]", "no model of Keras"),
        ('"{}"', "no model of Keras"),
        ('{"class_name": "Mine", "config": {"units": 3}}', "“Mine”"),
        ('{"class_name": "Sequential", "config": [3]}', "layer 0"),
        ('{"class_name": "S", "class_name": "T", "config": {}}', "stands twice"),
        ('{"class_name": "S", "config": {"a": NaN}}', "NaN"),
        ('{"class_name": "S", "config": {"a": -Infinity}}', "Infinity"),
        ('{"class_name": "S", "config": {"a": ' + "9" * 4300 + "}}", "4,300 digits"),
        ('{"class_name": "S", "config": ' + "[" * 5000 + "]" * 5000 + "}", "nested"),
        ('{"format": "resnet-studio/1", "network": {}}', "already"),
    ],
)  # fmt: skip
def test_text_that_is_no_model(tmp_path, text, expected):
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    assert expected in refusal(path)


def test_nested_models_thousands_deep_are_refused(tmp_path):
    text = '{"class_name":"Sequential","config":[' * 5000 + "]}" * 5000
    path = tmp_path / "deep.json"
    path.write_text(text, encoding="utf-8")
    assert "nested" in refusal(path)


def test_archives_are_bounded(tmp_path, monkeypatch):
    big = b" " * (LARGEST_CONFIG + 1)
    path = tmp_path / "m.keras"
    assert "larger than" in refusal(archive(path, ("config.json", big)))
    assert "no config.json" in refusal(archive(path, ("metadata.json", b"{}")))
    assert "packed" in refusal(archive(path, ("config.json", b"{}"), method=zipfile.ZIP_LZMA))
    with pytest.warns(UserWarning, match="Duplicate"):
        archive(path, ("config.json", b"{}"), ("config.json", b"{}"))
    assert "2 times" in refusal(path)
    archive(path, *((f"{i:060}", b"") for i in range(40_000)), ("config.json", b"{}"))
    assert "far more members" in refusal(path)


def test_an_archive_that_lies_about_its_size_is_bounded(tmp_path):
    path = archive(tmp_path / "m.keras", ("config.json", b" " * (4 * LARGEST_CONFIG)))
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refusal(path)


def test_members_are_never_extracted(tmp_path, monkeypatch):
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4)])
    path = archive(
        tmp_path / "m.keras", ("../evil.txt", b"x"), ("config.json", model.to_json().encode())
    )
    before = sorted(tmp_path.parent.rglob("*"))
    keras_config.load(path)
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_damaged_archives(tmp_path):
    good = archive(tmp_path / "m.keras", ("config.json", b'{"class_name": 1}' * 500)).read_bytes()
    for cut in (5, 40, len(good) // 2, len(good) - 3):
        path = tmp_path / "cut.keras"
        path.write_bytes(good[:cut])
        refusal(path)
    for at in range(0, len(good), 7):
        changed = bytearray(good)
        changed[at] ^= 0xFF
        path.write_bytes(changed)
        refusal(path)


def hdf5(path: Path, make: Any) -> Path:
    with h5py.File(path, "w") as file:
        make(file)
    return path


def odd_attribute(value: Any):
    return lambda file: file.attrs.__setitem__("model_config", value)


@pytest.mark.parametrize(
    "make",
    [
        lambda file: file.create_group("model_weights"),
        odd_attribute(3),
        odd_attribute(np.zeros(1000)),
        odd_attribute(["a", "b"]),
        odd_attribute(h5py.Empty("S10")),
        odd_attribute(np.array([(1, 2)], dtype=[("a", "i4"), ("b", "i4")])),
        odd_attribute(np.bytes_(b"\xff\xfenot text")),
        odd_attribute("x" * (LARGEST_CONFIG + 1)),
        lambda file: file.__setitem__("model_config", h5py.ExternalLink("other.h5", "/secret")),
    ],
)
def test_odd_hdf5_files(tmp_path, make):
    refusal(hdf5(tmp_path / "m.h5", make))


def test_hdf5_links_are_never_followed(tmp_path):
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4, name="d")])

    def make(file):
        file.attrs["model_config"] = model.to_json()
        file["model_weights"] = h5py.ExternalLink("/dev/zero", "/")

    path = hdf5(tmp_path / "m.h5", make)
    assert "d" in keras_config.load(path).document.network.nodes


def test_cut_off_hdf5(tmp_path):
    data = hdf5(tmp_path / "m.h5", odd_attribute("{}" * 4000)).read_bytes()
    for cut in (9, 100, len(data) // 2, len(data) - 1):
        path = tmp_path / "cut.h5"
        path.write_bytes(data[:cut])
        refusal(path)


def test_missing_files_and_folders(tmp_path):
    assert "cannot be read" in refusal(tmp_path / "missing.keras")
    assert "cannot be read" in refusal(tmp_path)


@pytest.mark.parametrize("source", ["b", "a", "nowhere"])
def test_cycles_and_dangling_wires_open_with_a_diagnostic(source):
    result = imported(
        functional2(
            IMAGE,
            keras2("a", "Add", [[["image", 0, 0, {}], [source, 0, 0, {}]]]),
            keras2("b", "ReLU", [[["a", 0, 0, {}]]]),
            keras2("fine", "ReLU", [[["image", 0, 0, {}]]]),
            outputs=[["b", 0, 0], ["fine", 0, 0]],
        )
    )
    codes = {d.code for d in analyse(result.document).diagnostics}
    assert codes == {"broken-edge" if source == "nowhere" else "cycle"}
    assert document_facts(result.document)["fine"][0] == [(None, 8, 8, 4)]
    assert native.loads(native.dumps(result.document)).document == result.document


def test_a_call_that_is_not_there_is_told():
    entry = keras2("a", "ReLU", [[["image", 7, 0, {}]]])
    document = imported(functional2(IMAGE, entry, outputs=[["a", 0, 0]])).document
    assert [d.code for d in analyse(document).diagnostics] == ["broken-edge"]


@pytest.mark.parametrize("inbound", [3, "x", [3], [[3]], [[["image"]]], [{"args": 3}], [None]])
def test_unreadable_calls_leave_the_rest(inbound):
    result = imported(functional2(IMAGE, keras2("a", "ReLU", inbound), outputs=[["a", 0, 0]]))
    assert set(result.document.network.nodes) == {"image", "a"}
    assert not analyse(result.document).ok


def test_models_that_double_at_each_level_are_bounded():
    """Each level calls the one below twice: thirty levels would come to a thousand million."""
    model = functional2(IMAGE, keras2("r", "ReLU", [[["image", 0, 0, {}]]]), outputs=[["r", 0, 0]])
    for level in range(20):
        inner = {
            "name": f"m{level}",
            "class_name": "Functional",
            "config": model["config"],
            "inbound_nodes": [[["image", 0, 0, {}]], [[f"m{level}", 1, 0, {}]]],
        }
        model = functional2(IMAGE, inner, outputs=[[f"m{level}", 2, 0]])
    with pytest.raises(FormatError, match=r"20,000|nested"):
        imported(model)


def test_wires_without_end_are_refused():
    entry = keras2("a", "Add", [[["image", 0, 0]] * 100_001])
    with pytest.raises(FormatError, match="100,000 wires"):
        imported(functional2(IMAGE, entry, outputs=[["a", 0, 0]]))


def places_in(value: Any, path: tuple[Any, ...] = ()):
    """Every place in a configuration."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places_in(item, (*path, key))


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return copy


@pytest.mark.parametrize("to", [None, True, -1, 1e300, "", "image", [], [[]], {}, {"a": 1}])
def test_any_value_anywhere_opens_or_is_refused_in_a_sentence(to):
    """Each value of two samples in turn is replaced by what does not belong there."""
    x = keras.Input((4,), name="x")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4)], name="inner")
    model = keras.Model(x, layers.Dense(2, name="d")(inner(x) + x), name="m")
    for config in (KERAS2, json.loads(model.to_json())):
        for path in places_in(config):
            try:
                document = imported(changed(config, path, to)).document
            except FormatError:
                continue
            _ = analyse(document).diagnostics
            reopened = native.loads(native.dumps(document)).document
            assert reopened.network.edges == document.network.edges


def test_a_model_that_feeds_itself_ends():
    inner = functional2(IMAGE, outputs=[["image", 0, 0]])["config"]
    entry = {
        "name": "same",
        "class_name": "Functional",
        "config": inner,
        "inbound_nodes": [[["same", 2, 0, {}]], [["same", 1, 0, {}]]],
    }
    tail = keras2("r", "ReLU", [[["same", 1, 0, {}]]])
    document = imported(functional2(IMAGE, entry, tail, outputs=[["r", 0, 0]])).document
    assert "broken-edge" in {d.code for d in analyse(document).diagnostics}


def test_one_name_for_two_layers():
    relu = keras2("a", "ReLU", [[["image", 0, 0, {}]]])
    document = imported(functional2(IMAGE, relu, relu, outputs=[["a", 0, 0]])).document
    assert {d.code for d in analyse(document).diagnostics} == {"duplicate-name"}


def test_tensorflow_is_not_started(tmp_path):
    path = tmp_path / "m.h5"
    hdf5(path, odd_attribute(json.dumps(KERAS2)))
    code = (
        "import sys\nfrom pathlib import Path\nfrom resnet_studio.formats import keras_config\n"
        f"keras_config.load(Path({str(path)!r}))\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


# All applications


APPLICATIONS = sorted(name for name in dir(keras.applications) if name[:1].isupper())


@pytest.mark.slow
@pytest.mark.parametrize("name", APPLICATIONS)
def test_every_application(name):
    model = application(name)
    result = imported(model.to_json())
    expected, found = real_facts(model), document_facts(result.document)
    assert len(result.document.network.edges) == count_of_wires(model)
    assert len(result.document.network.nodes) == len(model.operations)
    assert found == expected
    assert analyse(result.document).ok
