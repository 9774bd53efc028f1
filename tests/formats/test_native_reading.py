"""The reader: what cannot open says so in one sentence, everything else opens and is told."""

import json
from pathlib import Path

import pytest

from resnet_studio.core.document import Edge
from resnet_studio.formats import files, native
from resnet_studio.formats.native import FormatError

HEAD = '{"format": "resnet-studio/1",\n"network": '


def text(nodes: str = "[]", edges: str = "[]", more: str = "") -> str:
    return f'{HEAD}{{\n"nodes":\n{nodes},\n"edges":\n{edges}}}{more}}}'


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        ("", 1, "empty"),
        ('{"format": "resnet-st', 1, "ends in the middle"),
        (HEAD + '{"nodes": [\n{"id": "a", "ty', 3, "ends in the middle"),
        (HEAD + '{"nodes": [', 2, "ends in the middle"),
        ('{"format": "resnet-studio/1"\n"network": {}}', 2, "comma"),
        ('{"format": "resnet-studio/1",\n}', None, "comma"),
        ('{"format": "resnet-studio/1"}\n]', 2, "already ended"),
        ("[]", 1, "one JSON object"),
        ("{}", 1, '"format": "resnet-studio/1"'),
        ('{\n"format": "resnet-studio/2"}', 2, "newer"),
        ('{\n"format": "onnx"}', 2, "resnet-studio/1"),
        ('{\n"format": 1}', 2, "resnet-studio/1"),
        ('{"format": "resnet-studio/1",\n"network": []}', 2, "must be an object"),
        ('{"format": "resnet-studio/1",\n"network": {"nodes": []}}', 2, "“edges”"),
        ('{"format": "resnet-studio/1",\n"network": {"nodes": {}, "edges": []}}', 2, "“nodes”"),
        (text('[{"id": "a",\n"id": "b"}]'), 5, "“id” stands twice"),
        (text('[{"config": {"rate": NaN}}]'), 4, "NaN"),
        (text('[{"config": {"rate": -Infinity}}]'), 4, "-Infinity"),
        (text('[{"config": {"rate": 1e999}}]'), 4, "1e999"),
        (text('[{"config": {"rate": ' + "1" * 4300 + "}}]"), 4, "4,300 digits"),
        (text('[{"config": {"name": "a\nb"}}]'), 4, "line break"),
        (text("[" * 5000 + "]" * 5000), None, "nested"),
        (text("[" * 200 + "]" * 200), None, "nested"),
    ],
)
def test_what_cannot_open_is_told_in_one_sentence(
    broken: str, line: int | None, words: str
) -> None:
    with pytest.raises(FormatError) as caught:
        native.loads(broken)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    if line is not None:
        assert caught.value.line == line


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b'{"format":\n"\xff"}', 2, "0xff"),
        ("{}".encode("utf-16"), 1, "UTF-16"),
    ],
)
def test_text_must_be_utf8(tmp_path: Path, data: bytes, line: int, words: str) -> None:
    path = tmp_path / "net.rsnet"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=words) as caught:
        native.load(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "net.rsnet"
    path.write_bytes(b"\xef\xbb\xbf" + text().encode())
    assert not native.load(path).problems


def test_size_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 2**20)
    path = tmp_path / "net.rsnet"
    path.write_text(text() + " " * 2**20)
    with pytest.raises(FormatError, match="larger than 1 MB"):
        native.load(path)


@pytest.mark.parametrize("make", [lambda p: None, lambda p: p.mkdir()])
def test_missing_file_or_folder(tmp_path: Path, make) -> None:
    path = tmp_path / "net.rsnet"
    make(path)
    with pytest.raises(FormatError, match="cannot be read"):
        native.load(path)


CONV = '{"id": "a", "type": "ReLU"}'

FINDINGS = [
    # nodes, edges, further keys; then code, severity, node, line
    ("[7]", "[]", "", "malformed-node", "error", "", 4),
    (f'[{CONV},\n{{"type": "ReLU"}}]', "[]", "", "malformed-node", "error", "", 5),
    ('[\n{"id": "a"}]', "[]", "", "malformed-node", "error", "a", 5),
    ('[{"id": 5, "type": "ReLU"}]', "[]", "", "malformed-node", "error", "5", 4),
    ('[{"id": "a", "type": ["x"]}]', "[]", "", "malformed-node", "error", "a", 4),
    (f"[{CONV},\n{CONV}]", "[]", "", "duplicate-id", "error", "a", 5),
    ('[{"id": "a", "type": "ReLU",\n"colour": 1}]', "[]", "", "unknown-key", "warning", "a", 5),
    ('[{"id": "a", "type": "ReLU", "config": 3}]', "[]", "", "malformed-value", "error", "a", 4),
    ('[{"id": "a", "type": "ReLU", "repeat": "two"}]', "[]", "", "invalid-repeat", "error", "a", 4),
    ('[{"id": "a", "type": "ReLU", "repeat": true}]', "[]", "", "invalid-repeat", "error", "a", 4),
    ('[{"id": "a", "type": "ReLU", "repeat": 1.0}]', "[]", "", "invalid-repeat", "error", "a", 4),
    ('[{"id": "a", "type": "Add", "position": 1}]', "[]", "", "malformed-value", "warning", "a", 4),
    ('[{"id": "a", "type": "ReLU", "shared_with": 1}]', "[]", "", "broken-share", "error", "a", 4),
    (f"[{CONV}]", '[\n["b", "a"]]', "", "broken-edge", "error", "a", 7),
    (f"[{CONV}]", '[["a", "b", "0"]]', "", "broken-edge", "error", "a", 6),
    (f"[{CONV}]", '[["b", "a", 1000000000]]', "", "broken-edge", "error", "a", 6),
    (f"[{CONV}]", '[["b", "a", -1]]', "", "broken-edge", "error", "a", 6),
    (f"[{CONV}]", '[["b", "a", true]]', "", "broken-edge", "error", "a", 6),
    ("[]", "[{}]", "", "broken-edge", "error", "", 6),
    ("[]", "[]", ',\n"author": "x"', "unknown-key", "warning", "", 7),
    ("[]", "[]", ',\n"training": []', "malformed-value", "warning", "", 7),
    ("[]", "[]", ',\n"name": 5', "malformed-value", "warning", "", 7),
    ("[]", "[]", ',\n"blocks": []', "malformed-value", "error", "", 7),
    ("[]", "[]", ',"blocks": {\n"b": 1}', "malformed-value", "error", "", 7),
    ("[]", "[]", ',"blocks": {\n"b": {"nodes": []}}', "malformed-value", "error", "", 7),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "edges", "more", "code", "severity", "node", "line"), FINDINGS)
def test_what_is_not_understood_is_reported_and_kept(
    nodes: str, edges: str, more: str, code: str, severity: str, node: str, line: int
) -> None:
    written = text(nodes, edges, more)
    opened = native.loads(written)
    found = [(p.code, p.severity, p.node, p.line) for p in opened.problems]
    assert found == [(code, severity, node, line)]
    saved = native.dumps(opened.document)
    assert _meaning(saved) == _meaning(written)
    assert native.loads(saved).document == opened.document


def _meaning(written: str) -> object:
    """What a file says; an absent name and description are the defaults."""
    return {"name": "network", "description": "", **json.loads(written)}


def test_everything_else_opens_beside_what_is_broken() -> None:
    opened = native.loads(
        text(f'[1, {CONV}, "x", {{"id": "b", "type": "ReLU"}}]', '[["a", "b", 0], 9]')
    )
    assert list(opened.document.network.nodes) == ["a", "b"]
    assert opened.document.network.edges == (Edge("a", "b"),)
    assert len(opened.problems) == 3


def test_faults_of_a_block_stand_at_its_first_call() -> None:
    inner = '{"nodes": [{"id": "n", "type": "ReLU", "odd": 1}], "edges": []}'
    outer = '{"nodes": [{"id": "i", "type": "inner"}], "edges": []}'
    blocks = f',"blocks": {{"inner": {inner}, "outer": {outer}}}'
    opened = native.loads(text('[{"id": "g", "type": "outer", "repeat": 3}]', more=blocks))
    assert [problem.node for problem in opened.problems] == ["g#1/i/n"]


def test_faults_of_a_block_that_nothing_calls_are_warnings() -> None:
    blocks = ',"blocks": {"inner": {"nodes": [3], "edges": []}}'
    (problem,) = native.loads(text(more=blocks)).problems
    assert (problem.severity, problem.node) == ("warning", "inner")


def test_line_of_a_path() -> None:
    blocks = ',"blocks": {"b": {"nodes": [\n{"id": "n", "type": "ReLU"}], "edges": []}}'
    opened = native.loads(text('[\n{"id": "g", "type": "b"}]', more=blocks))
    assert opened.line("g") == 5
    assert opened.line("g#2/n") == 8
    assert opened.line("nowhere") is None
    assert opened.line("g/nowhere") is None


def test_further_outputs_of_a_source() -> None:
    opened = native.loads(
        text(
            f'[{CONV}, {{"id": "a:1", "type": "ReLU"}}]',
            '[["a:2", "a:1", 0], ["a:1", "a", 0], ["a:01", "a", 1]]',
        )
    )
    assert opened.document.network.edges == (
        Edge("a", "a:1", 0, 2),
        Edge("a:1", "a", 0),
        Edge("a", "a", 1, 1),
    )
    assert native.loads(native.dumps(opened.document)).document == opened.document


@pytest.mark.parametrize(
    ("second", "name"), [("MaxPool2D", "MaxPooling2D"), ("Convolution2D", "Conv2D")]
)
def test_second_names_of_layers_are_read_as_the_first(second: str, name: str) -> None:
    node = f'[{{"id": "a", "type": "{second}"}}]'
    body = f'{{"nodes": {node}, "edges": []}}'
    opened = native.loads(text(node, more=f',"blocks": {{"b": {body}}}'))
    assert not opened.problems
    assert opened.document.network.nodes["a"].type == name
    assert opened.document.blocks["b"].graph.nodes["a"].type == name


@pytest.mark.parametrize("body", ['{"nodes": [], "edges": []}', "1"])
def test_a_block_of_that_name_comes_first(body: str) -> None:
    """Also one that is left out: the call means it, not the layer."""
    blocks = f',"blocks": {{"MaxPool2D": {body}}}'
    opened = native.loads(text('[{"id": "a", "type": "MaxPool2D"}]', more=blocks))
    assert opened.document.network.nodes["a"].type == "MaxPool2D"


def test_findings_are_sentences() -> None:
    (problem,) = native.loads(text("[7]")).problems
    assert problem.message.startswith("A node must be an object")
    assert problem.message.endswith("it is left out.")
