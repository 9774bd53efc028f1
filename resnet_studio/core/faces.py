"""What a node shows of itself on its card: an expert reads the figures that matter first."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from resnet_studio.core.calls import Inferable, Repeated
from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Block, Document, Node
from resnet_studio.core.expressions import is_expression
from resnet_studio.core.layer import Layer, layer_for

CARD_WIDTH = 208.0
CARD_HEIGHT = 56.0
BLOCK_HEIGHT = 112.0
PORT_HEIGHT = 32.0

_SHORTER = {
    "MultiHeadAttention": "MHA",
    "GroupedQueryAttention": "GQA",
    "Additive": "Add.",
    "Attention": "Attn",
    "Bidirectional": "Bi",
    "TimeDistributed": "TimeDist",
    "Regularization": "Reg",
    "Normalization": "Norm",
    "Depthwise": "DW",
    "SeparableConv2D": "Sep",
    "SeparableConv1D": "Sep",
    "Conv1DTranspose": "ConvT",
    "Conv2DTranspose": "ConvT",
    "Conv3DTranspose": "ConvT",
    "Global": "G",
    "Average": "Avg",
    "Pooling": "Pool",
    "ZeroPadding": "ZeroPad",
    "UpSampling": "UpSample",
    "Embedding": "Embed",
    "Gaussian": "Gauss",
    "Spatial": "Sp",
    "Random": "Rand",
    "Translation": "Shift",
    "CustomScaleLayer": "Scale",
    "expand_dims": "expand",
    "transpose": "T",
}
"""Words of class names, in the order in which they are shortened; figures tell the rank."""


@dataclass(frozen=True, slots=True)
class Face:
    """The texts of a card: its title, the layer's class (or the call), its figures, its loop."""

    title: str
    kind: str
    figures: str = ""
    repeat: str = ""
    brief: str = ""
    """A call without the names of its arguments, or a short name of the layer's class, for where
    the whole has no room."""
    bypassed: bool = False
    """Its input passes it by; ``repeat`` says so in words."""

    @property
    def line(self) -> str:
        """The second line: ``Conv2D  3×3, 64, /2, relu``."""
        return f"{self.kind}  {self.figures}" if self.figures else self.kind


def card_extent(node: Node, document: Document) -> tuple[float, float]:
    """Width and height of a node's card; all are of one width, so that columns are straight."""
    if node.type in document.blocks:
        return CARD_WIDTH, BLOCK_HEIGHT
    if node.type in (BLOCK_INPUT, BLOCK_OUTPUT):
        return CARD_WIDTH, PORT_HEIGHT
    return CARD_WIDTH, CARD_HEIGHT


def face_of(node: Node, document: Document, inferable: Inferable = None) -> Face:
    """The face of a node; ``inferable`` is what the analysis made of it, where there is one."""
    repeat = _repeat(node)
    if node.type in document.blocks:
        block = document.blocks[node.type]
        brief = _brief(node, block)
        return Face(node.id, call_text(node, block), "", repeat, brief, node.bypassed)
    if node.type == "Input":
        return Face(node.id, "Input", _sizes(node.config.get("shape")), repeat)
    if node.bypassed:
        inferable = layer_for(node.type, node.config)
    layer = inferable.body if isinstance(inferable, Repeated) else inferable
    figures = layer.face() if isinstance(layer, Layer) else ""
    return Face(node.id, node.type, figures, repeat, short_kind(node.type), node.bypassed)


@cache
def short_kind(kind: str) -> str:
    """The class as papers shorten it: ``DWConv2D``, ``AvgPool2D``, ``GroupNorm``, ``MHA``."""
    for word, short in _SHORTER.items():
        kind = kind.replace(word, short)
    return kind


def call_text(node: Node, block: Block) -> str:
    """``residual_block(n_filters=128)``: the call as the code has it, without its tensors."""
    arguments = [
        f"{name}={_plain(node.config.get(name, default))}"
        for name, default in block.parameters.items()
    ]
    return f"{node.type}({', '.join(arguments)})"


def _brief(node: Node, block: Block) -> str:
    values = [_plain(node.config.get(name, default)) for name, default in block.parameters.items()]
    return f"{node.type}({', '.join(values)})"


def _plain(value: Any) -> str:
    return str(value)[1:] if is_expression(value) else str(value)


def _repeat(node: Node) -> str:
    if node.bypassed:
        return "bypassed"
    return "" if node.repeat == 1 else f"× {_plain(node.repeat)}"


def _sizes(shape: Any) -> str:
    if not isinstance(shape, list | tuple):
        return ""
    return "×".join("?" if size is None else _plain(size) for size in shape)
