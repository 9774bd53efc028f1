"""Small documents that the core's tests share."""

from typing import Any

from resnet_studio.core.document import Block, Document, Edge, Graph, Node


def graph(nodes: list[tuple[Any, ...]], edges: list[tuple[Any, ...]]) -> Graph:
    """Nodes as ``(id, type, config, repeat)`` and edges as ``(source, target, slot)``."""
    made = [Node(n[0], n[1], *n[2:3], **({"repeat": n[3]} if len(n) > 3 else {})) for n in nodes]
    return Graph({node.id: node for node in made}, tuple(Edge(*edge) for edge in edges))


def conv(filters: Any, **config: Any) -> dict[str, Any]:
    return {"filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu", **config}


def residual_block() -> Block:
    """The document's residual block."""
    inside = graph(
        [
            ("x", "BlockInput"),
            ("conv_a", "Conv2D", conv("=n_filters")),
            ("conv_b", "Conv2D", conv("=n_filters")),
            ("add", "Add"),
            ("y", "BlockOutput"),
        ],
        [("x", "conv_a"), ("conv_a", "conv_b"), ("x", "add"), ("conv_b", "add", 1), ("add", "y")],
    )
    return Block(inside, {"n_filters": 64})


def tiny(second: int = 64, repeat: int = 3) -> Document:
    """Two groups of residual blocks: of 64 filters, then of ``second``, with no block between."""
    network = graph(
        [
            ("image", "Input", {"shape": [56, 56, 64]}),
            ("group1", "residual_block", {"n_filters": 64}, 2),
            ("group2", "residual_block", {"n_filters": second}, repeat),
            ("pool", "GlobalAveragePooling2D"),
            ("classes", "Dense", {"units": 10}),
        ],
        [("image", "group1"), ("group1", "group2"), ("group2", "pool"), ("pool", "classes")],
    )
    return Document("tiny", network=network, blocks={"residual_block": residual_block()})


def flat_chain(length: int = 6) -> Document:
    """Input and a chain of convolutions with an Add around every second."""
    nodes: list[tuple[Any, ...]] = [("image", "Input", {"shape": [32, 32, 8]})]
    edges: list[tuple[Any, ...]] = []
    last = "image"
    for i in range(length):
        nodes += [(f"conv{i}", "Conv2D", conv(8)), (f"add{i}", "Add")]
        edges += [(last, f"conv{i}"), (last, f"add{i}"), (f"conv{i}", f"add{i}", 1)]
        last = f"add{i}"
    return Document("chain", network=graph(nodes, edges))
