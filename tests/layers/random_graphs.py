"""Random networks as the file format has them: mostly sound, some broken somewhere."""

import random
from typing import Any

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.document import Document, Edge, Graph, Node
from resnet_studio.core.layer import LAYERS, Layer
from tests.layers import samples

SENSIBLE: dict[str, list[Any]] = {
    "filters": [4, 6, 8, 64], "kernel_size": [1, 2, 3, [3, 1], 5], "strides": [1, 2, [2, 1], 3],
    "padding": ["same", "valid"], "use_bias": [False, True], "groups": [1, 2, 4],
    "pool_size": [2, 3, [1, 2]], "dilation_rate": [1, 2], "units": [1, 10, 64],
    "activation": ["relu", "softmax", None, "gelu"], "axis": [-1, 1, 2, 3, -2],
    "keepdims": [True, False], "data_format": ["channels_last", "channels_first", None],
    "depth_multiplier": [1, 2], "output_padding": [None, 1, 0], "size": [2, [1, 3]],
    "rate": [0.1, 0.5], "scale": [True, False], "center": [True, False],
    "trainable": [False, True], "momentum": [0.9], "alpha": [0.3], "shared_axes": [[1, 2], [1]],
    "negative_slope": [0.1], "return_sequences": [True], "return_state": [True],
    "go_backwards": [True], "stateful": [True], "reset_after": [False], "layer": [
        {"class_name": name, "config": config} for name, config in (
            ("Dense", {"units": 3}), ("LSTM", {"units": 3}), ("SimpleRNN", {"units": 2}),
            ("GRU", {"units": 4, "return_sequences": True}), ("Flatten", {}), ("ReLU", {}),
            ("LSTM", {"units": 2, "return_state": True}), ("Reshape", {"target_shape": [-1]}),
            ("Conv2D", {"filters": 3, "kernel_size": 2, "trainable": False}),
            ("Conv1D", {"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}),
            ("BatchNormalization", {}), ("LayerNormalization", {}), ("MaxPooling1D", {}),
            ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 2}}}),
        )
    ],
    "merge_mode": ["sum", "mul", "ave", None],
}  # fmt: skip
"""Values that are right on most inputs."""

INPUTS: list[dict[str, Any]] = [
    {"shape": [8, 8, 4]}, {"shape": [9, 7, 4]}, {"shape": [16, 16, 3]}, {"shape": [8, 8, 4]},
    {"shape": [None, None, 4]}, {"shape": [12]}, {"shape": [5, 6]}, {"shape": [1, 1, 8]},
    {"shape": [7, None, 8]}, {"shape": [4, 8, 8]}, {"batch_shape": [2, 8, 8, 4]},
    {"shape": [8, 8, 4], "batch_size": 3}, {"shape": [6, 4], "dtype": "int32"},
    {"shape": [16, 4]}, {"shape": [None, 6]}, {"shape": [5, 6], "batch_size": 2},
    {"shape": [6, 8, 8, 2]}, {"shape": [4, None, 6, 4]},
]  # fmt: skip


def public(cls: type[Layer]) -> bool:
    """Whether ``keras.layers`` has it: what applications bring along is traced, dtypes and all."""
    return cls.module == "keras.layers"


MERGES = sorted(name for name, cls in LAYERS.items() if cls.takes_list and public(cls))
OTHERS = sorted(
    n for n, cls in LAYERS.items() if not (cls.takes_list or "." in n or n in ("Input", "Lambda"))
)


class RandomGraph:
    """Grows a network node by node; ``faults`` is how often a choice is made blindly."""

    def __init__(self, rng: random.Random, faults: float) -> None:
        self.rng, self.faults = rng, faults
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.analysis: Analysis = analyse(Document())
        for _ in range(rng.choice([1, 1, 1, 2])):
            self._grow("Input", rng.choice(INPUTS), [])
        for _ in range(rng.randint(2, 12)):
            self._step()

    @property
    def document(self) -> Document:
        nodes = list(self.nodes)
        if self.rng.random() < 0.3:
            self.rng.shuffle(nodes)
        return Document(network=Graph({n.id: n for n in nodes}, tuple(self.edges)))

    def _blind(self) -> bool:
        return self.rng.random() < self.faults

    def _step(self) -> None:
        """A merge or another layer; where Keras would refuse it, mostly another attempt."""
        merge = self.rng.random() < 0.3
        kind = self.rng.choice(MERGES if merge else OTHERS)
        count = self.rng.choice([1, 2, 2, 2, 2, 3] if merge else [1] * 40 + [2])
        for _ in range(4):
            if self._grow(kind, self._config(kind), self._sources(count)) or self._blind():
                return
            self._drop()

    def _sources(self, count: int) -> list[str]:
        """Recent nodes; for merges mostly of one shape."""
        outcomes = {n.id: self.analysis.root.outcome(n.id).output for n in self.nodes}
        known = [key for key, shape in outcomes.items() if shape is not None]
        pool = known if known and not self._blind() else list(outcomes)
        first = self.rng.choice(pool[-4:])
        alike = [key for key in pool if outcomes[key] == outcomes[first] or self._blind()]
        return [first, *self.rng.choices(alike, k=count - 1)]

    def _config(self, kind: str) -> dict[str, Any]:
        arguments = LAYERS[kind].arguments
        config = samples.required(LAYERS[kind])
        for name in self.rng.sample(list(arguments), k=min(len(arguments), self.rng.randint(0, 5))):
            if self._blind():
                config[name] = self.rng.choice(samples.values(arguments[name]))
            elif name in SENSIBLE and kind != "Rescaling":
                config[name] = self.rng.choice(SENSIBLE[name])
        if self._blind() and self.rng.random() < 0.3:
            config["name"] = self.rng.choice(["n1", "n3", "other", "a/b", 3, "", "Ä b"])
        return config

    def _grow(self, kind: str, config: dict[str, Any], sources: list[str]) -> bool:
        node_id = f"n{len(self.nodes)}"
        shared = None
        alike = [n.id for n in self.nodes if n.type == kind and n.shared_with is None]
        if kind != "Input" and alike and self.rng.random() < 0.06:
            shared = self.rng.choice(alike)
        self.nodes.append(Node(node_id, kind, config, shared_with=shared))
        self.edges += [
            Edge(source, node_id, slot, self._output(source)) for slot, source in enumerate(sources)
        ]
        graph = Graph({n.id: n for n in self.nodes}, tuple(self.edges))
        self.analysis = analyse(Document(network=graph))
        return self.analysis.root.outcome(node_id).outputs is not None

    def _output(self, source: str) -> int:
        """One of the outputs of a node, which is mostly its only one."""
        outputs = self.analysis.root.outcome(source).outputs or ()
        return self.rng.randrange(len(outputs)) if outputs else 0

    def _drop(self) -> None:
        gone = self.nodes.pop().id
        self.edges = [edge for edge in self.edges if edge.target != gone]


def plain(document: Document) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """Nodes and edges as the file has them."""
    nodes = []
    for node in document.network.nodes.values():
        written: dict[str, Any] = {"id": node.id, "type": node.type, "config": dict(node.config)}
        if node.shared_with:
            written["shared_with"] = node.shared_with
        nodes.append(written)
    edges = document.network.edges
    return nodes, [[_written(edge), edge.target, edge.slot] for edge in edges]


def _written(edge: Edge) -> str:
    """The source as the file has it, with the output where it is not the first."""
    return f"{edge.source}:{edge.output}" if edge.output else edge.source
