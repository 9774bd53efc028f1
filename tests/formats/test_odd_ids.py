"""Ids that hold the signs which paths are written with: told of and mended like all others."""

import json
from pathlib import Path

from resnet_studio.formats.checked import Checked, check

NODES = [
    {"id": "a", "type": "Input", "config": {"shape": [8, 8, 4]}},
    {
        "id": "x#1",
        "type": "Conv2D",
        "config": {"filters": 4, "kernel_size": 3, "padding": "same", "strides": 2},
    },
    {"id": "a/b", "type": "ReLU", "config": {"foo": 1}},
    {"id": "s#2", "type": "Add"},
]
EDGES = [["a", "x#1", 0], ["a", "a/b", 0], ["x#1", "s#2", 0], ["a", "s#2", 1]]


def test_ids_with_slashes_and_hashes(tmp_path: Path) -> None:
    file = tmp_path / "odd.rsnet"
    network = {"nodes": NODES, "edges": EDGES}
    file.write_text(json.dumps({"format": "resnet-studio/1", "network": network}))
    result = check(str(file))
    assert isinstance(result, Checked)
    told = {(finding.node, finding.code): finding for finding in result.findings}
    assert told.keys() == {
        ("a/b", "invalid-name"),
        ("s#2", "shortcut-mismatch"),
    }
    assert all(finding.message for finding in told.values())
    fixes = {fix.id for fix in told["s#2", "shortcut-mismatch"].fixes}
    assert {"match-branch", "concatenate"} <= fixes
    assert [fix.id for fix in told["a/b", "invalid-name"].fixes] == ["plain-name"]
