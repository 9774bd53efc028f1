"""Which arguments stand behind “More arguments”."""

from resnet_studio.core.arguments import Argument
from resnet_studio.core.layer import Layer
from resnet_studio.core.serialized import Constraint, Initializer, Regularizer

_FINE_KINDS = (Initializer, Regularizer, Constraint)
_FINE_NAMES = ("data_format", "lora_rank", "lora_alpha", "seed", "quantization_config")


def is_fine(argument: Argument) -> bool:
    """Whether an argument is fine tuning that most networks leave alone."""
    rare = argument.name in vars(Layer) or argument.name in _FINE_NAMES
    return rare or isinstance(argument.kind, _FINE_KINDS)
