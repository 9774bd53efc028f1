"""The base class of all layers and their registry.

A layer answers what Keras' symbolic build would: is this configuration accepted, which weights
does it create for this input, which shape comes out.  Every file in ``resnet_studio.layers``
declares its classes; ``LAYERS`` finds them by their Keras name.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from resnet_studio.core.arguments import (
    REQUIRED,
    Anything,
    Argument,
    ArgumentError,
    Switch,
)
from resnet_studio.core.outcomes import (
    LARGEST_WEIGHT,
    UNKNOWN,
    Outcome,
    Problem,
    Refusal,
    Spec,
    Weight,
)
from resnet_studio.core.serialized import DType, Regularizer
from resnet_studio.core.shapes import Shape, Size
from resnet_studio.core.starts import refused_start

LAYERS: dict[str, type["Layer"]] = {}
"""Every layer class by its Keras name, filled by importing ``resnet_studio.layers``."""

ALIASES: dict[str, str] = {}
"""Second names that ``keras.layers`` has for a class: ``MaxPool2D`` is ``MaxPooling2D``."""

_MEMO_LIMIT = 4096
_INTERNED_LIMIT = 50_000
_interned: dict[tuple[str, str], "Layer | Broken"] = {}


class Layer:
    """A layer with its parsed arguments.  Equal configurations share one instance.

    Subclasses declare arguments as class attributes and override ``check`` (the constructor's
    refusals across arguments), ``weights`` (what ``build`` creates), ``output_shape`` and
    ``multiply_accumulates``.  Layers that take a list (merges) override ``infer_shapes``.
    A plain value under the name of an inherited argument removes that argument: some layers
    of Keras do not take ``trainable``.
    """

    category: ClassVar[str] = "Core"
    help: ClassVar[str] = ""
    source: ClassVar[str] = ""
    """The Keras symbol, or the paper, that the class follows."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Second names of the class in ``keras.layers``."""
    everyday: ClassVar[bool] = True
    """Among the layers that most networks for images are made of: the palette shows them first."""
    takes_list: ClassVar[bool] = False
    """Called with a list of tensors, of one too (Keras' merging layers)."""
    maps_lists: bool = False
    """Given a list, Keras applies it to each tensor, with as many outputs."""
    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the arguments of its call, where each tensor is one of its own: attention's."""
    module: ClassVar[str] = "keras.layers"
    """Where Python finds the class."""
    public_name: ClassVar[str] = ""
    """The name that ``module`` has for the class, where it is not the class's own."""
    spec: Spec = Spec()
    """What the constructor already asks of the input."""
    arguments: ClassVar[dict[str, Argument]] = {}

    trainable = Argument(Switch(strict=True), True, "Whether training changes the weights.")
    dtype = Argument(DType(), None, "Precision of the weights and the computation.")
    autocast = Argument(Anything(), True, "Whether inputs are cast to the layer's precision.")
    activity_regularizer = Argument(
        Regularizer(), None, "Penalty on the layer's output, added to the loss."
    )
    input_shape = Argument(Anything(), None, "Of older files; has no effect here.", hidden=True)
    input_dim = Argument(Anything(), None, "Of older files; has no effect here.", hidden=True)

    def __init_subclass__(cls, register: bool = True, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found: dict[str, Argument] = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if isinstance(value, Argument):
                    found[name] = value
                else:
                    found.pop(name, None)
        common = {name: found.pop(name) for name in vars(Layer) if _inherited(name, found)}
        cls.arguments = found | common
        if register:
            LAYERS[cls.__name__] = cls
            ALIASES.update(dict.fromkeys(cls.aliases, cls.__name__))

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.memo: dict[tuple[Shape, ...], Outcome] = {}
        # Maps of another height and width mostly come to the same weights: checked once.
        self._counts: dict[tuple[Weight, ...], tuple[int, int]] = {}
        problems = []
        for name, argument in type(self).arguments.items():
            try:
                self.__dict__[name] = argument.parse(config)
            except ArgumentError as error:
                problems.append(
                    Problem("invalid-argument", f"{name} {error}", data={"argument": name})
                )
        problems += [self._unknown(name) for name in config if name not in type(self).arguments]
        old = (
            _inherited("input_dim", type(self).arguments)
            and self.__dict__.get("input_dim") is not None
        )
        if old and "input_shape" in config:
            text = "input_dim and input_shape exclude each other; remove both"
            problems.append(Problem("unknown-argument", text))
        if problems:
            raise InvalidConfig(tuple(problems))
        self.check()

    @classmethod
    def _unknown(cls, name: str) -> Problem:
        known = ", ".join(cls.arguments)
        return Problem(
            "unknown-argument",
            f"{cls.__name__} has no argument “{name}” (it has: {known})",
            data={"argument": name},
        )

    # What subclasses override

    def check(self) -> None:
        """Refuses, as the constructor does, arguments that do not go together."""

    def weights(self, shape: Shape) -> Sequence[Weight]:
        """The variables that ``build(shape)`` creates; raises Refusal."""
        return ()

    def built_spec(self, shape: Shape) -> Spec:
        """What the layer asks of further inputs once ``build(shape)`` is done."""
        return self.spec

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of the output for an input of ``shape``; raises Refusal."""
        return shape

    def multiply_accumulates(self, shape: Shape, output: Shape) -> Size:
        """Multiply-accumulates of one forward pass of one sample; bias adds not counted."""
        return 0

    def face(self) -> str:
        """What an expert reads first, for the node's second line: ``3×3, 64, /2, relu``."""
        return ""

    # What the analysis calls

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        """The outcome for these inputs, remembered: equal layers on equal shapes cost once."""
        outcome = self.memo.get(inputs)
        if outcome is None:
            if len(self.memo) >= _MEMO_LIMIT:
                self.memo.clear()
            outcome = self.memo[inputs] = self._infer(inputs)
        return outcome

    def infer_again(self, built_for: tuple[Shape, ...], inputs: tuple[Shape, ...]) -> Outcome:
        """The outcome of a further call of a layer that was built for other inputs.

        Its weights are counted where it was built, and Keras does not build it again: what
        ``build`` would refuse passes here, as long as the input fits the layer's ``InputSpec``.
        """
        try:
            self.check_inputs(inputs)
            self.check_again(built_for, inputs)
            return self._outcome(inputs, (), self.infer_shapes(inputs))
        except Refusal as refusal:
            return Outcome(None, problems=(_problem(refusal),))

    def check_inputs(self, inputs: tuple[Shape, ...]) -> None:
        """Refuses inputs that the layer does not take before it is built."""
        if not inputs:
            raise Refusal("missing-input", "nothing is wired to its input")
        if len(inputs) > 1 and not (self.takes_list or self.maps_lists):
            raise too_many(inputs)
        if not self.takes_list:
            for shape in inputs:
                self.spec.refuse(shape)

    def check_again(self, built_for: tuple[Shape, ...], inputs: tuple[Shape, ...]) -> None:
        """Refuses a further call whose input does not fit what the layer was built for."""
        if not self.takes_list and len(built_for) == len(inputs) == 1:
            self.built_spec(built_for[0]).refuse(inputs[0])

    def list_weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """The variables for these inputs; raises Refusal where ``build`` would."""
        if self.takes_list or len(inputs) != 1:
            return ()
        weights = tuple(self.weights(inputs[0]))
        if weights not in self._counts:
            for weight in weights:
                self._check_start(weight)
        return weights

    def _count(self, weights: tuple[Weight, ...]) -> tuple[int, int]:
        """Parameters, and how many of them are trained."""
        counts = self._counts.get(weights)
        if counts is None:
            trained = (w.count for w in weights if w.trainable) if self.trainable else ()
            counts = self._counts[weights] = (sum(w.count for w in weights), sum(trained))
        return counts

    def _check_start(self, weight: Weight) -> None:
        """Refuses a weight whose initializer cannot fill it.

        ``kernel`` starts from ``kernel_initializer``, ``depthwise_kernel`` from
        ``depthwise_initializer``: Keras names all of them so.
        """
        argument = weight.name.removesuffix("_kernel") + "_initializer"
        if weight.too_large:
            sizes = "×".join(map(str, weight.shape))
            raise Refusal(
                "invalid-argument", f"its {weight.name} of {sizes} values would fit in no memory"
            )
        if argument in type(self).arguments:
            why = refused_start(self.__dict__[argument], weight.shape, self.dtype)
            if why is not None:
                raise Refusal("invalid-argument", f"{argument}: {why}", argument=argument)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
        """The output for these inputs: one shape, or a tuple of shapes for several outputs."""
        if len(inputs) == 1:
            return self.output_shape(inputs[0])
        return tuple(self.output_shape(shape) for shape in inputs)

    def count_macs(self, inputs: tuple[Shape, ...], output: Shape) -> Size:
        return self.multiply_accumulates(inputs[0], output) if inputs else 0

    def _infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        try:
            self.check_inputs(inputs)
            return self._outcome(inputs, self.list_weights(inputs), self.infer_shapes(inputs))
        except Refusal as refusal:
            return Outcome(None, problems=(_problem(refusal),))

    def _outcome(
        self,
        inputs: tuple[Shape, ...],
        weights: tuple[Weight, ...],
        result: Shape | tuple[Shape, ...],
    ) -> Outcome:
        several = bool(result) and isinstance(result[0], tuple)
        outputs: tuple[Shape, ...] = result if several else (result,)  # type: ignore[assignment]
        params, trainable = self._count(weights)
        macs = self.count_macs(inputs, outputs[0])
        warnings = tuple(
            problem for check in NODE_CHECKS for problem in check(self, inputs, outputs)
        )
        return Outcome(outputs, params, trainable, macs, warnings)

    def non_defaults(self) -> dict[str, Any]:
        """The arguments whose value differs from Keras' default, as parsed, in declared order."""
        result = {}
        for name, argument in type(self).arguments.items():
            if name not in self.config:
                continue
            value, default = self.__dict__[name], argument.parsed_default
            if default is REQUIRED or value != default or type(value) is not type(default):
                result[name] = value
        return result


def _inherited(name: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether the argument is one of all layers; ``Embedding`` has an ``input_dim`` of its own."""
    return name in arguments and not arguments[name].required


class InvalidConfig(Exception):
    """The constructor refuses; one problem for each argument that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Broken:
    """Stands where a layer should: whatever its inputs, its outcome is the same problems.

    Behind a node that failed they are warnings (``later``): Keras has not come to them yet.
    """

    def __init__(self, *problems: Problem) -> None:
        self.memo: dict[tuple[Shape, ...], Outcome] = {}
        self.problems = problems
        self.outcome = Outcome(None, problems=problems)
        self.later = Outcome(None, problems=tuple(p._replace(severity="warning") for p in problems))

    def infer(self, inputs: tuple[Shape, ...]) -> Outcome:
        return self.outcome


NODE_CHECKS: list[Any] = []
"""Functions ``(layer, inputs, outputs) -> iterable of Problem`` that warn of what Keras builds.

Filled by the rules; their findings are remembered with the outcome."""


def too_many(inputs: Sequence[Shape]) -> Refusal:
    """What a layer of one input says of several."""
    return Refusal(
        "too-many-inputs",
        f"it takes one tensor and has {len(inputs)}; merge them with Add or Concatenate",
    )


def _problem(refusal: Refusal) -> Problem:
    return Problem(refusal.code, refusal.message, data=refusal.data)


def layer_for(type_name: str, config: Mapping[str, Any]) -> Layer | Broken:
    """The one layer for this class and these arguments (``name`` left out), or what is wrong."""
    if "name" in config:
        config = {key: value for key, value in config.items() if key != "name"}
    try:
        key = (type_name, repr(config))
    except (RecursionError, ValueError):
        # 4,301-digit integers do not print; containers nested thousands deep do not either.
        return Broken(Problem("invalid-argument", "an argument is too large to be shown"))
    found = _interned.get(key)
    if found is None:
        if len(_interned) >= _INTERNED_LIMIT:
            _interned.clear()
        found = _interned[key] = _make(type_name, config)
    return found


def _make(type_name: str, config: Mapping[str, Any]) -> Layer | Broken:
    cls = LAYERS.get(ALIASES.get(type_name, type_name))
    if cls is None:
        text = f"there is no layer or block called “{type_name:.60}”"
        return Broken(Problem("unknown-layer", text))
    try:
        return cls(config)
    except InvalidConfig as error:
        return Broken(*error.problems)
    except Refusal as refusal:
        return Broken(_problem(refusal))


__all__ = [
    "ALIASES",
    "LARGEST_WEIGHT",
    "LAYERS",
    "NODE_CHECKS",
    "UNKNOWN",
    "Broken",
    "InvalidConfig",
    "Layer",
    "Outcome",
    "Problem",
    "Refusal",
    "Spec",
    "Weight",
    "layer_for",
    "too_many",
]
