"""The templates: the document's systems and the paper's, with the figures that they promise."""

import json
import re

import pytest

from resnet_studio import assets
from resnet_studio.core.document import NETWORK, Document
from resnet_studio.core.faces import card_extent
from resnet_studio.formats import native, templates
from resnet_studio.formats.checked import Checked, check

PARAMS = {
    # name: (parameters, trainable ones)
    "residual-block": (73_856, 73_856),
    "conv-block": (1_254_656, 1_254_656),
    "resnet34-notebook": (16_822_760, 16_822_760),
    "vgg16": (138_357_544, 138_357_544),
    "resnet18": (11_699_112, 11_689_512),
    "resnet34": (21_814_696, 21_797_672),
    "resnet50": (25_636_712, 25_583_592),
}


def checked(name: str) -> Checked:
    result = check(str(templates.path(name)))
    assert isinstance(result, Checked)
    return result


def document(name: str) -> Document:
    return checked(name).opened.document


def shapes(name: str, type_name: str) -> list[tuple[int | None, ...] | None]:
    return [node.output for node in checked(name).layers if node.type == type_name]


def test_every_template_is_listed_in_the_order_of_the_document() -> None:
    files = {path.stem for path in assets.path("templates").iterdir()}
    assert set(templates.names()) == files == {*PARAMS, "doubling-mismatch"}
    assert templates.names()[:2] == ["residual-block", "conv-block"]
    with pytest.raises(KeyError):
        templates.path("../themes/light")


@pytest.mark.parametrize("name", PARAMS)
def test_counts(name: str) -> None:
    result = checked(name)
    assert result.findings == ()
    assert result.analysis.totals[:2] == PARAMS[name]


def test_adds_of_the_notebooks_network() -> None:
    stages = [(56, 64)] * 2 + [(14, 128)] * 3 + [(4, 256)] * 5 + [(1, 512)]
    assert shapes("resnet34-notebook", "Add") == [(None, s, s, c) for s, c in stages]


def test_the_papers_networks_have_its_stages() -> None:
    basic = [(56, 64), (28, 128), (14, 256), (7, 512)]
    for name, blocks in (("resnet18", (2, 2, 2, 2)), ("resnet34", (3, 4, 6, 3))):
        sizes = [size for size, count in zip(basic, blocks, strict=True) for _ in range(count)]
        assert shapes(name, "Add") == [(None, s, s, c) for s, c in sizes]
        convolutions = [node for node in checked(name).layers if node.type == "Conv2D"]
        assert all(node.config["use_bias"] is False for node in convolutions)
        # Two to a block and the entry's, with the Dense layer those of the name; projections extra.
        assert len(convolutions) == 2 * sum(blocks) + 1 + 3
    assert len(shapes("resnet50", "Add")) == 16
    assert shapes("resnet50", "Add")[-1] == (None, 7, 7, 2048)


def test_a_convolutional_block_strides_twice() -> None:
    result = checked("conv-block")
    by_path = {node.path: node.output for node in result.layers}
    assert by_path["group_64#2/add"] == (None, 56, 56, 64)
    assert by_path["double_to_128/conv_b"] == (None, 14, 14, 128)


def test_vgg16_calls_its_block_as_the_document_does() -> None:
    vgg = document("vgg16")
    assert dict(vgg.blocks["conv_block"].parameters).keys() == {"n_layers", "n_filters"}
    calls = [n.config for n in vgg.network.nodes.values() if n.type == "conv_block"]
    assert [(c["n_layers"], c["n_filters"]) for c in calls] == [
        (1, 64), (2, 128), (3, 256), (3, 512), (3, 512),
    ]  # fmt: skip
    assert shapes("vgg16", "MaxPooling2D")[-1] == (None, 7, 7, 512)


def test_doubling_mismatch_is_the_error_of_the_document() -> None:
    result = checked("doubling-mismatch")
    (finding,) = result.findings
    assert (finding.code, finding.node) == ("shortcut-mismatch", "group_128#1/add")
    assert "56×56×64 (X)" in finding.message
    assert "56×56×128 (2X)" in finding.message
    assert {"conv-block", "projection"} <= {fix.id for fix in finding.fixes}


@pytest.mark.parametrize("name", templates.names())
def test_descriptions_quote_the_true_figures(name: str) -> None:
    description = document(name).description
    assert len(description) > 200
    totals = checked(name).analysis.totals
    truths = {f"{count:,}" for count in (*totals[:3], *dict(PARAMS.values()), 16_822_760)}
    for figure in re.findall(r"\d{1,3}(?:,\d{3})+", description):
        assert figure in truths, figure


def test_where_text_and_code_differ_both_are_told() -> None:
    notebook = document("resnet34-notebook").description
    assert "21 million" in notebook
    assert "16,822,760" in notebook
    block = document("conv-block").description
    assert "75 %" in block
    assert "sixteenth" in block


@pytest.mark.parametrize("name", templates.names())
def test_nodes_stand_in_data_order_without_overlap(name: str) -> None:
    opened = document(name)
    for scope in opened.scopes():
        graph = opened.graph(scope)
        places = {key: node.position for key, node in graph.nodes.items()}
        assert None not in places.values()
        for edge in graph.edges:
            height = card_extent(graph.nodes[edge.source], opened)[1]
            assert places[edge.source][1] + height < places[edge.target][1], (scope, edge)


@pytest.mark.parametrize("name", templates.names())
def test_files_are_lean(name: str) -> None:
    """Only arguments that say something: none at Keras' default, no empty keys."""
    opened = document(name)
    written = json.loads(templates.path(name).read_text(encoding="utf-8"))
    assert not native.loads(json.dumps(written)).problems
    for scope in (NETWORK, *opened.blocks):
        for node in opened.graph(scope).nodes.values():
            assert node.config.get("strides") != [1, 1]
            assert node.config.get("use_bias") is not True
            assert node.config.get("padding") != "valid"
