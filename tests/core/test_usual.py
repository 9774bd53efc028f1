"""What usually follows: the rules of the field, the network's own pattern, only what fits."""

from dataclasses import replace

import pytest

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401
from resnet_studio.core import building
from resnet_studio.core.analysis import analyse
from resnet_studio.core.building import Tap
from resnet_studio.core.document import NETWORK, Block, Document, Edge, Graph, Node
from resnet_studio.core.fragments import merge_blocks
from resnet_studio.core.usual import Place, Usual, usual
from resnet_studio.formats import library, native, templates


def with_library(document: Document) -> Document:
    for entry in library.shipped():
        document, _names = merge_blocks(document, entry.blocks)
    return document


def added(document: Document, one: Usual, after: str | None, scope: str = NETWORK) -> Document:
    node = Node(f"n{len(document.graph(scope).nodes)}", one.type, one.config)
    return building.add_after(document, scope, node, [Tap(after)] if after is not None else [])


def follow(document: Document, after: str | None) -> list[Usual]:
    """What usually follows a node of the network, each tried by analysing the network with it."""
    inside = analyse(document).root

    def outcome(one: Usual):
        grown = added(document, one, after)
        return analyse(grown).root.outcome(list(grown.network.nodes)[-1])

    def gives(type_name, config):
        found = outcome(Usual(type_name, config, ""))
        return None if found.troubled else found.output

    place = Place(
        document, NETWORK, document.network.nodes[after] if after is not None else None,
        inside.outcome(after).output if after is not None else None,
        inside.input_shapes(after) if after is not None else (),
        lambda key: inside.outcome(key).output,
        gives, lambda one: not outcome(one).troubled,
    )  # fmt: skip
    return usual(place)


def chain(*nodes: Node) -> Document:
    named = [replace(node, id=f"n{i}") for i, node in enumerate(nodes)]
    edges = tuple(Edge(f"n{i}", f"n{i + 1}") for i in range(len(nodes) - 1))
    return with_library(Document(network=Graph({node.id: node for node in named}, edges)))


def of(type_name: str, **config) -> Node:
    return Node("", type_name, config)


def conv(filters: int, **config) -> Node:
    return of("Conv2D", filters=filters, kernel_size=[3, 3], padding="same", **config)


def image(*shape: int) -> Node:
    return of("Input", shape=list(shape))


def first(document: Document) -> Usual:
    return follow(document, list(document.network.nodes)[-1])[0]


@pytest.mark.parametrize("size", [32, 64, 96, 224, 299, 512])
def test_whoever_takes_the_first_each_time_comes_to_a_sound_classifier(size):
    document, last = chain(image(size, size, 3)), "n0"
    for _ in range(30):
        found = follow(document, last)
        if not found:
            break
        document = added(document, found[0], last)
        last = list(document.network.nodes)[-1]
    assert analyse(document).ok
    end = document.network.nodes[last]
    assert (end.type, end.config["activation"]) == ("Dense", "softmax")
    calls = [n for n in document.network.nodes.values() if n.type in document.blocks]
    filters = [n.config["n_filters"] for n in calls]
    assert filters == sorted(filters)
    assert filters[-1] == 512 or size < 224


@pytest.mark.parametrize(
    ("before", "expected", "config"),
    [
        ([image(224, 224, 3)], "Conv2D", {"filters": 64, "strides": [2, 2]}),
        ([image(32, 32, 3)], "Conv2D", {"filters": 64, "kernel_size": [3, 3]}),
        ([of("Input", shape=[20])], "Dense", {}),
        ([image(56, 56, 64), conv(64)], "BatchNormalization", {}),
        ([image(56, 56, 64), conv(64), of("BatchNormalization")], "ReLU", {}),
        ([image(56, 56, 64), of("residual_block")], "conv_block", {"n_filters": 128}),
        ([image(56, 56, 64), of("conv_block")], "residual_block", {"n_filters": 128}),
        ([image(7, 7, 512), of("residual_block", n_filters=512)], "GlobalAveragePooling2D", {}),
        ([image(7, 7, 512), of("GlobalAveragePooling2D")], "Dense", {"units": 10}),
        ([image(224, 224, 3), of("GlobalAveragePooling2D")], "Dense", {"units": 1000}),
        ([image(7, 7, 512), of("Flatten")], "Dense", {"units": 4096, "activation": "relu"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_first_that_follows(before, expected, config):
    found = first(chain(*before))
    assert found.type == expected
    assert {name: found.config[name] for name in config} == config
    assert found.reason


def test_a_stem_of_three_layers_is_pooled_too():
    stem = [image(224, 224, 3), conv(64, strides=[2, 2]), of("BatchNormalization"), of("ReLU")]
    assert first(chain(*stem)).config == {
        "pool_size": [3, 3], "strides": [2, 2], "padding": "same",
    }  # fmt: skip


def test_nothing_follows_a_classifier():
    last = of("Dense", units=10, activation="softmax")
    assert follow(chain(of("Input", shape=[20]), last), "n1") == []


def test_what_is_refused_is_not_offered():
    offered = follow(chain(image(1, 1, 256), of("residual_block", n_filters=256)), "n1")
    assert offered[0].type == "GlobalAveragePooling2D"
    assert "conv_block" not in [one.type for one in offered], "a map of 1×1 cannot shrink"


def test_what_followed_before_follows_again_with_the_filters_that_have_come():
    vgg = chain(
        image(224, 224, 3), conv(64, activation="relu"), of("MaxPooling2D", pool_size=2),
        conv(128, activation="relu"), of("AveragePooling2D", pool_size=2), of("Dropout", rate=0.25),
        conv(128, activation="relu"), of("MaxPooling2D", pool_size=2),
    )  # fmt: skip
    found = first(vgg)
    assert (found.type, found.config["filters"]) == ("Conv2D", 256)
    assert found.reason == "as “n3” follows “n2”, with twice the filters"


def test_a_run_does_not_go_on_for_ever():
    vgg = [image(64, 64, 3), conv(64, activation="relu"), conv(64, activation="relu")]
    pooled = [*vgg, of("MaxPooling2D", pool_size=2), conv(128, activation="relu")]
    assert first(chain(*vgg)).type == "MaxPooling2D"
    assert first(chain(*pooled)).config["filters"] == 128, "as many as in the stage before"
    assert first(chain(*pooled, pooled[-1])).type == "MaxPooling2D"


def test_of_two_precedents_the_one_counts_that_was_reached_alike():
    batch = of("BatchNormalization")
    document = chain(
        image(56, 56, 64), conv(64), batch, of("ReLU"), conv(64), batch, of("Dropout", rate=0.1),
        of("ReLU"), conv(64), batch, of("ReLU"), conv(64), batch,
    )  # fmt: skip
    assert first(document).type == "Dropout"


def test_a_network_goes_on_with_its_own_blocks():
    document = native.load(templates.path("resnet50")).document
    calls = [n for n in document.network.nodes.values() if n.type in document.blocks]
    assert len(calls) == 4
    offered = follow(with_library(document), calls[0].id)[0]
    assert offered.type == calls[1].type
    assert offered.config["n_filters"] == calls[1].config["n_filters"]


def test_inside_a_block_its_own_parameter_says_the_filters():
    block = Block(Graph({"x": Node("x", "BlockInput")}), {"n_filters": 64})
    document = Document(blocks={"mine": block})
    found = usual(Place(document, "mine", block.graph.nodes["x"]))
    assert found[0].config["filters"] == "=n_filters"
    nodes = {"x": Node("x", "BlockInput"), "relu": Node("relu", "ReLU")}
    grown = Block(Graph(nodes, (Edge("x", "relu"),)), {"n_filters": 64})
    after = usual(Place(Document(blocks={"mine": grown}), "mine", nodes["relu"]))
    assert [(one.type, one.config.get("filters")) for one in after] == [
        ("Conv2D", "=n_filters"), ("BlockOutput", None),
    ]  # fmt: skip
    assert usual(Place(Document(blocks={"mine": Block(Graph())}), "mine", None))[0].type == (
        "BlockInput"
    )


def test_a_stage_that_is_one_call_may_be_the_last():
    document = with_library(native.load(templates.path("resnet18")).document)
    calls = [n.id for n in document.network.nodes.values() if n.type in document.blocks]
    assert follow(document, calls[-1])[0].type == "GlobalAveragePooling2D", "7×7×512"
    for key in calls[:-1]:
        assert follow(document, key)[0].type in document.blocks, "the maps are still large"


def test_an_image_that_is_padded_first_has_the_same_stem():
    padded = [image(224, 224, 3), of("ZeroPadding2D", padding=[3, 3])]
    assert first(chain(*padded)).config["kernel_size"] == [7, 7]
    assert first(chain(*padded, conv(64, strides=2, activation="relu"))).type == "MaxPooling2D"


def test_a_vgg_may_end_without_its_hidden_layers():
    last = [image(14, 14, 512), of("MaxPooling2D", pool_size=2)]
    document = chain(*last)
    assert "GlobalAveragePooling2D" in [one.type for one in follow(document, "n1")]
