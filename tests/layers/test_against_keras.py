"""Every layer against the real Keras: accepted or refused, output shapes, parameters.

The short sweep goes through each value of each argument on a few shapes, and through each shape
with a few configurations; the slow one through all of them, pairs and random ones included.
"""

import json
import random
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import LAYERS, layer_for
from resnet_studio.core.serialized import INPUT_DTYPES
from tests.layers import oracle, samples
from tests.seeds import dice

NAMES = sorted(name for name in LAYERS if "." not in name and name != "Lambda")


def ours(name: str, config: dict[str, Any], inputs: Sequence[oracle.Shape]) -> oracle.Answer:
    outcome = layer_for(name, config).infer(tuple(inputs))
    if outcome.outputs is None:
        return oracle.Answer(False, error="; ".join(p.message for p in outcome.problems))
    return oracle.Answer(True, outcome.outputs, outcome.params, outcome.trainable)


def disagreements(
    name: str, cases: Iterable[tuple[dict[str, Any], Sequence[oracle.Shape]]]
) -> list[str]:
    found = []
    for config, inputs in cases:
        engine, keras = ours(name, config, inputs), oracle.layer(name, config, inputs)
        if engine.facts != keras.facts:
            found.append(
                f"{name}({json.dumps(config)}) on {list(inputs)}:\n    Keras: {keras}\n"
                f"    ours:  {engine}"
            )
    return found


def report(found: list[str]) -> None:
    assert not found, f"{len(found)} disagreements, the first of them:\n" + "\n".join(found[:8])


def typical_inputs(name: str) -> list[list[oracle.Shape]]:
    """Two inputs that the layer takes at best, to try arguments on."""
    if name == "Input":
        return [[]]
    rank = LAYERS[name].spec.rank
    shapes = samples.TYPICAL if rank is None else [samples.TYPICAL_OF_RANK[rank]]
    return [[shape] * (2 if several(name) else 1) for shape in shapes]


def several(name: str) -> bool:
    """Whether the layer is called with several tensors."""
    return LAYERS[name].takes_list or bool(LAYERS[name].slots)


def all_inputs(name: str) -> list[list[oracle.Shape]]:
    if name == "Input":
        return [[]]
    few, many = (samples.SHAPES[:8], samples.LISTS), (samples.SHAPES, samples.LISTS[:6])
    shapes, lists = few if several(name) else many
    return [[shape] for shape in shapes] + lists


@pytest.mark.parametrize("name", NAMES)
def test_each_value_of_each_argument(name: str) -> None:
    configs = samples.singles(LAYERS[name])
    if not LAYERS[name].everyday:
        # The siblings of everyday layers differ from them in little: a part each time.
        configs = dice().sample(configs, k=len(configs) // 4)
    report(disagreements_on_values(name, configs))


def disagreements_on_values(name: str, configs: Sequence[dict[str, Any]]) -> list[str]:
    first, *others = typical_inputs(name)
    cases = [(config, first) for config in configs]
    # What fills a weight has been seen on one input; sizes and axes need more.
    cases += [(c, i) for c, _ in cases for i in others if not oracle.needs_weights(c)]
    return disagreements(name, cases)


@pytest.mark.parametrize("name", NAMES)
def test_each_shape(name: str) -> None:
    configs = [
        samples.required(LAYERS[name]),
        *random.Random(1).sample(samples.pairs(LAYERS[name]) or [{}], k=1),
    ]
    report(disagreements(name, [(c, i) for c in configs for i in all_inputs(name)]))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Input"])
def test_shared_layer_called_again(name: str) -> None:
    report(disagreements_on_sharing(name, random.Random(2), configs=1, calls=40))


def disagreements_on_sharing(name: str, rng: random.Random, configs: int, calls: int) -> list[str]:
    """A layer is built by its first call; its second meets the InputSpec, not ``build``."""
    takes_list = several(name)
    # A built layer may take a list that its first call would have refused.
    singles = [[shape] for shape in samples.SHAPES] + samples.LISTS[:3]
    inputs = samples.LISTS if takes_list else singles
    pool = samples.pairs(LAYERS[name])
    found = []
    for config in [
        samples.required(LAYERS[name]),
        *rng.sample(pool, k=min(configs, len(pool))),
    ]:
        layer = layer_for(name, config)
        built = [first for first in inputs if layer.infer(tuple(first)).outputs is not None]
        calls_made = list(product(built, inputs))
        for first, second in rng.sample(calls_made, k=min(calls, len(calls_made))):
            outcome = layer.infer_again(tuple(first), tuple(second))
            keras = oracle.again(name, config, first, second)
            if (outcome.outputs or (), outcome.params) != (keras.outputs, 0):
                found.append(
                    f"{name}({config}) on {first}, then {second}:\n  {keras}\n  {outcome.outputs}"
                )
    return found


def test_defaults_are_those_of_keras() -> None:
    """Keyword, order and default of every constructor argument that the class declares."""
    import inspect

    wrong = []
    for name, cls in ((name, LAYERS[name]) for name in NAMES):
        made = oracle.symbol(name)
        theirs = {
            p.name: p.default
            for p in inspect.signature(made).parameters.values()
            if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "name"
        }
        wrong += [f"{name} lacks {key}" for key in theirs if key not in cls.arguments]
        for key, default in theirs.items():
            argument = cls.arguments.get(key)
            if argument is None or default is inspect.Parameter.empty:
                continue
            parse = argument.kind.parse
            if parse(default) != parse(argument.default):
                wrong.append(f"{name}.{key}: {argument.default!r}, Keras has {default!r}")
    assert not wrong


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Input"])
def test_reads_what_get_config_writes(name: str) -> None:
    """A full configuration means the defaults: it says nothing that code would have to say."""
    config = samples.required(LAYERS[name])
    if "seed" in LAYERS[name].arguments:
        config["seed"] = 1  # RandomCrop writes the one that it has drawn
    full = json.loads(json.dumps(oracle.make(name, config).get_config()))
    # Keras forgets the seed of SimpleRNN.
    kept = {key: value for key, value in config.items() if key in full}
    layer, plain = layer_for(name, full), layer_for(name, kept)
    assert layer.non_defaults() == plain.non_defaults()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Input"])
def test_inputs_of_every_dtype(name: str) -> None:
    """Integers, strings and the rest build everywhere; only running the layer would tell."""
    if LAYERS[name].module != "keras.layers":
        pytest.skip("its shapes come from tracing it, which strings do not go through")
    config, (shapes, *_) = samples.required(LAYERS[name]), typical_inputs(name)
    for dtype in INPUT_DTYPES:
        keras = oracle.layer(name, config, shapes, dtype)
        assert keras.facts == ours(name, config, shapes).facts, f"{dtype}: {keras.error}"


def test_random_configurations() -> None:
    """Several arguments at once."""
    report(random_disagreements(dice(), 1500))


def random_disagreements(rng: random.Random, count: int) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        name = rng.choice(NAMES)
        arguments = LAYERS[name].arguments
        config = samples.required(LAYERS[name])
        for key in rng.sample(list(arguments), k=min(len(arguments), rng.randint(1, 4))):
            config[key] = rng.choice(samples.values(arguments[key]))
        found += disagreements(name, [(config, rng.choice(all_inputs(name)))])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if not LAYERS[name].everyday])
def test_each_value_of_seldom_layers(name: str) -> None:
    report(disagreements_on_values(name, samples.singles(LAYERS[name])))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_pairs_of_arguments_on_all_shapes(name: str) -> None:
    cls = LAYERS[name]
    configs = [samples.required(cls), *samples.pairs(cls)]
    report(disagreements(name, [(c, i) for c in configs for i in all_inputs(name)]))


@pytest.mark.slow
def test_many_random_configurations() -> None:
    report(random_disagreements(dice(always=True), 40_000))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != "Input"])
def test_shared_layers_of_all_kinds(name: str) -> None:
    report(disagreements_on_sharing(name, dice(always=True), configs=12, calls=120))
