"""What usually follows a node: suggestions of whole nodes, each with its reason."""

from resnet_studio.core.usual.place import Place, Usual
from resnet_studio.core.usual.textbook import usual

__all__ = ["Place", "Usual", "usual"]
