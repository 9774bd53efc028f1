"""Layers of a class that nobody here knows: what the file declares of them is believed.

A node of an unknown type may say, beside its config, what comes out of it:
``"output_shape": [null, 7, 7, 64]`` with the batch first (or a list of such for several
outputs) and ``"params": 1024``.  Nothing of such a class is ever looked up, imported or run.
"""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.outcomes import Outcome, Problem
from resnet_studio.core.shapes import Shape, show

DECLARED = ("output_shape", "params")
"""Keys of a node in the native file."""
_LARGEST = 2**63


class Opaque:
    """Answers as a layer does; nothing but the declaration stands behind it."""

    def __init__(self, type_name: str, outputs: tuple[Shape, ...], params: int = 0) -> None:
        self.type_name, self.outputs, self.params = type_name, outputs, params
        self.memo: dict[tuple[Shape, ...], Outcome] = {}

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        """The declared shapes, whatever comes in, and a warning that nothing is checked."""
        if inputs not in self.memo:
            self.memo[inputs] = self._outcome(inputs)
        return self.memo[inputs]

    def _outcome(self, inputs: tuple[Shape, ...]) -> Outcome:
        if not inputs:
            text = "nothing is wired to its input"
            return Outcome(None, problems=(Problem("missing-input", text),))
        shapes = " and ".join(show(shape) for shape in self.outputs)
        text = (
            f"“{self.type_name:.60}” is a class that nothing here knows: its output {shapes} is "
            "believed, its parameters are not counted unless the file declares them"
        )
        warning = Problem("opaque-layer", text, severity="warning")
        return Outcome(self.outputs, self.params, self.params, None, (warning,))


def opaque(type_name: str, declared: Mapping[str, Any]) -> "Opaque | None":
    """What stands for a node of an unknown type; None where no output is declared for it."""
    outputs = declared_shapes(declared.get("output_shape"))
    params = declared.get("params", 0)
    if outputs is None:
        return None
    fits = type(params) is int and 0 <= params < _LARGEST
    return Opaque(type_name, outputs, params if fits else 0)


def declared_shapes(value: Any) -> tuple[Shape, ...] | None:
    """One shape, or a list of them, as JSON has it; None for anything else."""
    if not isinstance(value, list | tuple):
        return None
    if all(map(_is_size, value)):
        return (tuple(value),)
    several = all(isinstance(each, list | tuple) and all(map(_is_size, each)) for each in value)
    return tuple(tuple(each) for each in value) if several else None


def _is_size(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value < _LARGEST)
