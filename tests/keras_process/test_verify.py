"""Verification against the real Keras: what is the same is seen as the same, and only that."""

import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.formats import native_reader
from resnet_studio.formats.keras_code import ExportError, write
from resnet_studio.keras_process import client
from resnet_studio.keras_process.client import (
    WorkerError,
    WorkerProcess,
    format_report,
    predicted_shapes,
    save_keras,
    verify,
    verify_code,
)
from tests.core.networks import conv, flat_chain, graph, residual_block, tiny
from tests.formats.random_networks import documents

pytestmark = pytest.mark.tensorflow

TEMPLATES = Path(__file__).parents[2] / "resources" / "templates"
SOUND = sorted(p.stem for p in TEMPLATES.glob("*.rsnet") if p.stem != "doubling-mismatch")


def template(name: str) -> Analysis:
    text = (TEMPLATES / f"{name}.rsnet").read_text(encoding="utf-8")
    return analyse(native_reader.read(text).document)


# The same


@pytest.mark.parametrize("name", SOUND)
def test_templates_are_identical(name: str, worker: WorkerProcess) -> None:
    report = verify(template(name), worker=worker)
    assert report.identical, format_report(report)
    assert (report.forward, report.forward_error) == ("", "")
    assert all(row.real == row.expected for row in report.rows)


def test_the_sentence_for_the_notebooks_network(worker: WorkerProcess) -> None:
    report = verify(template("resnet34-notebook"), worker=worker)
    assert format_report(report) == (
        "identical: 44 layers, 16,822,760 parameters, every shape and count"
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_random_networks_are_identical(document: Document, worker: WorkerProcess) -> None:
    analysis = analyse(document)
    assume(analysis.ok)
    for code in (write(analysis), write(analysis, "flat")):
        report = verify_code(code, analysis, worker=worker)
        assert report.identical, format_report(report) + "\n" + code


def test_a_network_too_large_for_memory_is_compared_without_its_weights(
    worker: WorkerProcess,
) -> None:
    network = graph(
        [("in", "Input", {"shape": [100_000]}), ("huge", "Dense", {"units": 10**7})],
        [("in", "huge")],
    )
    report = verify(analyse(Document(network=network)), worker=worker)
    assert report.identical, format_report(report)
    assert "memory" in report.forward


def test_a_chain_deeper_than_pythons_recursion_limit(worker: WorkerProcess) -> None:
    nodes: list[tuple[Any, ...]] = [("in", "Input", {"shape": [4]})]
    nodes += [(f"n{k}", "ReLU") for k in range(1200)]
    edges = [(a[0], b[0]) for a, b in itertools.pairwise(nodes)]
    report = verify(analyse(Document(network=graph(nodes, edges))), worker=worker)
    assert report.identical, format_report(report)


def test_a_forward_pass_that_fails_is_told_and_changes_nothing(worker: WorkerProcess) -> None:
    """Keras builds a softmax over an axis that is not there, and only running it fails."""
    network = graph([("in", "Input", {"shape": [4]}), ("s", "Softmax", {"axis": 7})], [("in", "s")])
    report = verify(analyse(Document(network=network)), worker=worker)
    assert report.identical
    assert report.forward == ""
    assert report.forward_error.startswith("Softmax.call(): ")
    assert "\x1b" not in report.forward_error
    first, last = format_report(report).splitlines()
    assert first.startswith("identical as built, but it does not run: 2 layers")
    assert last == f"built, but a forward pass failed: {report.forward_error}"


def test_a_name_that_only_predict_refuses_is_told(worker: WorkerProcess) -> None:
    nodes = [("in", "Input", {"shape": [4]}), ("r", "ReLU", {"name": "a b"})]
    network = graph(nodes, [("in", "r")])
    report = verify(analyse(Document(network=network)), worker=worker)
    assert report.identical
    assert "'a b' is not a valid scope name" in report.forward_error


def test_a_network_on_which_tensorflow_aborts_its_process(worker: WorkerProcess) -> None:
    """``predict`` of a Dense on no values; the next verification finds a process again."""
    network = graph([("in", "Input", {"shape": [0]}), ("d", "Dense", {"units": 3})], [("in", "d")])
    report = verify(analyse(Document(network=network)), worker=worker)
    assert report.identical
    assert re.fullmatch(r"the process for Keras crashed \(SIG\w+\); .*", report.forward_error)
    assert not worker.running
    assert verify(template("residual-block"), worker=worker).identical


# Different


def test_other_filters_are_seen(worker: WorkerProcess) -> None:
    document = tiny()
    code = write(analyse(document))
    changed = document.network.with_node(Node("group2", "residual_block", {"n_filters": 64}, 2))
    report = verify_code(code, analyse(replace(document, network=changed)), worker=worker)
    assert not report.identical
    dense = document.network.with_node(Node("classes", "Dense", {"units": 11}))
    report = verify_code(code, analyse(replace(document, network=dense)), worker=worker)
    (row,) = report.different
    assert row.path == "classes"
    assert row.differences[:2] == (
        "gives ?×10 in Keras, not ?×11",
        "has 650 parameters in Keras, not 715",
    )
    assert "classes: gives ?×10 in Keras, not ?×11" in format_report(report)
    assert report.general[0] == "in all 369,930 parameters in Keras, not 369,995"


def test_frozen_weights_are_seen(worker: WorkerProcess) -> None:
    document = tiny()
    frozen = Node("classes", "Dense", {"units": 10, "trainable": False})
    changed = replace(document, network=document.network.with_node(frozen))
    report = verify_code(write(analyse(document)), analyse(changed), worker=worker)
    assert [row.path for row in report.different] == ["classes"]
    assert "650 trainable parameters" in report.different[0].differences[0]


def two_towers(shared: bool = True, swapped: bool = False) -> Analysis:
    """Two towers and what is between them; the same shapes and counts however it is wired."""
    made = graph(
        [("a", "Input", {"shape": [8, 8, 3]}), ("b", "Input", {"shape": [8, 8, 3]}),
         ("left", "Conv2D", conv(4)), ("between", "Subtract")],
        [("a", "left"), ("b", "right"), ("left", "between", int(swapped)),
         ("right", "between", int(not swapped))],
    )  # fmt: skip
    right = Node("right", "Conv2D", conv(4), shared_with="left" if shared else None)
    return analyse(Document(network=Graph({**made.nodes, "right": right}, made.edges)))


def test_swapped_wires_are_seen(worker: WorkerProcess) -> None:
    report = verify_code(write(two_towers()), two_towers(swapped=True), worker=worker)
    assert report.general == ("the model takes “b” and “a” in Keras, not “a” and “b”",)
    assert verify_code(write(two_towers()), two_towers(), worker=worker).identical


def test_a_layer_that_should_be_shared_is_seen(worker: WorkerProcess) -> None:
    report = verify_code(write(two_towers(shared=False)), two_towers(), worker=worker)
    assert "has a layer of its own in Keras" in format_report(report)
    report = verify_code(write(two_towers()), two_towers(shared=False), worker=worker)
    assert "shares the layer of “left” in Keras" in format_report(report)


def test_a_wire_around_a_layer_is_seen(worker: WorkerProcess) -> None:
    document = flat_chain(2)
    moved = [
        e if e != Edge("add0", "add1") else Edge("image", "add1") for e in document.network.edges
    ]
    other = replace(document, network=Graph(document.network.nodes, tuple(moved)))
    report = verify_code(write(analyse(document)), analyse(other), worker=worker)
    assert [row.path for row in report.different] == ["add1"]
    assert "reads “add0” and “conv1” in Keras" in report.different[0].differences[0]


def test_missing_and_additional_layers_are_seen(worker: WorkerProcess) -> None:
    shorter, longer = analyse(flat_chain(2)), analyse(flat_chain(3))
    missing = verify_code(write(shorter), longer, worker=worker)
    assert not missing.identical
    assert missing.different[-1].real is None or missing.general
    more = verify_code(write(longer), shorter, worker=worker)
    assert any("more layers" in text for text in more.general)


def test_code_that_raises_is_a_failure_not_an_exception(worker: WorkerProcess) -> None:
    code = "def build_model():\n    raise ValueError('units must be positive')\n"
    report = verify_code(code, analyse(tiny()), worker=worker)
    assert not report.identical
    assert format_report(report) == (
        "different: Keras refuses the code: ValueError: units must be positive"
    )
    assert all(row.real is None for row in report.rows)


def test_printing_and_exiting_code_does_no_harm(worker: WorkerProcess) -> None:
    analysis = analyse(tiny())
    noisy = "import os, sys\nprint('{\"id\": 1, \"result\": {}}')\nos.write(1, b'noise\\n')\n"
    report = verify_code(noisy + "sys.stdin.read()\n" + write(analysis), analysis, worker=worker)
    assert report.identical
    report = verify_code("import sys; sys.exit(3)", analysis, worker=worker)
    assert report.failure == "Keras refuses the code: SystemExit: 3"


def test_a_network_with_errors_does_not_reach_keras(worker: WorkerProcess) -> None:
    with pytest.raises(ExportError):
        verify(analyse(tiny(second=128)), worker=worker)


# Saving


def test_saved_networks_load_and_predict(worker: WorkerProcess, tmp_path: Path) -> None:
    document = replace(tiny(), training={"optimizer": "adam", "loss": "mse"})
    path = tmp_path / "tiny.keras"
    path.write_text("what was there before")
    save_keras(analyse(document), path, worker=worker)
    assert predicted_shapes(path, worker) == [[1, 10]]
    assert os.listdir(tmp_path) == ["tiny.keras"]


def test_saved_layers_are_named_by_their_paths(worker: WorkerProcess, tmp_path: Path) -> None:
    import json
    import zipfile

    document = Document(
        network=graph(
            [
                ("in 1", "Input", {"shape": [8, 8, 4]}),
                ("res", "residual_block", {"n_filters": 4}, 2),
            ],
            [("in 1", "res")],
        ),
        blocks={"residual_block": residual_block()},
    )
    save_keras(analyse(document), tmp_path / "m.keras", worker=worker)
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        config = json.loads(archive.read("config.json"))
    names = [layer["config"]["name"] for layer in config["config"]["layers"]]
    assert names[:2] == ["in_1", "res_1_conv_a"]
    assert names[-1] == "res_2_add"


def test_saving_where_nothing_can_be_written(worker: WorkerProcess, tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match=r"cannot save “.*missing.*m\.keras”"):
        save_keras(analyse(tiny()), tmp_path / "missing" / "m.keras", worker=worker)


def test_weights_beyond_memory_are_not_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "memory_available", lambda: 1000)
    with pytest.raises(WorkerError, match=r"0\.0 GB of memory"):
        save_keras(analyse(tiny()), tmp_path / "m.keras")
    assert not os.listdir(tmp_path)


# The program itself


def test_the_exported_program_runs(tmp_path: Path) -> None:
    """As a user runs it, with nothing of ours in sight: built, compiled and summarised."""
    program = tmp_path / "network.py"
    program.write_text(write(template("residual-block")), encoding="utf-8")
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "KERAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, **quiet},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Total params: 73,856" in done.stdout
