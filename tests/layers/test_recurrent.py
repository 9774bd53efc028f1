"""Recurrent layers and wrappers: worked examples, and every layer inside TimeDistributed."""

import random
from typing import Any

import pytest

from resnet_studio.core.layer import LAYERS, Broken, layer_for
from tests.layers import oracle, samples
from tests.layers.examples import call, layer, refusal
from tests.layers.test_against_keras import NAMES, disagreements, report
from tests.seeds import dice

LSTM = {"class_name": "LSTM", "config": {"units": 3}}
DENSE = {"class_name": "Dense", "config": {"units": 4}}


def backwards(**config: Any) -> dict[str, Any]:
    return {"class_name": "LSTM", "config": {"units": 3, "go_backwards": True, **config}}


@pytest.mark.parametrize(
    ("type_name", "config", "counts"),
    [
        ("LSTM", {}, {"kernel": 60, "recurrent_kernel": 36, "bias": 12}),
        ("GRU", {}, {"kernel": 45, "recurrent_kernel": 27, "bias": 18}),
        ("GRU", {"reset_after": False}, {"kernel": 45, "recurrent_kernel": 27, "bias": 9}),
        ("SimpleRNN", {"use_bias": False}, {"kernel": 15, "recurrent_kernel": 9}),
    ],
)
def test_weights(type_name: str, config: dict[str, Any], counts: dict[str, int]) -> None:
    made = layer(type_name, units=3, **config).list_weights(((None, 7, 5),))
    assert {weight.name: weight.count for weight in made} == counts


def test_every_step_multiplies_with_both_kernels() -> None:
    assert call("LSTM", (7, 5), units=3).macs == 7 * 4 * 3 * (5 + 3)
    assert call("GRU", (7, 5), units=3).macs == 7 * 3 * 3 * (5 + 3)
    assert call("SimpleRNN", (7, 5), units=3).macs == 7 * 3 * (5 + 3)
    assert call("LSTM", (None, 5), units=3).macs is None
    assert call("Bidirectional", (7, 5), layer=LSTM).macs == 2 * 7 * 4 * 3 * (5 + 3)
    assert call("TimeDistributed", (7, 2, 5), layer=DENSE).macs == 7 * 2 * 5 * 4
    assert call("TimeDistributed", (None, 5), layer=DENSE).macs is None
    flat = {"class_name": "Flatten", "config": {}}
    assert call("TimeDistributed", (None, 2, 5), layer=flat).macs == 0


def test_states_come_out_behind_the_output() -> None:
    state = (None, 3)
    found = call("LSTM", (7, 5), units=3, return_state=True, return_sequences=True)
    assert found.outputs == ((None, 7, 3), state, state)
    inner = {"class_name": "GRU", "config": {"units": 3, "return_state": True}}
    assert call("Bidirectional", (7, 5), layer=inner).outputs == ((None, 6), state, state)
    apart = call("Bidirectional", (7, 5), layer=inner, merge_mode=None)
    assert apart.outputs == (state,) * 4


def test_what_is_frozen_inside_stays_frozen() -> None:
    frozen = {"class_name": "Dense", "config": {"units": 4, "trainable": False}}
    outcome = call("TimeDistributed", (7, 5), layer=frozen)
    assert (outcome.params, outcome.trainable) == (24, 0)
    half = call("Bidirectional", (7, 5), layer=LSTM, backward_layer=backwards(trainable=False))
    assert (half.params, half.trainable) == (216, 108)


def test_a_frozen_wrapper_does_not_freeze_what_it_wraps() -> None:
    """Inside another one, that is: by itself it has nothing to train."""
    config = {"layer": {"class_name": "Dense", "config": {"units": 3}}, "trainable": False}
    for wrapper, shape, params in (
        ("SpectralNormalization", (4, 5), 21),
        ("TimeDistributed", (4, 6, 5), 18),
    ):
        inner = {"class_name": wrapper, "config": config}
        outcome = call("TimeDistributed", shape, layer=inner)
        assert (outcome.params, outcome.trainable) == (params, 18)
        keras = oracle.layer("TimeDistributed", {"layer": inner}, [(None, *shape)])
        assert (keras.params, keras.trainable) == (params, 18)
        assert call(wrapper, shape[-2:], **config).trainable == 0


@pytest.mark.parametrize(
    ("type_name", "shape", "config", "code", "said"),
    [
        ("LSTM", (5,), {"units": 3}, "rank-mismatch", "rank 3"),
        ("LSTM", (7, None), {"units": 3}, "unknown-size", "last size"),
        ("LSTM", (7, 5), {"units": 3, "stateful": True}, "unknown-size", "batch_size"),
        ("LSTM", (7, 5), {"units": 3, "bias_initializer": None}, "invalid-argument", "ones"),
        ("TimeDistributed", (5,), {"layer": DENSE}, "rank-mismatch", "at least rank 3"),
        ("TimeDistributed", (7, 5), {"layer": {"class_name": "Add", "config": {}}},
         "invalid-argument", "several tensors"),
        ("TimeDistributed", (7, 6, 5), {"layer": backwards(return_state=True)},
         "invalid-argument", "gives 3 outputs"),
        ("Bidirectional", (7, 5), {"layer": DENSE}, "invalid-argument", "no recurrent layer"),
        ("Bidirectional", (7, 5), {"layer": backwards()}, "invalid-argument", "same direction"),
        ("Bidirectional", (7, 5), {"layer": LSTM, "backward_layer": backwards(return_state=1)},
         "invalid-argument", "the same return_state"),
        ("TimeDistributed", (7, 5), {"layer": {"class_name": "Dense", "config": {"units": 0}}},
         "invalid-argument", "layer of Dense: units must be a whole number"),
    ],
)  # fmt: skip
def test_refusals_name_the_place(
    type_name: str, shape: Any, config: dict[str, Any], code: str, said: str
) -> None:
    found = refusal(type_name, shape, **config)
    assert found[0] == code
    assert said in found[1]


def test_what_keras_writes_of_a_wrapper_is_what_was_given() -> None:
    full = oracle.make("Bidirectional", {"layer": LSTM}).get_config()
    assert layer("Bidirectional", **full) is not layer("Bidirectional", layer=LSTM)
    assert layer("Bidirectional", **full).non_defaults() == {"layer": LSTM}
    named = {**LSTM, "config": {**LSTM["config"], "name": "mine"}}
    full = oracle.make("Bidirectional", {"layer": named}).get_config()
    assert layer("Bidirectional", **full).non_defaults()["layer"]["config"]["name"] == "mine"


def inside(rng: random.Random, name: str) -> list[tuple[dict[str, Any], list[oracle.Shape]]]:
    """The layer at each step of tensors of every rank, which nobody checks beforehand."""
    arguments = LAYERS[name].arguments
    cases = []
    for shape in samples.SHAPES:
        config = samples.required(LAYERS[name])
        for key in rng.sample(list(arguments), k=rng.randint(0, min(2, len(arguments)))):
            config[key] = rng.choice(samples.values(arguments[key]))
        steps = (*shape[:1], rng.choice([None, 7]), *shape[1:]) if shape else shape
        cases.append(({"layer": {"class_name": name, "config": config}}, [steps]))
    return cases


OTHERS = [n for n in NAMES if n != "Input" and LAYERS[n].module == "keras.layers"]


def test_layers_inside_time_distributed() -> None:
    rng = dice()
    cases = [case for name in OTHERS for case in rng.sample(inside(rng, name), k=3)]
    report(disagreements("TimeDistributed", cases))


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_each_layer_inside_time_distributed(name: str) -> None:
    rng = dice(always=True)
    report(disagreements("TimeDistributed", [c for _ in range(4) for c in inside(rng, name)]))


def test_a_class_that_is_no_layer_is_refused() -> None:
    for name in ("Input", "Foo", "lstm"):
        made = layer_for("TimeDistributed", {"layer": {"class_name": name, "config": {}}})
        assert isinstance(made, Broken)
        assert f"none called “{name}”" in made.problems[0].message
