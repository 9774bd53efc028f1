"""What folded blocks, their nodes and their parameters are called: the words of the papers."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from resnet_studio.core.document import Document, Graph, Node
from resnet_studio.core.edits import default_id, free_id
from resnet_studio.core.fold.given import REPEAT
from resnet_studio.core.fold.liking import leaves
from resnet_studio.core.fold.parameters import WIDTH, Found
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
    regions = match.window.regions
    nodes = [regions.nodes[i] for i in match.window.members]
    bubble = next((e for e in reversed(match.window.elements) if e.is_bubble), None)
    if bubble is None:
        described = _Described(document, nodes)
    else:
        skips = any(source not in bubble.members for source, _ in regions.inputs[bubble.root])
        described = _Described(document, nodes, regions.nodes[bubble.root].type, skips)
    return _free_name(document, described.name(len(match.inputs)))


def name_of_nodes(
    document: Document, scope: str, ids: Collection[str], taken: Iterable[str] = ()
) -> str:
    """A free name, none of those ``taken``, for the block that is to hold nodes of any choice."""
    graph = document.graph(scope)
    nodes = [graph.nodes[key] for key in in_order(graph, ids)]
    merge = next((node for node in reversed(nodes) if _takes_list(node.type)), None)
    if merge is None:
        described = _Described(document, nodes)
    else:
        described = _Described(document, nodes, merge.type, _skips(graph, merge.id, ids))
    elsewhere = {*taken} - document.blocks.keys()
    free = (name for name in described.plain_names() if name not in elsewhere)
    return _free_name(document, next(free, described.plain_name()), taken)


def in_order(graph: Graph, ids: Iterable[str]) -> list[str]:
    """The nodes in topological order."""
    structure = graph.structure
    return sorted(ids, key=lambda key: structure.rank[structure.index[key]])


def _skips(graph: Graph, merge: str, ids: Collection[str]) -> bool:
    """Whether something that a merge takes comes from outside, or goes to what else it takes."""
    sources = {edge.source for edge in graph.into(merge)}
    if not sources.issubset(ids):
        return True
    pending, seen = list(sources), set[str]()
    while pending:
        before = {edge.source for edge in graph.into(pending.pop())}
        if sources & before:
            return True
        pending += before.intersection(ids) - seen
        seen |= before
    return False


def _takes_list(name: str) -> bool:
    return name in LAYERS and LAYERS[name].takes_list


def _free_name(document: Document, wanted: str, taken: Iterable[str] = ()) -> str:
    return free_id({*document.blocks, *LAYERS, *taken}, wanted)


class _Described:
    """Nodes by what a reader sees first: their merge, their branches, their layers.

    ``merge`` is the type of the last node in which paths meet; with ``skips`` one of them is
    the identity.
    """

    def __init__(
        self, document: Document, nodes: Sequence[Node], merge: str = "", skips: bool = False
    ) -> None:
        self.document, self.nodes = document, nodes
        self.merge, self.skips = merge, skips
        self.types = [node.type for node in nodes]
        self.leaves = [kind for name in self.types for kind in leaves(document, name)]

    def name(self, inputs: int) -> str:
        """The name of what repeats in a network, and takes so many tensors."""
        if inputs > 1 and len(self.types) > 4:
            return self._cell()
        if self.merge:
            return self._unit()
        return "stage" if self._is_stage() else self._chain()

    def plain_name(self) -> str:
        """The name of what somebody has chosen, which need not be a whole of anything."""
        weights = self._has("Dense") or any("Conv" in kind for kind in self.leaves)
        if self.merge:
            return self._unit() if weights or self.merge == "Add" else "merge_block"
        if self._is_stage():
            return "stage"
        if self._has("Dense"):
            return "classifier"
        pools = any("Pooling" in kind for kind in self.leaves)
        return ("vgg_block" if pools else "conv_block") if weights else "block"

    def plain_names(self) -> Iterator[str]:
        """The plain name, then what else one would say: a number would ask after a first one."""
        plain = self.plain_name()
        yield plain
        words = list(dict.fromkeys(word for kind in self.leaves if (word := self._word(kind))))
        if not self.merge and 1 < len(words) <= _LONGEST_CHAIN:
            yield "_".join(words) + "_block"
        yield re.sub(r"(_block)?$", "_unit", plain, count=1)

    def _is_stage(self) -> bool:
        """Whether it is calls of blocks in which paths meet, and nothing else."""
        calls = all(name in self.document.blocks for name in self.types)
        return calls and any(kind in _MERGES for kind in self.leaves)

    def _cell(self) -> str:
        """What several tensors enter, as NASNet's paper calls it."""
        if self.types[-1] != "Concatenate":
            return "combination"
        return "reduction_cell" if self._has("MaxPooling") else "cell"

    def _unit(self) -> str:
        depthwise = self._has("DepthwiseConv")
        if self.merge == "Multiply":
            return self._strided("mbconv") if depthwise else "squeeze_excite"
        if self.merge == "Concatenate":
            return "dense_layer" if self.skips else "inception_block"
        if self.merge != "Add":
            return "residual_block"
        if depthwise:
            return "inverted_residual"
        if not self.skips:
            return "downsampling_block" if self._has("MaxPooling") else "projection_block"
        convolutions = sum("Conv" in kind for kind in self.leaves)
        return "bottleneck_block" if convolutions == 3 else "residual_block"

    def _strided(self, name: str) -> str:
        """Told apart where it always halves the maps."""
        depthwise = [node for node in self.nodes if node.type.startswith("DepthwiseConv")]
        strided = any(node.config.get("strides", 1) not in (1, [1, 1]) for node in depthwise)
        return f"strided_{name}" if strided and self._has("ZeroPadding") else name

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
        """The function, where there is one name for all of their activations."""
        found = {str(n.config.get("activation")) for n in self.nodes if n.type == "Activation"}
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
    parameters: Sequence[Found],
    kinds: Collection[str],
    taken: Collection[str] = (),
    words: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Found]:
    """The parameters by name: that of the argument, told apart where several share it.

    ``kinds`` are the types of the nodes, ``words`` what to say in place of an argument's name.
    """
    found: dict[str, Found] = {}
    widths = [p for p in parameters if p.family == WIDTH]
    for parameter in parameters:
        wanted = _wanted(parameter)
        if parameter.family == WIDTH and len(widths) > 1:
            wanted = _width(parameter, widths, kinds)
        found[free_id({*found, *taken}, words.get(wanted, wanted))] = parameter
    return found


def _wanted(parameter: Found) -> str:
    keys = [slot.key for slot, factor in parameter.slots if factor == 1]
    key = keys[0] if keys else parameter.slots[0][0].key
    if key == REPEAT:
        return "repeats"
    if key in ("target_shape", "projection_dim"):
        key = next((k for k in keys if k.endswith(("filters", "units"))), "filters")
    return re.sub(r"_\d+$", "", key).removeprefix("expanded_").removeprefix("squeezed_")


def _width(parameter: Found, widths: Sequence[Found], kinds: Collection[str]) -> str:
    """The last width is what comes out; before a depthwise convolution it is expanded."""
    wanted = _wanted(parameter)

    def last(width: Found) -> int:
        return max(slot.position for slot, _ in width.slots)

    if parameter is max(widths, key=last):
        return wanted
    depthwise = any(kind.startswith("DepthwiseConv") for kind in kinds)
    if (depthwise or "Multiply" in kinds) and _is_smallest(parameter, widths):
        return f"squeezed_{wanted}"
    return f"expanded_{wanted}" if depthwise else wanted


def _is_smallest(parameter: Found, widths: Sequence[Found]) -> bool:
    """Whether it is smaller than all other widths in every copy where all are numbers."""
    copies = [
        values
        for values in zip(*(width.values for width in widths), strict=True)
        if all(isinstance(value, int) for value in values)
    ]
    at = list(widths).index(parameter)
    return bool(copies) and all(values[at] == min(values) for values in copies)
