"""Shapes, counts and problems: worked examples, and the law that incremental equals afresh."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core import block_edits, building, edits, fragments
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Block, Document, Edge, Graph, Node
from resnet_studio.core.flatten import flatten
from resnet_studio.core.paths import join_path, split_path
from tests.core.networks import conv, flat_chain, graph, residual_block, tiny

BLOCK = 2 * (9 * 64 * 64 + 64)


def codes(analysis: Analysis) -> list[tuple[str, str]]:
    return [(d.node, d.code) for d in analysis.diagnostics]


def test_a_group_of_blocks_counts_every_copy() -> None:
    analysis = analyse(tiny())
    assert analysis.ok
    assert analysis.totals.params == 5 * BLOCK + 64 * 10 + 10
    assert analysis.totals.macs == 10 * 56 * 56 * 9 * 64 * 64 + 640
    flat = flatten(analysis)
    assert [n.path for n in flat.nodes][:4] == [
        "image", "group1#1/conv_a", "group1#1/conv_b", "group1#1/add",
    ]  # fmt: skip
    assert flat.nodes[flat.index["group2#3/add"]].output == (None, 56, 56, 64)
    assert flat.outputs == [flat.index["classes"]]


def test_the_documents_error_stands_at_the_first_add() -> None:
    analysis = analyse(tiny(second=128))
    assert codes(analysis) == [("group2#1/add", "shortcut-mismatch")]
    graph_of_copy, node, outcome = analysis.at("group2#1/add") or pytest.fail("no such path")
    assert node.id == "add"
    assert outcome.outputs is None
    assert graph_of_copy.input_shapes("add") == ((None, 56, 56, 64), (None, 56, 56, 128))


def test_what_stands_behind_an_error_is_unknown_not_wrong() -> None:
    analysis = analyse(tiny(second=128))
    assert analysis.root.outcome("classes").outputs is None
    assert [d.node for d in analysis.diagnostics] == ["group2#1/add"]


def test_repeat_zero_passes_through_and_one_has_no_number() -> None:
    analysis = analyse(tiny(repeat=0))
    assert analysis.ok
    assert analysis.totals.params == 2 * BLOCK + 650
    assert "group2/add" in flatten(analyse(tiny(repeat=1))).index


@pytest.mark.parametrize("repeat", [-1, True, 10**9, "=2 * x", "many", 2.0])
def test_a_repeat_that_is_no_count(repeat: object) -> None:
    document = tiny()
    node = replace(document.network.nodes["group2"], repeat=repeat)  # type: ignore[arg-type]
    analysis = analyse(edits.replace_node(document, "", node))
    assert codes(analysis)[0][0] == "group2"
    assert not analysis.ok


def test_a_block_that_contains_itself() -> None:
    loop = Block(graph([("x", "BlockInput"), ("a", "b", {}), ("y", "BlockOutput")],
                       [("x", "a"), ("a", "y")]))  # fmt: skip
    document = Document(
        network=graph([("i", "Input", {"shape": [4]}), ("n", "b")], [("i", "n")]),
        blocks={"b": loop},
    )
    assert codes(analyse(document)) == [("n", "recursive-block")]


def test_a_billion_laughs_end_in_a_sentence() -> None:
    blocks = {"b0": residual_block()}
    for depth in range(1, 30):
        inside = graph(
            [("x", "BlockInput"), ("a", f"b{depth - 1}"), ("b", f"b{depth - 1}"),
             ("y", "BlockOutput")],
            [("x", "a"), ("a", "b"), ("b", "y")],
        )  # fmt: skip
        blocks[f"b{depth}"] = Block(inside)
    network = graph([("i", "Input", {"shape": [8, 8, 64]}), ("n", "b29")], [("i", "n")])
    analysis = analyse(Document(network=network, blocks=blocks))
    assert [d.code for d in analysis.diagnostics] == ["network-too-large"]


def test_cycles_name_their_nodes_and_the_rest_is_known() -> None:
    network = graph(
        [("i", "Input", {"shape": [8, 8, 4]}), ("a", "Add"), ("b", "ReLU"), ("c", "Flatten")],
        [("i", "a"), ("b", "a", 1), ("a", "b"), ("i", "c")],
    )
    analysis = analyse(Document(network=network))
    assert codes(analysis) == [("a", "cycle"), ("b", "cycle")]
    assert analysis.root.outcome("c").output == (None, 256)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([("nobody", "a")], ("a", "broken-edge")),
        ([("i", "a"), ("i", "a")], ("a", "broken-edge")),
        ([("i", "a", 1)], ("a", "missing-input")),
        ([], ("a", "missing-input")),
        ([("i", "a", 0, 3)], ("a", "broken-edge")),
        ([("i", "a"), ("a", "gone")], ("a", "broken-edge")),
    ],
)
def test_faults_of_the_wiring(edges: list[tuple[object, ...]], expected: tuple[str, str]) -> None:
    network = graph([("i", "Input", {"shape": [8]}), ("a", "ReLU")], edges)
    assert codes(analyse(Document(network=network))) == [expected]


def test_shared_layers_count_once() -> None:
    network = graph(
        [("i", "Input", {"shape": [8]}), ("j", "Input", {"shape": [8]}),
         ("d", "Dense", {"units": 4}), ("e", "Dense", {"units": 4}), ("s", "Add")],
        [("i", "d"), ("j", "e"), ("d", "s"), ("e", "s", 1)],
    )  # fmt: skip
    shared = replace(network.nodes["e"], shared_with="d")
    document = Document(network=network.with_node(shared))
    assert analyse(Document(network=network)).totals.params == 2 * 36
    assert analyse(document).totals.params == 36
    wider = edits.set_argument(document, "", "j", "shape", [9])
    assert codes(analyse(wider, analyse(document))) == [("e", "shared-mismatch")]


def test_a_sharer_calls_the_owners_layer_even_where_it_comes_first() -> None:
    network = graph(
        [("i", "Input", {"shape": [8]}), ("e", "Dense", {"units": "its own"}),
         ("r", "ReLU"), ("d", "Dense", {"units": 4})],
        [("i", "e"), ("i", "r"), ("r", "d")],
    )  # fmt: skip
    document = Document(network=network.with_node(replace(network.nodes["e"], shared_with="d")))
    analysis = analyse(document)
    assert analysis.ok
    assert analysis.root.outcome("e").output == (None, 4)
    wider = analyse(edits.set_argument(document, "", "d", "units", 5), analysis)
    assert wider.root.outcome("e").output == (None, 5)
    assert wider.totals.params == 45


@pytest.mark.parametrize("owner", ["x", "y", "call", "shared", "nobody"])
def test_only_a_layer_can_be_shared(owner: str) -> None:
    inside = graph(
        [("x", "BlockInput"), ("call", "inner"), ("d", "ReLU"), ("shared", "ReLU"),
         ("again", "ReLU"), ("y", "BlockOutput")],
        [("x", "call"), ("call", "d"), ("d", "shared"), ("shared", "again"), ("again", "y")],
    )  # fmt: skip
    inside = inside.with_node(replace(inside.nodes["shared"], shared_with="d"))
    inside = inside.with_node(replace(inside.nodes["again"], shared_with=owner))
    inner = Block(graph([("x", "BlockInput"), ("y", "BlockOutput")], [("x", "y")]))
    network = graph([("i", "Input", {"shape": [4]}), ("n", "outer")], [("i", "n")])
    document = Document(network=network, blocks={"outer": Block(inside), "inner": inner})
    assert codes(analyse(document)) == [("n/again", "broken-share")]


@pytest.mark.parametrize("repeated", ["d", "again"])
def test_a_shared_layer_is_not_repeated(repeated: str) -> None:
    network = graph(
        [("i", "Input", {"shape": [4]}), ("d", "ReLU"), ("again", "ReLU")],
        [("i", "d"), ("d", "again")],
    )
    network = network.with_node(replace(network.nodes["again"], shared_with="d"))
    network = network.with_node(replace(network.nodes[repeated], repeat=2))
    assert codes(analyse(Document(network=network))) == [("again", "broken-share")]


def test_faults_behind_a_failure_are_warnings_until_it_is_mended() -> None:
    """Keras stops at the first node that fails: what stands behind it is unknown, not wrong."""
    network = graph(
        [("i", "Input", {"shape": [4]}), ("a", "Dense", {"units": -1}),
         ("b", "Dense", {"units": "many", "name": "i"}), ("c", "Dense", {"units": 0})],
        [("i", "a"), ("a", "b"), ("i", "c")],
    )  # fmt: skip
    document = Document(network=network)
    analysis = analyse(document)
    severities = {(d.node, d.code): d.severity for d in analysis.diagnostics}
    assert severities == {
        ("a", "invalid-argument"): "error",
        ("b", "invalid-argument"): "warning",
        ("c", "invalid-argument"): "error",
        ("b", "duplicate-name"): "warning",
        ("i", "duplicate-name"): "warning",
    }
    mended = analyse(edits.set_argument(document, "", "a", "units", 3), analysis)
    assert {(d.node, d.code): d.severity for d in mended.diagnostics}[
        "b", "invalid-argument"
    ] == "error"


def test_names_used_twice_and_names_with_slashes() -> None:
    document = flat_chain(2)
    document = edits.set_argument(document, "", "conv0", "name", "conv1")
    assert codes(analyse(document)) == [
        ("conv0", "duplicate-name"),
        ("conv1", "duplicate-name"),
    ]
    document = edits.set_argument(document, "", "conv0", "name", "a/b")
    assert codes(analyse(document)) == [("conv0", "invalid-name")]
    inside = residual_block()
    named = replace(inside.graph.nodes["add"], config={"name": "sum"})
    block = replace(inside, graph=inside.graph.with_node(named))
    analysis = analyse(replace(tiny(), blocks={"residual_block": block}))
    assert {d.code for d in analysis.diagnostics} == {"duplicate-name"}
    assert len(analysis.diagnostics) == 5


def test_bad_expressions_name_what_is_there() -> None:
    document = edits.set_argument(tiny(), "residual_block", "conv_a", "filters", "=width")
    analysis = analyse(document)
    assert codes(analysis)[0] == ("group1#1/conv_a", "bad-expression")
    assert "n_filters" in analysis.diagnostics[0].problem.message


def test_editing_a_block_changes_every_copy_and_keeps_other_blocks() -> None:
    document = tiny()
    document = block_edits.add_block(document, "other", residual_block())
    before = analyse(document)
    after = edits.set_argument(document, "residual_block", "conv_a", "use_bias", False)
    analysis = analyse(after, before)
    assert analysis.totals.params == before.totals.params - 5 * 64
    assert analysis.library.same_meaning("other", before.library)


def test_a_network_of_nothing_is_no_model() -> None:
    assert codes(analyse(Document())) == [("", "empty-network")]
    assert analyse(Document(network=graph([("i", "Input", {"shape": [3]})], []))).ok


def test_split_path() -> None:
    assert split_path("group2#1/add") == [("group2", 1), ("add", None)]
    assert split_path("odd#name") == [("odd#name", None)]


def snapshot(analysis: Analysis) -> tuple[object, ...]:
    """All that an analysis says, for comparing two."""
    nodes = [
        (n.path, n.outcome.outputs, n.outcome.params, n.outcome.trainable, n.outcome.macs)
        for n in flatten(analysis).nodes
    ]
    found = sorted((d.node, d.code, d.problem.message) for d in analysis.diagnostics)
    return nodes, analysis.totals, found, analysis.ok


def random_edit(document: Document, rng: random.Random) -> Document:
    """One edit of the kinds that users make, valid or not."""
    scope = rng.choice(list(document.scopes()))
    nodes = document.graph(scope).nodes
    if not nodes:
        return document
    node_id = rng.choice(list(nodes))
    kind = rng.randrange(12)
    if kind < 4:
        name, value = rng.choice(
            [("filters", 8), ("filters", 16), ("strides", 2), ("kernel_size", 40),
             ("use_bias", False), ("trainable", False), ("filters", -1),
             ("name", "conv1"), ("shape", [32, 32, 8])]
        )  # fmt: skip
        return edits.set_argument(document, scope, node_id, name, value)
    if kind == 4:
        return edits.remove_nodes(document, scope, [node_id], bridge=rng.random() < 0.5)
    if kind == 5:
        added = Node(edits.free_id(nodes, "extra"), "Conv2D", conv(8))
        return edits.add_nodes(document, scope, [added])
    if kind == 6 and document.graph(scope).edges:
        return edits.disconnect(document, scope, [rng.choice(document.graph(scope).edges)])
    try:
        if kind > 7:
            return large_edit(document, scope, node_id, rng)
        return edits.connect(document, scope, rng.choice(list(nodes)), node_id)
    except edits.EditError:
        return document


def large_edit(document: Document, scope: str, node_id: str, rng: random.Random) -> Document:
    """Many nodes gone or pasted, one in a wire, one with another name or layer."""
    graph = document.graph(scope)
    some = rng.sample(list(graph.nodes), rng.randrange(1, 1 + len(graph.nodes)))
    kind = rng.randrange(5)
    if kind == 0:
        return edits.remove_nodes(document, scope, some, bridge=rng.random() < 0.5)
    if kind == 1:
        part, fed = fragments.fragment(document, scope, some), rng.random() < 0.5
        wires = building.incoming(document, scope, some) if fed else ()
        return building.paste_wired(document, scope, part, wires)[0]
    if kind == 2 and graph.edges:
        new = Node(edits.free_id(graph.nodes, "between"), "ReLU")
        return edits.insert_on_edge(document, scope, rng.choice(graph.edges), new)
    if kind == 3:
        return edits.rename_node(document, scope, node_id, edits.free_id(graph.nodes, node_id))
    again = replace(graph.nodes[node_id], shared_with=rng.choice([None, *some]))
    return edits.replace_node(document, scope, again)


def rebuilt(document: Document) -> Document:
    """The same document of graphs that know of none before them."""
    blocks = {
        name: replace(block, graph=Graph(block.graph.nodes, block.graph.edges))
        for name, block in document.blocks.items()
    }
    network = Graph(dict(document.network.nodes), document.network.edges)
    return replace(document, network=network, blocks=blocks)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(["flat", "blocks"]))
def test_incremental_equals_afresh(seed: int, kind: str) -> None:
    rng = random.Random(seed)
    document = flat_chain(60) if kind == "flat" else tiny()
    analysis, seen = analyse(document), [document]
    for _ in range(8):
        # Now and then an undo, or several.
        undone = rng.random() < 0.2
        document = rng.choice(seen) if undone else random_edit(document, rng)
        seen.append(document)
        analysis = analyse(document, analysis)
        assert snapshot(analysis) == snapshot(analyse(rebuilt(document)))


def test_a_sharer_follows_its_owner_also_where_another_node_goes() -> None:
    network = graph(
        [("i", "Input", {"shape": [8]}), ("d", "Dense", {"units": 4}), ("e", "ReLU"),
         ("r", "ReLU")],
        [("i", "d"), ("i", "e"), ("i", "r")],
    )  # fmt: skip
    document = Document(network=network.with_node(replace(network.nodes["e"], shared_with="d")))
    after = edits.set_argument(document, "", "d", "units", 5)
    after = edits.remove_nodes(after, "", ["r"])
    assert analyse(after, analyse(document)).root.outcome("e").output == (None, 5)


def test_what_is_wrong_with_an_owner_is_told_where_its_layer_is_asked_for_in_vain() -> None:
    network = graph([("i", "Input", {"shape": [8]}), ("e", "ReLU", {}, 2)], [("i", "e")])
    document = Document(network=network.with_node(replace(network.nodes["e"], shared_with="i")))
    after = edits.set_argument(document, "", "i", "filters", 5)
    assert snapshot(analyse(after, analyse(document))) == snapshot(analyse(rebuilt(after)))


def test_a_wire_that_hung_in_the_air_feeds_once_its_node_is_there() -> None:
    network = graph([("i", "Input", {"shape": [8]}), ("a", "ReLU")], [("x", "a"), ("i", "x")])
    document = Document(network=network)
    analysis = analyse(document)
    assert ("a", "broken-edge") in codes(analysis)
    after = edits.add_nodes(document, "", [Node("x", "Dense", {"units": 3})])
    mended = analyse(after, analysis)
    assert mended.ok
    assert mended.root.outcome("a").output == (None, 3)
    gone = analyse(replace(after, network=network), mended)
    assert snapshot(gone) == snapshot(analysis)


def test_an_edit_of_an_argument_shares_the_structure() -> None:
    document = flat_chain()
    after = edits.set_argument(document, "", "conv0", "use_bias", False)
    assert after.network.structure is document.network.structure
    assert isinstance(after.network, Graph)


@pytest.mark.parametrize("seed", [1920775])
def test_seeds_that_once_told_the_two_apart(seed: int) -> None:
    test_incremental_equals_afresh.hypothesis.inner_test(seed, "flat")


# Paths


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("g/a", [("g", None), ("a", None)]),
        ("g/b", [("g/b", None)]),
        ("g#1", [("g#1", None)]),
        ("r#2/a", [("r", 2), ("a", None)]),
        ("r#2/b#1", [("r", 2), ("b#1", None)]),
        ("nowhere#3/a", [("nowhere", 3), ("a", None)]),
    ],
)
def test_a_path_is_read_by_the_ids_that_there_are(path: str, parts: list) -> None:
    inner = Block(graph([("a", "ReLU"), ("b#1", "ReLU")], []))
    calls = [("g", "inner"), ("r", "inner", {}, 2)]
    network = graph([*calls, ("g/b", "ReLU"), ("g#1", "ReLU")], [])
    found = split_path(path, Document(network=network, blocks={"inner": inner}))
    assert found == parts
    assert join_path(found) == path


def test_a_block_tells_its_inputs_in_proper_plural() -> None:
    inside = Graph(
        {n.id: n for n in (Node("x", "BlockInput"), Node("y", "BlockOutput"))},
        (Edge("x", "y", 0),),
    )
    call = Graph({"a": Node("a", "same")})
    found = analyse(Document(network=call, blocks={"same": Block(inside)})).diagnostics
    assert any("takes 1 input and has none" in d.message for d in found), [d.message for d in found]
