"""SpectralNormalization: a wrapper that holds the kernel of a layer to a norm of one.

Follows ``keras.layers.SpectralNormalization`` (Miyato et al. 2018, arXiv:1802.05957), which
calls ``build`` of its inner layer and never looks at that layer's ``InputSpec`` before.
"""

from resnet_studio.core.arguments import Argument, Number
from resnet_studio.core.layer import Refusal, Spec, Weight
from resnet_studio.core.shapes import Shape, Size
from resnet_studio.core.starts import refused_start
from resnet_studio.layers.inner import InnerLayer
from resnet_studio.layers.recurrent import Recurrent
from resnet_studio.layers.wrappers import TimeDistributed, Wrapper, unasked, within

_NORMALISED = ("kernel", "embeddings")
_START = {"class_name": "Conv2D", "config": {"filters": 64, "kernel_size": 3, "padding": "same"}}


class SpectralNormalization(Wrapper):
    """``keras.layers.SpectralNormalization``."""

    category = "Normalisation"
    source = "keras.layers.SpectralNormalization"
    help = "Keeps a layer's kernel at norm one, which steadies the training of GANs."

    layer = Argument(InnerLayer(_START), help="The layer whose kernel is normalised.")
    power_iterations = Argument(
        Number(above=0), 1, "How often the norm is estimated in each step of training."
    )

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """Those of the inner layer, and the vector from which the norm is estimated."""
        if len(inputs) != 1:
            return ()
        (shape,) = inputs
        inner = unasked(self.inner, shape, lambda: self.inner.list_weights((shape,)))
        # What runs a cell or another layer has no kernel of its own.
        own = () if isinstance(self.inner, Recurrent | TimeDistributed) else inner
        kernel = next((w for w in own if w.name in _NORMALISED), None)
        if kernel is None:
            text = f"layer: {self.layer['class_name']} has no kernel to normalise"
            raise Refusal("invalid-argument", text, argument="layer")
        if not shape:
            raise Refusal("rank-mismatch", "a scalar has no features")
        vector = Weight("vector_u", (1, kernel.shape[-1]), trainable=False)
        why = refused_start("truncated_normal", vector.shape, self.inner.dtype)
        if why is not None:
            raise Refusal("invalid-argument", f"its {vector.name}: {why}", argument="layer")
        return (*within(self.inner, "", inner), vector)

    def built_spec(self, shape: Shape) -> Spec:
        return Spec(least_rank=1, axes=((-1, shape[-1]),))

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        (shape,) = inputs
        return unasked(self.inner, shape, lambda: self.inner.infer_shapes((shape,)))

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        """Those of the inner layer: at inference the kernel is normalised already."""
        return self.inner.count_macs(inputs, output)
