"""Arguments that Keras takes by name or as a serialised object.

``"he_normal"`` and ``{"class_name": "HeNormal", "config": {"seed": None}}`` are the same
initializer; so that a full ``get_config()`` reads like what a person wrote, both parse to the
shortest form.  Follows ``keras.{activations,initializers,regularizers,constraints}.get`` and
``keras.dtype_policies.get``.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from resnet_studio.core.arguments import (
    Anything,
    ArgumentError,
    Choice,
    Kind,
    Number,
    Seed,
    quoted,
)
from resnet_studio.core.policies import QUANTISED, is_quantised, policy_name, source_of


class Parameter(NamedTuple):
    """A constructor argument of a serialised object."""

    kind: Kind
    default: Any = None


class Registered(Kind):
    """An object of one of Keras' registries: a name, or ``{"class_name": …, "config": …}``.

    Parses to ``None``, to a name (all arguments at their defaults) or to a mapping with
    ``class_name`` and the ``config`` that differs from the defaults.
    """

    editor = "name"
    noun = "object"
    module = ""
    classes: Mapping[str, Mapping[str, Parameter]] = {}
    """Class name to constructor arguments."""
    names: Mapping[str, str] = {}
    """Every name that Keras looks up, to its class."""
    needs_config: frozenset[str] = frozenset()
    """Classes that a bare name cannot make."""

    def suggestions(self) -> tuple[str, ...]:
        """The names worth offering, without aliases and base classes."""
        return tuple(
            short(name)
            for name in self.classes
            if name not in self.needs_config and self.classes[name]
        )

    def parse(self, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, str):
            return self._named(value, {}, value)
        if isinstance(value, Mapping):
            return self._serialised(value)
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    def _serialised(self, value: Mapping[str, Any]) -> Any:
        name, config = value.get("class_name"), value.get("config")
        if not isinstance(name, str) or ("module" in value and value["module"] is None):
            raise ArgumentError(f"must name its “class_name”: {quoted(value)}")
        if not isinstance(config, Mapping | None):
            raise ArgumentError(f"must have a mapping as its “config”: {quoted(value)}")
        return self._named(name, config or {}, value)

    def _named(self, name: str, config: Mapping[str, Any], value: Any) -> Any:
        class_name = self.names.get(name)
        if class_name is None or (class_name in self.needs_config and not config):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        given = _parsed(config, class_name, self.classes[class_name])
        if given or class_name in self.needs_config:
            return {"class_name": class_name, "config": given or dict(config)}
        return short(class_name)

    def hint(self) -> str:
        return f"the name of a Keras {self.noun}, such as “{self.suggestions()[0]}”, or nothing"


def _parsed(
    config: Mapping[str, Any], class_name: str, parameters: Mapping[str, Parameter]
) -> dict[str, Any]:
    """The arguments of a serialised object that differ from their defaults."""
    given = {}
    for key, item in config.items():
        if key not in parameters:
            raise ArgumentError(f"has no “{key}” in {class_name}")
        try:
            parsed = parameters[key].kind.parse(item)
        except ArgumentError as error:
            raise ArgumentError(f"of {class_name}: {key} {error}") from None
        if parsed != parameters[key].default:
            given[key] = parsed
    return given


_SHORT = {"L1L2": "l1l2", "STFT": "stft"}


def short(class_name: str) -> str:
    """``HeNormal`` as Keras' names have it: ``he_normal``."""
    if class_name in _SHORT:
        return _SHORT[class_name]
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in class_name)
    return words.removeprefix("_")


def _lookup(classes: Mapping[str, object], **aliases: str) -> dict[str, str]:
    return {name: name for name in classes} | {short(name): name for name in classes} | aliases


_FINITE = Number(minimum=0, finite=True, optional=True)
_SEED = Parameter(Seed())
_SCALING = {
    "seed": _SEED,
    "input_axes": Parameter(Anything()),
    "output_axes": Parameter(Anything()),
}


class Initializer(Registered):
    """Where a weight starts; ``None`` is ``glorot_uniform``."""

    noun, module = "initializer", "keras.initializers"
    classes: Mapping[str, Mapping[str, Parameter]] = {
        "GlorotUniform": _SCALING,
        "GlorotNormal": _SCALING,
        "HeNormal": _SCALING,
        "HeUniform": _SCALING,
        "LecunNormal": _SCALING,
        "LecunUniform": _SCALING,
        "Zeros": {},
        "Ones": {},
        "Constant": {"value": Parameter(Anything(), 0.0)},
        "RandomNormal": {
            "mean": Parameter(Number(), 0.0),
            "stddev": Parameter(Number(), 0.05),
            "seed": _SEED,
        },
        "TruncatedNormal": {
            "mean": Parameter(Number(), 0.0),
            "stddev": Parameter(Number(), 0.05),
            "seed": _SEED,
        },
        "RandomUniform": {
            "minval": Parameter(Number(), -0.05),
            "maxval": Parameter(Number(), 0.05),
            "seed": _SEED,
        },
        "VarianceScaling": {
            "scale": Parameter(Number(above=0), 1.0),
            "mode": Parameter(Choice("fan_in", "fan_out", "fan_avg"), "fan_in"),
            "distribution": Parameter(
                Choice(
                    "truncated_normal",
                    "untruncated_normal",
                    "uniform",
                    "normal",
                    any_case=True,
                ),
                "truncated_normal",
            ),
            **_SCALING,
        },
        "Orthogonal": {"gain": Parameter(Number(), 1.0), "seed": _SEED},
        "Identity": {"gain": Parameter(Number(), 1.0)},
        "Initializer": {},
    }
    names = _lookup(
        classes,
        normal="RandomNormal",
        uniform="RandomUniform",
        one="Ones",
        zero="Zeros",
        IdentityInitializer="Identity",
        OrthogonalInitializer="Orthogonal",
    )
    needs_config = frozenset({"Constant"})

    def suggestions(self) -> tuple[str, ...]:
        return tuple(
            short(name) for name in self.classes if name not in ("Constant", "Initializer")
        )


class Regularizer(Registered):
    """A penalty on the size of a weight or an output."""

    noun, module = "regularizer", "keras.regularizers"
    classes: Mapping[str, Mapping[str, Parameter]] = {
        "L2": {"l2": Parameter(_FINITE, 0.01)},
        "L1": {"l1": Parameter(_FINITE, 0.01)},
        "L1L2": {"l1": Parameter(_FINITE, 0.0), "l2": Parameter(_FINITE, 0.0)},
        "OrthogonalRegularizer": {
            "factor": Parameter(Number(minimum=0, finite=True), 0.01),
            "mode": Parameter(Choice("rows", "columns"), "rows"),
        },
        "Regularizer": {},
    }
    names = _lookup(classes)


class Constraint(Registered):
    """A limit that a weight is held to after each step of training."""

    noun, module = "constraint", "keras.constraints"
    classes: Mapping[str, Mapping[str, Parameter]] = {
        "MaxNorm": {
            "max_value": Parameter(Anything(), 2),
            "axis": Parameter(Anything(), 0),
        },
        "NonNeg": {},
        "UnitNorm": {"axis": Parameter(Anything(), 0)},
        "MinMaxNorm": {
            "min_value": Parameter(Anything(), 0.0),
            "max_value": Parameter(Anything(), 1.0),
            "rate": Parameter(Anything(), 1.0),
            "axis": Parameter(Anything(), 0),
        },
        "Constraint": {},
    }
    names = _lookup(classes)

    def suggestions(self) -> tuple[str, ...]:
        return ("max_norm", "non_neg", "unit_norm", "min_max_norm")


ACTIVATIONS = (
    "relu", "softmax", "sigmoid", "tanh", "linear", "elu", "selu", "gelu", "silu", "swish",
    "leaky_relu", "relu6", "softplus", "softsign", "mish", "exponential", "hard_sigmoid",
    "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "celu",
    "glu", "log_sigmoid", "log_softmax", "sparse_plus", "sparse_sigmoid", "sparsemax",
    "squareplus", "threshold",
)  # fmt: skip
"""The names that ``keras.activations.get`` knows, the common ones first."""

_FUNCTION_MODULES = ("builtins", "keras.activations")


class ActivationName(Kind):
    """A non-linearity by its exact name, or serialised; ``None`` and ``linear`` are the same.

    ``linear`` is what both parse to: ``None`` where the layer's default is none.
    """

    editor = "name"

    def __init__(self, linear: str | None = None) -> None:
        self.linear = linear

    def suggestions(self) -> tuple[str, ...]:
        return ACTIVATIONS

    def parse(self, value: Any) -> str | None:
        name = self._function(value) if isinstance(value, Mapping) else value
        if name is None or name == "linear":
            return self.linear
        if not isinstance(name, str) or name not in ACTIVATIONS:
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return name

    def _function(self, value: Mapping[str, Any]) -> Any:
        name = value.get("config") or ""
        registered = value.get("registered_name")
        if (
            value.get("class_name") == "function"
            and value.get("module") in _FUNCTION_MODULES
            and (not registered or registered in ("function", name))
        ):
            return name
        return value

    def hint(self) -> str:
        return "the exact name of a Keras activation, such as “relu” or “softmax”"


FLOATS = ("float32", "float16", "bfloat16", "float64")
_DTYPES = (
    *FLOATS, "mixed_float16", "mixed_bfloat16", "uint8", "uint16", "uint32", "uint64", "int8",
    "int16", "int32", "int64", "bool", "string", "complex64", "complex128", "int",
)  # fmt: skip
INPUT_DTYPES = tuple(name for name in _DTYPES if not name.startswith("mixed_"))
"""What ``keras.Input`` takes."""


def takes_fractions(dtype: str | None) -> bool:
    """Whether variables of ``dtype`` hold numbers with a fraction."""
    source = source_of(dtype)
    return source is None or source.startswith(("float", "bfloat", "mixed", "complex"))


class DType(Kind):
    """The precision of a layer: a dtype or a policy; ``float32`` is the default."""

    editor = "choice"
    choices = (
        "float32",
        "float16",
        "bfloat16",
        "float64",
        "mixed_float16",
        "mixed_bfloat16",
    )

    def parse(self, value: Any) -> str | None:
        name = policy_name(value) if isinstance(value, Mapping) else value
        if name is None or name == "float32":
            return None
        if not isinstance(name, str) or not self._known(name):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return name

    def _known(self, name: str) -> bool:
        # As the name of a layer's precision int8 begins that of a quantisation.
        plain = name in _DTYPES and name not in QUANTISED
        return plain or is_quantised(name)

    def hint(self) -> str:
        return "a dtype such as “float32” or “mixed_float16”, or nothing"
