"""The layers of feature maps for three axes, depth, height and width: scans and films."""

from resnet_studio.core.arguments import Argument
from resnet_studio.layers.convolution import Convolution
from resnet_studio.layers.pooling import AveragePooling, GlobalPooling, Pooling
from resnet_studio.layers.reshaping import Cropping, MarginSizes, UpSampling, ZeroPadding
from resnet_studio.layers.transposed import TransposedConvolution


class Conv3D(Convolution, rank=3):
    """``keras.layers.Conv3D``."""

    source = "keras.layers.Conv3D"
    aliases = ("Convolution3D",)
    help = "Learns filters that slide over depth, height and width and mix all channels."


class Conv3DTranspose(TransposedConvolution, rank=3):
    """``keras.layers.Conv3DTranspose``."""

    source = "keras.layers.Conv3DTranspose"
    aliases = ("Convolution3DTranspose",)
    help = "Learns to enlarge volumes: a convolution run backwards."


class MaxPooling3D(Pooling, rank=3):
    """``keras.layers.MaxPooling3D``."""

    source = "keras.layers.MaxPooling3D"
    aliases = ("MaxPool3D",)
    help = "Keeps the largest value of each window: smaller volumes, the same channels."


class AveragePooling3D(AveragePooling, rank=3):
    """``keras.layers.AveragePooling3D``."""

    source = "keras.layers.AveragePooling3D"
    aliases = ("AvgPool3D",)
    help = "Keeps the mean of each window: smaller volumes, the same channels."


class GlobalAveragePooling3D(GlobalPooling, rank=3):
    """``keras.layers.GlobalAveragePooling3D``."""

    source = "keras.layers.GlobalAveragePooling3D"
    aliases = ("GlobalAvgPool3D",)
    help = "The mean of each volume: a vector with a value per channel."


class GlobalMaxPooling3D(GlobalPooling, rank=3):
    """``keras.layers.GlobalMaxPooling3D``."""

    source = "keras.layers.GlobalMaxPooling3D"
    aliases = ("GlobalMaxPool3D",)
    help = "The largest value of each volume: a vector with a value per channel."


class ZeroPadding3D(ZeroPadding, rank=3):
    """``keras.layers.ZeroPadding3D``."""

    source = "keras.layers.ZeroPadding3D"
    help = "Adds zeros around each volume."


class Cropping3D(Cropping, rank=3):
    """``keras.layers.Cropping3D``, which cuts by default."""

    source = "keras.layers.Cropping3D"
    help = "Cuts values off the border of each volume."

    cropping = Argument(
        MarginSizes(), 1, "What is cut off every side, per axis, or (before, behind) per axis."
    )


class UpSampling3D(UpSampling, rank=3):
    """``keras.layers.UpSampling3D``."""

    source = "keras.layers.UpSampling3D"
    help = "Enlarges each volume by repeating its values."
