"""Multiply-accumulates against what the real Keras' own weights and outputs come to.

Each weight of a kernel is used once at every position of the output; of a transposed
convolution at every position of the input.
"""

from math import prod
from typing import Any

import pytest

from resnet_studio.core.layer import layer_for
from tests.layers import oracle

WINDOWS: list[dict[str, Any]] = [
    {"kernel_size": 3, "padding": "same", "strides": 2},
    {"kernel_size": [2, 3]},
    {"kernel_size": [1, 4], "dilation_rate": 2, "data_format": "channels_first"},
]
CASES: list[tuple[str, dict[str, Any]]] = [
    *(("Conv2D", {"filters": 6, "groups": groups}) for groups in (1, 2)),
    ("Conv2D", {"filters": 6, "lora_rank": 2}),
    *(("DepthwiseConv2D", {"depth_multiplier": times}) for times in (1, 3)),
    *(("SeparableConv2D", {"filters": 5, "depth_multiplier": times}) for times in (1, 3)),
    ("Conv2DTranspose", {"filters": 5}),
]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize(("type_name", "config"), CASES, ids=str)
def test_convolutions(type_name: str, config: dict[str, Any], window: dict[str, Any]) -> None:
    config = config | window
    first = config.get("data_format") == "channels_first"
    shape = (None, 4, 11, 9) if first else (None, 11, 9, 4)
    with oracle.stateless():
        made = oracle.make(type_name, config)
        output = made(oracle.keras.Input(batch_shape=shape)).shape
        kernels = sum(prod(w.shape) for w in made.weights if w.name.endswith("kernel"))
    positions = shape if type_name == "Conv2DTranspose" else output
    expected = prod(positions[2:] if first else positions[1:-1]) * kernels
    assert layer_for(type_name, config).infer((shape,)).macs == expected


@pytest.mark.parametrize("shape", [(None, 7), (3, 7), (None, 5, 7), (None, 4, 5, 6, 7)], ids=str)
def test_dense_at_every_position(shape: tuple[int | None, ...]) -> None:
    assert layer_for("Dense", {"units": 3}).infer((shape,)).macs == prod(shape[1:]) * 3
