"""The code of every layer, with each value of each argument, makes the layer that is meant."""

import inspect
from typing import Any

import pytest

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import LAYERS, Layer, layer_for
from resnet_studio.core.serialized import Constraint, Initializer, Registered, Regularizer
from resnet_studio.formats.keras_code.constructors import constructor, positional
from resnet_studio.formats.keras_code.layout import flat
from resnet_studio.formats.keras_code.naming import imported, keras_base_name
from tests.layers import oracle, samples
from tests.seeds import dice

keras = oracle.keras
NAMES = sorted(name for name in LAYERS if "." not in name and name != "Lambda")
IDLE = {"input_shape", "input_dim"}
"""Of older files; without effect, so not written."""
UNTOLD = "Keras tells no configuration of what it was given as an object"


def settings_of(name: str, made: Any, idle: set[str] = IDLE) -> str:
    """What a layer (or an input tensor) was made with, in a form that compares NaN as equal.

    Read back through the engine, to which ``True`` and ``1`` as a size are the same, as they are
    to the layer.
    """
    if keras.backend.is_keras_tensor(made):
        return repr((made.shape, made.dtype, made.sparse))
    try:
        config = made.get_config()
    except NotImplementedError:
        return UNTOLD
    layer = layer_for(name, config)
    if not isinstance(layer, Layer):
        return repr({key: value for key, value in config.items() if key != "name"})
    return repr({key: getattr(layer, key) for key in layer.arguments if key not in idle})


def disagreement(name: str, config: dict[str, Any]) -> str:
    code = flat(constructor(name, config, {}))
    meant = keras.Input(**config) if name == "Input" else oracle.make(name, config)
    try:
        known = {name: oracle.symbol(name) for name in NAMES if imported(LAYERS[name])}
        made = eval(code, {"keras": keras, "layers": keras.layers} | known)
    except Exception as error:  # noqa: BLE001 (whatever Keras says against it)
        return f"{code}, for {config}: {error}"
    # Without a seed RandomCrop tells the one that it has drawn.
    idle = IDLE | {"seed"} if config.get("seed") is None else IDLE
    ours, theirs = settings_of(name, made, idle), settings_of(name, meant, idle)
    return (
        ""
        if ours == theirs or UNTOLD in (ours, theirs)
        else f"{code}, for {config}:\n  {ours}\n  {theirs}"
    )


@pytest.mark.parametrize("name", NAMES)
def test_values_of_every_argument(name: str) -> None:
    configs = sound_configs(name)
    if not LAYERS[name].everyday:
        # The siblings of everyday layers differ from them in little: a part each time.
        configs = dice().sample(configs, k=-(-len(configs) // 4))
    check_written(name, configs)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_every_argument(name: str) -> None:
    check_written(name, sound_configs(name))


def sound_configs(name: str) -> list[dict[str, Any]]:
    configs = [c for c in samples.singles(LAYERS[name]) if isinstance(layer_for(name, c), Layer)]
    assert configs
    return configs


def check_written(name: str, configs: list[dict[str, Any]]) -> None:
    with oracle.quiet():
        found = [text for config in configs if (text := disagreement(name, config))]
    assert not found, f"{len(found)} of {len(configs)}:\n" + "\n".join(found[:10])


@pytest.mark.parametrize("name", NAMES)
def test_positional_arguments_stand_where_keras_has_them(name: str) -> None:
    real = oracle.symbol(name)
    leading = positional(name)
    assert tuple(inspect.signature(real).parameters)[: len(leading)] == leading


@pytest.mark.parametrize("kind", [Initializer, Regularizer, Constraint])
def test_the_first_argument_of_an_object_is_keras_first(kind: type[Registered]) -> None:
    for class_name, parameters in kind.classes.items():
        real = inspect.signature(getattr(eval(kind.module, {"keras": keras}), class_name))
        assert list(real.parameters)[:1] == list(parameters)[:1], class_name


@pytest.mark.parametrize("name", NAMES)
def test_automatic_names_are_those_of_keras(name: str) -> None:
    real_name = "InputLayer" if name == "Input" else name
    assert keras_base_name(name) == keras.src.utils.naming.to_snake_case(real_name)
