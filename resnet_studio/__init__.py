"""ResNet Studio: design residual networks on a canvas and export them as Keras code."""

__version__ = "0.1.0"
