"""Which blocks read as in the papers: of motifs that save about as much, what to prefer.

A motif of a chain can be turned (``conv bn relu`` is as frequent as ``bn relu conv``) and
extended into its neighbour; people cut where a unit ends.
"""

from collections.abc import Iterator

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, NETWORK, Document
from resnet_studio.core.fold.regions import Element, Window

_UNIT = 1.2
"""What a motif is worth that is a unit of its paper: a residual block, a dense layer."""
_AWKWARD = 0.5
"""What one is worth whose border parts what belongs together."""
_BEHEADED = 0.2
"""What one is worth that parts an inverted bottleneck from its expansion, or takes the branch
of a block out of it."""
_TRANSITION = 4.0
"""What one is worth that leads from one dense block to the next, and is rare by nature."""
ACTIVATIONS = frozenset(
    {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D"}
)
_LINEAR = ("Conv", "Dense", "DepthwiseConv", "SeparableConv")
_BETWEEN_UNITS = ("ZeroPadding", "MaxPooling", "AveragePooling")
_MERGES = ("Add", "Concatenate", "Subtract", "Average", "Maximum", "Minimum")
_BUBBLE = "bubble"
_AHEAD = 12
"""Elements in which an inverted bottleneck comes to its end."""


class Liking:
    """Judges the motifs of one document; what it learns of types and places it remembers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._leaves: dict[str, tuple[str, ...]] = {}
        self.units = frozenset(name for name in document.blocks if self._merges(name))
        """The blocks that hold a unit: paths that meet again in a sum or side by side."""
        self._expanding: dict[tuple[int, int, int], bool] = {}

    def __call__(self, window: Window) -> float:
        """The factor by which a motif counts more or less than the lines that it saves."""
        types = [type_of(window, element) for element in window.elements]
        worth = 0.0 if self._mixes(types) else 1.0
        if any(element.is_bubble for element in window.elements):
            worth *= _BEHEADED if self._leads_to_a_unit(window) else _UNIT
        elif self._is_transition(window, types):
            worth *= _TRANSITION
        elif self._is_part_of_a_branch(types):
            worth *= _AWKWARD if window.regions.scope == NETWORK else _BEHEADED
        for before, after in _borders(window):
            if _belong_together(window, before, after):
                worth *= _AWKWARD
            if self._expands(window, after):
                worth *= _BEHEADED
        return worth

    def leaves(self, name: str) -> tuple[str, ...]:
        """The types of the layers that a node of this type comes to, in written order."""
        if name not in self._leaves:
            self._leaves[name] = tuple(leaves(self.document, name))
        return self._leaves[name]

    def _merges(self, name: str) -> bool:
        return any(kind in _MERGES for kind in self.leaves(name))

    def _is_transition(self, window: Window, types: list[str]) -> bool:
        """Normalized, convolved and pooled, between one dense block and the next."""
        if not window.start or not types[-1].startswith("AveragePooling"):
            return False
        before = window.regions.chains[window.chain][window.start - 1]
        starts = self.leaves(types[0])[:1] == ("BatchNormalization",)
        return starts and type_of(window, before) in self.units

    def _leads_to_a_unit(self, window: Window) -> bool:
        """Whether convolutions of something else stand before or behind a unit."""
        types = [(type_of(window, e), e.is_bubble) for e in window.elements]
        units = any(bubble and name in _MERGES for name, bubble in types)
        return units and any(
            kind.startswith(_LINEAR)
            for name, bubble in types
            if not bubble
            for kind in self.leaves(name)
        )

    def _is_part_of_a_branch(self, types: list[str]) -> bool:
        """Whether it is several convolutions out of a unit, which are better told by themselves."""
        kinds = [kind for name in types for kind in self.leaves(name)]
        convolutions = sum(kind.startswith("Conv2D") for kind in kinds)
        whole = any(kind in _MERGES or kind.startswith("Depthwise") for kind in kinds)
        return convolutions > 1 and not whole

    def _mixes(self, types: list[str]) -> bool:
        """Whether calls of whole units stand beside layers that are none."""
        return not self.units.isdisjoint(types) and not all(
            name in self.units or name.startswith(_BETWEEN_UNITS) for name in types
        )

    def _expands(self, window: Window, after: int) -> bool:
        """Whether what comes is the middle of an inverted bottleneck, whose end is linear."""
        place = (id(window.regions), window.chain, after)
        if place not in self._expanding:
            following = window.regions.chains[window.chain][after : after + _AHEAD]
            kinds = [kind for element in following for kind in self._seen(window, element)]
            self._expanding[place] = _is_linear_bottleneck(kinds)
        return self._expanding[place]

    def _seen(self, window: Window, element: Element) -> tuple[str, ...]:
        name = type_of(window, element)
        # What recalibrates channels is no convolution of the chain.
        return (_BUBBLE,) if element.is_bubble or self._recalibrates(name) else self.leaves(name)

    def _recalibrates(self, name: str) -> bool:
        found = self.leaves(name) if name in self.document.blocks else ()
        return "Multiply" in found and not any(kind.startswith("Depthwise") for kind in found)


def leaves(document: Document, name: str) -> Iterator[str]:
    """The types of the layers that a node of this type comes to, in written order."""
    block = document.blocks.get(name)
    if block is None:
        yield name
        return
    for node in block.graph.nodes.values():
        if node.type not in (BLOCK_INPUT, BLOCK_OUTPUT):
            yield from leaves(document, node.type)


def type_of(window: Window, element: Element) -> str:
    """The type of the node whose output an element has."""
    return window.regions.nodes[element.root].type


def _is_linear_bottleneck(kinds: list[str]) -> bool:
    """Depthwise, then projected without an activation."""
    kinds = [kind for kind in kinds if not kind.startswith("ZeroPadding")]
    if not kinds or not kinds[0].startswith("DepthwiseConv"):
        return False
    end = next((k for k, kind in enumerate(kinds) if kind.startswith("Conv")), len(kinds))
    behind = [kind for kind in kinds[end + 1 : end + 3] if kind != "BatchNormalization"]
    return bool(behind) and behind[0] not in ACTIVATIONS


def _borders(window: Window) -> Iterator[tuple[int, int]]:
    """Positions in the chain before and after each end of the window."""
    chain = window.regions.chains[window.chain]
    for cut in (window.start, window.start + window.length):
        if 0 < cut < len(chain):
            yield cut - 1, cut


def _belong_together(window: Window, before: int, after: int) -> bool:
    """Whether people write the two as one: convolution and normalization, and its activation."""
    chain = window.regions.chains[window.chain]
    first, then = type_of(window, chain[before]), type_of(window, chain[after])
    if chain[after].is_bubble:
        return then == "Multiply" and window.length > 1
    if then in ACTIVATIONS:
        return True
    if then == "BatchNormalization":
        return first.startswith(_LINEAR)
    return first.startswith("ZeroPadding") and then.startswith((*_LINEAR, "MaxPooling"))
