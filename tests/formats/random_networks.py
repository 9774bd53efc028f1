"""Random networks for Hypothesis: blocks, loops, forks, shared layers, and ids of every kind."""

from typing import Any

from hypothesis import strategies as st

from resnet_studio.core.document import Block, Document, Edge, Graph, Node

AWKWARD = (
    "x", "shortcut", "inputs", "outputs", "keras", "layers", "model", "build_model", "_", "__",
    "range", "float", "for", "None", "match", "a b", 'a"b', "a'b", "a\\b", "a\nb", "ﬁ", "fi", "é",
    "e\u0301", "\u202eabc", "\u2028", "日本", "1st", "", "conv2d", "conv2d_1", "add", "dense",
    "x');import os;os.abort()#", '""" + exit() + """', "a#1", "block", "n", "\ud800", "{x}", "%s",
    "a.b", "-", "layers.Dense", "A", "a", "print", "resnet" * 20,
)  # fmt: skip

LAYER_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "padding": "same"}),
    ("Conv2D", {"filters": 4, "kernel_size": "=n", "padding": "SAME", "strides": ["=n//n", 1]}),
    ("Conv2D", {"filters": "=(n + 1) * 4 - 4*n", "kernel_size": [1, 3], "padding": "same",
                "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}}}),
    ("BatchNormalization", {"epsilon": 1e-5, "momentum": 0.9}),
    ("ReLU", {"max_value": 6}),
    ("Activation", {"activation": "=activation"}),
    ("Rescaling", {"scale": 1 / 255, "offset": float("inf")}),
    ("Rescaling", {"scale": -2.5e-7, "offset": float("nan")}),
    ("Dropout", {"rate": 0.25}),
    ("MaxPooling2D", {"pool_size": 2, "strides": 1, "padding": "same"}),
    ("ZeroPadding2D", {"padding": 0}),
    ("Dense", {"units": 4, "activation": "softmax", "kernel_initializer": {
        "class_name": "Constant", "config": {"value": 0.1}}}),
    ("TimeDistributed", {"layer": {"class_name": "Dense", "config": {
        "units": 4, "activation": "=activation", "name": "x');import os;os.abort()#"}}}),
    ("TimeDistributed", {"layer": {"class_name": "Bidirectional", "config": {
        "layer": {"class_name": "LSTM", "config": {"units": 2, "return_sequences": True}}}}}),
    ("TimeDistributed", {"trainable": False, "layer": {
        "module": "keras.layers", "registered_name": None, "class_name": "GRU", "config": {
            "units": "=(n + 1) * 4 - 4*n", "return_sequences": 1, "recurrent_regularizer": {
                "class_name": "L2", "config": {"l2": 0.5}}}}}),
)  # fmt: skip
MERGES = ("Add", "Multiply", "Average", "Subtract", "Maximum")
DEFAULTS = {"n": 3, "activation": "tanh"}
"""Parameters of every block; in the network itself their values stand in their place."""

ids = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=6)).filter(
    lambda text: "/" not in text and "#" not in text
)


def _settled(value: Any) -> Any:
    """The expressions over a block's parameters at their defaults, for the network."""
    known = {"=n": 3, "=n//n": 1, "=(n + 1) * 4 - 4*n": 4, "=activation": "tanh"}
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_settled(item) for item in value]
    return known.get(value, value) if isinstance(value, str) else value


class Drawing:
    """Draws one graph; every tensor in it is 6×6×4."""

    def __init__(self, draw: Any, blocks: dict[str, Block], inside: bool) -> None:
        self.draw, self.blocks, self.inside = draw, blocks, inside
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.tensors: list[tuple[str, int]] = []

    def add(self, type_name: str, inputs: int, outputs: int = 1, **kwargs: Any) -> None:
        node_id = self.draw(ids.filter(lambda text: text not in self.nodes))
        for slot in range(inputs):
            recent = self.tensors[-4:]
            source, output = self.draw(st.sampled_from(recent))
            self.edges.append(Edge(source, node_id, slot, output))
        self.nodes[node_id] = Node(node_id, type_name, **kwargs)
        self.tensors += [(node_id, output) for output in range(outputs)]

    def step(self) -> None:
        kind = self.draw(st.integers(0, 9))
        if kind < 3:
            count = self.draw(st.integers(2, 3))
            type_name = self.draw(st.sampled_from(MERGES))
            self.add(type_name, 2 if type_name == "Subtract" else count)
        elif kind < 6 and self.blocks:
            self._call()
        elif kind == 6 and self._sharable():
            owner = self.draw(st.sampled_from(self._sharable()))
            self.add(owner.type, 1, config=owner.config, shared_with=owner.id)
        else:
            type_name, config = self.draw(st.sampled_from(LAYER_KINDS))
            settled = config if self.inside else _settled(config)
            self.add(type_name, 1, config=settled, repeat=self._repeat())

    def _call(self) -> None:
        name = self.draw(st.sampled_from(sorted(self.blocks)))
        block = self.blocks[name]
        config: dict[str, Any] = {}
        if self.draw(st.booleans()):
            config["n"] = "=n" if self.inside else self.draw(st.sampled_from([1, 3, 5]))
        if self.draw(st.booleans()):
            config["activation"] = "=activation" if self.inside else "relu"
        inputs, outputs = len(block.inputs()), len(block.outputs())
        single = inputs == outputs == 1
        repeat = self._repeat() if single else 1
        self.add(name, inputs, outputs, config=config, repeat=repeat)

    def _repeat(self) -> int | str:
        choices: list[int | str] = [1, 1, 1, 2, 3, 0]
        return self.draw(st.sampled_from([*choices, "=n-1"] if self.inside else choices))

    def _sharable(self) -> list[Node]:
        return [
            node
            for node in self.nodes.values()
            if node.type == "Conv2D" and node.repeat == 1 and node.shared_with is None
        ]

    def graph(self) -> Graph:
        order = self.draw(st.permutations(list(self.nodes)))
        return Graph({key: self.nodes[key] for key in order}, tuple(self.edges))


@st.composite
def blocks(draw: Any, inner: dict[str, Block]) -> Block:
    drawing = Drawing(draw, inner, inside=True)
    for _ in range(draw(st.integers(1, 2))):
        drawing.add("BlockInput", 0)
    for _ in range(draw(st.integers(1, 5))):
        drawing.step()
    for _ in range(draw(st.integers(1, 2))):
        drawing.add("BlockOutput", 1, 0)
    text = draw(
        st.sampled_from(["", "Says \"\"\" and '''.", "ends with \\", 'a "quote"', "\u202e"])
    )
    return Block(drawing.graph(), DEFAULTS, text)


@st.composite
def documents(draw: Any) -> Document:
    made: dict[str, Block] = {}
    for _ in range(draw(st.integers(0, 3))):
        name = draw(ids.filter(lambda text: text and text not in made))
        made[name] = draw(blocks(dict(made)))
    drawing = Drawing(draw, made, inside=False)
    for _ in range(draw(st.integers(1, 2))):
        drawing.add("Input", 0, config={"shape": [6, 6, 4]})
    for _ in range(draw(st.integers(1, 8))):
        drawing.step()
    return Document(draw(ids), "", drawing.graph(), made)
