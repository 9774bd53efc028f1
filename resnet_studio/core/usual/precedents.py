"""What followed a like node in the same document before: a network's own pattern, carried on.

Two layers are alike where their arguments agree, filters apart, two calls if of one block.  Of all
like nodes that one counts behind which most of the way led through the same types.  Where the
feature maps have become twice as many since, the filters of what follows are doubled too.
"""

from fractions import Fraction
from itertools import islice, takewhile
from typing import Any

from resnet_studio.core.document import BLOCK_OUTPUT, Node
from resnet_studio.core.usual.place import Place, Usual

_FILTERS = ("filters", "n_filters")
_APART = (*_FILTERS, "name")
_MOST_LIKE = 200
"""Nodes that are compared, the latest: in a network of thousands the pattern is long plain."""


def precedents(place: Place) -> list[Usual]:
    """What followed nodes like the one at a place, the likest and latest first."""
    node = place.node
    if node is None or place.shape is None:
        return []
    way = list(place.back())
    run = {n.id for n in _run(way)}
    found: dict[str, Usual] = {}
    for other in sorted(_like(place, node), key=lambda n: _unlikeness(place, way, n)):
        for follower in place.followers(other.id):
            # That a run has gone on until here does not say that it goes on for ever.
            if follower.id not in run and _counts(place, other, follower):
                found.setdefault(follower.type, _carried_on(place, other, follower))
    return list(found.values())


def _counts(place: Place, other: Node, follower: Node) -> bool:
    """Whether what followed another node may follow here; the maps end where they are as small."""
    if follower.type == BLOCK_OUTPUT or follower.bypassed:
        return False
    there = place.shape_of(other.id)
    ends = follower.type == "Flatten" or follower.type.startswith("Global")
    if not ends or there is None or len(there) != 4 or place.size is None:
        return True
    return all(size is None or place.size <= size for size in there[1:3])


def _like(place: Place, node: Node) -> list[Node]:
    """The like nodes that something follows, the latest first."""
    nodes = reversed(list(place.graph.nodes.values()))
    like = (
        n for n in nodes if n.id != node.id and _alike(place, node, n) and place.followers(n.id)
    )
    return list(islice(like, _MOST_LIKE))


def _alike(place: Place, node: Node, other: Node) -> bool:
    if node.type != other.type:
        return False
    # From stage to stage a call may differ in more than its filters: in blocks, in strides.
    return node.type in place.document.blocks or _arguments(node) == _arguments(other)


def _arguments(node: Node) -> dict[str, Any]:
    return {key: value for key, value in node.config.items() if key not in _APART}


def _unlikeness(place: Place, way: list[Node], other: Node) -> tuple[int, int]:
    """How soon the ways to two nodes part; then how unequal are the runs of one type there."""
    there = list(place.back(other))
    pairs = zip(way, there, strict=False)
    common = sum(1 for _ in takewhile(lambda pair: pair[0].type == pair[1].type, pairs))
    return -common, abs(len(_run(way)) - len(_run(there)))


def _run(way: list[Node]) -> list[Node]:
    """The nodes of one type with which a way ends."""
    return list(takewhile(lambda node: node.type == way[0].type, way))


def _carried_on(place: Place, other: Node, follower: Node) -> Usual:
    """What followed another node, its filters grown as the feature maps have since."""
    before, now = place.shape_of(other.id), place.channels
    growth = Fraction(now, before[-1]) if before and before[-1] and now else Fraction(1)
    config = {k: _grown(k, v, growth) for k, v in follower.config.items() if k != "name"}
    reason = f"as “{follower.id}” follows “{other.id}”"
    if config != {k: v for k, v in follower.config.items() if k != "name"}:
        reason += f", with {'twice the filters' if growth == 2 else 'filters in proportion'}"
    return Usual(follower.type, config, reason)


def _grown(name: str, value: Any, growth: Fraction) -> Any:
    if name not in _FILTERS or type(value) is not int:
        return value
    grown = value * growth
    return int(grown) if grown.denominator == 1 and grown > 0 else value
