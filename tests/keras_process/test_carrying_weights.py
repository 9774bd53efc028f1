"""Weights of an opened model in the exported file: all, or those of unchanged layers."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Edge, Graph, Node
from resnet_studio.formats import keras_config, native
from resnet_studio.formats.keras_config.source import Source
from resnet_studio.keras_process.client import Saved, save_keras
from resnet_studio.keras_process.process import WorkerProcess

layers = keras.layers

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore:.*HDF5 file.*legacy:UserWarning"),
]


@pytest.fixture(autouse=True)
def fresh_names() -> None:
    keras.utils.clear_session()


def randomised(model: Any) -> Any:
    """The model with weights that no initializer gives."""
    random = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(0.2 + random.random(weight.shape))
    return model


def plain() -> Any:
    x = keras.Input((8, 8, 3), name="image")
    y = layers.Conv2D(4, 3, padding="same", name="first")(x)
    y = layers.BatchNormalization(name="norm")(y)
    y = layers.Conv2D(4, 3, padding="same", name="second")(y) + y
    y = layers.GlobalAveragePooling2D(name="pool")(y)
    return keras.Model(x, layers.Dense(2, name="head")(y), name="plain")


def nested() -> Any:
    """Functional in Functional with a chain inside, one of its names used outside too."""
    inside = keras.Input((8, 8, 4), name="x")
    chain = keras.Sequential(
        [layers.Conv2D(4, 1, name="c"), layers.BatchNormalization(name="n")], name="chain"
    )
    inner = keras.Model(inside, chain(layers.Conv2D(4, 1, name="first")(inside)), name="inner")
    x = keras.Input((8, 8, 3), name="image")
    y = inner(layers.Conv2D(4, 3, name="first", padding="same")(x))
    return keras.Model(x, layers.Conv2D(4, 1, name="last")(y), name="outer")


def shared() -> Any:
    """A layer called twice, a model called twice, two inputs and two outputs."""
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    inside = keras.Input((6,), name="x")
    encoder = keras.Model(
        inside, layers.Dense(4, name="d1")(layers.Dense(6, name="d2")(inside)), name="encoder"
    )
    twice = layers.Dense(6, name="twice")
    p, q = encoder(twice(a)), encoder(twice(b))
    return keras.Model([a, b], [layers.Subtract(name="difference")([p, q]), layers.Dense(2)(p)])


def composite() -> Any:
    """Layers that are made of layers."""
    x = keras.Input((5, 4), name="x")
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(x)
    y = layers.MultiHeadAttention(2, 4, name="attention")(y, y)
    y = layers.TimeDistributed(layers.Dense(4), name="each")(y)
    return keras.Model(x, layers.GRU(4, name="last")(y), name="composite")


def frozen() -> Any:
    model = nested()
    model.get_layer("inner").trainable = False
    return model


def carried(document: Document, path: Path, worker: WorkerProcess) -> tuple[Any, Saved]:
    """The model that the document's export loads as, and what was told of its weights."""
    saved = save_keras(analyse(document), path, worker=worker)
    return keras.saving.load_model(path, compile=False), saved


def same_predictions(a: Any, b: Any) -> None:
    random = np.random.default_rng(0)
    samples = [random.random((2, *each.shape[1:]), "float32") for each in a.inputs]
    samples = samples[0] if len(samples) == 1 else samples
    first, second = a(samples, training=False), b(samples, training=False)
    first, second = (r if isinstance(r, list) else [r] for r in (first, second))
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


KINDS = [
    (make, suffix)
    for make in (plain, nested, shared, composite, frozen)
    for suffix in ("keras", "h5")
]
QUICK = [(plain, "keras"), (nested, "h5"), (shared, "keras"), (composite, "h5"), (frozen, "h5")]


@pytest.mark.parametrize(
    ("make", "suffix"),
    [pytest.param(*kind, marks=[] if kind in QUICK else pytest.mark.slow) for kind in KINDS],
)
def test_an_unchanged_network_predicts_the_same(make, suffix, worker, tmp_path):
    model = randomised(make())
    model.save(tmp_path / f"model.{suffix}")
    document = keras_config.load(tmp_path / f"model.{suffix}").document
    if not analyse(document).ok:
        pytest.skip("a layer of this model is not known yet")
    again = native.loads(native.dumps(document)).document
    loaded, saved = carried(again, tmp_path / "out.keras", worker)
    assert saved.fresh == ()
    assert saved.note.endswith(f"carried over from “model.{suffix}”, none left")
    same_predictions(model, loaded)


def opened(model: Any, tmp_path: Path) -> Document:
    randomised(model).save(tmp_path / "model.keras")
    return keras_config.load(tmp_path / "model.keras").document


def rewired(document: Document, nodes: dict[str, Node], edges: list[Edge]) -> Document:
    return replace(document, network=Graph(nodes, tuple(edges)))


def test_only_changed_layers_begin_afresh(worker, tmp_path):
    model = plain()
    document = opened(model, tmp_path)
    nodes = dict(document.network.nodes)
    nodes["head"] = replace(nodes["head"], config={"units": 5})
    loaded, saved = carried(
        rewired(document, nodes, document.network.edges), tmp_path / "o.keras", worker
    )
    assert saved.carried == 3
    assert saved.fresh == ("head",)
    assert "the weights of 3 layers were carried over" in saved.note
    assert "1 layer begins afresh: “head”" in saved.note
    for name in ("first", "norm", "second"):
        for a, b in zip(model.get_layer(name).weights, loaded.get_layer(name).weights, strict=True):
            np.testing.assert_array_equal(a, b)


def test_layers_of_other_names_are_known_by_their_wiring(worker, tmp_path):
    """As after folding: every id is another, and a layer stands where none was."""
    model = plain()
    document = opened(model, tmp_path)
    names = {key: f"n{i}" for i, key in enumerate(document.network.nodes)}
    nodes = {
        names[key]: replace(
            node, id=names[key], config={k: v for k, v in node.config.items() if k != "name"}
        )
        for key, node in document.network.nodes.items()
    }
    edges = [
        Edge(names[e.source], names[e.target], e.slot, e.output) for e in document.network.edges
    ]
    cut = next(e for e in edges if e.target == names["pool"])
    nodes["new"] = Node("new", "Conv2D", {"filters": 4, "kernel_size": [3, 3], "padding": "same"})
    edges.remove(cut)
    edges += [Edge(cut.source, "new"), Edge("new", cut.target)]
    loaded, saved = carried(rewired(document, nodes, edges), tmp_path / "o.keras", worker)
    assert saved.fresh == ("new",)
    for name in ("first", "norm", "second", "head"):
        own = loaded.get_layer(names[name])
        for a, b in zip(model.get_layer(name).weights, own.weights, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_file_that_moved_or_changed_is_told(worker, tmp_path):
    document = opened(plain(), tmp_path)
    source = tmp_path / "model.keras"
    (tmp_path / "elsewhere").mkdir()
    source.rename(tmp_path / "elsewhere" / "model.keras")
    saved = save_keras(analyse(document), tmp_path / "o.keras", worker=worker)
    assert saved == Saved(0, (), saved.note)
    assert "no longer in" in saved.note
    # A model that moved with the network is found beside it.
    folder = tmp_path / "elsewhere"
    assert save_keras(analyse(document), tmp_path / "o.keras", worker=worker, folder=folder).carried
    with (folder / "model.keras").open("r+b") as file:
        file.seek(3000)
        file.write(b"\0")
    saved = save_keras(analyse(document), tmp_path / "o.keras", worker=worker, folder=folder)
    assert "has changed since it was opened" in saved.note


def test_a_network_of_no_file_tells_nothing(worker, tmp_path):
    document = replace(opened(plain(), tmp_path), source={})
    assert save_keras(analyse(document), tmp_path / "o.keras", worker=worker) == Saved()


# Hostile weights


def rewritten(path: Path, change: Any) -> Path:
    """The archive with its file of weights changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = path.with_name("w.h5")
    weights.write_bytes(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        change(file["layers/conv2d/vars"])
    members["model.weights.h5"] = weights.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def external_link(group: h5py.Group) -> None:
    del group["0"]
    group["0"] = h5py.ExternalLink("/etc/hostname", "/x")


def soft_link(group: h5py.Group) -> None:
    del group["0"]
    group["0"] = h5py.SoftLink("/layers/conv2d_1/vars/0")


def external_data(group: h5py.Group) -> None:
    del group["1"]
    group.create_dataset("1", (4,), "float32", external=[("/etc/passwd", 0, 16)])


def other_shape(group: h5py.Group) -> None:
    """A petabyte that takes no room in the file."""
    del group["1"]
    group.create_dataset("1", (2**48,), "float32", chunks=(2**20,))


def text(group: h5py.Group) -> None:
    del group["1"]
    group.create_dataset("1", data=np.array([b"a", b"b", b"c", b"d"]))


@pytest.mark.parametrize("change", [external_link, soft_link, external_data, other_shape, text])
def test_arrays_that_are_none_are_left(change, worker, tmp_path):
    randomised(plain()).save(tmp_path / "model.keras")
    rewritten(tmp_path / "model.keras", change)
    document = keras_config.load(tmp_path / "model.keras").document
    saved = save_keras(analyse(document), tmp_path / "o.keras", worker=worker)
    assert saved.fresh == ("first",)
    assert saved.carried == 3


def test_weights_that_are_no_weights_are_told(worker, tmp_path):
    model = plain()
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", model.to_json())
        archive.writestr("model.weights.h5", b"\0" * 50_000_000)
    document = keras_config.load(path).document
    saved = save_keras(analyse(document), tmp_path / "o.keras", worker=worker)
    assert "unpack to far more" in saved.note
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", model.to_json())
        archive.writestr("model.weights.h5", b"rubbish")
    document = keras_config.load(path).document
    saved = save_keras(analyse(document), tmp_path / "o.keras", worker=worker)
    assert "cannot be read" in saved.note
    assert saved.carried == 0


def test_what_a_network_says_of_its_source_is_data(tmp_path):
    for source in ({"file": 3, "fingerprint": ""}, {"file": "a\0b", "fingerprint": ""}, {}):
        assert Source.of(Document(source=source)) is None
    text = json.dumps(
        {"format": "resnet-studio/1", "network": {"nodes": [], "edges": []}, "source": []}
    )
    assert native.loads(text).problems[0].code == "malformed-value"
    assert native.loads(text).document.graph(NETWORK) == Graph()
