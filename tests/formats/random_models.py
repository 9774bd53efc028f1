"""Random models of the real Keras: nested, shared, of several inputs and outputs."""

import random
from typing import Any

import keras

layers = keras.layers
FEATURES = 4


class Maker:
    """Builds one model from a seed; every tensor has four features, so that anything fits."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.shared: list[Any] = []
        """Layers and models of features to features that may be called again."""

    def model(self) -> Any:
        """A Functional model with one to three inputs, of which all lead somewhere."""
        inputs = [self._input() for _ in range(self.random.randint(1, 3))]
        tensors = list(inputs)
        for _ in range(self.random.randint(3, 9)):
            tensors.append(self._step(tensors, depth=2))
        joined = layers.Add(name=self._name("join"))([tensors[-1], *inputs])
        outputs = [joined, *self._more_outputs(tensors)]
        return self._wrapped(inputs, outputs, "model")

    def _step(self, tensors: list[Any], depth: int) -> Any:
        kind = self.random.choice(["layer", "layer", "merge", "nested", "again", "operator"])
        first, second = self.random.choice(tensors), self.random.choice(tensors)
        if kind == "merge":
            merge = self.random.choice([layers.Add, layers.Multiply, layers.Subtract])
            return merge(name=self._name("merge"))([first, second])
        if kind == "operator":
            return self.random.choice([lambda: first + second, lambda: first * 2.0])()
        if kind == "again" and self.shared:
            return self.random.choice(self.shared)(first)
        made = self._nested(depth) if kind == "nested" and depth else self._layer()
        if kind == "nested" and isinstance(made, tuple):
            return self._called(made, first, second)
        self.shared.append(made)
        return made(first)

    def _called(self, made: tuple[Any, Any], first: Any, second: Any) -> Any:
        """A nested model of one or two inputs, given by position or by name."""
        model, form = made
        if form == "one":
            self.shared.append(model)
            return model(first)
        result = model([first, second]) if form == "list" else model({"u": first, "v": second})
        if isinstance(result, dict):
            return result["right"]
        return result[-1] if isinstance(result, list | tuple) else result

    def _layer(self) -> Any:
        make = self.random.choice(
            [
                lambda name: layers.Dense(FEATURES, name=name),
                lambda name: layers.BatchNormalization(name=name),
                lambda name: layers.ReLU(name=name),
                lambda name: layers.Dropout(0.5, name=name),
                lambda name: layers.PReLU(name=name),
            ]
        )
        return make(self._name("layer"))

    def _nested(self, depth: int) -> tuple[Any, str]:
        form = self.random.choice(["one", "one", "chain", "list", "named"])
        if form == "chain":
            steps = [self._layer() for _ in range(self.random.randint(1, 3))]
            start = [keras.Input((FEATURES,))] if self.random.random() < 0.5 else []
            return keras.Sequential([*start, *steps], name=self._name("chain")), "one"
        outer, self.shared = self.shared, []
        inputs = [self._input() for _ in range(1 if form == "one" else 2)]
        tensors = list(inputs)
        for _ in range(self.random.randint(1, 4)):
            tensors.append(self._step(tensors, depth - 1))
        last = layers.Add(name=self._name("join"))([tensors[-1], *inputs])
        self.shared = outer
        if form == "one":
            return self._wrapped(inputs, [last], "inner"), form
        side = layers.Dense(FEATURES, name=self._name("side"))(tensors[-1])
        if form == "list":
            return self._wrapped(inputs, [side, last], "inner"), form
        taken = dict(zip("uv", inputs, strict=True))
        given = {"left": side, "right": last}
        return keras.Model(taken, given, name=self._name("inner")), form

    def _more_outputs(self, tensors: list[Any]) -> list[Any]:
        """Further outputs of their own, which nothing else reads."""
        count = self.random.randint(0, 2)
        return [
            layers.Dense(self.random.randint(1, 3), name=self._name("out"))(
                self.random.choice(tensors)
            )
            for _ in range(count)
        ]

    def _wrapped(self, inputs: list[Any], outputs: list[Any], base: str) -> Any:
        return keras.Model(
            inputs[0] if len(inputs) == 1 else inputs,
            outputs[0] if len(outputs) == 1 else outputs,
            name=self._name(base),
        )

    def _input(self) -> Any:
        return keras.Input((FEATURES,), name=self._name("input"))

    def _name(self, base: str) -> str:
        self.number += 1
        return f"{base}{self.number}"


def random_model(seed: int) -> Any:
    keras.utils.clear_session()
    return Maker(seed).model()
