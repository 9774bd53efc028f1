"""The arguments of a layer, declared once: type, default, range and help.

From one declaration come validation, the inspector's editor, the code writer's keyword and
the rows of the differential test.  A kind accepts and refuses exactly what Keras' constructor
does (``True`` passes for an integer where Keras lets it, ``3.0`` does not).
"""

import math
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, overload


class ArgumentError(ValueError):
    """A value that Keras' constructor refuses; the message ends the sentence “units …”."""


def quoted(value: Any) -> str:
    """A value as messages name it: a text in quotation marks, anything else as Python has it."""
    if not isinstance(value, str):
        return repr(value)
    return f"“{value if value.isprintable() else repr(value)[1:-1]}”"


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Any = _Required()


class Kind:
    """What values an argument takes.  ``editor`` tells the inspector which widget fits."""

    editor = "json"
    start: Any = None
    """What a new node begins with, where no value serves all layers."""

    def parse(self, value: Any) -> Any:
        """``value`` as the layer uses it; raises ArgumentError."""
        return value

    def hint(self) -> str:
        """What may be written, in a few words, for tool tips and error messages."""
        return "any value"


class Anything(Kind):
    """A value that neither shapes nor weights depend on and that Keras takes unchecked."""

    def __init__(self, editor: str = "json") -> None:
        self.editor = editor

    def hint(self) -> str:
        meant = {"integer": "a whole number", "number": "a number", "switch": "true or false"}
        return meant.get(self.editor, super().hint())


class Integer(Kind):
    """A whole number; Keras mostly lets booleans pass as integers, floats not."""

    editor = "integer"

    def __init__(
        self, minimum: int | None = None, maximum: int | None = None, optional: bool = False
    ) -> None:
        self.minimum, self.maximum, self.optional = minimum, maximum, optional

    def parse(self, value: Any) -> int | None:
        if value is None and self.optional:
            return None
        if not isinstance(value, int):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        if (self.minimum is not None and value < self.minimum) or (
            self.maximum is not None and value > self.maximum
        ):
            raise ArgumentError(f"must be {self.hint()}, not {value}")
        return int(value)

    def hint(self) -> str:
        text = "a whole number"
        if self.minimum is not None:
            text += f" of at least {self.minimum}"
        if self.maximum is not None:
            text += (
                f" and at most {self.maximum}"
                if self.minimum is not None
                else (f" of at most {self.maximum}")
            )
        return text + (" or nothing" if self.optional else "")


class Seed(Integer):
    """A 64-bit number that makes random numbers repeatable, or nothing; not a boolean."""

    def __init__(self) -> None:
        super().__init__(minimum=-(2**63), maximum=2**63 - 1, optional=True)

    def parse(self, value: Any) -> int | None:
        if isinstance(value, bool):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return super().parse(value)

    def hint(self) -> str:
        return "a whole number or nothing"


class Number(Kind):
    """A real number within bounds: ``minimum`` and ``maximum`` belong to them, ``above`` not."""

    editor = "number"

    def __init__(
        self,
        minimum: float | None = None,
        maximum: float | None = None,
        optional: bool = False,
        above: float | None = None,
        finite: bool = False,
    ) -> None:
        self.minimum, self.maximum, self.optional = minimum, maximum, optional
        self.above, self.finite = above, finite

    def parse(self, value: Any) -> float | None:
        if value is None and self.optional:
            return None
        if not isinstance(value, int | float) or self._outside(value):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def _outside(self, value: float) -> bool:
        # Written as Keras writes it: a comparison with NaN is false, so NaN passes.
        return (
            (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.above is not None and value <= self.above)
            or (self.finite and (math.isinf(value) or math.isnan(value)))
        )

    def hint(self) -> str:
        text = "a number"
        if self.minimum is not None and self.maximum is not None:
            text += f" from {self.minimum:g} to {self.maximum:g}"
        elif self.minimum is not None:
            text += f" of at least {self.minimum:g}"
        elif self.above is not None:
            text += f" above {self.above:g}"
        return text + (" or nothing" if self.optional else "")


class Switch(Kind):
    """True or false; mostly Keras does not check, so whatever counts as true is true."""

    editor = "switch"

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict

    def parse(self, value: Any) -> bool:
        if self.strict and not isinstance(value, bool):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return bool(value)

    def hint(self) -> str:
        return "true or false"


class Choice(Kind):
    """One of a few words."""

    editor = "choice"

    def __init__(self, *choices: str, any_case: bool = False, optional: bool = False) -> None:
        self.choices, self.any_case, self.optional = choices, any_case, optional

    def parse(self, value: Any) -> str | None:
        if value is None and self.optional:
            return None
        word = value.lower() if self.any_case and isinstance(value, str) else value
        if not isinstance(word, str) or word not in self.choices:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return word

    def hint(self) -> str:
        words = [f"“{choice}”" for choice in self.choices] + (["nothing"] if self.optional else [])
        return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


class PerAxis(Kind):
    """A kind with a value for each spatial axis: a family declares it, a layer fixes ``rank``."""

    rank = 2

    def on_axes(self, rank: int) -> "PerAxis":
        """The same kind for a layer of ``rank`` spatial axes."""
        kind = copy(self)
        kind.rank = rank
        return kind


class Sizes(PerAxis):
    """A number for each spatial axis, or a whole number that stands for all of them.

    Follows ``keras.src.utils.argument_validation.standardize_tuple``: fractions pass inside a
    list, and what is computed with them is refused or not.  Numbers are positive unless
    ``zero``; ``whole`` ones serve as sizes of a weight, where ``build`` refuses fractions.
    """

    editor = "sizes"

    def __init__(self, zero: bool = False, whole: bool = False, optional: bool = False) -> None:
        self.zero, self.whole, self.optional = zero, whole, optional

    def parse(self, value: Any) -> tuple[float, ...] | None:
        if value is None and self.optional:
            return None
        sizes = (value,) * self.rank if isinstance(value, int) else value
        if (
            not isinstance(sizes, Sequence)
            or len(sizes) != self.rank
            or not all(self._fits(size) for size in sizes)
        ):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return tuple(size if isinstance(size, float) else int(size) for size in sizes)

    def _fits(self, size: Any) -> bool:
        if isinstance(size, float) and (self.whole or not math.isfinite(size)):
            return False
        return isinstance(size, int | float) and (size >= 0 if self.zero else size > 0)

    def hint(self) -> str:
        number = f"a whole number of at least {0 if self.zero else 1}"
        each = "a list of one" if self.rank == 1 else f"a list of {self.rank} of them"
        return f"{number}, or {each}" + (", or nothing" if self.optional else "")


class Argument:
    """A constructor argument of a layer; on an instance it reads as the parsed value."""

    def __init__(
        self, kind: Kind, default: Any = REQUIRED, help: str = "", hidden: bool = False
    ) -> None:
        self.kind, self.default, self.help = kind, default, help
        self.hidden = hidden
        """Accepted for the sake of older files, not worth an editor."""
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Argument": ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...
    def __get__(self, instance: object | None, owner: type) -> Any:
        # Parsed values live in the instance's __dict__ and win over this non-data descriptor.
        return self

    def on_axes(self, rank: int) -> "Argument":
        """The same argument for a layer of ``rank`` spatial axes."""
        argument = copy(self)
        if isinstance(self.kind, PerAxis):
            argument.kind = self.kind.on_axes(rank)
            argument.__dict__.pop("parsed_default", None)
        return argument

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @cached_property
    def parsed_default(self) -> Any:
        """The default as the kind parses it, or REQUIRED."""
        return REQUIRED if self.required else self.kind.parse(self.default)

    def parse(self, config: Mapping[str, Any]) -> Any:
        """The parsed value from ``config``, or the default; raises ArgumentError."""
        if self.name in config:
            return self.kind.parse(config[self.name])
        if self.required:
            raise ArgumentError("is missing")
        return self.kind.parse(self.default)
