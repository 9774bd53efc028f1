"""The writer: what comes back is what was written, and a small change is a small difference."""

import difflib
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.core import block_edits, edits
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.formats import files, native, templates

words = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text(st.characters(codec="utf-8", exclude_characters=":"), min_size=1, max_size=6)
numbers = st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
configs = st.dictionaries(words, values, max_size=3)
coordinates = st.integers(-5000, 5000) | st.floats(-5000, 5000)


@st.composite
def nodes(draw: st.DrawFn, key: str) -> Node:
    return Node(
        key,
        draw(names),
        draw(configs),
        draw(st.integers(0, 9) | st.just("=n - 1")),
        draw(st.none() | st.tuples(coordinates, coordinates)),
        draw(st.none() | names),
        draw(st.dictionaries(words.map(lambda w: f"x{w}"), values, max_size=2)),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    keys = draw(st.lists(names, unique=True, max_size=4))
    ends = st.sampled_from(keys) if keys else names
    slots = st.integers(0, 99)
    edges = draw(st.lists(st.builds(Edge, ends, ends | names, slots, slots), max_size=4))
    return Graph({key: draw(nodes(key)) for key in keys}, tuple(edges))


blocks = st.builds(Block, graphs(), configs, words)
documents = st.builds(
    Document, words, words, graphs(), st.dictionaries(names, blocks, max_size=2), configs
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_what_is_written_reads_back_the_same(document: Document) -> None:
    written = native.dumps(document)
    opened = native.loads(written)
    assert opened.document == document
    assert native.dumps(opened.document) == written
    assert {problem.code for problem in opened.problems} <= {"unknown-key"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
odd_nodes = json_values | st.fixed_dictionaries(
    {"id": names | json_values, "type": names | json_values},
    optional=dict.fromkeys(("config", "repeat", "position", "shared_with", "zoom"), json_values),
)
odd_edges = json_values | st.lists(json_values, min_size=3, max_size=3)
odd_graphs = st.fixed_dictionaries(
    {"nodes": st.lists(odd_nodes, max_size=4), "edges": st.lists(odd_edges, max_size=3)}
)
odd_files = st.fixed_dictionaries(
    {
        "format": st.just("resnet-studio/1"),
        "network": odd_graphs,
        "name": words | json_values,
        "description": words | json_values,
    },
    optional={
        "blocks": json_values | st.dictionaries(words, odd_graphs | json_values, max_size=2),
        "training": json_values,
        "version": json_values,
    },
)


def _without_defaults(data: dict) -> dict:
    """Defaults that are written out say no more than leaving them out does."""
    result = {k: v for k, v in data.items() if not (k in ("blocks", "training") and v == {})}
    graphs = [data["network"]]
    if isinstance(data.get("blocks"), dict):
        graphs += data["blocks"].values()
    for graph in graphs:
        for node in graph.get("nodes", ()) if isinstance(graph, dict) else ():
            if not _is_node(node):
                continue
            for key, default in (
                ("config", {}),
                ("repeat", 1),
                ("shared_with", None),
                ("position", None),
            ):
                if key in node and node[key] == default and type(node[key]) is type(default):
                    del node[key]
    return result


def _is_node(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return all(isinstance(value.get(key), str) and value[key] for key in ("id", "type"))


@settings(max_examples=200, deadline=None)
@given(odd_files)
def test_saving_loses_nothing_of_what_was_not_understood(data: dict) -> None:
    opened = native.loads(json.dumps(data))
    saved = json.loads(native.dumps(opened.document))
    assert _without_defaults(saved) == _without_defaults(data)


@pytest.mark.parametrize("name", templates.names())
def test_a_template_is_written_as_it_stands(name: str) -> None:
    written = templates.path(name).read_text(encoding="utf-8")
    assert native.dumps(native.loads(written).document) == written


def test_moving_a_node_changes_one_line() -> None:
    document = native.load(templates.path("resnet34-notebook")).document
    moved = edits.move_nodes(document, "", {"entry_conv": (1.5, -7.0)})
    before, after = (native.dumps(d).splitlines() for d in (document, moved))
    changed = [d for d in difflib.ndiff(before, after) if d[0] in "+-"]
    assert len(changed) == 2
    assert changed[1].endswith('"position": [1.5, -7]},')


def test_letters_are_kept_and_halves_of_surrogates_escaped() -> None:
    document = Document("Größe 日本 \ud800")
    written = native.dumps(document)
    assert "Größe 日本 \\ud800" in written
    assert native.loads(written).document.name == document.name


def test_what_was_mended_wins_over_what_was_kept() -> None:
    opened = native.loads(
        '{"format": "resnet-studio/1", "blocks": 5, "description": 3,'
        ' "network": {"nodes": [{"id": "a", "type": "ReLU", "repeat": []}], "edges": []}}'
    )
    document = edits.set_repeat(opened.document, "", "a", 4)
    document = block_edits.add_block(document, "b", block_edits.new_block())
    again = native.loads(native.dumps(document))
    assert again.document.network.nodes["a"].repeat == 4
    assert list(again.document.blocks) == ["b"]
    assert [problem.message[:13] for problem in again.problems] == ["“description”"]


def test_an_infinite_number_is_refused_by_name() -> None:
    node = Node("scale", "Rescaling", {"scale": float("inf")})
    with pytest.raises(native.FormatError, match="“scale” holds a number"):
        native.dumps(Document(network=Graph({"scale": node})))


# Files as wholes


def test_replacing_keeps_permissions_and_links(tmp_path: Path) -> None:
    target, link = tmp_path / "net.rsnet", tmp_path / "link.rsnet"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    files.replace_file(link, "new")
    assert target.read_text() == "new"
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.rsnet", "net.rsnet"]


def test_a_pipe_is_written_to_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(pipe.read_bytes)
        files.replace_file(pipe, "text")
        assert reading.result(10) == b"text"
    assert pipe.is_fifo()


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    files.replace_file(tmp_path / "net.rsnet", b"x")
    assert (tmp_path / "net.rsnet").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failed_write_leaves_the_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "net.rsnet"
    target.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        native.save(Document(), target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["net.rsnet"]


def test_a_bypassed_node_is_written_and_a_strange_value_is_kept() -> None:
    text = (
        '{"format": "resnet-studio/1", "network": {"nodes": ['
        '{"id": "a", "type": "ReLU", "bypassed": true},'
        '{"id": "b", "type": "ReLU", "bypassed": "so"}], "edges": []}}'
    )
    reading = native.loads(text)
    nodes = reading.document.network.nodes
    assert (nodes["a"].bypassed, nodes["b"].bypassed) == (True, False)
    assert [f.node for f in reading.findings] == ["b"]
    written = json.loads(native.dumps(reading.document))["network"]["nodes"]
    assert [node["bypassed"] for node in written] == [True, "so"]
