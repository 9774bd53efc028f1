"""Values of arguments and shapes of inputs that the differential test goes through.

Everything is what JSON can hold.  Values come from three places: a pool that every argument
is tried with, the argument's kind, and what is interesting for an argument of that name.
"""

from itertools import combinations, product
from typing import Any

from resnet_studio.core.arguments import Argument, Choice, PerAxis
from resnet_studio.core.layer import Layer
from resnet_studio.core.serialized import ACTIVATIONS, ActivationName, DType, Registered

Config = dict[str, Any]

POOL: list[Any] = [
    None, True, False, 0, 1, 2, 3, -1, -2, 4, 7, 100, 0.0, 0.5, 1.0, 2.0, -0.5, 1.5, float("nan"),
    float("inf"), "", "3", "0.5", "same", "None", [], [1], [2, 3], [1, 2, 3], [0, 1],
    [2.0, 1.0], [1, None], ["a"], [[1, 2], [3, 4]], {}, {"a": 1},
]  # fmt: skip
"""Values of every type, right for some arguments and wrong for most."""

REQUIRED: dict[str, Any] = {
    "units": 4, "filters": 4, "kernel_size": 3, "pool_size": 2, "target_shape": [-1],
    "dims": [2, 1, 3], "rate": 0.5, "stddev": 0.5, "activation": "relu", "scale": 2.0, "n": 3,
    "input_dim": 10, "output_dim": 4, "height": 6, "width": 5, "factor": 0.2,
    "height_factor": 0.2, "width_factor": 0.3,
    "layer": {"class_name": "LSTM", "config": {"units": 4}},
}  # fmt: skip
"""A right value for each argument that has no default."""

REQUIRED_OF: dict[str, dict[str, Any]] = {
    "SpectralNormalization": {"layer": {"class_name": "Dense", "config": {"units": 4}}},
}
"""Where a right value is wrong for another class."""

BY_NAME: dict[str, list[Any]] = {
    "shape": [[4], [8, 8, 3], [None, None, 3], [0], [-1], [2.0], [True], ["4"], "12"],
    "batch_shape": [[None, 4], [2, 8, 8, 3], [], [None], [-1, 3], [True, 2]],
    "batch_size": [8, 0, -3],
    "units": [2**40],
    "filters": [2**40],
    "axis": [-3, -4, -5, 5, [1, 2], [-1, -2], [-1, 1], [2, 1], [1, 1], "1", "-1", 1.9, [True]],
    "groups": [32, 5, 6],
    "shared_axes": [[1, 2], [1], [-1], [1, 2, 3], 2, [3], [9], [True]],
    "noise_shape": [[None, 1], [None, 1, 1], [1, -1], [0], [True], "ab"],
    "seed": [42, -7, 2**63, 2**63 - 1],
    "renorm_clipping": [{"rmax": 3}, {"rmax": 1, "rmin": 2}, {"dmax": -1}, {"rmax": "a"}],
    "lora_rank": [8, -4],
    "target_shape": [[4, 4, 4], [-1, 4], [16, -1], [-1, -1], [0], [2, 2.0], [64], [None, 4],
        [0, -1], [True, -1], [1, "a"], "ab", [256], [-2, 8], [-1, 0]],
    "dims": [[1], [3, 2, 1], [1, 3, 2], [2, 1], [1, 1], [1, 2, 4],
        [2.0, 1.0, 3.0], [3, 2, True], [2, 3, 1], "12", [0, 1, 2]],
    "kernel_size": [[3, 5], [1, 1], 5, 9, [7, 7],
        [8, 8], [3.0, 3.0], [True, 2], [0, 3], "33", 10**400],
    "strides": [[1, 2], [2, 2], [3, 1], 4,
        [8, 9], [2.0, 2.0], [1.5, 2.5], [0.5, 0.5], [1e-320, 1], [True, 2], [0, 1], 10**400],
    "dilation_rate": [[2, 1], [2, 2], 3,
        [7, 1], [8, 1], [1.5, 2.0], [0.5, 0.5], 10**400],
    "output_padding": [[0, 1], [1, 1],
        [0.5, 0], [0.0, 0.0], [-1, 0]],
    "pool_size": [[3, 3], [1, 2], 5,
        [8, 9], [8, 8], [2.5, 2.5], [0.5, 0.5], [True, 2], 10**400],
    "cropping": [[[1, 2], [3, 4]], [[0, 0], [0, 0]], [[1, 1, 1], [2, 2]], [[-1, 0], [0, 0]], [4, 4],
        [1, [0, 2]], [[1.0, 1.0], [0, 0]], [[4, 4], [0, 0]], [[4, 3], 0], -3, 10**400],
    "padding": [[[1, 2], [3, 4]], [[-1, 0], [0, 0]], [3, 3], "SAME", "valid", "Valid", "causal",
        [1, [0, 2]], [[1.0, 1.0], [0, 0]], [[0, 0], [-1, 0]], -4, -5, "SAME ", 10**400, ["same"]],
    "size": [[2, 2], [1, 3], [0, 2],
        [1.5, 2.0], [True, 3], 10**400],
    "interpolation": ["bilinear", "nearest", "cubic", "bicubic", "NEAREST",
        "", "nothing that Keras has", "lanczos5"],
}  # fmt: skip

for _name in ("factor", "height_factor", "width_factor"):
    BY_NAME[_name] = [0.1, [-0.2, 0.3], [0.4, -0.4], [-3, 0.5], [0.5, 3], [2, 3], -1, [0, 0.2]]
BY_NAME |= {
    "height": [6, 8, 0, None, -1, 5.0, [4]],
    "width": [7, 3, True, "4"],
    "value_range": [[0, 1], [1, 0], [0, 1, 2], (0, 255), ["b", "a"]],
    "fill_mode": ["wrap", "nearest", "constant", "reflect", "Wrap"],
    "mode": ["horizontal", "vertical", "horizontal_and_vertical"],
    "input_dim": [1, 2**40],
    "output_dim": [1, 64],
    "mean": [0, [0.1, 0.2, 0.3, 0.4], [1.0], [[1.0, 2.0]]],
    "variance": [1, [1.0, 2.0, 3.0, 4.0], [1.0]],
}

REQUIRED |= {
    "num_heads": 2, "key_dim": 3, "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
    "axes": 1, "init_values": 0.1, "projection_dim": 4, "output_size": 3,
    "equation": "...x,xy->...y", "output_shape": 3,
}  # fmt: skip
BY_NAME |= {
    "num_heads": [4, True],
    "key_dim": [8],
    "value_dim": [5, 2, 0],
    "output_shape": [5, [5], [2, 3], [0], [None], [True], [2.0], [-1], "3", {}],
    "attention_axes": [1, [1], [2], [1, 2], [-1], [-2], [0], [5], [True], [1, 1], [-9], [1.0]],
    "head_dim": [2, 5],
    "num_query_heads": [2, 6, 0, -4],
    "num_key_value_heads": [1, 4, 3, -2],
    "dropout": [0.1, 1, 2, -0.1],
    "flash_attention": [True, False],
    "use_gate": [True],
    "use_scale": [True, False],
    "score_mode": ["dot", "concat", "Dot"],
    "axes": [1, 2, -1, [1, 2], [2, 1], [-1, 1], [-1, -2], [0, 0], [3, 3], [1, -1], [1, 1.0]],
    "projection_dim": [4, 1, 3, 0, -1],
    "output_size": [1, 0, 5, [2], [2, 3], [2, 3, 1], [None, 2], [2.0, 1], [-1, 2], ["a", 2]],
    "equation": [
        "ab,bc->ac",
        "abc,cd->abd",
        "abcd,de->abce",
        "abc,bd->adc",
        "...xy,yz->...xz",
        "ab...,bc->ac...",
        "a...,ab->b...",
        "abcd,cde->abe",
        "abc,cd->abe",
        "abc,xd->abd",
        "ab,bc->acX1",
        "ab, bc->ac",
        "ab,bc",
        "aab,bc->aac",
        "abcd,b->abcd",
        "abc,c->ab",
        "...x,xyz->...yz",
        "...abc,cde->...abde",
        "abc,abd->acd",
        "abc,cd->abdd",
    ],
    "bias_axes": ["c", "y", "d", "bd", "yx", "", "z", ["y"], ["xy"], "cb", "yy"],
    "init_values": [1e-6, 1, [1.0, 2.0, 3.0, 4.0], "a"],
}

DATA_FORMATS = ["channels_first", "channels_last", "CHANNELS_FIRST", "NHWC"]
DTYPES = [
    "float16", "float64", "bfloat16", "mixed_float16", "int32", "int8", "bool", "string", "uint8",
    "complex64", "float", "float8", "FLOAT32",
    {"class_name": "DTypePolicy", "config": {"name": "float16"}},
    {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_bfloat16"},
     "registered_name": None},
    {"class_name": "DTypePolicy", "config": {"name": "float"}},
    {"module": None, "class_name": "DTypePolicy", "config": {"name": "float32"}},
    {"class_name": "DTypePolicy", "config": {"name": "float32", "mode": "int8"}},
    {"class_name": "DTypePolicy", "config": "float32"},
    {"class_name": "DTypePolicy"},
]  # fmt: skip


def _serialised(class_name: str, **config: Any) -> Config:
    return {"class_name": class_name, "config": config}


INITIALIZERS = [
    _serialised("GlorotUniform", seed=None),
    _serialised("HeNormal", seed=3),
    _serialised("HeNormal", seed="a"),
    _serialised("HeNormal", sead=1),
    _serialised("Constant", value=0.1),
    _serialised("Constant", value=[1.0, 2.0]),
    _serialised("Constant"),
    _serialised("VarianceScaling", scale=0),
    _serialised("VarianceScaling", scale=2.0, mode="fan_out", distribution="uniform"),
    _serialised("Orthogonal", gain=2.0),
    _serialised("GlorotUniform", input_axes=[0], output_axes=[0]),
    _serialised("GlorotUniform", input_axes=[9], output_axes=[0]),
    {
        "module": "keras.initializers",
        "class_name": "Zeros",
        "config": {},
        "registered_name": None,
    },
    {"module": None, "class_name": "Zeros", "config": {}},
    {"class_name": "zeros"},
    {"config": {}},
]
REGULARIZERS = [
    _serialised("L2", l2=0.1),
    _serialised("L2", l2=-0.1),
    _serialised("L1L2", l1=0.1, l2=0.2),
    _serialised("l1", l1=0.3),
    _serialised("OrthogonalRegularizer", factor=0.1, mode="columns"),
    _serialised("OrthogonalRegularizer", mode="row"),
]
CONSTRAINTS = [_serialised("MaxNorm", max_value=3), _serialised("UnitNorm", axis=[0, 1]),
               _serialised("MaxNorm", value=3)]  # fmt: skip
SERIALISED = {
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "constraint": CONSTRAINTS,
}
ACTIVATION_CONFIGS = [
    {"module": "builtins", "class_name": "function", "config": "relu",
     "registered_name": "function"},
    {"class_name": "function", "config": "relu"},
    {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "relu"},
    {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "gelu"},
]  # fmt: skip


def _inner(class_name: str, **config: Any) -> Config:
    return {"class_name": class_name, "config": config}


_FULL = {"module": "keras.layers", "registered_name": None}
INNER_LAYERS: list[Any] = [
    _inner("LSTM", units=3, return_sequences=True),
    _inner("LSTM", units=3, return_state=True),
    _inner("GRU", units=3, return_state=True, return_sequences=True),
    _inner("SimpleRNN", units=3, stateful=True),
    _inner("LSTM", units=3, stateful=True, return_state=True),
    _inner("GRU", units=2, go_backwards=True),
    _inner("LSTM", units=2, go_backwards=True, return_sequences=True),
    _inner("GRU", units=2, go_backwards=1),
    _inner("LSTM", units=2, go_backwards="backwards"),
    _inner("SimpleRNN", units=2, trainable=False),
    _inner("LSTM", units=2, dtype="float16"),
    _inner("LSTM", units=2, use_cudnn=True, implementation=1, zero_output_for_mask=True),
    _inner("LSTM", units=2, kernel_initializer="identity"),
    _inner("Dense", units=3),
    _inner("Dense", units=3, trainable=False, use_bias=False),
    _inner("Dense", units=0),
    _inner("Dense"),
    _inner("Dense", units=3, unheard_of=1),
    _inner("Dense", units=3, name="a/b"),
    _inner("Dense", units=3, name="own"),
    _inner("Dense", units=3, name=3),
    _inner("Dense", units=3, dtype="int32"),
    _inner("Dense", units=3, lora_rank=2),
    _inner("Conv2D", filters=3, kernel_size=3),
    _inner("Conv1D", filters=3, kernel_size=2, padding="causal"),
    _inner("BatchNormalization"),
    _inner("BatchNormalization", axis=0),
    _inner("Dropout", rate=0.5, seed=1),
    _inner("Flatten"),
    _inner("Reshape", target_shape=[-1]),
    _inner("Embedding", input_dim=5, output_dim=3),
    _inner("MaxPool2D"),
    _inner("Add"),
    _inner("TimeDistributed", layer=_inner("Dense", units=2)),
    _inner("TimeDistributed", layer=_inner("Foo")),
    _inner("TimeDistributed", layer=_inner("TimeDistributed", layer=_inner("Flatten"))),
    _inner("Bidirectional", layer=_inner("GRU", units=2), merge_mode="sum"),
    _inner("Bidirectional", layer=_inner("LSTM", units=2), merge_mode=None),
    _inner("Bidirectional", layer=_inner("Dense", units=2)),
    _inner("Foo"),
    _inner("Input", shape=[4]),
    _inner("lstm", units=3),
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL},
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL, "module": "keras"},
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL, "module": None},
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL, "module": "os"},
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL, "registered_name": "LSTM"},
    {"class_name": "LSTM", "config": {"units": 3}, **_FULL, "registered_name": "Other"},
    {"class_name": "LSTM", "config": {"units": 3}, "module": "keras.src.layers.rnn.lstm"},
    {"class_name": "LSTM"},
    {"class_name": "LSTM", "config": []},
    {"class_name": 3, "config": {}},
    {"config": {"units": 3}},
    "LSTM",
]
"""What may stand in a wrapper, and what not."""

BY_NAME |= {
    "layer": INNER_LAYERS,
    "backward_layer": [
        _inner("LSTM", units=4, go_backwards=True),
        _inner("LSTM", units=2, go_backwards=True, name="back"),
        _inner("GRU", units=3, go_backwards=True, return_sequences=True),
        _inner("GRU", units=3, go_backwards=True),
        _inner("SimpleRNN", units=3, go_backwards=True, stateful=True),
        _inner("SimpleRNN", units=3, go_backwards=True, return_state=True),
        *INNER_LAYERS,
    ],
    "merge_mode": ["sum", "mul", "ave", None, "concat", "Sum"],
    "return_sequences": [True, "yes"],
    "return_state": [True, 1],
    "go_backwards": [True],
    "stateful": [True],
    "unroll": [True],
    "reset_after": [False],
    "unit_forget_bias": [False],
    "use_cudnn": ["auto", True, 0],
    "dropout": [0.5, 3],
    "recurrent_dropout": [0.5],
}

SHAPES: list[tuple[int | None, ...]] = [
    (), (None,), (5,), (None, 8), (None, 1), (None, None), (None, 0), (3, 8),
    (None, 6, 4), (None, None, 4), (None, 6, None), (None, 1, 8), (2, 3, 4),
    (None, 8, 8, 4), (None, 7, 5, 3), (None, 1, 1, 64), (None, None, None, 4), (None, 9, None, 8),
    (None, 4, 4, None), (4, 8, 8, 6), (None, 0, 8, 4), (None, 8, 8, 0), (None, 8, 1, 32),
    (None, 64, 2, 2), (None, None, 12, 12), (1, 2, 3, 4, 5), (None, 3, 4, 5, 6),
    (None, 2, 2, 2, 2, 2), (None, 4, 4, 4, 2), (None, 2, 5, 6, 3),
]  # fmt: skip

TYPICAL: list[tuple[int | None, ...]] = [(None, 8, 8, 4), (2, 5, 4)]
"""What a layer that takes any rank is tried on."""

TYPICAL_OF_RANK: dict[int, tuple[int | None, ...]] = {
    2: (None, 6),
    3: (None, 8, 4),
    4: (None, 8, 8, 4),
    5: (None, 6, 6, 8, 4),
}

LISTS: list[list[tuple[int | None, ...]]] = [
    [(None, 8, 8, 4), (None, 8, 8, 4)],
    [(None, 56, 56, 64), (None, 28, 28, 128)],
    [(None, 8, 8, 4), (None, 8, 8, 1)],
    [(None, 8, 8, 4), (None, 1, 1, 4)],
    [(None, 8, 8, 4), (None, 4)],
    [(None, 8, 8, 4), (None, 8)],
    [(None, 8, 8, 4), (None, 8, 4)],
    [(None, 8, 8, 4), (None, 8, 8)],
    [(None, None, None, 4), (None, 8, 8, 4)],
    [(None, 8, 8, 4), (None, None, 8, None)],
    [(None, 3), (None, None), (None, 5)],
    [(None, 3), (None, 5), (None, None)],
    [(None, 3), (None, 1), (None, 3)],
    [(None, 1), (None, 3), (None, 5)],
    [(2, 4), (2, 4)],
    [(2, 4), (3, 4)],
    [(2, 4), (None, 4)],
    [(None, 4), (2, 4)],
    [(1, 4), (2, 4)],
    [(None,), (None,)],
    [(None,), (None, 4)],
    [(), (None, 4)],
    [(), ()],
    [(None, 0), (None, 0)],
    [(None, 0), (None, 1)],
    [(None, 0), (None, 4)],
    [(None, 5, 6), (4, 5, 6)],
    [(4, 5, 6), (None, 5, 6)],
    [(None, 5, 6), (None, 6)],
    [(None, 5, None), (None, 5)],
    [(None, 5, 6), (None, 5, 6), (None, 5, 6)],
    [(None, 5, 6), (None, 5, 7), (None, 5, 8)],
    [(None, 5, 6), (None, None, 7), (None, 4, 8)],
    [(None, 6), (None, 6), (None, 6), (None, 6)],
    [(None, 4, 8), (None, 6, 8)],
    [(None, 4, 8), (None, 6, 8), (None, 6, 5)],
    [(2, 4, 8), (2, 6, 3), (2, 6, 5)],
    [(None, 4, None), (None, 6, 8)],
    [(None, None, 8), (None, None, 8), (None, None, 8)],
    [(None, 4, 3), (None, 6, 8), (None, 7, 8)],
    [(None, 3, 4, 8), (None, 3, 5, 8)],
    [(3, 4), (3, 5), (3, 6)],
    [(5,), (5,)],
    [(None, 6, 4), ()],
]


def required(cls: type[Layer]) -> Config:
    """A configuration with nothing but what the constructor insists on."""
    if cls.__name__ == "Input":
        return {"shape": [4]}
    missing = [n for n, a in cls.arguments.items() if a.required and n not in REQUIRED]
    assert not missing, f"give tests/layers/samples.py a value for {missing} of {cls.__name__}"
    needed = REQUIRED | REQUIRED_OF.get(cls.__name__, {})
    return {name: needed[name] for name, a in cls.arguments.items() if a.required}


def named(argument: Argument) -> list[Any]:
    """What is interesting for an argument of this name, with a number for each of its axes."""
    own = BY_NAME.get(argument.name, [])
    if not isinstance(argument.kind, PerAxis) or argument.kind.rank == 2:
        return list(own)
    rank = argument.kind.rank
    return [
        (value * rank)[:rank] if isinstance(value, list) and len(value) == 2 else value
        for value in own
    ]


def values(argument: Argument) -> list[Any]:
    """Every value the argument is tried with, right and wrong."""
    kind, own = argument.kind, named(argument)
    if isinstance(kind, Registered):
        return [None, True, 2, "", [], {}, *kind.names, *SERIALISED[kind.noun]]
    elif isinstance(kind, ActivationName):
        own += [*ACTIVATIONS, *ACTIVATION_CONFIGS, "ReLU", "softMax"]
    elif isinstance(kind, Choice):
        own += [*kind.choices, *(choice.upper() for choice in kind.choices)]
    elif isinstance(kind, DType) or argument.name == "dtype":
        own += DTYPES
    elif argument.name == "data_format":
        own += DATA_FORMATS
    return POOL + own


def singles(cls: type[Layer]) -> list[Config]:
    """Each argument with each of its values, everything else as it must be."""
    base = required(cls)
    return [base | {n: v} for n, a in cls.arguments.items() for v in values(a)] + [
        base, base | {"unheard_of": 1}, {},
    ]  # fmt: skip


def pairs(cls: type[Layer]) -> list[Config]:
    """Arguments of which shapes depend, two by two, with values that are right by themselves."""
    base = required(cls)
    telling = {
        name: [*named(argument)[:6], *DATA_FORMATS[:1] * (name == "data_format")]
        for name, argument in cls.arguments.items()
        # Sizes beyond memory take Keras ten seconds to refuse: once each is enough.
        if name not in ("units", "filters") and (name in BY_NAME or name == "data_format")
    }
    telling |= {
        name: [False]
        for name in ("use_bias", "center", "scale", "trainable", "keepdims")
        if name in cls.arguments and cls.__name__ != "Rescaling"
    } | ({"renorm": [True]} if "renorm" in cls.arguments else {})
    return [
        base | {a: x, b: y}
        for a, b in combinations(telling, 2)
        for x, y in product(telling[a], telling[b])
    ]
