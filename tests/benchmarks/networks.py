"""Large networks of the residual pattern, flattened, as documents and as real Keras models."""

from typing import Any

from resnet_studio.core.document import Document, Edge, Graph, Node

RESNET152 = (3, 8, 36, 3)


class Builder:
    """Writes nodes one after the other, each wired to the one before unless told otherwise."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.last = ""

    def add(self, node_id: str, kind: str, *sources: str, **config: Any) -> str:
        self.nodes[node_id] = Node(node_id, kind, config, position=(0.0, 96.0 * len(self.nodes)))
        feeds = sources or ((self.last,) if self.last else ())
        self.edges += [Edge(source, node_id, slot) for slot, source in enumerate(feeds)]
        self.last = node_id
        return node_id

    def conv_norm(self, node_id: str, source: str, filters: int, kernel: int, strides: int) -> str:
        self.add(
            f"{node_id}_conv",
            "Conv2D",
            source,
            filters=filters,
            kernel_size=kernel,
            strides=strides,
            padding="same",
        )
        return self.add(f"{node_id}_bn", "BatchNormalization", epsilon=1.001e-5)

    def bottleneck(self, name: str, filters: int, strides: int, project: bool) -> None:
        start = self.last
        shortcut = self.conv_norm(f"{name}_0", start, 4 * filters, 1, strides) if project else start
        self.conv_norm(f"{name}_1", start, filters, 1, strides)
        relu = self.add(f"{name}_1_relu", "Activation", activation="relu")
        self.conv_norm(f"{name}_2", relu, filters, 3, 1)
        relu = self.add(f"{name}_2_relu", "Activation", activation="relu")
        branch = self.conv_norm(f"{name}_3", relu, 4 * filters, 1, 1)
        self.add(f"{name}_add", "Add", shortcut, branch)
        self.add(f"{name}_out", "Activation", activation="relu")

    def document(self, name: str) -> Document:
        return Document(name, network=Graph(self.nodes, tuple(self.edges)))


def resnet(stages: tuple[int, ...] = RESNET152, size: int = 224) -> Document:
    """A bottleneck ResNet (He et al. 2015, table 1) with every layer drawn singly."""
    builder = Builder()
    builder.add("image", "Input", shape=[size, size, 3])
    builder.add("conv1_pad", "ZeroPadding2D", padding=3)
    builder.add("conv1_conv", "Conv2D", filters=64, kernel_size=7, strides=2)
    builder.add("conv1_bn", "BatchNormalization", epsilon=1.001e-5)
    builder.add("conv1_relu", "Activation", activation="relu")
    builder.add("pool1_pad", "ZeroPadding2D", padding=1)
    builder.add("pool1_pool", "MaxPooling2D", pool_size=3, strides=2)
    for stage, blocks in enumerate(stages):
        for block in range(blocks):
            strides = 2 if stage and not block else 1
            builder.bottleneck(f"conv{stage + 2}_block{block + 1}", 64 << stage, strides, not block)
    builder.add("avg_pool", "GlobalAveragePooling2D")
    builder.add("predictions", "Dense", units=1000, activation="softmax")
    return builder.document("resnet")


def chain(layers: int) -> Document:
    """About ``layers`` layers of identity bottlenecks behind one projection."""
    return resnet((max(1, (layers - 12) // 10),))


def keras_model(document: Document) -> Any:
    """The same network built layer by layer with the real Keras."""
    import keras

    graph = document.network
    tensors: dict[str, Any] = {}
    for node_id in (graph.structure.ids[i] for i in graph.structure.order):
        node = graph.nodes[node_id]
        config = {**node.config, "name": node_id}
        feeds = [tensors[edge.source] for edge in graph.into(node_id)]
        if node.type == "Input":
            tensors[node_id] = keras.Input(**config)
        else:
            layer = getattr(keras.layers, node.type)(**config)
            tensors[node_id] = layer(feeds if node.type == "Add" else feeds[0])
    return keras.Model(tensors["image"], tensors["predictions"])
