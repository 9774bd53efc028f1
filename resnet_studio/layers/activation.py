"""Non-linearities as layers, and Rescaling: shapes pass through, no multiply-accumulates."""

from collections.abc import Mapping
from typing import Any

from resnet_studio.core.arguments import Anything, Argument, Kind, Number, quoted
from resnet_studio.core.layer import Layer, Refusal, Spec, Weight
from resnet_studio.core.shapes import Shape, show
from resnet_studio.layers.kinds import ActivationName, limit_on, penalty_on, start_of


class Elementwise(Layer, register=False):
    """Each value by itself; Keras maps such a layer over the tensors of a list."""

    category = "Activation"
    maps_lists = True


class Activation(Elementwise):
    """Any of Keras' activation functions by name."""

    help = "A non-linearity of your choice, as a layer of its own."
    source = "keras.layers.Activation"

    activation = Argument(
        ActivationName(linear="linear"), help="Name of the function, such as relu, gelu or softmax."
    )

    def face(self) -> str:
        return str(self.activation)


class ReLU(Elementwise):
    """``max(x, 0)``, with an optional ceiling and slope."""

    help = "Passes positive values and stops negative ones."
    source = "keras.layers.ReLU"

    max_value = Argument(
        Number(0, optional=True),
        None,
        "Largest value that comes out, such as 6; unlimited where left out.",
    )
    negative_slope = Argument(
        Number(0), 0.0, "How steep the line below the threshold is; 0 stops all of it."
    )
    threshold = Argument(Number(0), 0.0, "Value below which the input is stopped.")

    def face(self) -> str:
        ceiling = "" if self.max_value is None else f"≤ {self.max_value:g}"
        slope = f"slope {self.negative_slope:g}" if self.negative_slope else ""
        return ", ".join(filter(None, [ceiling, slope]))


class LeakyReLU(Elementwise):
    """``x`` above zero, ``slope · x`` below."""

    help = "Like ReLU, but lets a little of the negative values through."
    source = "keras.layers.LeakyReLU"

    negative_slope = Argument(Number(0), 0.3, "What negative values are multiplied by.")
    alpha = Argument(Anything("number"), 0.3, "Of older files: the negative_slope.", hidden=True)

    def __init__(self, config: Mapping[str, Any]) -> None:
        # Keras lets the old name win where both are given.
        if "alpha" in config:
            rest = {key: config[key] for key in config if key not in ("alpha", "negative_slope")}
            config = {**rest, "negative_slope": config["alpha"]}
        super().__init__(config)

    def face(self) -> str:
        return f"slope {self.negative_slope:g}"


class SharedAxes(Kind):
    """Axes along which PReLU learns one slope: an axis, a list of them, or nothing."""

    editor = "integers"

    def parse(self, value: Any) -> tuple[Any, ...] | None:
        if value is None:
            return None
        return tuple(value) if isinstance(value, list | tuple) else (value,)

    def hint(self) -> str:
        return "a list of axes such as [1, 2], or nothing"


class PReLU(Layer):
    """He et al. 2015 (arXiv:1502.01852): LeakyReLU whose slopes are learned."""

    category = "Activation"
    help = "Like LeakyReLU, with slopes that are learned."
    source = "keras.layers.PReLU"

    alpha_initializer = start_of("learned slope", "zeros")
    alpha_regularizer = penalty_on("learned slope")
    alpha_constraint = limit_on("learned slope")
    shared_axes = Argument(SharedAxes(), None, "Axes that share one slope: [1, 2] for images.")

    def weights(self, shape: Shape) -> list[Weight]:
        """``alpha``: the sizes of the input without the batch, 1 along shared axes."""
        sizes = list(shape[1:])
        for axis in self.shared_axes or ():
            if not isinstance(axis, int):
                raise Refusal("invalid-argument", f"shared_axes must hold axes, not {quoted(axis)}")
            # Keras indexes with axis - 1, so that 0 and -1 count from the end.
            if not -len(sizes) <= axis - 1 < len(sizes):
                raise Refusal(
                    "axis-out-of-range", f"shared_axes: axis {axis} does not exist in {show(shape)}"
                )
            sizes[axis - 1] = 1
        known = tuple(size for size in sizes if size is not None)
        if len(known) < len(sizes):
            raise Refusal(
                "unknown-size",
                f"{show(shape)} has a size that is not known, along which slopes cannot be "
                "learned; share that axis",
            )
        return [Weight("alpha", known)]

    def built_spec(self, shape: Shape) -> Spec:
        shared = self.shared_axes or range(len(shape))
        axes = tuple((axis, shape[axis]) for axis in range(1, len(shape)) if axis not in shared)
        return Spec(rank=len(shape), axes=axes)

    def face(self) -> str:
        return f"shared {', '.join(map(str, self.shared_axes))}" if self.shared_axes else ""


class ELU(Elementwise):
    """Clevert et al. 2015 (arXiv:1511.07289): ``x`` above zero, ``alpha · (eˣ − 1)`` below."""

    help = "Like ReLU, smooth below zero."
    source = "keras.layers.ELU"

    alpha = Argument(Anything("number"), 1.0, "Large negative values tend to minus this.")

    def face(self) -> str:
        return "" if self.alpha == 1.0 else f"α {self.alpha}"


class Softmax(Elementwise):
    """Exponentials that sum to one."""

    help = "Turns scores into probabilities that sum to one."
    source = "keras.layers.Softmax"

    axis = Argument(Anything("integer"), -1, "Axis along which the values sum to one.")

    def face(self) -> str:
        return "" if self.axis == -1 else f"axis {self.axis}"


class Rescaling(Elementwise):
    """``inputs · scale + offset``."""

    category = "Preprocessing"
    help = "Multiplies and shifts values, such as pixels from 0–255 to 0–1."
    source = "keras.layers.Rescaling"

    scale = Argument(Anything("number"), help="What to multiply by: 1/255 brings pixels to 0–1.")
    offset = Argument(Anything("number"), 0.0, "What to add afterwards.")

    def face(self) -> str:
        factor = f"×{self.scale:.3g}" if isinstance(self.scale, int | float) else "× a vector"
        return factor if self.offset == 0 else f"{factor}, shifted"
