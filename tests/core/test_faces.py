"""What cards say: the figures that an expert reads first."""

import pytest

import resnet_studio.layers  # noqa: F401
from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Block, Document, Graph, Node
from resnet_studio.core.faces import (
    BLOCK_HEIGHT,
    CARD_HEIGHT,
    CARD_WIDTH,
    PORT_HEIGHT,
    card_extent,
    face_of,
    short_kind,
)
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from tests.layers import samples

BLOCK = Block(Graph({"x": Node("x", "BlockInput")}), {"n_filters": 64, "stride": 1})
CONV = {"filters": 64, "kernel_size": [3, 3], "strides": [2, 2], "activation": "relu"}


def face(node: Node):
    document = Document(network=Graph({node.id: node}), blocks={"residual_block": BLOCK})
    inside = analyse(document).root
    return face_of(node, document, inside.inferables[0])


@pytest.mark.parametrize(
    ("node", "line", "repeat"),
    [
        (Node("image", "Input", {"shape": [224, None, 3]}), "Input  224×?×3", ""),
        (Node("c", "Conv2D", CONV), "Conv2D  3×3, 64, /2, relu", ""),
        (Node("c", "Conv2D", CONV, repeat=3), "Conv2D  3×3, 64, /2, relu", "× 3"),
        (Node("a", "Add"), "Add", ""),
        (Node("b", "Conv2D", {"filters": "many"}), "Conv2D", ""),
        (Node("u", "Nonsense"), "Nonsense", ""),
        (
            Node("g", "residual_block", {"n_filters": 128}, repeat="=n - 1"),
            "residual_block(n_filters=128, stride=1)",
            "× n - 1",
        ),
        (
            Node("g", "residual_block", {"n_filters": "=2 * n"}),
            "residual_block(n_filters=2 * n, stride=1)",
            "",
        ),
    ],
)
def test_the_second_line_and_the_repeat(node: Node, line: str, repeat: str) -> None:
    shown = face(node)
    assert (shown.title, shown.line, shown.repeat) == (node.id, line, repeat)


@pytest.mark.parametrize(
    ("kind", "short"),
    [
        ("DepthwiseConv2D", "DWConv2D"),
        ("Conv2DTranspose", "ConvT"),
        ("GlobalAveragePooling2D", "GAvgPool2D"),
        ("GroupNormalization", "GroupNorm"),
        ("MultiHeadAttention", "MHA"),
        ("Conv2D", "Conv2D"),
    ],
)
def test_a_class_has_a_short_name_for_where_its_figures_need_the_room(kind, short) -> None:
    assert short_kind(kind) == short


@pytest.mark.parametrize("kind", [k for k in LAYERS if k != "Lambda" and "." not in k])
def test_every_layer_has_a_face_whatever_its_arguments(kind: str) -> None:
    for config in [{}, *samples.singles(LAYERS[kind])]:
        layer = layer_for(kind, config)
        if isinstance(layer, Layer):
            assert "\n" not in layer.face()


def test_a_call_is_also_told_briefly() -> None:
    assert face(Node("g", "residual_block", {"stride": 2})).brief == "residual_block(64, 2)"


@pytest.mark.parametrize(
    ("kind", "height"),
    [
        ("Conv2D", CARD_HEIGHT),
        ("residual_block", BLOCK_HEIGHT),
        ("BlockInput", PORT_HEIGHT),
        ("BlockOutput", PORT_HEIGHT),
    ],
)
def test_cards_are_of_one_width(kind: str, height: float) -> None:
    document = Document(blocks={"residual_block": BLOCK})
    assert card_extent(Node("n", kind), document) == (CARD_WIDTH, height)
