"""Precisions in every form that Keras reads, against the real Keras."""

from typing import Any

import pytest

from tests.layers import oracle
from tests.layers.test_against_keras import ours

LAYERS_WITHOUT_QUANTISED_WEIGHTS = {
    "ReLU": {},
    "Conv2D": {"filters": 2, "kernel_size": 3},
    "BatchNormalization": {},
    "Add": {},
}
QUANTISED = {"Dense": {"units": 3}, "Embedding": {"input_dim": 5, "output_dim": 3}}


def policy(class_name: str, **config: Any) -> dict[str, Any]:
    """As ``get_config`` writes it."""
    return {
        "module": "keras",
        "class_name": class_name,
        "config": config,
        "registered_name": None,
    }


STRINGS = [
    "int8_from_float32", "int4_from_float32", "float8_from_float32", "int4/32_from_float32",
    "int4/0_from_float32", "int4/-1_from_float32",
    "int8_from_mixed_bfloat16", "int8_from_mixed_float16", "int8_from_float16",
    "float8_from_mixed_float16", "int8", "int4", "float8", "float8_e4m3fn", "int8_from_int32",
    "int8_from_nothing", "int8_from_float32_from_float32", "int8_from_", "gptq/4/128_from_float32",
    "gptq/5/128_from_float32", "gptq_from_float32", "awq/4/-1_from_float32", "awq/8/1_from_float32",
    "int4/a_from_float32", "int8/2_from_float32", "int4/2/3_from_float32",
]  # fmt: skip
POLICIES: list[Any] = [
    policy("QuantizedDTypePolicy", mode="int8", source_name="float32"),
    policy("QuantizedDTypePolicy", mode="int8", source_name="mixed_float16"),
    policy("QuantizedDTypePolicy", mode="int4", source_name="bfloat16"),
    policy("QuantizedDTypePolicy", mode="int8", source_name=None),
    policy("QuantizedDTypePolicy", mode="int8"),
    policy("QuantizedDTypePolicy", mode="int7", source_name="float32"),
    policy("QuantizedDTypePolicy", source_name="float32"),
    policy("QuantizedDTypePolicy", mode="int8", name="float32"),
    policy("QuantizedFloat8DTypePolicy", mode="float8", source_name="float32"),
    policy("QuantizedFloat8DTypePolicy", mode="float8", amax_history_length=1024),
    policy("QuantizedFloat8DTypePolicy", mode="float8", amax_history_length=10.0),
    policy("Int4DTypePolicy", mode="int4/32", source_name="float32"),
    policy("Int4DTypePolicy", mode="int4", source_name="float32"),
    policy("DTypePolicyMap", default_policy=None, policy_map={}),
    policy("DTypePolicyMap", default_policy="float16", policy_map={}),
    policy("DTypePolicyMap", default_policy="float16"),
    policy("DTypePolicyMap", policy_map={}),
    policy("DTypePolicyMap", default_policy="nothing", policy_map={}),
    policy("DTypePolicyMap", default_policy=policy("DTypePolicy", name="float16"), policy_map={}),
    policy("DTypePolicyMap", default_policy=None, policy_map=None),
    policy("DTypePolicyMap", default_policy=None, policy_map=3),
    policy("DTypePolicyMap", default_policy="int8_from_float32", policy_map={}),
    policy("NoPolicy", name="float32"),
    {"class_name": "DTypePolicyMap", "config": {"default_policy": "float64", "policy_map": {}}},
    {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}},
    {"class_name": "QuantizedDTypePolicy", "config": None},
]


LORA = [
    {"lora_rank": 2, "dtype": dtype}
    for dtype in ("int8_from_float32", "int4_from_float32", "float8_from_float32",
                  "gptq/4/2_from_float32", "awq/4/2_from_float32", "gptq/8/2_from_float32")
] + [
    {"quantization_config": {}, "dtype": "int8_from_float32"},
    {"kernel_initializer": "identity", "dtype": "int8_from_float32"},
    {"dtype": "gptq/8/2_from_float32"}, {"dtype": "awq/4/3_from_float32"},
    {"dtype": "int4/3_from_float32"},
]  # fmt: skip


def test_quantised_kernels_with_other_arguments() -> None:
    for more in LORA:
        config, inputs = {"units": 5, **more}, [(2, 6, 7)]
        keras = oracle.layer("Dense", config, inputs)
        assert ours("Dense", config, inputs).facts == keras.facts, f"{more} {keras}"


def differences(name: str, config: dict[str, Any]) -> list[str]:
    shape = (2, 6, 6, 4)
    inputs = [shape, shape] if name == "Add" else [shape]
    found = []
    for dtype in [*STRINGS, *POLICIES]:
        given = {**config, "dtype": dtype}
        engine, keras = ours(name, given, inputs), oracle.layer(name, given, inputs)
        if engine.facts != keras.facts:
            found.append(f"{dtype}:\n  {engine}\n  {keras}")
    return found


@pytest.mark.parametrize("name", LAYERS_WITHOUT_QUANTISED_WEIGHTS)
def test_policies_of_layers_without_quantised_weights(name: str) -> None:
    assert not differences(name, LAYERS_WITHOUT_QUANTISED_WEIGHTS[name])


@pytest.mark.parametrize("name", QUANTISED)
def test_policies_that_quantise_the_weights(name: str) -> None:
    assert not differences(name, QUANTISED[name])


@pytest.mark.parametrize("dtype", ["int8_from_float32", "int8_from_bfloat16"])
def test_attention_with_quantised_projections(dtype: str) -> None:
    heads = {"num_heads": 2, "key_dim": 3, "dtype": dtype}
    grouped = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "dtype": dtype}
    inputs = [(2, 6, 7), (2, 5, 7)]
    for name, config in (("MultiHeadAttention", heads), ("GroupedQueryAttention", grouped)):
        keras = oracle.layer(name, config, inputs)
        assert ours(name, config, inputs).facts == keras.facts, f"{name} {keras}"
