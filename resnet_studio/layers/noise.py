"""Kin of Dropout: whole channels of sequences and volumes, and noise that keeps mean or spread."""

from resnet_studio.core.arguments import Anything, Argument
from resnet_studio.core.layer import Spec
from resnet_studio.layers.regularization import RateOfDropout, SpatialDropout
from resnet_studio.layers.spatial import data_format_argument


class SpatialDropout1D(SpatialDropout):
    """``keras.layers.SpatialDropout1D``, which has no ``data_format``."""

    help = "Drops whole channels of a sequence in training."
    source = "keras.layers.SpatialDropout1D"
    everyday = False
    spec = Spec(rank=3)


class SpatialDropout3D(SpatialDropout):
    """``keras.layers.SpatialDropout3D``."""

    help = "Drops whole channels of a volume in training."
    source = "keras.layers.SpatialDropout3D"
    everyday = False
    spec = Spec(rank=5)

    data_format = data_format_argument()


class AlphaDropout(RateOfDropout):
    """Klambauer et al. 2017 (arXiv:1706.02515): keeps the mean and the spread of the values."""

    help = "Dropout for SELU activations: what stays keeps its mean and spread."
    source = "keras.layers.AlphaDropout"
    everyday = False

    noise_shape = Argument(
        Anything(), None, "Shape of the mask; along a size of 1, values are dropped all together."
    )


class GaussianDropout(RateOfDropout):
    """Srivastava et al. 2014: multiplies by noise around one instead of dropping."""

    help = "Multiplies values by random numbers around one in training."
    source = "keras.layers.GaussianDropout"
    everyday = False
