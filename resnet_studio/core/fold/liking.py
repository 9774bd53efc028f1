"""Which blocks read as in the papers: of motifs that save about as much, what to prefer.

A motif of a chain can be turned (``conv bn relu`` is as frequent as ``bn relu conv``) and
extended into its neighbour; people cut where a unit ends.
"""

from collections.abc import Iterator

from resnet_studio.core.document import BLOCK_INPUT, BLOCK_OUTPUT, Document
from resnet_studio.core.fold.regions import Element, Window

_UNIT = 1.2
"""What a motif is worth that is a unit of its paper: a residual block, a dense layer."""
_AWKWARD = 0.5
"""What one is worth whose border parts what belongs together."""
_BEHEADED = 0.2
"""What one is worth that parts an inverted bottleneck from its expansion."""
_TRANSITION = 4.0
"""What one is worth that leads from one dense block to the next, and is rare by nature."""
_WRONG = 0.0
"""What one is worth that mixes units with halves of others."""
ACTIVATIONS = frozenset(
    {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D"}
)
_LINEAR = ("Conv", "Dense", "DepthwiseConv", "SeparableConv")
_BETWEEN_UNITS = ("ZeroPadding", "MaxPooling", "AveragePooling")
_MERGES = ("Add", "Concatenate", "Subtract", "Average", "Maximum", "Minimum")
_BUBBLE = "bubble"
_AHEAD = 12
"""Elements in which an inverted bottleneck comes to its end."""


def liking(document: Document, window: Window) -> float:
    """The factor by which a motif counts more or less than the lines that it saves."""
    worth = 1.0
    if any(element.is_bubble for element in window.elements):
        worth *= _UNIT
    elif _is_transition(document, window):
        worth *= _TRANSITION
    elif _is_part_of_a_branch(window):
        worth *= _AWKWARD
    if _mixes(document, window):
        worth *= _WRONG
    for before, after in _borders(window):
        if _belong_together(window, before, after):
            worth *= _AWKWARD
        if _expands(document, window, after):
            worth *= _BEHEADED
    return worth


def leaves(document: Document, name: str) -> Iterator[str]:
    """The types of the layers that a node of this type comes to, in written order."""
    block = document.blocks.get(name)
    if block is None:
        yield name
        return
    for node in block.graph.nodes.values():
        if node.type not in (BLOCK_INPUT, BLOCK_OUTPUT):
            yield from leaves(document, node.type)


def merges(document: Document, name: str) -> bool:
    """Whether a block holds a unit: paths that meet again in a sum or side by side."""
    return name in document.blocks and any(leaf in _MERGES for leaf in leaves(document, name))


def _is_transition(document: Document, window: Window) -> bool:
    """Normalized, convolved and pooled."""
    kinds = [leaf for e in window.elements for leaf in leaves(document, _type(window, e))]
    before = window.start and _type(window, window.regions.chains[window.chain][window.start - 1])
    return (
        kinds[0] == "BatchNormalization"
        and kinds[-1].startswith("AveragePooling")
        and merges(document, before or "")
    )


def _is_part_of_a_branch(window: Window) -> bool:
    """Whether it is several convolutions out of a unit, which are better told by themselves."""
    types = [window.regions.nodes[i].type for i in window.members]
    convolutions = sum(kind.startswith("Conv2D") for kind in types)
    return convolutions > 1 and not any(kind.startswith("Depthwise") for kind in types)


def _mixes(document: Document, window: Window) -> bool:
    """Whether calls of whole units stand beside layers that are none."""
    types = [_type(window, element) for element in window.elements]
    if not any(merges(document, name) for name in types):
        return False
    return not all(merges(document, t) or t.startswith(_BETWEEN_UNITS) for t in types)


def _borders(window: Window) -> Iterator[tuple[int, int]]:
    """Positions in the chain before and after each end of the window."""
    chain = window.regions.chains[window.chain]
    for cut in (window.start, window.start + window.length):
        if 0 < cut < len(chain):
            yield cut - 1, cut


def _belong_together(window: Window, before: int, after: int) -> bool:
    """Whether people write the two as one: convolution and normalization, and its activation."""
    chain = window.regions.chains[window.chain]
    first, then = _type(window, chain[before]), _type(window, chain[after])
    if chain[after].is_bubble:
        return then == "Multiply" and window.length > 1
    if then in ACTIVATIONS:
        return True
    if then == "BatchNormalization":
        return first.startswith(_LINEAR)
    return first.startswith("ZeroPadding") and then.startswith((*_LINEAR, "MaxPooling"))


def _expands(document: Document, window: Window, after: int) -> bool:
    """Whether what comes is the middle of an inverted bottleneck, whose end is linear."""
    following = window.regions.chains[window.chain][after : after + _AHEAD]
    kinds = [kind for element in following for kind in _seen(document, window, element)]
    kinds = [kind for kind in kinds if not kind.startswith("ZeroPadding")]
    if not kinds or not kinds[0].startswith("DepthwiseConv"):
        return False
    end = next((k for k, kind in enumerate(kinds) if kind.startswith("Conv")), len(kinds))
    behind = [kind for kind in kinds[end + 1 : end + 3] if kind != "BatchNormalization"]
    return bool(behind) and behind[0] not in ACTIVATIONS


def _seen(document: Document, window: Window, element: Element) -> Iterator[str]:
    if element.is_bubble:
        yield _BUBBLE
    else:
        name = _type(window, element)
        # What recalibrates channels is no convolution of the chain.
        yield from [_BUBBLE] if _recalibrates(document, name) else leaves(document, name)


def _recalibrates(document: Document, name: str) -> bool:
    found = list(leaves(document, name)) if name in document.blocks else []
    return "Multiply" in found and not any(kind.startswith("Depthwise") for kind in found)


def _type(window: Window, element: Element) -> str:
    return window.regions.nodes[element.root].type
