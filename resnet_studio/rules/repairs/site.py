"""Mends at the faulty node itself: an argument, a wire, a name.

A rule yields ``Mend``s; ``mends`` keeps those that cure the finding and bring nothing worse, and
says what they cost.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from resnet_studio.core import edits
from resnet_studio.core.analysis import Analysis, analyse
from resnet_studio.core.diagnostics import Diagnostic, Fix
from resnet_studio.core.document import Document, Graph, Node
from resnet_studio.core.flatten import FlatNetwork, FlatNode
from resnet_studio.core.layer import LAYERS, Layer, Refusal, layer_for
from resnet_studio.core.paths import split_path
from resnet_studio.core.shapes import Shape
from resnet_studio.rules.repairs.completion import errors
from resnet_studio.rules.repairs.isolation import scope_of
from resnet_studio.rules.repairs.junction import flat_network


@dataclass(frozen=True, slots=True)
class Mend:
    """A document in which the node should be well; ``touched`` are ids beside its own.

    ``named`` is for one that only gives things other names, which costs nothing.
    """

    id: str
    title: str
    document: Document
    touched: tuple[str, ...] = ()
    named: bool = False


class Site:
    """The node that a diagnostic names, in the graph where it is drawn.

    An edit here changes every copy of the block, as the fault stands in every copy.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        self.document = diagnostic.analysis.document
        parts = split_path(diagnostic.node, self.document)
        self.scope = scope_of(self.document, parts[:-1])
        self.node_id = parts[-1][0]

    @property
    def graph(self) -> Graph:
        return self.document.graph(self.scope)

    @property
    def node(self) -> Node:
        return self.graph.nodes[self.node_id]

    @property
    def argument(self) -> str | None:
        """The argument that the finding is about, where it is about one."""
        name = self.diagnostic.problem.data.get("argument")
        return name if isinstance(name, str) else None

    @cached_property
    def flat(self) -> FlatNode | None:
        flat = flat_network(self.diagnostic.analysis)
        index = flat.index.get(self.diagnostic.node)
        return None if index is None else flat.nodes[index]

    @property
    def input_shape(self) -> Shape | None:
        shapes = self.flat.input_shapes if self.flat is not None else ()
        return shapes[0] if shapes else None

    @property
    def layer(self) -> Layer | None:
        if self.flat is None:
            return None
        layer = layer_for(self.flat.type, self.flat.config)
        return layer if isinstance(layer, Layer) else None

    def with_argument(self, name: str, value: Any) -> Document:
        return edits.set_argument(self.document, self.scope, self.node_id, name, value)

    def without_argument(self, name: str) -> Document:
        return edits.clear_argument(self.document, self.scope, self.node_id, name)

    def with_node(self, **changes: Any) -> Document:
        return edits.replace_node(self.document, self.scope, replace(self.node, **changes))

    def bypassed(self) -> Document:
        """Without the node: what fed it feeds what followed it."""
        return edits.remove_nodes(self.document, self.scope, [self.node_id], bridge=True)


def nearest(word: str, words: Iterable[str], count: int = 3) -> list[str]:
    """The words most like ``word``, whatever their case."""
    by_lower = {each.lower(): each for each in words}
    found = get_close_matches(word.lower(), list(by_lower), n=count, cutoff=0.6)
    return [by_lower[each] for each in found]


def mending(
    propose: Callable[[Site], Iterable[Mend]],
) -> Callable[[Diagnostic], Sequence[Fix]]:
    """What a rule takes as its ``fixes``: the proposals that hold."""

    def fixes(diagnostic: Diagnostic) -> Sequence[Fix]:
        return mends(diagnostic, propose(Site(diagnostic)))

    return fixes


def mends(diagnostic: Diagnostic, proposals: Iterable[Mend]) -> list[Fix]:
    """The proposals that leave the network without the finding, in their order.

    Those that leave it valid are preferred; others may only bring to light what the fault hid.
    """
    before = diagnostic.analysis
    prefix = diagnostic.node[: diagnostic.node.rfind("/") + 1]
    whole: list[Fix] = []
    partial: list[Fix] = []
    for mend in proposals:
        after = analyse(mend.document, before)
        if _persists(diagnostic, after):
            continue
        touched = tuple(prefix + name for name in mend.touched) or (diagnostic.node,)
        params, macs = (0, 0) if mend.named else _cost(before, after, touched)
        fix = Fix(mend.id, mend.title, mend.document, params, macs, touched)
        new = _new(before, after)
        if not new:
            whole.append(fix)
        elif _hidden(before, new):
            partial.append(fix)
    return whole or partial


def _persists(diagnostic: Diagnostic, after: Analysis) -> bool:
    return any(
        d.node == diagnostic.node and d.problem == diagnostic.problem for d in after.diagnostics
    )


def _new(before: Analysis, after: Analysis) -> list[Diagnostic]:
    known = {(d.code, d.node) for d in errors(before)}
    return [d for d in errors(after) if (d.code, d.node) not in known]


def _hidden(before: Analysis, found: list[Diagnostic]) -> bool:
    """Whether all of them stand where nothing was known before."""
    flat = flat_network(before)
    return all(
        d.node not in flat.index or flat.nodes[flat.index[d.node]].output is None for d in found
    )


def _cost(before: Analysis, after: Analysis, touched: tuple[str, ...]) -> tuple[int, int | None]:
    """What the touched layers weigh more than they did, or would have, had they worked."""
    old, new = flat_network(before), flat_network(after)
    params, macs = 0, 0
    for node in new.nodes:
        if not any(_under(node.path, path) for path in touched):
            continue
        earlier = _earlier(old, node.path)
        params += node.outcome.params - _weight(earlier, node)
        if node.outcome.macs is None:
            return params, None
        if earlier is None:
            macs += node.outcome.macs
        elif earlier.output is not None:
            macs += node.outcome.macs - (earlier.outcome.macs or 0)
    return params, macs


def _under(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}/", f"{place}#"))


def _earlier(old: FlatNetwork, path: str) -> FlatNode | None:
    """What stood at the path: the node itself, or the call that failed as a whole."""
    while path:
        index = old.index.get(path)
        if index is None and "#" in path.rpartition("/")[2]:
            index = old.index.get(path.rpartition("#")[0])
        if index is not None:
            return old.nodes[index]
        path = path.rpartition("/")[0]
    return None


def _weight(earlier: FlatNode | None, node: FlatNode) -> int:
    """The parameters before; those of a layer that failed as far as they can be told."""
    if earlier is None or earlier.node.shared_with is not None:
        return 0
    if earlier.output is not None:
        return earlier.outcome.params
    layer = layer_for(earlier.type, earlier.config)
    shapes = tuple(shape for shape in earlier.input_shapes if shape is not None)
    if not isinstance(layer, Layer) or len(shapes) < len(node.input_shapes):
        return node.outcome.params
    try:
        layer.check_inputs(shapes)
        return sum(weight.count for weight in layer.list_weights(shapes))
    except Refusal:
        return node.outcome.params


def sentence(diagnostic: Diagnostic) -> str:
    """What was found, as a sentence; names of arguments keep their small letters."""
    text = diagnostic.problem.message
    known = LAYERS.values()
    first = text.split(" ", 1)[0].rstrip(":")
    if not any(first in cls.arguments for cls in known):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "…")) else f"{text}."
