"""What a parameter of a block may be: what every argument that it feeds takes.

``kernel_size`` that is the ``"=kernel_size"`` of a convolution is judged as that argument is,
also through a call of a block inside the block.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resnet_studio.core.arguments import ArgumentError, Integer, Kind, PerAxis, quoted
from resnet_studio.core.calls import MOST_COPIES
from resnet_studio.core.document import Document, Node
from resnet_studio.core.expressions import is_expression, names_in
from resnet_studio.core.layer import LAYERS
from resnet_studio.core.parameters import mentioned

Kinds = tuple[Kind, ...]
_SIMPLE = frozenset({"integer", "side", "number", "sizes", "switch", "choice"})
"""Editors that serve several kinds at once, those first that take least."""
_LEAST_FIRST = ("integer", "side")


class Whole(Kind):
    """A number that is counted with: of filters, units or layers."""

    editor = "integer"

    def parse(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")
        return value

    def hint(self) -> str:
        return "a whole number"


@dataclass(frozen=True)
class Side(Kind):
    """One number that stands for each axis of ``kind``, in a list such as ``["=k", "=k"]``."""

    kind: Kind
    axes: int
    editor = "side"

    def parse(self, value: Any) -> Any:
        try:
            if isinstance(value, int) and not isinstance(value, bool):
                return self.kind.parse([value] * self.axes)[0]
        except ArgumentError:
            pass
        raise ArgumentError(f"must be {self.hint()}, not {quoted(value)}")

    def hint(self) -> str:
        return "one size for all axes: " + self.kind.hint().split(", or")[0]


class Fed(Kind):
    """What all of several kinds take."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        editors = {kind.editor for kind in kinds}
        least = [name for name in _LEAST_FIRST if name in editors]
        common = next(iter(least or editors)) if least or len(editors) == 1 else ""
        self.editor = common if common in _SIMPLE else "json"
        self.choices = [word for word in getattr(kinds[0], "choices", ()) if _all_take(kinds, word)]

    def parse(self, value: Any) -> Any:
        parsed = [kind.parse(value) for kind in self.kinds]
        return parsed[0]

    def hint(self) -> str:
        return self.kinds[0].hint()


def _all_take(kinds: Kinds, value: Any) -> bool:
    try:
        return bool([kind.parse(value) for kind in kinds])
    except ArgumentError:
        return False


_WHOLE = Whole()
_REPEAT = Integer(0, MOST_COPIES)


def together(kinds: Kinds) -> Kind | None:
    """One kind for all of them; None where there are none, and anything goes."""
    if len(kinds) == 1 and kinds[0].editor != "layer":
        return kinds[0]
    places = {name: at for at, name in enumerate(_LEAST_FIRST)}
    ordered = sorted(kinds, key=lambda kind: places.get(kind.editor, len(places)))
    return Fed(tuple(ordered)) if kinds else None


def kinds_fed(document: Document, block: str, above: Sequence[str] = ()) -> Mapping[str, Kinds]:
    """What each parameter of a block goes to, each kind once; ``above`` are blocks around it."""
    found: dict[str, dict[Any, Kind]] = {name: {} for name in document.blocks[block].parameters}
    nodes = document.blocks[block].graph.nodes if found else {}
    for node in nodes.values():
        for name, kind in _uses(document, node, (*above, block)):
            if name in found:
                found[name].setdefault(_told_apart(kind), kind)
    return {name: tuple(kinds.values()) for name, kinds in found.items()}


def _told_apart(kind: Kind) -> Any:
    """Equal for kinds that take the same: those of two convolutions are two objects."""
    told = {key: _told_apart(v) if isinstance(v, Kind) else v for key, v in vars(kind).items()}
    return type(kind).__name__, repr(sorted(told.items()))


def _uses(document: Document, node: Node, above: Sequence[str]) -> Iterator[tuple[str, Kind]]:
    """Each name that the node's arguments mention, with what it must be for one of them."""
    values = {key: value for key, value in node.config.items() if mentioned(value)}
    kinds: Mapping[str, Kinds] = {}
    if values and node.type in document.blocks and node.type not in above:
        kinds = kinds_fed(document, node.type, above)
    elif values and node.type in LAYERS:
        kinds = {key: (a.kind,) for key, a in LAYERS[node.type].arguments.items()}
    for key, value in values.items():
        for kind in kinds.get(key, ()):
            yield from _use(value, kind)
    if is_expression(node.repeat):
        yield from _use(node.repeat, _REPEAT)


def _use(value: Any, kind: Kind) -> Iterator[tuple[str, Kind]]:
    if is_expression(value):
        alone = value[1:].strip()
        for name in names_in(value):
            yield name, kind if name == alone else _WHOLE
    elif isinstance(value, list | tuple) and isinstance(kind, PerAxis):
        same = all(item == value[0] for item in value)
        side: Kind = Side(kind, len(value)) if same else _WHOLE
        for item in value if not same else value[:1]:
            yield from _use(item, side)
