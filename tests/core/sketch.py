"""Flat networks of repeated parts, drawn layer by layer as a model of Keras is opened."""

from typing import Any

from resnet_studio.core.document import Document, Edge, Graph, Node


class Sketch:
    """A flat network, drawn layer by layer; ``at`` is the tensor that the next one takes."""

    def __init__(self, size: int = 16, channels: int = 8) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.at = self.node("image", "Input", shape=[size, size, channels])

    def node(self, key: str, type_name: str, *sources: str, **config: Any) -> str:
        self.nodes[key] = Node(key, type_name, config)
        self.edges += [Edge(source, key, slot) for slot, source in enumerate(sources)]
        self.at = key
        return key

    def then(self, key: str, type_name: str, **config: Any) -> str:
        return self.node(key, type_name, self.at, **config)

    def conv(self, key: str, filters: int, size: int = 3, **config: Any) -> str:
        return self.then(
            key, "Conv2D", filters=filters, kernel_size=[size, size], padding="same", **config
        )

    def unit(self, name: str, filters: int, strides: int = 1, project: bool = False) -> str:
        """A bottleneck: its layers are named as those of ``keras.applications`` are."""
        start = self.at
        for k, (width, size) in enumerate([(filters, 1), (filters, 3), (4 * filters, 1)], 1):
            step = {"strides": [strides, strides]} if k == 1 and strides > 1 else {}
            self.conv(f"{name}_{k}_conv", width, size, **step)
            self.then(f"{name}_{k}_bn", "BatchNormalization")
            if k < 3:
                self.then(f"{name}_{k}_relu", "Activation", activation="relu")
        branch = self.at
        if project:
            self.at = start
            start = self.conv(f"{name}_0_conv", 4 * filters, 1, strides=[strides, strides])
        self.node(f"{name}_add", "Add", start, branch)
        return self.then(f"{name}_out", "Activation", activation="relu")

    def document(self) -> Document:
        return Document("sketch", network=Graph(self.nodes, tuple(self.edges)))


def resnet(depths: tuple[int, ...] = (3, 4, 6, 3)) -> Document:
    sketch = Sketch(32, 3)
    sketch.conv("stem_conv", 64, 7)
    sketch.then("stem_pool", "MaxPooling2D", pool_size=[2, 2])
    for stage, depth in enumerate(depths, 1):
        for block in range(depth):
            strides = 2 if stage > 1 and block == 0 else 1
            sketch.unit(f"conv{stage}_block{block + 1}", 32 * 2**stage, strides, block == 0)
    sketch.then("pool", "GlobalAveragePooling2D")
    sketch.then("classes", "Dense", units=10)
    return sketch.document()
