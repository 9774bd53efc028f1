"""What folding and grouping share: parameters, wherever their values come from."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 (fills the registry)
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.edits import with_graph
from resnet_studio.core.elsewhere import equal_places
from resnet_studio.core.fold import fold_all
from resnet_studio.core.fold.parts import Place
from resnet_studio.core.grouping import group
from resnet_studio.core.proposals import propose
from tests.core.networks import conv, flat_chain, graph, tiny


def told(document: Document, scope: str, key: str, **config: Any) -> Document:
    node = document.graph(scope).nodes[key]
    node = replace(node, config={**node.config, **config})
    return with_graph(document, scope, document.graph(scope).with_node(node))


def squeezing() -> Document:
    """Convolutions with two dense layers each, whose widths are 8, 2 and 8, then 16, 4 and 16 …"""
    nodes: list[tuple[Any, ...]] = [("image", "Input", {"shape": [4, 4, 8]})]
    for k, width in enumerate((8, 16, 32, 64, 24), start=1):
        nodes.append((f"conv{k}", "Conv2D", conv(width)))
        nodes.append((f"reduce{k}", "Dense", {"units": width // 4}))
        nodes.append((f"expand{k}", "Dense", {"units": width}))
    keys = [node[0] for node in nodes]
    return Document(network=graph(nodes, list(pairwise(keys))))


def test_one_width_tells_layers_of_several_kinds_in_either_way() -> None:
    document = squeezing()
    chosen = ["conv1", "reduce1", "expand1"]
    also = equal_places(document, NETWORK, chosen)
    proposal = propose(document, NETWORK, chosen, also)
    (parameter,) = proposal.parameters
    by_hand = group(document, NETWORK, chosen, "unit", [parameter], also)
    folded = fold_all(document)
    for after in (by_hand, folded):
        (block,) = after.blocks.values()
        (name,) = block.parameters
        widths = [
            n.config.get("filters", n.config.get("units")) for n in block.graph.nodes.values()
        ]
        assert widths[1:-1] == [f"=4 * {name}", f"={name}", f"=4 * {name}"]
        assert analyse(after).totals == analyse(document).totals


def test_one_number_and_as_many_equal_ones_are_no_difference() -> None:
    document = told(flat_chain(2), NETWORK, "conv1", kernel_size=[3, 3])
    also = [Place(NETWORK, {"conv0": "conv1", "add0": "add1"})]
    proposal = propose(document, NETWORK, ["conv0", "add0"], also)
    assert [p.name for p in proposal.parameters] == ["n_filters"]
    after = group(document, NETWORK, ["conv0", "add0"], "unit", proposal.parameters, also)
    assert analyse(after).totals == analyse(document).totals


@pytest.mark.parametrize("filters", ["=n_filters", "=n_filters // 2"])
def test_a_parameter_may_have_the_name_of_the_one_around_that_it_takes_in(filters: str) -> None:
    document = told(tiny(), "residual_block", "conv_a", filters=filters)
    nodes = document.graph("residual_block").nodes
    other = replace(nodes["conv_a"], id="conv0", config={**nodes["conv_a"].config, "filters": 32})
    document = replace(document, network=flat_chain(1).network.with_node(other))
    also = [Place(NETWORK, {"conv_a": "conv0"})]
    proposal = propose(document, "residual_block", ["conv_a"], also)
    assert {p.name for p in proposal.parameters} == {"n_filters"}
    after = group(document, "residual_block", ["conv_a"], "unit", proposal.parameters, also)
    (call,) = (n for n in after.network.nodes.values() if n.type == "unit")
    (inner,) = (n for n in after.graph("residual_block").nodes.values() if n.type == "unit")
    assert (call.config["n_filters"], inner.config["n_filters"]) == (32, filters)
