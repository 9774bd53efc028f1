"""The repeat count as an argument among the others."""

from resnet_studio.core.arguments import Argument, Integer
from resnet_studio.core.calls import MOST_COPIES


def repeat_argument() -> Argument:
    """How often a node is chained; it stands beside the node's arguments."""
    argument = Argument(
        Integer(0, MOST_COPIES), 1, "How many times in a row, as “for _ in range(n)” does."
    )
    argument.name = "repeat"
    return argument
