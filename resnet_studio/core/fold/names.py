"""What folded blocks, their nodes and their parameters are called: the words of the papers."""

import re
from collections.abc import Collection, Mapping, Sequence

from resnet_studio.core.document import Document, Node
from resnet_studio.core.edits import default_id, free_id
from resnet_studio.core.fold.colours import REPEAT
from resnet_studio.core.fold.liking import leaves
from resnet_studio.core.fold.parameters import ITSELF, Parameter
from resnet_studio.core.fold.regions import Match
from resnet_studio.core.layer import LAYERS

_SHORT = (
    ("DepthwiseConv", "depthwise"), ("SeparableConv", "separable"), ("Conv", "conv"),
    ("BatchNormalization", "bn"), ("LayerNormalization", "norm"), ("ReLU", "relu"),
    ("GlobalAveragePooling", "pool"), ("MaxPooling", "pool"), ("AveragePooling", "pool"),
    ("Dense", "dense"), ("Dropout", "dropout"), ("ZeroPadding", ""), ("Reshape", ""),
    ("Rescaling", "scale"),
)  # fmt: skip
_MERGES = ("Add", "Concatenate", "Multiply")
_LONGEST_CHAIN = 4
_PLACE = re.compile(r"(block|stage)\d*[a-z]?$")
"""Words of a name that say where a layer stands, not what it does."""


# Blocks


def block_name(document: Document, match: Match) -> str:
    """A free name for the block that is to stand for a match."""
    taken = {*document.blocks, *LAYERS}
    return free_id(taken, _Described(document, match).name())


class _Described:
    """A match by what a reader sees first: its merge, its branches, its layers."""

    def __init__(self, document: Document, match: Match) -> None:
        self.document, self.match = document, match
        self.regions = match.window.regions
        self.types = [self.regions.nodes[i].type for i in match.window.members]
        self.leaves = [kind for name in self.types for kind in leaves(document, name)]
        self.bubbles = [e for e in match.window.elements if e.is_bubble]

    def name(self) -> str:
        if len(self.match.inputs) > 1 and len(self.types) > 4:
            return self._cell()
        if self.bubbles:
            return self._unit(self.bubbles[-1].root)
        if all(name in self.document.blocks for name in self.types):
            return "stage" if self._merges() else self._chain()
        return self._chain()

    def _cell(self) -> str:
        """What several tensors enter, as NASNet's paper calls it."""
        if self.types[-1] != "Concatenate":
            return "combination"
        return "reduction_cell" if self._has("MaxPooling") else "cell"

    def _unit(self, merge: int) -> str:
        kind = self.regions.nodes[merge].type
        depthwise = self._has("DepthwiseConv")
        if kind == "Multiply":
            return self._strided("mbconv") if depthwise else "squeeze_excite"
        if kind == "Concatenate":
            return "dense_layer" if self._skips(merge) else "inception_block"
        if kind != "Add":
            return "residual_block"
        if depthwise:
            return "inverted_residual"
        if not self._skips(merge):
            return "downsampling_block" if self._has("MaxPooling") else "projection_block"
        convolutions = sum("Conv" in kind for kind in self.leaves)
        return "bottleneck_block" if convolutions == 3 else "residual_block"

    def _skips(self, merge: int) -> bool:
        """Whether the unit's own input reaches the merge: an identity link."""
        members = next(set(e.members) for e in self.bubbles if e.root == merge)
        return any(source not in members for source, _ in self.regions.inputs[merge])

    def _strided(self, name: str) -> str:
        """Told apart where it always halves the maps."""
        nodes = [self.regions.nodes[i] for i in self.match.nodes]
        depthwise = [node for node in nodes if node.type.startswith("DepthwiseConv")]
        strided = any(node.config.get("strides", 1) not in (1, [1, 1]) for node in depthwise)
        return f"strided_{name}" if strided and self._has("ZeroPadding") else name

    def _merges(self) -> bool:
        return any(kind in _MERGES for kind in self.leaves)

    def _has(self, start: str) -> bool:
        return any(kind.startswith(start) for kind in self.leaves)

    def _chain(self) -> str:
        """``conv_bn_relu``; a long chain is named by what it does."""
        if [kind[:4] for kind in self.types] in (["Conv", "MaxP"], ["Conv", "Aver"]):
            return "vgg_block"
        words = [word for name in self.types if (word := self._word(name))]
        if self._is_transition():
            return "transition_block"
        if len(words) <= _LONGEST_CHAIN:
            return "_".join(words) or "block"
        if self._has("DepthwiseConv") and sum(kind.startswith("Conv") for kind in self.leaves) > 1:
            return self._strided("mbconv" if self._has("Multiply") else "inverted_bottleneck")
        if self._has("DepthwiseConv") or self._has("SeparableConv"):
            return "separable_block"
        return "conv_block" if self._has("Conv") else "block"

    def _is_transition(self) -> bool:
        """What follows a dense block: it starts with what its layers start with, and pools."""
        return self.leaves[0] == "BatchNormalization" and "AveragePooling" in self.leaves[-1]

    def _word(self, name: str) -> str:
        if name in self.document.blocks:
            return re.sub(r"_\d+$", "", name)
        if name == "Activation":
            return self._activation()
        return next((word for start, word in _SHORT if name.startswith(start)), default_id(name))

    def _activation(self) -> str:
        """The function, where there is one name for all of the match's activations."""
        nodes = [self.regions.nodes[i] for i in self.match.window.members]
        found = {str(n.config.get("activation")) for n in nodes if n.type == "Activation"}
        word = found.pop() if len(found) == 1 else ""
        return word if word.isidentifier() else "activation"


# Nodes


def inner_ids(copies: Sequence[Sequence[Node]]) -> list[str]:
    """Ids inside a block: what the names of all copies of a node end with (``conv_1``)."""
    found: list[str] = []
    for nodes in zip(*copies, strict=True):
        wanted = _common_end([node.id for node in nodes]) or default_id(nodes[0].type)
        found.append(free_id(found, wanted))
    return found


def _common_end(names: Sequence[str]) -> str:
    split = [name.split("_") for name in names]
    end: list[str] = []
    for tokens in zip(*(reversed(tokens) for tokens in split), strict=False):
        if len(set(tokens)) > 1:
            break
        end.insert(0, tokens[0])
    if len(set(names)) == 1:
        return names[0]
    while end and (_PLACE.match(end[0]) or (end[0].isdigit() and len(end) > 2)):
        del end[0]
    numbers = [token for token in end if token.isdigit()]
    words = [token for token in end if not token.isdigit()]
    return "_".join([*words, *numbers]) if any(map(str.isidentifier, words)) else ""


def common_name(names: Sequence[str], taken: Collection[str]) -> str:
    """What all these names begin with (``conv2_block1``), if that is free; else nothing."""
    start: list[str] = []
    for tokens in zip(*(name.split("_") for name in names), strict=False):
        if len(set(tokens)) > 1:
            break
        start.append(tokens[0])
    name = "_".join(start)
    return name if any(map(str.isidentifier, start)) and name not in taken else ""


# Parameters


def named(
    parameters: Sequence[Parameter], match: Match, taken: Collection[str]
) -> Mapping[str, Parameter]:
    """The parameters by name: that of the argument, told apart where several share it."""
    found: dict[str, Parameter] = {}
    widths = [p for p in parameters if p.family == "width"]
    for parameter in parameters:
        wanted = _wanted(parameter)
        if parameter.family == "width" and len(widths) > 1:
            wanted = _width(parameter, widths, match)
        found[_free(wanted, {*found, *taken})] = parameter
    return found


def _free(wanted: str, taken: Collection[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}_{number}" in taken:
        number += 1
    return f"{wanted}_{number}"


def _wanted(parameter: Parameter) -> str:
    keys = [slot.key for slot, relation in parameter.slots if relation == ITSELF]
    key = keys[0] if keys else parameter.slots[0][0].key
    if key == REPEAT:
        return "repeats"
    if key in ("target_shape", "projection_dim"):
        key = next((k for k in keys if k.endswith(("filters", "units"))), "filters")
    return re.sub(r"_\d+$", "", key).removeprefix("expanded_").removeprefix("squeezed_")


def _width(parameter: Parameter, widths: Sequence[Parameter], match: Match) -> str:
    """The last width is what comes out; before a depthwise convolution it is expanded."""
    wanted = _wanted(parameter)

    def last(width: Parameter) -> int:
        return max(slot.position for slot, _ in width.slots)

    if parameter is max(widths, key=last):
        return wanted
    regions = match.window.regions
    kinds = [regions.nodes[i].type for i in match.nodes]
    depthwise = any(kind.startswith("DepthwiseConv") for kind in kinds)
    if (depthwise or "Multiply" in kinds) and _is_smallest(parameter, widths):
        return f"squeezed_{wanted}"
    return f"expanded_{wanted}" if depthwise else wanted


def _is_smallest(parameter: Parameter, widths: Sequence[Parameter]) -> bool:
    """Whether it is smaller than all other widths in every copy where all are numbers."""
    copies = [
        values
        for values in zip(*(width.values for width in widths), strict=True)
        if all(isinstance(value, int) for value in values)
    ]
    at = list(widths).index(parameter)
    return bool(copies) and all(values[at] == min(values) for values in copies)
