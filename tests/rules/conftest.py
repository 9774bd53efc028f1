"""The rules' tests work on the full registry of layers."""

import resnet_studio.layers
import resnet_studio.rules  # noqa: F401
