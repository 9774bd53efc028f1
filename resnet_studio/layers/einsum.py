"""The weights of a projection written as an einsum, which attention is made of.

Follows ``keras.layers.EinsumDense`` without an ellipsis, quirks included: for an input of
another rank than its equation says, Keras takes sizes from wherever it comes to find them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from resnet_studio.core.layer import Refusal, Weight
from resnet_studio.core.policies import mode_of
from resnet_studio.core.shapes import Shape, Size, show

_SCALED = ("variance_scaling", "glorot", "he", "lecun")
"""Initializers that look at what flows in and out: the equation tells them the axes of both."""


class Projection(NamedTuple):
    """``inputs,kernel->outputs``, a letter an axis; ``bias`` has the letters that it spans.

    ``sizes`` are those of the output without its batch, as far as they are given.
    """

    name: str
    inputs: str
    kernel: str
    outputs: str
    bias: str
    sizes: tuple[Any, ...]

    def full_sizes(self, shape: Shape) -> tuple[Any, ...]:
        """``sizes`` with the batch, and with what an input of too many axes has left over."""
        if not shape:
            raise _unfitting(self.name, shape)
        surplus = max(0, len(shape) - len(self.inputs))
        return (shape[0], *self.sizes, *shape[len(shape) - surplus :])

    def weights(self, shape: Shape) -> list[tuple[Weight, tuple[int, ...]]]:
        """Kernel and bias, each with the axes of the kernel along which values flow in."""
        try:
            kernel, taken = self._kernel(shape)
            bias = self._bias(shape) if self.bias else None
        except IndexError:
            raise _unfitting(self.name, shape) from None
        made = [(_weight(f"{self.name}_kernel", kernel), taken)]
        if bias is not None:
            made.append((_weight(f"{self.name}_bias", bias), ()))
        return made

    def _kernel(self, shape: Shape) -> tuple[list[Any], tuple[int, ...]]:
        given = self.full_sizes(shape)
        for axis, letter in enumerate(self.inputs):
            if letter in self.outputs:
                wanted = given[self.outputs.index(letter)]
                if wanted is not None and wanted != shape[axis]:
                    raise _unfitting(self.name, shape)
        sizes = [
            given[self.outputs.index(letter)]
            if letter in self.outputs
            else shape[self.inputs.index(letter)]
            for letter in self.kernel
        ]
        return sizes, tuple(i for i, c in enumerate(self.kernel) if c not in self.outputs)

    def _bias(self, shape: Shape) -> list[Any]:
        given = self.full_sizes(shape)
        sizes = {letter: given[axis] for axis, letter in enumerate(self.outputs)}
        spanned = self.outputs[min(map(self.outputs.index, self.bias)) :]
        surplus = max(0, len(shape) - len(self.inputs))
        return [sizes[c] if c in self.bias else 1 for c in spanned] + [1] * surplus


def _weight(name: str, sizes: Sequence[Size]) -> Weight:
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise Refusal(
            "unknown-size",
            f"its {name} would have the sizes {show(sizes, batch=True)}, and not all are known; "
            "fix the last axis of its inputs",
        )
    return Weight(name, tuple(int(size) for size in sizes if size is not None))


def _unfitting(name: str, shape: Shape) -> Refusal:
    return Refusal("rank-mismatch", f"its {name} projection cannot take {show(shape, batch=True)}")


def with_axes(initializer: Any, taken: tuple[int, ...], rank: int) -> Any:
    """The initializer that a kernel starts from: it is told the axes that it leaves open."""
    name, config = initializer, {}
    if isinstance(initializer, dict):
        name, config = initializer["class_name"], initializer["config"]
    scaled = isinstance(name, str) and name.lower().startswith((*_SCALED, "variancescaling"))
    open_axes = config.get("input_axes") is None or config.get("output_axes") is None
    if not scaled or not open_axes:
        return initializer
    given = [axis for axis in range(rank) if axis not in taken]
    axes = {"input_axes": list(taken), "output_axes": given}
    return {"class_name": name, "config": {**config, **axes}}


def quantised_kernel(kernel: Weight, taken: tuple[int, ...], dtype: str | None) -> list[Weight]:
    """The kernel; under an int8 policy frozen, with a scale for each value that flows out.

    Raises Refusal for the other quantisations, which are not worked out here.
    """
    mode = mode_of(dtype)
    if mode is None:
        return [kernel]
    if mode != "int8":
        text = f"the quantisation {mode} of an einsum is left to Keras itself; choose int8"
        raise Refusal("invalid-argument", text, argument="dtype")
    given = tuple(size for axis, size in enumerate(kernel.shape) if axis not in taken)
    return [
        Weight(f"quantised_{kernel.name}", kernel.shape, False),
        Weight(f"{kernel.name}_scale", given, False),
    ]
