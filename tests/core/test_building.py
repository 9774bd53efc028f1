"""Bypass, additions in one step, copies that keep their inputs, and what an edit would change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401
from resnet_studio.core import building, edits, fragments
from resnet_studio.core.analysis import analyse
from resnet_studio.core.building import Tap
from resnet_studio.core.document import Document, Edge, Node
from resnet_studio.core.effects import Effect, effect
from resnet_studio.core.flatten import flatten
from tests.core.networks import conv, flat_chain, graph, tiny
from tests.formats.random_networks import documents


def passable(document: Document) -> list[str]:
    found = []
    for key in document.network.nodes:
        try:
            edits.set_bypassed(document, "", [key])
        except edits.EditError:
            continue
        found.append(key)
    return found


def flat(document: Document) -> dict[str, tuple]:
    """The layers by path; where they are equally ready, their order may differ."""
    nodes = flatten(analyse(document)).nodes
    return {
        n.path: (
            n.type,
            n.config,
            [t and (nodes[t[0]].path, t[1]) for t in n.inputs],
            n.outcome.outputs,
        )
        for n in nodes
    }


@settings(max_examples=40, deadline=None)
@given(documents(), st.data())
def test_a_bypass_is_what_is_left_when_the_node_is_deleted_and_the_flow_kept(document, data):
    found = passable(document)
    if not found:
        return
    key = data.draw(st.sampled_from(found))
    shares = {n.shared_with for n in document.network.nodes.values()}
    if key in shares:
        return
    without = edits.remove_nodes(document, "", [key], bridge=True)
    assert flat(edits.set_bypassed(document, "", [key])) == flat(without)


@settings(max_examples=40, deadline=None)
@given(documents(), st.data())
def test_bypassing_twice_is_nothing(document, data) -> None:
    found = passable(document)
    keys = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    after = edits.set_bypassed(document, "", keys)
    back = edits.set_bypassed(after, "", keys, bypassed=False)
    assert back.network == document.network
    again, first = analyse(back, analyse(after, analyse(document))), analyse(document)
    assert again.totals == first.totals
    assert [d.code for d in again.diagnostics] == [d.code for d in first.diagnostics]


def test_of_a_shared_layer_a_bypassed_place_is_none() -> None:
    nodes = [
        ("image", "Input", {"shape": [8, 8, 4]}),
        ("a", "Conv2D", conv(4)),
        ("b", "Conv2D"),
        ("c", "Conv2D"),
    ]
    document = Document(network=graph(nodes, [("image", "a"), ("a", "b"), ("b", "c")]))
    for key in "bc":
        document = edits.replace_node(document, "", Node(key, "Conv2D", shared_with="a"))
    whole = analyse(document)
    assert whole.ok
    for key in "abc":
        after = analyse(edits.set_bypassed(document, "", [key]), whole)
        assert after.ok, key
        assert after.totals.params == whole.totals.params, key
        assert len(flatten(after).nodes) == 3


def test_what_has_no_one_way_through_is_not_bypassed() -> None:
    document = flat_chain(1)
    with pytest.raises(edits.EditError, match="2 do"):
        edits.set_bypassed(document, "", ["add0"])
    with pytest.raises(edits.EditError, match="enters or leaves"):
        edits.set_bypassed(document, "", ["image"])


def test_a_node_is_added_with_its_wires() -> None:
    document = flat_chain(1)
    after = building.add_after(document, "", Node("pool", "MaxPooling2D"), [Tap("add0")])
    assert after.network.into("pool") == [Edge("add0", "pool", 0)]
    after = building.add_after(document, "", Node("sum", "Add"), [Tap("image"), Tap("conv0")])
    assert after.network.into("sum") == [Edge("image", "sum", 0), Edge("conv0", "sum", 1)]
    after = building.add_after(document, "", Node("c", "ReLU"), [Tap("image"), Tap("conv0")])
    assert after.network.into("c") == [Edge("image", "c", 0)], "one slot takes one wire"


def test_of_a_selected_chain_its_end_goes_on() -> None:
    document = flat_chain(2)
    assert building.taps_of(document, "", ["conv0", "add0"]) == [Tap("add0")]
    assert building.taps_of(document, "", ["conv0", "conv1"]) == [Tap("conv0"), Tap("conv1")]


def test_a_copy_keeps_its_inputs() -> None:
    document = flat_chain(2)
    chosen = ["conv1", "add1"]
    part = fragments.fragment(document, "", chosen)
    wires = building.incoming(document, "", chosen)
    after, ids = building.paste_wired(document, "", part, wires)
    assert ids == ["conv1_2", "add1_2"]
    assert after.network.into("conv1_2") == [Edge("add0", "conv1_2", 0)]
    assert after.network.into("add1_2") == [Edge("add0", "add1_2", 0), Edge("conv1_2", "add1_2", 1)]
    assert analyse(after).ok


def test_where_the_sources_are_not_there_the_slots_of_a_merge_close_up() -> None:
    document = flat_chain(2)
    part = fragments.fragment(document, "", ["conv1", "add1"])
    wires = building.incoming(document, "", ["conv1", "add1"])
    after, _ids = building.paste_wired(Document(), "", part, wires)
    assert after.network.edges == (Edge("conv1", "add1", 0),)


def test_an_edit_tells_what_it_would_change() -> None:
    document = tiny()
    before = analyse(document)
    assert effect(before, before).nothing
    wider = edits.set_argument(document, "", "group2", "n_filters", 128)
    what = effect(before, analyse(wider, before))
    assert what.new_errors == 1
    assert "brings 1 error" in str(what)
    smaller = edits.set_argument(document, "", "image", "shape", [28, 28, 64])
    what = effect(before, analyse(smaller, before))
    assert what == Effect(shapes=3)
    assert str(what) == "changes 3 shapes"


def test_a_node_that_merely_waited_is_no_error_that_is_mended() -> None:
    document = edits.add_nodes(tiny(), "", [Node("loose", "ReLU"), Node("wrong", "Conv2D")])
    wrong = edits.set_argument(document, "", "wrong", "filters", -1)
    before = analyse(wrong)
    assert sum(d.severity == "error" for d in before.diagnostics) > 1
    wired = edits.connect(wrong, "", "image", "loose")
    assert effect(before, analyse(wired, before)) == Effect()
    gone = edits.remove_nodes(wired, "", ["loose", "wrong"])
    mended = effect(before, analyse(gone, before)).gone_errors
    waited = [d for d in before.diagnostics if d.code == "missing-input"]
    assert mended == len(before.diagnostics) - len(waited)


def test_a_deletion_tells_who_is_left_without_a_shape() -> None:
    document = tiny()
    before = analyse(document)
    after = analyse(edits.remove_nodes(document, "", ["group1"]), before)
    what = effect(before, after)
    assert what.lost == 3
    assert what.new_errors == 1
    assert "leaves 3 nodes without a shape" in str(what)
