"""Layers that change no shape and have no weights: Identity, Masking, ActivityRegularization."""

from typing import Any

from resnet_studio.core.arguments import Anything, Argument, Number
from resnet_studio.core.layer import Layer, Spec


class Identity(Layer):
    """``keras.layers.Identity``."""

    category = "Core"
    source = "keras.layers.Identity"
    help = "Passes its input on unchanged: a named place, or a step left out."
    everyday = False
    maps_lists = True


class Masking(Layer):
    """``keras.layers.Masking``."""

    category = "Core"
    source = "keras.layers.Masking"
    help = "Marks the steps of a sequence that layers behind it shall skip."
    everyday = False
    spec = Spec(least_rank=1)

    mask_value = Argument(
        Anything("number"), 0.0, "A step is skipped where all its values are this one."
    )

    def face(self) -> str:
        return "" if self.mask_value == 0 else str(self.mask_value)


class ActivityRegularization(Layer):
    """``keras.layers.ActivityRegularization``, which sets the penalty on its output itself."""

    category = "Regularisation"
    source = "keras.layers.ActivityRegularization"
    help = "Adds a penalty on large values to the loss; the values pass unchanged."
    everyday = False
    maps_lists = True

    activity_regularizer: Any = None

    l1 = Argument(
        Number(0, finite=True, optional=True), 0.0, "Weight of the sum of absolute values."
    )
    l2 = Argument(Number(0, finite=True, optional=True), 0.0, "Weight of the sum of squares.")

    def face(self) -> str:
        parts = [f"{name} {getattr(self, name):g}" for name in ("l1", "l2") if getattr(self, name)]
        return ", ".join(parts)
