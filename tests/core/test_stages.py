"""Stages of feature maps."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.core import edits
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document, Graph, Node
from resnet_studio.core.flatten import flatten
from resnet_studio.core.outcomes import Outcome
from resnet_studio.core.stages import numbered, runs_of, stages
from resnet_studio.formats import native, templates
from tests.core.networks import conv, graph


def numbers(document: Document) -> dict[str, int]:
    root = analyse(document).root
    return numbered(root.structure, root.outcomes)


def chained(*nodes: tuple) -> Document:
    return Document(network=graph(list(nodes), list(pairwise(node[0] for node in nodes))))


@pytest.mark.parametrize("template", ["resnet34", "resnet50"])
def test_the_stages_are_those_of_the_papers_table(template: str) -> None:
    """He et al. 2015, table 1: conv1 to conv5_x, and the classifier."""
    document = native.load(templates.path(template)).document
    found = stages(flatten(analyse(document)))
    assert [stage.size for stage in found] == [
        (112, 112), (56, 56), (28, 28), (14, 14), (7, 7), (),
    ]  # fmt: skip
    numbered_alike = numbers(document)
    assert list(dict.fromkeys(numbered_alike.values())) == [0, 1, 2, 3, 4, 5]
    first = {number: key for key, number in reversed(numbered_alike.items())}
    assert [stage.first.split("/")[0] for stage in found] == [first[n] for n in range(6)]


def test_the_stages_of_the_notebooks_network() -> None:
    analysis = analyse(native.load(templates.path("resnet34-notebook")).document)
    found = stages(flatten(analysis))
    assert [stage.size for stage in found][:4] == [(112, 112), (56, 56), (28, 28), (14, 14)]
    assert found[-1].size == ()
    assert found[0].first == "image", "the image belongs to the layers that look at it"
    assert found[1].channels == 64
    assert (found[1].first, found[1].last) == ("entry_pool", "group_64#2/add")
    assert sum(stage.params for stage in found) == analysis.totals.params
    assert sum(stage.macs for stage in found) == analysis.totals.macs
    assert sum(stage.layers for stage in found) == analysis.root.layers


def test_what_lies_behind_an_error_belongs_to_the_stage_before() -> None:
    document = native.load(templates.path("doubling-mismatch")).document
    found = stages(flatten(analyse(document)))
    assert found[-1].last == "classifier" or found[-1].layers > 1
    assert all(stage.size is not None for stage in found)


def test_no_layers_no_stages() -> None:
    assert stages(flatten(analyse(Document()))) == []
    assert numbers(Document()) == {}


def test_what_has_no_weights_and_a_size_of_its_own_belongs_to_what_follows() -> None:
    found = numbers(
        chained(
            ("image", "Input", {"shape": [32, 32, 3]}),
            ("pad", "ZeroPadding2D", {"padding": 3}),
            ("stem", "Conv2D", conv(8, strides=2)),
            ("pool", "MaxPooling2D"),
            ("conv", "Conv2D", conv(8)),
            ("last", "MaxPooling2D"),
            ("flat", "Flatten"),
            ("classes", "Dense", {"units": 10}),
        )
    )
    assert list(found.values()) == [0, 0, 0, 1, 1, 2, 3, 3], "maps never join vectors"


def test_a_convolution_and_a_block_are_stages_by_themselves() -> None:
    strided = [(f"conv{i}", "Conv2D", conv(8, strides=2)) for i in range(4)]
    found = numbers(chained(("image", "Input", {"shape": [32, 32, 3]}), *strided))
    assert list(found.values()) == [0, 0, 1, 2, 3]
    resnet = native.load(templates.path("resnet34-notebook")).document
    assert numbers(resnet)["double_to_256"] == numbers(resnet)["group_256"]


@pytest.mark.parametrize("first", [True, False])
def test_strays_are_in_no_stage(first: bool) -> None:
    """A card laid down unwired, one behind it, and a small network beside the large one."""
    document = native.load(templates.path("resnet34-notebook")).document
    strays = [
        Node("unwired", "Conv2D", conv(8)),
        Node("behind", "ReLU"),
        Node("image2", "Input", {"shape": [9, 9, 3]}),
        Node("conv2", "Conv2D", conv(8)),
    ]
    added = edits.add_nodes(document, NETWORK, strays)
    if first:
        nodes = dict(reversed(added.network.nodes.items()))
        added = replace(added, network=Graph(nodes, added.network.edges))
    for ends in (("unwired", "behind"), ("image2", "conv2")):
        added = edits.connect(added, NETWORK, *ends, 0)
    assert numbers(added) == numbers(document)


def test_a_stage_keeps_what_waits_for_one_of_its_inputs_and_not_what_waits_for_all() -> None:
    document = chained(
        ("image", "Input", {"shape": [8, 8, 4]}), ("conv", "Conv2D", conv(4)), ("add", "Add")
    )
    more = edits.add_nodes(document, NETWORK, [Node("shortcut", "Conv2D", conv(4))])
    wired = edits.connect(more, NETWORK, "shortcut", "add", 1)
    assert numbers(wired) == {"image": 0, "conv": 0, "add": 0}


outcomes = st.builds(
    Outcome,
    st.sampled_from([None, *(((None, s, s, 4),) for s in (4, 8)), ((None, 7),), ((None, 5, 7),)]),
    st.sampled_from([0, 9]),
)


@given(st.lists(outcomes))
def test_every_layer_is_in_one_stage_and_they_are_in_order(drawn: list[Outcome]) -> None:
    runs = runs_of(drawn)
    assert [at for run in runs for at in run] == list(range(len(drawn)))
    for run in runs:
        sizes = {len(o.output) for at in run if (o := drawn[at]).output is not None}
        assert len(sizes) <= 1, "of one rank"
        weighed = {o.output[1:-1] for at in run if (o := drawn[at]).output and o.params}
        assert len(weighed) <= 1, "all that have weights are of one size"
