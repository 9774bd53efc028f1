"""Whole networks against the real Keras: verdict, the nodes at fault, every shape and count."""

import random
from typing import Any

import pytest

from resnet_studio.core.analysis import analyse
from resnet_studio.core.document import Document
from tests.layers import oracle
from tests.layers.random_graphs import RandomGraph, plain
from tests.seeds import dice


def difference(document: Document) -> str:
    """What the engine says otherwise than Keras; empty where they agree."""
    nodes, edges = plain(document)
    keras, analysis = oracle.graph(nodes, edges), analyse(document)
    errors = [d for d in analysis.diagnostics if d.severity == "error"]
    told = {error.node: error.message for error in errors}
    if analysis.ok != keras.accepted:
        return f"ok is {analysis.ok}: {told}\nKeras: {keras.refused} {keras.model_error}"
    if missing := set(keras.refused) - set(told):
        return f"no error at {missing}\nKeras: {keras.refused}"
    # Keras looks at these only once every node stands.
    late = ("duplicate-name", "not-connected")
    faults = {error.node for error in errors if error.code not in late}
    if false := faults & set(keras.shapes):
        return f"errors at {false}, which Keras takes: {told}"
    for key, shapes in keras.shapes.items():
        ours = analysis.root.outcome(key)
        theirs = (shapes, keras.params[key], keras.trainable[key])
        if (ours.outputs, ours.params, ours.trainable) != theirs:
            return f"{key}: {ours.outputs} {ours.params} {ours.trainable}, Keras {theirs}"
    return ""


def check(rng: random.Random, count: int, faults: float) -> None:
    """Compares ``count`` random networks."""
    for _ in range(count):
        document = RandomGraph(rng, faults).document
        found = difference(document)
        assert not found, f"{found}\n" + "\n".join(map(str, plain(document)))


@pytest.mark.parametrize("faults", [0.0, 0.1, 0.3])
def test_random_graphs(faults: float) -> None:
    check(dice(), 60, faults)


@pytest.mark.slow
@pytest.mark.parametrize("faults", [0.0, 0.05, 0.3])
def test_many_random_graphs(faults: float) -> None:
    """Over 10,000 in all; ``-m slow -s`` runs them and prints the seeds."""
    check(dice(always=True), 3_400, faults)


def test_the_oracle_refuses() -> None:
    """An oracle that took everything would make every comparison above worthless."""
    nodes: list[dict[str, Any]] = [
        {"id": "x", "type": "Input", "config": {"shape": [56, 56, 64]}},
        {"id": "half", "type": "MaxPooling2D"},
        {"id": "add", "type": "Add"},
        {"id": "relu", "type": "ReLU"},
    ]
    edges = [["x", "half", 0], ["x", "add", 0], ["half", "add", 1], ["add", "relu", 0]]
    verdict = oracle.graph(nodes, edges)
    assert set(verdict.refused) == {"add"}
    assert verdict.shapes["half"] == ((None, 28, 28, 64),)
    assert "relu" not in verdict.shapes
