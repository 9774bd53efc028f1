"""``check``'s reports and the summary, on real files."""

import json
import re
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.formats import native, reports, templates
from resnet_studio.formats.checked import Checked, Unreadable, check
from resnet_studio.formats.summary import readable_size, summary

MISMATCH = str(templates.path("doubling-mismatch"))
NOTEBOOK = str(templates.path("resnet34-notebook"))


def tell(name: str, *files: str) -> str:
    return "".join(reports()[name].tell([check(file) for file in files]))


def told(file: str) -> dict:
    return json.loads(tell("json", file))


def write(path: Path, nodes: list[dict], edges: list[list], **more: object) -> str:
    data = {"format": "resnet-studio/1", "network": {"nodes": nodes, "edges": edges}, **more}
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_json_has_the_contracts_keys_and_figures() -> None:
    report = told(NOTEBOOK)
    assert list(report) == ["ok", "file", "nodes", "totals", "diagnostics"]
    assert (report["ok"], report["file"], report["diagnostics"]) == (True, NOTEBOOK, [])
    assert report["nodes"]["group_64#1/conv_a"] == {
        "type": "Conv2D",
        "input_shapes": [[None, 56, 56, 64]],
        "output_shape": [None, 56, 56, 64],
        "params": 36928,
        "trainable_params": 36928,
        "macs": 56 * 56 * 64 * 9 * 64,
    }
    assert report["totals"] == {
        "params": 16822760,
        "trainable_params": 16822760,
        "non_trainable_params": 0,
        "macs": sum(node["macs"] for node in report["nodes"].values()),
    }
    assert sum(node["params"] for node in report["nodes"].values()) == 16822760
    types = {node["type"] for node in report["nodes"].values()}
    assert types.isdisjoint({"BlockInput", "BlockOutput", "residual_block", "conv_block"})


def test_json_of_an_error_has_its_line_and_repairs() -> None:
    report = told(MISMATCH)
    assert report["ok"] is False
    assert report["nodes"]["group_128#1/add"]["output_shape"] is None
    assert report["nodes"]["group_128#1/add"]["macs"] is None
    (diagnostic,) = report["diagnostics"]
    assert (diagnostic["code"], diagnostic["severity"]) == ("shortcut-mismatch", "error")
    assert diagnostic["node"] == "group_128#1/add"
    lines = Path(MISMATCH).read_text(encoding="utf-8").splitlines()
    assert '"id": "add"' in lines[diagnostic["line"] - 1]
    costs = {fix["id"]: fix["delta_params"] for fix in diagnostic["fixes"]}
    assert costs["projection"] == 64 * 128 + 128
    assert {"id", "title", "delta_params", "delta_macs"} == set(diagnostic["fixes"][0])


def test_layers_behind_an_error_are_listed_as_unknown(tmp_path: Path) -> None:
    nodes = told(MISMATCH)["nodes"]
    assert [path for path in nodes if path.startswith("group_128#")] == [
        f"group_128#{n}/{layer}" for n in (1, 2, 3) for layer in ("conv_a", "conv_b", "add")
    ]
    assert nodes["group_128#3/add"] == {
        "type": "Add",
        "input_shapes": [None, None],
        "output_shape": None,
        "params": 0,
        "trainable_params": 0,
        "macs": None,
    }
    inner = {"id": "conv", "type": "Conv2D", "config": {"filters": 1}, "repeat": "=n - 1"}
    blocks = {
        "inner": {"parameters": {"n": 1}, "nodes": [inner], "edges": []},
        "outer": {"nodes": [{"id": "i", "type": "inner", "config": {"n": 3}}], "edges": []},
        "round": {"nodes": [{"id": "r", "type": "round"}], "edges": []},
    }
    file = write(
        tmp_path / "net.rsnet",
        [
            {"id": "bad", "type": "Conv9D"},
            {"id": "o", "type": "outer"},
            {"id": "relu", "type": "ReLU", "repeat": 2},
            {"id": "r", "type": "round"},
        ],
        [["bad", "o", 0], ["bad", "relu", 0], ["bad", "r", 0]],
        blocks=blocks,
    )
    assert list(told(file)["nodes"]) == ["bad", "o/i/conv#1", "o/i/conv#2", "relu#1", "relu#2"]


def test_json_is_a_line_to_a_file_in_their_order(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.rsnet")
    lines = tell("json", MISMATCH, missing, NOTEBOOK).splitlines()
    objects = [json.loads(line) for line in lines]
    assert [o["file"] for o in objects] == [MISMATCH, missing, NOTEBOOK]
    assert [o["ok"] for o in objects] == [False, False, True]
    assert objects[1]["diagnostics"][0]["code"] == "unreadable-file"


def test_a_shared_layer_counts_at_its_first_place(tmp_path: Path) -> None:
    file = write(
        tmp_path / "net.rsnet",
        [
            {"id": "image", "type": "Input", "config": {"shape": [8]}},
            {"id": "dense", "type": "Dense", "config": {"units": 8}},
            {"id": "again", "type": "Dense", "shared_with": "dense"},
        ],
        [["image", "dense", 0], ["dense", "again", 0]],
    )
    report = told(file)
    assert report["ok"]
    assert [report["nodes"][n]["params"] for n in ("dense", "again")] == [72, 0]
    assert [report["nodes"][n]["macs"] for n in ("dense", "again")] == [64, 64]


def test_macs_of_unknown_sizes_are_null(tmp_path: Path) -> None:
    file = write(
        tmp_path / "net.rsnet",
        [
            {"id": "image", "type": "Input", "config": {"shape": [None, None, 3]}},
            {"id": "conv", "type": "Conv2D", "config": {"filters": 4, "kernel_size": 3}},
        ],
        [["image", "conv", 0]],
    )
    report = told(file)
    assert report["nodes"]["conv"]["output_shape"] == [None, None, None, 4]
    assert report["nodes"]["conv"]["macs"] is None
    assert report["totals"]["macs"] is None
    assert "MACs unknown" in tell("text", file)
    result = check(file)
    assert isinstance(result, Checked)
    assert "Multiply-accumulates: unknown" in summary(result)


def test_what_a_file_has_wrong_makes_the_network_not_ok(tmp_path: Path) -> None:
    nodes = [{"id": "image", "type": "Input", "config": {"shape": [8]}, "repeat": "2"}]
    report = told(write(tmp_path / "net.rsnet", nodes, []))
    assert report["ok"] is False
    assert [(d["code"], d["node"]) for d in report["diagnostics"]] == [("invalid-repeat", "image")]
    kept = told(write(tmp_path / "net.rsnet", [{**nodes[0], "repeat": 1, "zoom": 1}], []))
    assert kept["ok"] is True
    assert kept["diagnostics"][0]["code"] == "unknown-key"


def test_text_writes_findings_as_compilers_do() -> None:
    text = tell("text", MISMATCH)
    assert re.match(re.escape(MISMATCH) + r":\d+: error: group_128#1/add: .*\[shortcut-mismatch\]$",
                    text.splitlines()[0])  # fmt: skip
    assert "    projection: " in text
    assert "(+8,320 parameters, +25,690,112 MACs)" in text
    assert text.splitlines()[-1].startswith(f"{MISMATCH}: 1 error; ")
    assert tell("text", NOTEBOOK) == (
        f"{NOTEBOOK}: no problems; 44 layers, 16,822,760 parameters (16,822,760 trainable), "
        "971,116,544 MACs\n"
    )


def test_sarif_places_findings_in_file_and_network(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.rsnet")
    log = json.loads(tell("sarif", MISMATCH, missing))
    (run,) = log["runs"]
    assert (log["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "ResNet Studio")
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("shortcut-mismatch", "error")
    (location,) = result["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "group_128#1/add"
    assert location["physicalLocation"]["region"]["startLine"] > 1
    assert location["physicalLocation"]["artifactLocation"]["uri"] == Path(MISMATCH).as_uri()
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "shortcut-mismatch"
    assert rule["shortDescription"]["text"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_strange_letters_reach_every_report(tmp_path: Path) -> None:
    nodes = [{"id": "größe\ud800日本", "type": "Nope"}]
    file = write(tmp_path / "net.rsnet", nodes, [])
    for name in ("json", "sarif"):
        assert "größe\\ud800日本" in tell(name, file).encode().decode()
    assert next(iter(told(file)["nodes"])) == "größe\ud800日本"


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0.00 B"), (936, "936.00 B"), (1024, "1.00 KB"), (16822760 * 4, "64.17 MB")],
)
def test_sizes_are_written_as_keras_does(size: float, shown: str) -> None:
    assert readable_size(size) == shown


def test_summary_lists_every_layer_with_the_totals_of_keras() -> None:
    result = check(NOTEBOOK)
    assert isinstance(result, Checked)
    text = summary(result)
    lines = text.splitlines()
    assert len({len(line) for line in lines[1:-4]}) == 1
    (row,) = [line for line in lines if line.startswith("│ group_64#2/add (Add)")]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells[1:] == ["(None, 56, 56, 64)", "0", "0", "group_64#1/add, group_64#2/conv_b"]
    assert lines[-4:] == [
        " Total params: 16,822,760 (64.17 MB)",
        " Trainable params: 16,822,760 (64.17 MB)",
        " Non-trainable params: 0 (0.00 B)",
        " Multiply-accumulates: 971,116,544",
    ]


def test_summary_weighs_half_precision_and_frozen_weights(tmp_path: Path) -> None:
    dense = {"units": 256, "use_bias": False}
    file = write(
        tmp_path / "net.rsnet",
        [
            {"id": "x", "type": "Input", "config": {"shape": [256]}},
            {"id": "half", "type": "Dense", "config": {**dense, "dtype": "float16"}},
            {"id": "still", "type": "Dense", "config": {**dense, "trainable": False}},
        ],
        [["x", "half", 0], ["half", "still", 0]],
    )
    result = check(file)
    assert isinstance(result, Checked)
    text = summary(result)
    assert "Total params: 131,072 (384.00 KB)" in text
    assert "Trainable params: 65,536 (128.00 KB)" in text
    assert "Non-trainable params: 65,536 (256.00 KB)" in text


_TOKEN = re.compile(r'"[^"]*"|-?\d+|\[[^\[\]]*\]|\{[^{}]*\}')
_VALUES = ["null", "true", "-1", "0", "1e9", "[]", "{}", '"=n"', '"x"', '""', "[[1]]", "100000"]
_VALUES += ['"conv_block"', '{"class_name": "Dense", "config": {}}', "999999999999999999", "1.5"]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(templates.names()), st.randoms(use_true_random=False))
def test_whatever_stands_in_a_file_is_told_without_a_traceback(name: str, random: Random) -> None:
    text = templates.path(name).read_text(encoding="utf-8")
    for _ in range(random.randint(1, 4)):
        tokens = list(_TOKEN.finditer(text))
        token = random.choice(tokens)
        value = random.choice([*_VALUES, random.choice(tokens).group()])
        text = text[: token.start()] + value + text[token.end() :]
    with TemporaryDirectory() as folder:
        file = Path(folder, "net.rsnet")
        file.write_text(text, encoding="utf-8")
        for report in reports():
            tell(report, str(file))
        result = check(str(file))
    if isinstance(result, Checked):
        assert result.opened.document.name in summary(result)
        again = native.loads(native.dumps(result.opened.document))
        assert again.document == result.opened.document
        assert len(again.problems) == len(result.opened.problems)


def test_a_file_that_cannot_be_read_is_told_apart(tmp_path: Path) -> None:
    assert isinstance(check(str(tmp_path / "missing.rsnet")), Unreadable)
