"""One call of one layer, as the worked examples of the families write it down."""

from typing import Any

import resnet_studio.layers  # noqa: F401 - fills the registry
from resnet_studio.core.layer import Broken, Layer, Outcome, layer_for
from resnet_studio.core.shapes import Shape


def layer(type_name: str, **config: Any) -> Layer:
    made = layer_for(type_name, config)
    assert not isinstance(made, Broken), made.problems
    return made


def call(type_name: str, shape: Shape, **config: Any) -> Outcome:
    """The outcome for an input of ``shape``, the batch left out."""
    return layer_for(type_name, config).infer(((None, *shape),))


def output(type_name: str, shape: Shape, **config: Any) -> Shape:
    """The output's shape, the batch left out."""
    outcome = call(type_name, shape, **config)
    assert outcome.output is not None, outcome.problems
    return outcome.output[1:]


def refusal(type_name: str, shape: Shape, **config: Any) -> tuple[str, str]:
    """Code and message of the one problem that stands in the way."""
    outcome = call(type_name, shape, **config)
    assert outcome.output is None
    (problem,) = outcome.problems
    return problem.code, problem.message
