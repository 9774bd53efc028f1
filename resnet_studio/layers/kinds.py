"""Kinds of argument that only layers have; the general ones are in ``core.arguments``."""

from typing import Any

from resnet_studio.core.arguments import Argument, ArgumentError, Choice, Kind, quoted
from resnet_studio.core.serialized import (
    ActivationName,
    Constraint,
    DType,
    Initializer,
    Regularizer,
)

DATA_FORMATS = ("channels_last", "channels_first")


class DataFormat(Kind):
    """Where the channels stand; parses ``None`` to ``channels_last``, Keras' own default.

    Follows ``keras.src.backend.config.standardize_data_format``, which lower-cases.
    """

    editor = "choice"
    choices = DATA_FORMATS

    def parse(self, value: Any) -> str:
        name = "channels_last" if value is None else str(value).lower()
        if name not in DATA_FORMATS:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return name

    def hint(self) -> str:
        return "“channels_last” or “channels_first”"


def padding(*more: str, any_case: bool = True) -> Choice:
    """``valid`` or ``same`` (and ``more``).

    Convolutions take any case (``standardize_padding``), pooling layers the exact word.
    """
    return Choice("valid", "same", *more, any_case=any_case)


def start_of(what: str, default: str = "glorot_uniform") -> Argument:
    """The argument that says what a weight holds before training."""
    return Argument(Initializer(), default, f"How the {what} is filled before training.")


def penalty_on(what: str) -> Argument:
    return Argument(Regularizer(), None, f"Penalty on the size of the {what}, added to the loss.")


def limit_on(what: str) -> Argument:
    return Argument(
        Constraint(), None, f"Limit that the {what} is held to after each step of training."
    )


__all__ = [
    "DATA_FORMATS",
    "ActivationName",
    "Constraint",
    "DType",
    "DataFormat",
    "Initializer",
    "Regularizer",
    "limit_on",
    "padding",
    "penalty_on",
    "start_of",
]
