"""What inference comes to: weights, shapes, counts and what is in the way of them."""

from collections.abc import Mapping
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any, NamedTuple

from resnet_studio.core.shapes import Shape, Size, show

LARGEST_WEIGHT = 2**40
"""Values in one variable (4 TiB of float32) beyond which Keras fails for want of memory."""


class Refusal(Exception):
    """Keras would refuse; ``code`` is the diagnostic's, ``data`` what rules need to explain."""

    def __init__(self, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class Problem(NamedTuple):
    """What is wrong at one node, before anyone has looked at the network around it."""

    code: str
    message: str
    severity: str = "error"
    data: Mapping[str, Any] = {}


class Weight(NamedTuple):
    """A variable that the layer creates: its Keras name, its shape, whether it is trained."""

    name: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def count(self) -> int:  # type: ignore[override]
        """How many values it holds; nobody counts the fields of a weight."""
        return prod(self.shape)

    @property
    def too_large(self) -> bool:
        """Whether it fits into no memory; one without values may still overflow on the way."""
        return self.count > LARGEST_WEIGHT or any(
            size >= 2**63 for size in (*self.shape, *accumulate(self.shape, mul))
        )


class Spec(NamedTuple):
    """What a layer asks of its one input, as ``keras.layers.InputSpec`` has it.

    ``axes`` pairs an axis with the size it must have; an unknown size always passes.
    """

    rank: int | None = None
    least_rank: int = 0
    axes: tuple[tuple[int, Size], ...] = ()

    def refuse(self, shape: Shape) -> None:
        """Raises Refusal where ``shape`` does not fit."""
        if self.rank is not None and len(shape) != self.rank:
            raise Refusal(
                "rank-mismatch",
                f"it takes a tensor of rank {self.rank} with the batch, "
                f"and gets {show(shape)} of rank {len(shape)}",
            )
        if len(shape) < self.least_rank:
            raise Refusal(
                "rank-mismatch",
                f"it takes a tensor of at least rank {self.least_rank} with the batch, "
                f"and gets {show(shape)} of rank {len(shape)}",
            )
        for axis, size in self.axes:
            if size is not None and shape[axis] not in (size, None):
                raise Refusal(
                    "shared-mismatch",
                    f"the shared layer was built for size {size} on axis {axis} "
                    f"and cannot take {show(shape)}",
                )


class Outcome:
    """What one node comes to for given input shapes.  ``outputs`` is None where unknown."""

    __slots__ = (
        "layers",
        "macs",
        "outputs",
        "params",
        "problems",
        "trainable",
        "troubled",
    )

    def __init__(
        self,
        outputs: tuple[Shape, ...] | None,
        params: int = 0,
        trainable: int = 0,
        macs: int | None = 0,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        self.outputs = outputs
        self.params = params
        self.trainable = trainable
        self.macs = macs
        self.problems = problems
        self.troubled = bool(problems)
        """Whether a diagnostic stands here (or, for a call of a block, somewhere inside)."""
        self.layers = 1
        """How many layers this node comes to when it is unrolled."""

    @property
    def output(self) -> Shape | None:
        return self.outputs[0] if self.outputs else None


UNKNOWN = Outcome(None, macs=0)
"""The outcome of a node behind one that failed: unknown, not wrong."""
