"""The operators against ``keras.ops``: accepted or refused, and the shapes that come out."""

import random
from itertools import product
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.layers.operators import OPERATORS, Operator, Pairwise, Reduction
from resnet_studio.layers.rearranging import items
from tests.layers.oracle import keras, quiet

NAMES = sorted(OPERATORS.values())
SHAPES: list[tuple[int | None, ...]] = [
    (), (None,), (6,), (None, 6), (None, 1), (None, None), (3, 4), (None, 4, 6), (2, 3, 4),
    (None, None, 4), (None, 1, 6), (None, 4, 1, 6), (None, 8, 8, 3), (1, 1, 6), (None, 0, 4),
]  # fmt: skip
AXES: list[Any] = [None, 0, 1, -1, 2, -3, [1], [1, 2], [-1, 1], [], 5]
CONFIGS: dict[str, list[dict[str, Any]]] = {
    "ops.clip": [{"x_min": 0, "x_max": 6.0}],
    "ops.cast": [{"dtype": "float16"}, {"dtype": "int32"}],
    "ops.round": [{}, {"decimals": 2}],
    "ops.softmax": [{}, *({"axis": axis} for axis in (0, 1, -2, [1, 2], 5))],
    "ops.log_softmax": [{}, *({"axis": axis} for axis in (0, 1, -2, 5))],
    "ops.argmax": [{"axis": a, "keepdims": k} for a in (None, 0, 1, -1, 4) for k in (True, False)],
    "ops.where": [{}, {"x1": 1.0}, {"x2": 0}, {"x1": 1, "x2": 2.5}],
    "ops.reshape": [
        {"newshape": shape}
        for shape in ([-1], [-1, 6], [24], [2, 12], [-1, 2, 3], [0], [-1, 0], [6, 4], 12, [3, -1])
    ],
    "ops.transpose": [{}, *({"axes": axes} for axes in ([0, 2, 1], [1, 0], [0, 3, 1, 2], [0, -1]))],
    "ops.expand_dims": [{"axis": axis} for axis in AXES[1:]],
    "ops.squeeze": [{"axis": axis} for axis in AXES if axis != []],
    "ops.swapaxes": [
        {"axis1": a, "axis2": b} for a, b in ((0, 1), (1, 2), (-1, 1), (1, 1), (4, 0))
    ],
    "ops.concatenate": [{}, *({"axis": axis} for axis in (0, 1, 2, -2, 7))],
    "ops.stack": [{}, *({"axis": axis} for axis in (1, 2, -1, -3, 7))],
    "ops.get_item": [
        {"key": key}
        for key in ("0", ":, 0", ":, -1", "..., 0", ":, 1:3", ":, ::2", ":, None",
                    "None, ..., 1:-1",
                    ":, 5", ":, :, :, 2", "..., 0, 0, 0", ":, ::-1, ...", ":, 3:1", "-1", ":, 10:")
    ],
    "ops.pad": [
        {"pad_width": width}
        for width in ([[0, 0], [1, 2]], [[0, 0], [1, 1], [0, 3]], [[1, 1]], [[0, 0]] * 4)
    ],
}  # fmt: skip
CONFIGS["ops.argmin"] = CONFIGS["ops.argmax"]


def configs(name: str) -> list[dict[str, Any]]:
    cls = LAYERS[name]
    if name in CONFIGS:
        return CONFIGS[name]
    if issubclass(cls, Pairwise):
        return [{}, {"x2": 2.0}, {"x1": 3}]
    if issubclass(cls, Reduction):
        return [{"axis": axis, "keepdims": keep} for axis in AXES for keep in (False, True)] + [{}]
    return [{}]


def inputs(cls: type[Layer], config: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every combination of shapes for as many tensors as the configuration leaves open."""
    if cls.takes_list:
        return [*product(SHAPES, repeat=2), *((shape,) * 3 for shape in SHAPES)]
    count = sum(config.get(slot) is None for slot in cls.slots)
    every = list(product(SHAPES, repeat=count))
    return every if len(every) < 300 else random.Random(1).sample(every, k=300)


def theirs(name: str, config: dict[str, Any], shapes: tuple[Any, ...]) -> Any:
    """Shapes, or None where Keras refuses."""
    cls = LAYERS[name]
    assert issubclass(cls, Operator)
    function = getattr(keras.ops, cls.public_name)
    tensors = [keras.Input(batch_shape=shape) for shape in shapes]
    try:
        if name == "ops.get_item":
            found = function(*tensors, key=bracketed(config["key"]))
        elif cls.takes_list:
            found = function(tensors, **config)
        else:
            rest = iter(tensors)
            config = {slot: next(rest) for slot in cls.slots if config.get(slot) is None} | config
            found = function(**config)
    except Exception:  # noqa: BLE001 - Keras refuses with any type
        return None
    return tuple(found.shape) if hasattr(found, "shape") else None


def bracketed(key: str) -> tuple[Any, ...]:
    return tuple(Ellipsis if item == "..." else item for item in items(key))


@pytest.mark.parametrize("name", NAMES)
def test_shapes_are_those_of_keras(name: str) -> None:
    found = []
    with quiet():
        for config in configs(name):
            for shapes in inputs(LAYERS[name], config):
                outputs = layer_for(name, config).infer(shapes).outputs
                ours, real = outputs[0] if outputs else None, theirs(name, config, shapes)
                if ours != real:
                    found.append(f"{name}({config}) on {shapes}: {ours}, Keras {real}")
    assert not found, f"{len(found)}:\n" + "\n".join(found[:8])


def test_each_operator_is_a_function_of_keras() -> None:
    for (module, name), kind in OPERATORS.items():
        assert getattr(keras.ops, LAYERS[kind].public_name).__module__ == module, name
